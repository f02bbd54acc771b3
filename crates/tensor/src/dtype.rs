//! PyTorch's promotion between element types.
//! <https://docs.pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc>

use crate::{Scalar, Tensor};
pub use candlewick_kernels::dtype::DType;
use std::cell::Cell;

use DType::*;

/// The dtype of a float result computed from this one: itself, or the default dtype for integers and bool.
pub fn float_dtype(dtype: DType) -> DType {
    if dtype.is_float() { dtype } else { default_dtype() }
}

thread_local! { static DEFAULT: Cell<DType> = const { Cell::new(F32) }; }

/// The isolate's default float dtype.
pub fn default_dtype() -> DType {
    DEFAULT.get()
}

/// Sets the isolate's default float dtype.
pub fn set_default_dtype(dtype: DType) {
    DEFAULT.set(dtype)
}

/// The smallest dtype that holds both.
pub fn promote(a: DType, b: DType) -> DType {
    match (a.category(), b.category()) {
        _ if a == b => a,
        (x, y) if x > y && (x == 2 || y == 0) => a,
        (x, y) if y > x && (y == 2 || x == 0) => b,
        (2, 2) if a.size() == b.size() => F32, // float16 with bfloat16
        (1, 1) if a.size() == b.size() => I16, // int8 with uint8
        _ if a.size() > b.size() => a,
        _ => b,
    }
}

/// The dtype that operands meet in: tensors with dimensions decide within a category; zero-dimensional tensors, and
/// below them plain numbers, only raise the category.
pub fn result_type(operands: &[&Tensor]) -> DType {
    let mut by_rank: [Option<DType>; 3] = [None; 3]; // dimensioned, zero-dimensional, plain number
    for t in operands {
        let rank = if t.is_number() { 2 } else { usize::from(t.rank() == 0) };
        let dtype = if t.is_number() && t.dtype().is_float() { default_dtype() } else { t.dtype() };
        by_rank[rank] = Some(by_rank[rank].map_or(dtype, |d| promote(d, dtype)));
    }
    let combine = |high: Option<DType>, low: Option<DType>| match (high, low) {
        (Some(h), Some(l)) if l.category() > h.category() => Some(promote(h, l)),
        (h, l) => h.or(l),
    };
    combine(by_rank[0], combine(by_rank[1], by_rank[2])).unwrap_or(default_dtype())
}

/// The dtype in which a plain number is kept: the widest of its kind. Promotion counts a float as the default dtype.
pub(crate) fn number_dtype(s: Scalar) -> DType {
    match s {
        Scalar::Bool(_) => Bool,
        Scalar::Int(_) => I64,
        Scalar::Float(_) => F64,
    }
}
