//! The linear layer.

use crate::error::Result;
use crate::handle::{TensorHandle, optional};
use crate::reply::one;
use napi_derive::napi;

/// x W^T + b
#[napi(catch_unwind)]
pub fn linear(x: TensorHandle, w: TensorHandle, b: Option<TensorHandle>) -> Result<TensorHandle> {
    one(candlewick_layers::linear(&x, &w, optional(&b)))
}
