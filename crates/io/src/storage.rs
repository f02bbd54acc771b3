//! Storages of a file: what is known of them before their elements are read.

use candlewick_tensor::DType;

/// A storage in a file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stored {
    /// Its name in the file.
    pub key: String,
    /// The element type; none for bytes without one.
    pub dtype: Option<DType>,
    /// The number of elements (of bytes, without a type).
    pub numel: usize,
    /// Where it was when it was saved: `cpu`, `cuda:0`.
    pub location: String,
    /// Where its elements are.
    pub place: Place,
    /// Whether the elements are big-endian.
    pub big_endian: bool,
}

/// Where the elements of a storage are.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place {
    /// Beside the pickle that names it; whoever reads the file knows more.
    Elsewhere,
    /// In a buffer of the graph.
    Inline(usize),
    /// In the file, from this byte on.
    At(u64),
    /// In a member of the archive, after its first bytes.
    Member(String, u64),
}

impl Stored {
    /// A storage of a file that is no pickle's.
    pub fn new(key: &str, dtype: DType, numel: usize, place: Place) -> Stored {
        Stored { key: key.into(), dtype: Some(dtype), numel, location: "cpu".into(), place, big_endian: false }
    }
}
