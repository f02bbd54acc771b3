//! Writing the zip archive: members stored, the elements at multiples of 64 bytes, all that Python's `weights_only` and `mmap` need.

use crate::archive_writer::write_archive;
use crate::error::Result;
use crate::graph::Graph;
use crate::pickle::{Target, write_values};
use candlewick_tensor::DType;
use std::io::{Seek, Write};

/// Writes values and storages. `name` is the folder inside the archive.
pub(crate) fn save(
    out: &mut (impl Write + Seek),
    name: &str,
    graph: &Graph,
    storages: &[(DType, &[u8])],
) -> Result<()> {
    let sizes: Vec<(DType, usize)> = storages.iter().map(|&(d, bytes)| (d, bytes.len() / d.size())).collect();
    let pickle = write_values(graph, &Target::Storages(&sizes))?;
    write_archive(out, false, |archive| {
        let mut member = |path: &str, bytes: &[u8]| archive.member(&format!("{name}/{path}"), &[bytes]);
        member("data.pkl", &pickle)?;
        member("byteorder", if cfg!(target_endian = "little") { b"little" } else { b"big" })?;
        for (key, (_, bytes)) in storages.iter().enumerate() {
            member(&format!("data/{key}"), bytes)?;
        }
        member("version", b"3\n")
    })
}
