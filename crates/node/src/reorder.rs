//! Copies in another order, triangles, diagonals, windows.

use crate::error::{Result, coded};
use crate::handle::TensorHandle;
use crate::options::{Int, ints, size};
use crate::reply::one;
use candlewick_tensor::ops;
use napi_derive::napi;

/// Dimensions reversed.
#[napi(catch_unwind)]
pub fn flip(x: TensorHandle, dims: Vec<Int>) -> Result<TensorHandle> {
    one(ops::flip(&x, &ints(&dims)))
}
/// Elements moved on along dimensions; without dimensions as if flat.
#[napi(catch_unwind)]
pub fn roll(x: TensorHandle, shifts: Vec<Int>, dims: Vec<Int>) -> Result<TensorHandle> {
    one(ops::roll(&x, &ints(&shifts), &ints(&dims)))
}
/// One dimension moved to another place.
#[napi(catch_unwind)]
pub fn movedim(x: TensorHandle, from: Int, to: Int) -> Result<TensorHandle> {
    one(ops::movedim(&x, from.0, to.0))
}
/// Lower triangles.
#[napi(catch_unwind)]
pub fn tril(x: TensorHandle, k: Int) -> Result<TensorHandle> {
    one(ops::tril(&x, k.0))
}
/// Upper triangles.
#[napi(catch_unwind)]
pub fn triu(x: TensorHandle, k: Int) -> Result<TensorHandle> {
    one(ops::triu(&x, k.0))
}
/// The row and column indices of a triangle, [2, count].
#[napi(catch_unwind)]
pub fn triangle_indices(n: Int, m: Int, k: Int, lower: bool) -> Result<TensorHandle> {
    one((|| ops::triangle_indices(size(n)?, size(m)?, k.0, lower))())
}
/// A diagonal as a last dimension: a view.
#[napi(catch_unwind)]
pub fn diagonal(x: TensorHandle, k: Int, a: Int, b: Int) -> Result<TensorHandle> {
    one(ops::diagonal(&x, k.0, a.0, b.0))
}
/// The last dimension on a diagonal of two new ones.
#[napi(catch_unwind)]
pub fn diag_embed(x: TensorHandle, k: Int, a: Int, b: Int) -> Result<TensorHandle> {
    one(ops::diag_embed(&x, k.0, a.0, b.0))
}
/// Windows along a dimension, as a last dimension: a view.
#[napi(catch_unwind)]
pub fn unfold(x: TensorHandle, d: Int, size: Int, step: Int) -> Result<TensorHandle> {
    one(ops::unfold(&x, d.0, size.0, step.0))
}
/// The place of each element when element `i` is repeated `repeats[i]` times.
#[napi(catch_unwind)]
pub fn repeat_places(repeats: TensorHandle) -> Result<TensorHandle> {
    one(ops::repeat_places(&repeats))
}

/// What an operation in place reads: x, or a copy while gradients are recorded.
#[napi(catch_unwind)]
pub fn before_overwrite(x: TensorHandle) -> Result<TensorHandle> {
    one(ops::before_overwrite(&x))
}
/// Writes y over x, with its history.
#[napi(catch_unwind)]
pub fn overwrite(x: TensorHandle, y: TensorHandle) -> Result<()> {
    coded(ops::overwrite(&x, &y))
}
/// Raises where x may not be changed in place.
#[napi(catch_unwind)]
pub fn check_in_place(x: TensorHandle) -> Result<()> {
    coded(ops::check_inplace(&x))
}
