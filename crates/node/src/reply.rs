//! What an operation gives, as handles.

use crate::error::{Result, coded};
use crate::handle::TensorHandle;
use candlewick_tensor::{Result as Outcome, Tensor};

/// One tensor.
pub fn one(r: Outcome<Tensor>) -> Result<TensorHandle> {
    coded(r.map(Into::into))
}
/// A list.
pub fn many(r: Outcome<Vec<Tensor>>) -> Result<Vec<TensorHandle>> {
    coded(r.map(|v| v.into_iter().map(Into::into).collect()))
}
/// Two tensors, as a list of two.
pub fn pair(r: Outcome<(Tensor, Tensor)>) -> Result<Vec<TensorHandle>> {
    many(r.map(|(a, b)| vec![a, b]))
}
