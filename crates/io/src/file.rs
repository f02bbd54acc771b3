//! Files of tensors, of every format: opened without reading a tensor, each storage read and verified when it is asked for.

use crate::archive::Archive;
use crate::error::{Result, damaged, kind};
use crate::graph::{DictNode, Graph, Node, RecordNode, Ref, TensorNode};
use crate::numeric::{swap_bytes, tensor_of};
use crate::pickle::{Pickle, Unknown, strides_of};
use crate::sniff::describe;
use crate::source::Source;
use crate::storage::{Place, Stored};
use crate::{idx, numpy, pth, safetensors};
use candlewick_tensor::{DType, Tensor};

/// A format of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// torch.save's: a zip archive, or that of before 1.6.
    Torch,
    /// A bare pickle.
    Pickle,
    /// Safetensors.
    Safetensors,
    /// NumPy's `.npy` and `.npz`.
    Numpy,
    /// IDX, MNIST's, also gzipped.
    Idx,
}

/// A file whose values have been read, and whose tensors can be.
pub struct Opened {
    /// The values; tensors name the storages by their places.
    pub graph: Graph,
    pub(crate) source: Source,
    pub(crate) storages: Vec<Stored>,
    pub(crate) archive: Option<Archive>,
}

/// What is known of a storage without reading it.
#[derive(Clone, Debug, PartialEq)]
pub struct StorageInfo {
    /// Its name in the file.
    pub key: String,
    /// The element type; bytes, where the file has none.
    pub dtype: DType,
    /// The number of elements.
    pub numel: usize,
    /// Where it was when it was saved: `cpu`, `cuda:0`.
    pub location: String,
}

impl Format {
    /// The format of a file by its first bytes. Errors: none of them, by what it looks like.
    pub fn of(source: &Source) -> Result<Format> {
        let head = source.head(1024)?;
        if head.starts_with(b"PK\x03\x04") {
            let npy = Archive::open(source)?.names.iter().all(|n| n.ends_with(".npy"));
            return Ok(if npy { Format::Numpy } else { Format::Torch });
        }
        Ok(match head.as_slice() {
            head if pth::is_legacy(head) => Format::Torch,
            head if head.starts_with(numpy::MAGIC) => Format::Numpy,
            head if safetensors::looks_like(head, source.len()) => Format::Safetensors,
            [0x80, 0..=5, ..] => Format::Pickle,
            [0, 0, 8..=14, ..] | [0x1f, 0x8b, ..] => Format::Idx,
            head => {
                return kind(format!(
                    "expected a file of PyTorch (.pth), safetensors or NumPy; {}",
                    describe(head, source.len())
                ));
            }
        })
    }
}

/// Opens a file and reads its values, not its tensors.
/// Errors: what is no such file, by what it looks like; damage; names that are refused.
pub fn open(source: Source, format: Format, unknown: Unknown) -> Result<Opened> {
    match format {
        Format::Torch => pth::open(source, unknown),
        Format::Safetensors => safetensors::open(source, unknown),
        Format::Numpy => numpy::open(source, unknown),
        Format::Idx => idx::open(source),
        Format::Pickle => {
            let bytes = source.read_vec(0, source.len())?;
            let head = &bytes[..bytes.len().min(1024)];
            if head.starts_with(b"PK") || pth::is_legacy(head) {
                return kind("expected a bare pickle; it is a file of torch.save: torch.load reads it");
            }
            match Pickle::read(&bytes, unknown, source.len()) {
                Ok(Pickle { graph, storages, .. }) => Ok(Opened { graph, source, storages, archive: None }),
                Err(e) if head.first() != Some(&0x80) && !describe(head, source.len()).contains("neither") => {
                    kind(format!("expected a bare pickle; {} ({e})", describe(head, source.len())))
                }
                Err(e) => Err(e),
            }
        }
    }
}

impl Opened {
    /// What the file says of its storages.
    pub fn storages(&self) -> Vec<StorageInfo> {
        let info = |s: &Stored| StorageInfo {
            key: s.key.clone(),
            dtype: s.dtype.unwrap_or(DType::U8),
            numel: s.numel,
            location: s.location.clone(),
        };
        self.storages.iter().map(info).collect()
    }

    /// Reads a storage and verifies it: a vector of its elements, of the type `dtype` where the file has none.
    pub fn storage(&self, place: usize, dtype: DType) -> Result<Tensor> {
        let Some(s) = self.storages.get(place) else { return damaged(format!("there is no storage {place}")) };
        let (dtype, numel) = match s.dtype {
            Some(own) => (own, s.numel),
            None => (dtype, s.numel / dtype.size()),
        };
        let bytes = numel.checked_mul(dtype.size()).map_or_else(|| damaged("a storage of too many elements"), Ok)?;
        let archive = || self.archive.as_ref().map_or_else(|| damaged("the file has no archive"), Ok);
        let present = match &s.place {
            Place::Elsewhere => return damaged(format!("storage {} is not in the file", s.key)),
            Place::Inline(buffer) => self.graph.buffers[*buffer].len() as u64,
            Place::At(at) => self.source.len().saturating_sub(*at),
            Place::Member(name, skip) => archive()?.size(name)?.saturating_sub(*skip),
        };
        if present < bytes as u64 {
            return damaged(format!("truncated: storage {} needs {bytes} bytes, the file has {present}", s.key));
        }
        tensor_of(dtype, numel, |out| {
            match &s.place {
                Place::Elsewhere => {}
                Place::Inline(buffer) => out.copy_from_slice(&self.graph.buffers[*buffer][..bytes]),
                Place::At(at) => self.source.read_exact_at(*at, out)?,
                Place::Member(name, skip) => archive()?.read_into(&self.source, name, *skip, out)?,
            }
            if s.big_endian {
                swap_bytes(out, dtype.size());
            }
            Ok(())
        })
    }
}

/// A whole tensor over a storage of its own; `fortran` where the first dimension runs fastest.
pub(crate) fn whole(storage: usize, dtype: DType, shape: Vec<usize>, fortran: bool) -> Node {
    let strides = strides_of(&shape, fortran);
    Node::Tensor(Box::new(TensorNode {
        storage,
        dtype,
        offset: 0,
        shape,
        strides,
        requires_grad: false,
        parameter: false,
        negative: false,
    }))
}

/// The largest integer that JavaScript has exactly.
const LARGEST: usize = 1 << 53;

/// Errors: more dimensions or larger sizes than a tensor can have.
pub(crate) fn check_sizes(sizes: &[usize]) -> Result<()> {
    if sizes.len() > 64 {
        return damaged(format!("a tensor of {} dimensions: at most 64 are read", sizes.len()));
    }
    match sizes.iter().find(|&&n| n > LARGEST) {
        Some(n) => damaged(format!("a tensor with a size of {n}: at most {LARGEST} is read")),
        None => Ok(()),
    }
}

/// A tensor whose element type is not known, taken apart: its type and its shape.
pub(crate) fn unread(graph: &mut Graph, class: String, shape: &[usize]) -> Node {
    let sizes = shape.iter().map(|&n| graph.add(Node::Int(n as i64))).collect();
    let args = graph.add(Node::Tuple(sizes));
    Node::Record(Box::new(RecordNode { class, args, state: None, items: vec![], entries: vec![] }))
}

/// A dict of text.
pub(crate) fn text_dict(graph: &mut Graph, items: impl IntoIterator<Item = (String, Ref)>) -> DictNode {
    let items = items.into_iter().map(|(k, v)| (graph.add(Node::Text(k)), v)).collect();
    DictNode { items, ordered: false, attributes: None }
}
