//! PyTorch's files of tensors: the zip archives of today and the format of before 1.6.

mod archive;
mod legacy;
mod save;

pub use save::save;

use crate::error::{Result, damaged, kind};
use crate::graph::Graph;
use crate::numeric::{swap_bytes, tensor_of};
use crate::pickle::{Pickle, StorageKey, Unknown};
use crate::sniff::describe;
use crate::source::Source;
use archive::Archive;
use candlewick_tensor::{DType, Tensor};

/// A file whose values have been read, and whose tensors can be.
pub struct Opened {
    /// The values; tensors name the storages by their places.
    pub graph: Graph,
    source: Source,
    storages: Vec<StorageKey>,
    places: Places,
    big_endian: bool,
}

/// Where the elements of storages lie.
enum Places {
    Archive(Archive),
    /// The first byte of each storage.
    Legacy(Vec<u64>),
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

/// Opens a file and reads its values, not its tensors.
/// Errors: what is no such file, by what it looks like; damage; names that are refused.
pub fn open(source: Source, unknown: Unknown) -> Result<Opened> {
    let head = source.head(1024)?;
    if head.starts_with(b"PK\x03\x04") {
        let archive = Archive::open(&source)?;
        let pickled = archive.pickle(&source)?;
        let big_endian = archive.big_endian(&source)?;
        let Pickle { graph, storages, .. } = Pickle::read(&pickled, unknown)?;
        return Ok(Opened { graph, source, storages, places: Places::Archive(archive), big_endian });
    }
    if legacy::is_legacy(&head) {
        let legacy::Legacy { graph, storages, places, big_endian } = legacy::read(&source, unknown)?;
        return Ok(Opened { graph, source, storages, places: Places::Legacy(places), big_endian });
    }
    kind(format!("expected a file of torch.save; {}", describe(&head, source.len())))
}

impl Opened {
    /// What the file says of its storages.
    pub fn storages(&self) -> Vec<StorageInfo> {
        let info = |s: &StorageKey| StorageInfo {
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
        let swap = if s.inline.is_some() { s.big_endian } else { self.big_endian };
        let bytes = numel.checked_mul(dtype.size()).map_or_else(|| damaged("a storage of too many elements"), Ok)?;
        let present = match (s.inline, &self.places) {
            (Some(buffer), _) => self.graph.buffers[buffer].len() as u64,
            (None, Places::Archive(a)) => a.storage_size(&s.key)?,
            (None, Places::Legacy(at)) => self.source.len().saturating_sub(at[place]),
        };
        if present < bytes as u64 {
            return damaged(format!("truncated: storage {} needs {bytes} bytes, the file has {present}", s.key));
        }
        tensor_of(dtype, numel, |out| {
            match (s.inline, &self.places) {
                (Some(buffer), _) => out.copy_from_slice(&self.graph.buffers[buffer][..bytes]),
                (None, Places::Archive(a)) => a.read_storage(&self.source, &s.key, out)?,
                (None, Places::Legacy(at)) => self.source.read_exact_at(at[place], out)?,
            }
            if swap {
                swap_bytes(out, dtype.size());
            }
            Ok(())
        })
    }
}
