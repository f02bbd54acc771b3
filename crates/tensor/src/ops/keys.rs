//! Elements as integers that order as the elements do, so that sorting and searching are compiled once and not for each dtype.

use super::copy::to_dtype;
use crate::{DType, Result, Tensor};

/// The key of a NaN: above all others, as NaN counts as the largest.
const NAN: u64 = u64::MAX;

/// The keys of a tensor's elements, in row-major order.
pub(crate) fn keys(x: &Tensor) -> Result<Vec<u64>> {
    let x = x.detach();
    if x.dtype().is_float() {
        let x = to_dtype(&x, DType::F64)?.contiguous()?;
        return Ok(x.data::<f64>()?.iter().map(|&v| float_key(v)).collect());
    }
    let x = to_dtype(&x, DType::I64)?.contiguous()?;
    Ok(x.data::<i64>()?.iter().map(|&v| (v as u64) ^ (1 << 63)).collect())
}

/// Whether a key of this dtype stands for a NaN.
pub(crate) fn is_nan(key: u64, dtype: DType) -> bool {
    dtype.is_float() && key == NAN
}

fn float_key(v: f64) -> u64 {
    if v.is_nan() {
        return NAN;
    }
    let bits = (v + 0.0).to_bits(); // -0 and 0 are equal
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}
