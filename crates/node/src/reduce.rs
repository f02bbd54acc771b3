//! Reductions and matrix products. `dims` of null means all dimensions.

use crate::error::{Result, coded};
use crate::handle::TensorHandle;
use crate::options::{Dtype, Int, Number, dtype, ints};
use candlewick_tensor::{Tensor, ops};
use napi_derive::napi;

fn one(r: candlewick_tensor::Result<Tensor>) -> Result<TensorHandle> {
    coded(r.map(Into::into))
}
fn pair(r: candlewick_tensor::Result<(Tensor, Tensor)>) -> Result<Vec<TensorHandle>> {
    coded(r.map(|(a, b)| vec![a.into(), b.into()]))
}
fn list(dims: Option<Vec<Int>>) -> Option<Vec<i64>> {
    dims.map(|d| ints(&d))
}

/// Sum.
#[napi(catch_unwind)]
pub fn sum(x: TensorHandle, dims: Option<Vec<Int>>, keepdim: bool, to: Option<Dtype>) -> Result<TensorHandle> {
    one(ops::sum(&x, list(dims).as_deref(), keepdim, dtype(to)))
}
/// Mean.
#[napi(catch_unwind)]
pub fn mean(x: TensorHandle, dims: Option<Vec<Int>>, keepdim: bool, to: Option<Dtype>) -> Result<TensorHandle> {
    one(ops::mean(&x, list(dims).as_deref(), keepdim, dtype(to)))
}
/// Variance, divided by the count less `correction`.
#[napi(catch_unwind)]
pub fn var_of(x: TensorHandle, dims: Option<Vec<Int>>, correction: f64, keepdim: bool) -> Result<TensorHandle> {
    one(ops::var(&x, list(dims).as_deref(), correction, keepdim))
}
/// Standard deviation.
#[napi(catch_unwind)]
pub fn std(x: TensorHandle, dims: Option<Vec<Int>>, correction: f64, keepdim: bool) -> Result<TensorHandle> {
    one(ops::std(&x, list(dims).as_deref(), correction, keepdim))
}
/// Largest values.
#[napi(catch_unwind)]
pub fn amax(x: TensorHandle, dims: Option<Vec<Int>>, keepdim: bool) -> Result<TensorHandle> {
    one(ops::amax(&x, list(dims).as_deref(), keepdim))
}
/// Smallest values.
#[napi(catch_unwind)]
pub fn amin(x: TensorHandle, dims: Option<Vec<Int>>, keepdim: bool) -> Result<TensorHandle> {
    one(ops::amin(&x, list(dims).as_deref(), keepdim))
}
/// The largest element.
#[napi(catch_unwind)]
pub fn max(x: TensorHandle) -> Result<TensorHandle> {
    one(ops::max(&x))
}
/// The smallest element.
#[napi(catch_unwind)]
pub fn min(x: TensorHandle) -> Result<TensorHandle> {
    one(ops::min(&x))
}
/// The largest values along a dimension and their indices.
#[napi(catch_unwind, ts_return_type = "[TensorHandle, TensorHandle]")]
pub fn max_dim(x: TensorHandle, d: Int, keepdim: bool) -> Result<Vec<TensorHandle>> {
    pair(ops::max_dim(&x, d.0, keepdim))
}
/// The smallest values along a dimension and their indices.
#[napi(catch_unwind, ts_return_type = "[TensorHandle, TensorHandle]")]
pub fn min_dim(x: TensorHandle, d: Int, keepdim: bool) -> Result<Vec<TensorHandle>> {
    pair(ops::min_dim(&x, d.0, keepdim))
}
/// The index of the largest element.
#[napi(catch_unwind)]
pub fn argmax(x: TensorHandle, d: Option<Int>, keepdim: bool) -> Result<TensorHandle> {
    one(ops::argmax(&x, d.map(|d| d.0), keepdim))
}
/// The index of the smallest element.
#[napi(catch_unwind)]
pub fn argmin(x: TensorHandle, d: Option<Int>, keepdim: bool) -> Result<TensorHandle> {
    one(ops::argmin(&x, d.map(|d| d.0), keepdim))
}
/// Whether all elements are not zero.
#[napi(catch_unwind)]
pub fn all(x: TensorHandle, dims: Option<Vec<Int>>, keepdim: bool) -> Result<TensorHandle> {
    one(ops::all(&x, list(dims).as_deref(), keepdim))
}
/// Whether any element is not zero.
#[napi(catch_unwind)]
pub fn any(x: TensorHandle, dims: Option<Vec<Int>>, keepdim: bool) -> Result<TensorHandle> {
    one(ops::any(&x, list(dims).as_deref(), keepdim))
}

/// `a @ b`
#[napi(catch_unwind)]
pub fn matmul(a: TensorHandle, b: TensorHandle) -> Result<TensorHandle> {
    one(ops::matmul(&a, &b))
}
/// Two matrices.
#[napi(catch_unwind)]
pub fn mm(a: TensorHandle, b: TensorHandle) -> Result<TensorHandle> {
    one(ops::mm(&a, &b))
}
/// Two batches of matrices.
#[napi(catch_unwind)]
pub fn bmm(a: TensorHandle, b: TensorHandle) -> Result<TensorHandle> {
    one(ops::bmm(&a, &b))
}
/// A matrix and a vector.
#[napi(catch_unwind)]
pub fn mv(a: TensorHandle, b: TensorHandle) -> Result<TensorHandle> {
    one(ops::mv(&a, &b))
}
/// Two vectors.
#[napi(catch_unwind)]
pub fn dot(a: TensorHandle, b: TensorHandle) -> Result<TensorHandle> {
    one(ops::dot(&a, &b))
}
/// beta * input + alpha * a @ b
#[napi(
    catch_unwind,
    ts_args_type = "input: TensorHandle, a: TensorHandle, b: TensorHandle, beta: Scalar, alpha: Scalar"
)]
pub fn addmm(
    input: TensorHandle,
    a: TensorHandle,
    b: TensorHandle,
    beta: Number,
    alpha: Number,
) -> Result<TensorHandle> {
    one(ops::addmm(&input, &a, &b, beta.0, alpha.0))
}
