//! Reductions. `dims` of null means all dimensions.

use crate::error::{Result, argument};
use crate::handle::TensorHandle;
use crate::options::{Dtype, Int, Operand, dtype, ints};
use crate::reply::{one, pair};
use candlewick_tensor::ops::{self, Interpolation};
use napi_derive::napi;

/// Dimensions that may be absent.
pub fn list(dims: Option<Vec<Int>>) -> Option<Vec<i64>> {
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
/// The product over one dimension, or of all.
#[napi(catch_unwind)]
pub fn prod(x: TensorHandle, d: Option<Int>, keepdim: bool, to: Option<Dtype>) -> Result<TensorHandle> {
    one(ops::prod(&x, d.map(|d| d.0), keepdim, dtype(to)))
}
/// The sum with NaN counted as 0.
#[napi(catch_unwind)]
pub fn nansum(x: TensorHandle, dims: Option<Vec<Int>>, keepdim: bool, to: Option<Dtype>) -> Result<TensorHandle> {
    one(ops::nansum(&x, list(dims).as_deref(), keepdim, dtype(to)))
}
/// The number of elements that are not zero.
#[napi(catch_unwind)]
pub fn count_nonzero(x: TensorHandle, dims: Option<Vec<Int>>) -> Result<TensorHandle> {
    one(ops::count_nonzero(&x, list(dims).as_deref()))
}
/// ln(sum(e^x))
#[napi(catch_unwind)]
pub fn logsumexp(x: TensorHandle, dims: Option<Vec<Int>>, keepdim: bool) -> Result<TensorHandle> {
    one(ops::logsumexp(&x, list(dims).as_deref(), keepdim))
}
/// The p-norm.
#[napi(catch_unwind)]
pub fn norm(x: TensorHandle, p: f64, dims: Option<Vec<Int>>, keepdim: bool, to: Option<Dtype>) -> Result<TensorHandle> {
    one(ops::norm(&x, p, list(dims).as_deref(), keepdim, dtype(to)))
}
/// Slices along `d` scaled down to a p-norm of at most `maxnorm`.
#[napi(catch_unwind)]
pub fn renorm(x: TensorHandle, p: f64, d: Int, maxnorm: f64) -> Result<TensorHandle> {
    one(ops::renorm(&x, p, d.0, maxnorm))
}
/// Quantiles; interpolation: `linear`, `lower`, `higher`, `midpoint` or `nearest`.
#[napi(catch_unwind)]
pub fn quantile(
    x: TensorHandle,
    q: Operand,
    d: Option<Int>,
    keepdim: bool,
    interpolation: String,
    ignore_nan: bool,
) -> Result<TensorHandle> {
    let how = match interpolation.as_str() {
        "linear" => Interpolation::Linear,
        "lower" => Interpolation::Lower,
        "higher" => Interpolation::Higher,
        "midpoint" => Interpolation::Midpoint,
        "nearest" => Interpolation::Nearest,
        other => {
            return argument(format!(
                "quantile() interpolation must be one of linear, lower, higher, midpoint or nearest, but got {other}"
            ));
        }
    };
    one(ops::quantile(&x, &q.0, d.map(|d| d.0), keepdim, how, ignore_nan))
}

/// Running sums.
#[napi(catch_unwind)]
pub fn cumsum(x: TensorHandle, d: Int, to: Option<Dtype>) -> Result<TensorHandle> {
    one(ops::cumsum(&x, d.0, dtype(to)))
}
/// Running products.
#[napi(catch_unwind)]
pub fn cumprod(x: TensorHandle, d: Int, to: Option<Dtype>) -> Result<TensorHandle> {
    one(ops::cumprod(&x, d.0, dtype(to)))
}
/// Running ln(sum(e^x)).
#[napi(catch_unwind)]
pub fn logcumsumexp(x: TensorHandle, d: Int) -> Result<TensorHandle> {
    one(ops::logcumsumexp(&x, d.0))
}
/// Running maxima and their places.
#[napi(catch_unwind, ts_return_type = "[TensorHandle, TensorHandle]")]
pub fn cummax(x: TensorHandle, d: Int) -> Result<Vec<TensorHandle>> {
    pair(ops::cummax(&x, d.0))
}
/// Running minima and their places.
#[napi(catch_unwind, ts_return_type = "[TensorHandle, TensorHandle]")]
pub fn cummin(x: TensorHandle, d: Int) -> Result<Vec<TensorHandle>> {
    pair(ops::cummin(&x, d.0))
}
