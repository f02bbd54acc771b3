//! Writing the zip archive: members stored, the elements at multiples of 64 bytes, all that Python's `weights_only` and `mmap` need.

use crate::error::Result;
use crate::graph::Graph;
use crate::pickle::{Target, write_values};
use crate::save::{zip_failed, zip_member};
use candlewick_tensor::DType;
use std::io::{Seek, Write};
use zip::CompressionMethod::Stored;
use zip::write::ZipWriter;

/// Writes values and storages. `name` is the folder inside the archive.
pub(crate) fn save(out: impl Write + Seek, name: &str, graph: &Graph, storages: &[(DType, &[u8])]) -> Result<()> {
    let sizes: Vec<(DType, usize)> = storages.iter().map(|&(d, bytes)| (d, bytes.len() / d.size())).collect();
    let pickle = write_values(graph, &Target::Storages(&sizes))?;
    let mut zip = ZipWriter::new(out);
    let mut member = |path: &str, bytes: &[u8]| zip_member(&mut zip, &format!("{name}/{path}"), &[bytes], Stored);
    member("data.pkl", &pickle)?;
    member("byteorder", if cfg!(target_endian = "little") { b"little" } else { b"big" })?;
    for (key, (_, bytes)) in storages.iter().enumerate() {
        member(&format!("data/{key}"), bytes)?;
    }
    member("version", b"3\n")?;
    zip.finish().map_err(zip_failed)?;
    Ok(())
}
