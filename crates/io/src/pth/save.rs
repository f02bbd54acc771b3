//! Writing the zip archive: members stored, the elements at multiples of 64 bytes, all that Python's `weights_only` and `mmap` need.

use crate::error::{Error, Result};
use crate::graph::Graph;
use crate::pickle::{Target, write_values};
use candlewick_tensor::DType;
use std::io::{Seek, Write};
use zip::CompressionMethod;
use zip::result::ZipError;
use zip::write::{SimpleFileOptions, ZipWriter};

/// Where elements begin: a multiple of this many bytes.
const ALIGNMENT: u16 = 64;

/// Writes values and storages. `name` is the folder inside the archive. Storages are bytes as they lie in memory.
pub fn save<W: Write + Seek>(out: W, name: &str, graph: &Graph, storages: &[(DType, &[u8])]) -> Result<W> {
    let sizes: Vec<(DType, usize)> = storages.iter().map(|&(d, bytes)| (d, bytes.len() / d.size())).collect();
    let pickle = write_values(graph, &Target::Storages(&sizes))?;
    let mut zip = ZipWriter::new(out);
    let mut member = |path: &str, bytes: &[u8]| -> Result<()> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .with_alignment(ALIGNMENT)
            .large_file(bytes.len() >= (1 << 32) - 1)
            .last_modified_time(zip::DateTime::default());
        zip.start_file(format!("{name}/{path}"), options).map_err(failed)?;
        zip.write_all(bytes)?;
        Ok(())
    };
    member("data.pkl", &pickle)?;
    member("byteorder", if cfg!(target_endian = "little") { b"little" } else { b"big" })?;
    for (key, (_, bytes)) in storages.iter().enumerate() {
        member(&format!("data/{key}"), bytes)?;
    }
    member("version", b"3\n")?;
    zip.finish().map_err(failed)
}

fn failed(e: ZipError) -> Error {
    match e {
        ZipError::Io(e) => Error::System(e),
        e => Error::Damaged(e.to_string()),
    }
}
