//! Element types by their names in files, and elements of the other byte order.

use crate::error::{Result, unsupported};
use candlewick_tensor::{DType, Storage, Tensor};

/// `FloatStorage` and its kin.
const STORAGES: [(&str, DType); 10] = [
    ("FloatStorage", DType::F32),
    ("DoubleStorage", DType::F64),
    ("HalfStorage", DType::F16),
    ("BFloat16Storage", DType::BF16),
    ("LongStorage", DType::I64),
    ("IntStorage", DType::I32),
    ("ShortStorage", DType::I16),
    ("CharStorage", DType::I8),
    ("ByteStorage", DType::U8),
    ("BoolStorage", DType::Bool),
];

/// The element type of a typed storage's class.
pub(crate) fn storage_dtype(class: &str) -> Result<DType> {
    match STORAGES.iter().find(|(name, _)| *name == class) {
        Some((_, dtype)) => Ok(*dtype),
        None => unsupported(format!("tensors of a {class} are not supported: {}", supported())),
    }
}

/// The class of the typed storage of an element type.
pub(crate) fn storage_class(dtype: DType) -> &'static str {
    STORAGES.iter().find(|(_, d)| *d == dtype).map_or("", |(name, _)| name)
}

/// The element type by PyTorch's name: `float32`, also `float`, `long` and the other short names.
pub(crate) fn torch_dtype(name: &str) -> Option<DType> {
    let name = match name {
        "float" => "float32",
        "double" => "float64",
        "half" => "float16",
        "long" => "int64",
        "int" => "int32",
        "short" => "int16",
        name => name,
    };
    STORAGES.iter().map(|(_, d)| *d).find(|d| d.name() == name)
}

/// The element types there are, for messages.
pub(crate) fn supported() -> String {
    let names: Vec<&str> = STORAGES.iter().map(|(_, d)| d.name()).collect();
    format!("the element types are {}", names.join(", "))
}

/// NumPy's letter of kind and number of bytes: `f4`, `i8`, `u1`, `b1`.
pub(crate) fn numpy_dtype(name: &str) -> Result<DType> {
    Ok(match name {
        "f4" => DType::F32,
        "f8" => DType::F64,
        "f2" => DType::F16,
        "i8" => DType::I64,
        "i4" => DType::I32,
        "i2" => DType::I16,
        "i1" => DType::I8,
        "u1" => DType::U8,
        "b1" => DType::Bool,
        "u2" | "u4" | "u8" => {
            let bits = 8 * (name.as_bytes()[1] - b'0');
            return unsupported(format!("NumPy arrays of uint{bits} are not supported: {}", supported()));
        }
        name => {
            let what = match name.as_bytes().first() {
                Some(b'O') => "Python objects, which are code,",
                Some(b'U' | b'S') => "strings",
                Some(b'c') => "complex numbers",
                Some(b'M' | b'm') => "dates and times",
                _ => name,
            };
            return unsupported(format!("NumPy arrays of {what} are not supported: {}", supported()));
        }
    })
}

/// Reverses the bytes of each element.
pub(crate) fn swap_bytes(bytes: &mut [u8], size: usize) {
    if size > 1 {
        bytes.chunks_exact_mut(size).for_each(<[u8]>::reverse);
    }
}

/// A vector of `n` elements that `fill` writes the bytes of.
pub(crate) fn tensor_of(dtype: DType, n: usize, fill: impl FnOnce(&mut [u8]) -> Result<()>) -> Result<Tensor> {
    Ok(Tensor::from_storage(Storage::from_bytes(dtype, n, fill)?))
}
