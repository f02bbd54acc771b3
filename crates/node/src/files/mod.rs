//! Files of tensors.

pub mod open;
pub mod save;

pub use open::FileState;

use candlewick_io::Format;

/// The formats by their names.
const FORMATS: [(&str, Format); 5] = [
    ("torch", Format::Torch),
    ("pickle", Format::Pickle),
    ("safetensors", Format::Safetensors),
    ("numpy", Format::Numpy),
    ("idx", Format::Idx),
];
