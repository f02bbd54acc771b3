//! Tensors of candlewick: strided views over candle's storage, the autograd tape, and the primitive operations
//! with their gradients, equal to PyTorch's in value, dtype, shape and gradient.

pub mod autograd;
mod device;
pub mod display;
mod dtype;
mod element;
mod error;
pub mod iter;
mod layout;
pub mod memory;
pub mod ops;
pub mod random;
mod scalar;
mod storage;
mod tensor;

pub use device::{Device, cuda_is_available};
pub use dtype::{DType, default_dtype, float_dtype, promote, result_type, set_default_dtype};
pub use element::{Bool, Element, Number};
pub use error::{Error, Result};
pub use layout::{Dims, Layout, broadcast};
pub use scalar::Scalar;
pub use storage::Storage;
pub use tensor::Tensor;

/// The value of a half-precision number given as bits.
pub fn f16_from_bits(bits: u16) -> f32 {
    half::f16::from_bits(bits).to_f32()
}

/// The bits of a half-precision tensor's elements, row-major.
pub fn half_bits(x: &Tensor) -> Result<Vec<u16>> {
    let x = x.contiguous()?;
    match x.dtype() {
        DType::F16 => Ok(x.data::<half::f16>()?.iter().map(|v| v.to_bits()).collect()),
        _ => Ok(x.data::<half::bf16>()?.iter().map(|v| v.to_bits()).collect()),
    }
}
