//! What is done to parameters, and to all gradients at once.

use crate::error::{Result, coded};
use crate::handle::{TensorHandle, tensors};
use candlewick_tensor::ops;
use napi_derive::napi;

/// The p-norm of all tensors as one vector.
#[napi(catch_unwind)]
pub fn total_norm(xs: Vec<TensorHandle>, p: f64) -> Result<TensorHandle> {
    coded(ops::total_norm(&tensors(xs), p).map(Into::into))
}

/// Scales tensors in place so that a total norm of `total` would become at most `max`.
#[napi(catch_unwind, js_name = "clipWithNorm_")]
pub fn clip_with_norm_in_place(xs: Vec<TensorHandle>, max: f64, total: TensorHandle) -> Result<()> {
    coded(ops::clip_with_norm_(&tensors(xs), max, &total))
}

/// Q of the factors Q R with a positive diagonal of R.
#[napi(catch_unwind)]
pub fn orthonormal_columns(x: TensorHandle) -> Result<TensorHandle> {
    coded(ops::orthonormal_columns(&x).map(Into::into))
}
