//! Kernels exist for float32 and float64; the half types are computed in float32.

use candlewick_tensor::ops::rounded;
use candlewick_tensor::{DType, Error, Result, Tensor};

/// Runs an expression with `T` bound to f32 or f64, whose kernels are its methods.
macro_rules! wide {
    ($op:expr, $dtype:expr, $T:ident => $body:expr) => {
        match $dtype {
            candlewick_tensor::DType::F32 => {
                #[allow(unused_imports)]
                use candlewick_kernels::entries::Kernels as _;
                type $T = f32;
                $body
            }
            candlewick_tensor::DType::F64 => {
                #[allow(unused_imports)]
                use candlewick_kernels::entries::Kernels as _;
                type $T = f64;
                $body
            }
            d => return $crate::wide::refuse($op, d),
        }
    };
}
pub(crate) use wide;

/// PyTorch's words for a dtype that an operation does not take.
pub(crate) fn refuse<T>(op: &str, d: DType) -> Result<T> {
    Err(Error::DType(format!("\"{op}\" not implemented for '{}'", d.title())))
}

/// Whether a dtype must be widened to float32.
pub(crate) fn is_half(d: DType) -> bool {
    matches!(d, DType::F16 | DType::BF16)
}

/// Runs a layer of one input in float32 and converts its result back.
pub(crate) fn in_f32(x: &Tensor, f: impl FnOnce(&Tensor) -> Result<Tensor>) -> Result<Tensor> {
    rounded(&f(&x.to_dtype(DType::F32)?)?, x.dtype())
}

/// `[2, 3]` as PyTorch prints sizes.
pub(crate) fn list(dims: &[usize]) -> String {
    format!("{dims:?}")
}

/// `2 x 3` as PyTorch prints kernel and image sizes.
pub(crate) fn by(dims: &[usize], gap: &str) -> String {
    dims.iter().map(|d| d.to_string()).collect::<Vec<_>>().join(gap)
}
