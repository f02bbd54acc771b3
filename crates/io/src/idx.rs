//! IDX, the format of MNIST's files: a magic number, the sizes, the elements, big-endian; often gzipped.
//! <http://yann.lecun.com/exdb/mnist/>

use crate::archive::most_growth;
use crate::error::{Error, Result, damaged, kind};
use crate::file::{Opened, whole};
use crate::graph::Graph;
use crate::sniff::describe;
use crate::source::Source;
use crate::storage::{Place, Stored};
use candlewick_tensor::DType;
use flate2::read::MultiGzDecoder;
use std::io::Read;

/// Opens a file: its root is the tensor. A gzipped one is decompressed at once.
pub(crate) fn open(source: Source) -> Result<Opened> {
    let head = source.head(1024)?;
    let source = if head.starts_with(b"\x1f\x8b") { Source::Bytes(inflate(&source)?) } else { source };
    let len = source.len();
    let head = source.head(1024)?;
    let [0, 0, code, dims, ..] = head[..] else {
        return kind(format!("expected an IDX file; {}", describe(&head, len)));
    };
    let dtype = match code {
        0x08 => DType::U8,
        0x09 => DType::I8,
        0x0b => DType::I16,
        0x0c => DType::I32,
        0x0d => DType::F32,
        0x0e => DType::F64,
        other => return kind(format!("expected an IDX file; its element type is {other:#04x}, none of the format's")),
    };
    let start = 4 + 4 * u64::from(dims);
    if len < start || dims > 64 {
        return damaged(format!("truncated: an IDX header of {dims} dimensions has {start} bytes, the file {len}"));
    }
    let sizes = source.read_vec(4, start - 4)?;
    let size = |b: &[u8]| b.iter().fold(0usize, |n, &b| n << 8 | usize::from(b));
    let shape: Vec<usize> = sizes.chunks(4).map(size).collect();
    let numel = shape.iter().try_fold(1usize, |n, &d| n.checked_mul(d));
    let needed = numel.and_then(|n| n.checked_mul(dtype.size()));
    match needed {
        Some(bytes) if bytes as u64 == len - start => {}
        _ => {
            let how = if needed.is_some_and(|n| (n as u64) < len - start) { "too long" } else { "truncated" };
            return damaged(format!("{how}: an IDX header of shape {shape:?} and {} bytes of elements", len - start));
        }
    }
    let mut graph = Graph::default();
    graph.root = graph.add(whole(0, dtype, shape, false));
    let stored = Stored::new("", dtype, numel.unwrap_or(0), Place::At(start));
    let storages = vec![Stored { big_endian: cfg!(target_endian = "little"), ..stored }];
    Ok(Opened { graph, source, storages, archive: None })
}

/// Decompresses a file, as far as it is no bomb.
fn inflate(source: &Source) -> Result<Vec<u8>> {
    let most = most_growth(source.len());
    let mut bytes = vec![];
    match MultiGzDecoder::new(source.reader(0)).take(most + 1).read_to_end(&mut bytes) {
        Ok(n) if n as u64 > most => {
            damaged(format!("the gzip data grows to more than {most} bytes, which is refused for a file of its size"))
        }
        Ok(_) => Ok(bytes),
        Err(e) => Err(Error::Damaged(format!("the gzip data is damaged or truncated ({e})"))),
    }
}
