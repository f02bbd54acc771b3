//! Files of tensors.

pub mod open;
pub mod save;

pub use open::FileState;

use candlewick_io::Format;

/// A result, or the code and the message of an error: it crosses threads.
type Outcome<T> = std::result::Result<T, (&'static str, String)>;

/// The formats by their names.
const FORMATS: [(&str, Format); 5] = [
    ("torch", Format::Torch),
    ("pickle", Format::Pickle),
    ("safetensors", Format::Safetensors),
    ("numpy", Format::Numpy),
    ("idx", Format::Idx),
];
