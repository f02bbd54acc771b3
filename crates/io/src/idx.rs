//! IDX, the format of MNIST's files: a magic number, the sizes, the elements, big-endian; often gzipped.
//! <http://yann.lecun.com/exdb/mnist/>

use crate::archive::most_growth;
use crate::error::{Error, Result, damaged, kind};
use crate::file::{Opened, check_sizes, whole};
use crate::graph::Graph;
use crate::sniff::describe;
use crate::source::Source;
use crate::storage::{Place, Stored};
use candlewick_tensor::DType;
use flate2::read::MultiGzDecoder;
use std::io::Read;

/// Opens a file: its root is the tensor. A gzipped one is decompressed at once, as far as its header says.
pub(crate) fn open(source: Source) -> Result<Opened> {
    let head = source.head(1024)?;
    let gzipped = head.starts_with(b"\x1f\x8b");
    let mut front = vec![];
    reader(&source, gzipped).take(4 + 4 * MOST_DIMS).read_to_end(&mut front).map_err(damaged_gzip)?;
    let header = Header::read(&front, source.len())?;
    let end = (header.start as u64).saturating_add(header.bytes as u64);
    if gzipped && end > most_growth(source.len()) {
        return damaged(format!(
            "an IDX header of shape {:?} in a gzipped file of {} bytes, which is refused",
            header.shape,
            source.len()
        ));
    }
    let source = if gzipped {
        let mut bytes = vec![];
        reader(&source, true).take(end + 1).read_to_end(&mut bytes).map_err(damaged_gzip)?;
        Source::Bytes(bytes)
    } else {
        source
    };
    if source.len() != end {
        let how = if source.len() < end { "truncated" } else { "too long" };
        let (shape, found) = (&header.shape, source.len() - header.start as u64);
        return damaged(format!("{how}: an IDX header of shape {shape:?} and {found} bytes of elements"));
    }
    let Header { dtype, shape, start, bytes } = header;
    let mut graph = Graph::default();
    graph.root = graph.add(whole(0, dtype, shape, false));
    let stored = Stored::new("", dtype, bytes / dtype.size(), Place::At(start as u64));
    let storages = vec![Stored { big_endian: cfg!(target_endian = "little"), ..stored }];
    Ok(Opened { graph, source, storages, archive: None })
}

/// More dimensions are refused.
const MOST_DIMS: u64 = 64;

struct Header {
    dtype: DType,
    shape: Vec<usize>,
    /// Where the elements begin, and how many bytes they are.
    start: usize,
    bytes: usize,
}

impl Header {
    fn read(front: &[u8], len: u64) -> Result<Header> {
        let [0, 0, code, dims, sizes @ ..] = front else {
            return kind(format!("expected an IDX file; {}", describe(front, front.len() as u64)));
        };
        let dtype = match code {
            0x08 => DType::U8,
            0x09 => DType::I8,
            0x0b => DType::I16,
            0x0c => DType::I32,
            0x0d => DType::F32,
            0x0e => DType::F64,
            other => {
                return kind(format!("expected an IDX file; its element type is {other:#04x}, none of the format's"));
            }
        };
        let start = 4 + 4 * usize::from(*dims);
        let Some(sizes) = sizes.get(..start - 4) else {
            return damaged(format!("truncated: an IDX header of {dims} dimensions has {start} bytes, the file {len}"));
        };
        let shape: Vec<usize> = sizes.chunks(4).map(|b| b.iter().fold(0, |n, &b| n << 8 | usize::from(b))).collect();
        check_sizes(&shape)?;
        let numel = shape.iter().try_fold(1usize, |n, &d| n.checked_mul(d));
        match numel.and_then(|n| n.checked_mul(dtype.size())) {
            Some(bytes) => Ok(Header { dtype, shape, start, bytes }),
            None => damaged(format!("truncated: an IDX header of shape {shape:?} in a file of {len} bytes")),
        }
    }
}

fn reader(source: &Source, gzipped: bool) -> Box<dyn Read + '_> {
    let raw = source.reader(0);
    if gzipped { Box::new(MultiGzDecoder::new(raw)) } else { Box::new(raw) }
}

fn damaged_gzip(e: std::io::Error) -> Error {
    Error::damaged(format!("the gzip data is damaged or truncated ({e})"))
}
