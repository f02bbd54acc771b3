//! Bytes to named tensors and back: PyTorch's `.pth` (zip and legacy) and bare pickles, safetensors, NumPy's `.npy` and `.npz`, IDX.
//!
//! Every parser takes bytes that may be anything. None runs code, recurses by the file's nesting, or allocates more than a
//! multiple of the file's size; what is wrong with a file is an [`Error`] that says so.

mod archive;
mod archive_writer;
mod atomic;
mod error;
mod extract;
mod file;
mod graph;
mod idx;
mod json;
mod numeric;
mod numpy;
mod pickle;
mod pth;
mod safetensors;
mod save;
mod sniff;
mod source;
mod storage;

pub use atomic::write_atomically;
pub use error::{Error, Result};
pub use extract::extract;
pub use file::{Format, Opened, StorageInfo, open};
pub use graph::{Graph, Node, Ref, TensorNode};
pub use json::{graph_from_json, graph_to_json};
pub use pickle::{Unknown, read_pickle, write_pickle};
pub use save::{SaveOptions, save};
pub use source::Source;
