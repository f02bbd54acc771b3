//! Order and counting: sorting, ranks, distinct values, histograms.

use crate::error::{Result, coded};
use crate::handle::TensorHandle;
use crate::options::{Int, Operand, size};
use crate::reply::{many, one, pair};
use candlewick_tensor::ops;
use napi::bindgen_prelude::Either;
use napi_derive::napi;

/// Sorted along a dimension, and where each element was.
#[napi(catch_unwind, ts_return_type = "[TensorHandle, TensorHandle]")]
pub fn sort(x: TensorHandle, d: Int, descending: bool) -> Result<Vec<TensorHandle>> {
    pair(ops::sort(&x, d.0, descending))
}
/// The k largest or smallest, in order, and where they are.
#[napi(catch_unwind, ts_return_type = "[TensorHandle, TensorHandle]")]
pub fn topk(x: TensorHandle, k: Int, d: Int, largest: bool) -> Result<Vec<TensorHandle>> {
    pair(ops::topk(&x, k.0, d.0, largest))
}
/// The kth smallest and where it is.
#[napi(catch_unwind, ts_return_type = "[TensorHandle, TensorHandle]")]
pub fn kthvalue(x: TensorHandle, k: Int, d: Int, keepdim: bool) -> Result<Vec<TensorHandle>> {
    pair(ops::kthvalue(&x, k.0, d.0, keepdim))
}
/// The middle element along a dimension and where it is.
#[napi(catch_unwind, ts_return_type = "[TensorHandle, TensorHandle]")]
pub fn median_dim(x: TensorHandle, d: Int, keepdim: bool, ignore_nan: bool) -> Result<Vec<TensorHandle>> {
    pair(ops::median_dim(&x, d.0, keepdim, ignore_nan))
}
/// The middle of all elements.
#[napi(catch_unwind)]
pub fn median(x: TensorHandle, ignore_nan: bool) -> Result<TensorHandle> {
    one(ops::median(&x, ignore_nan))
}
/// The most frequent element along a dimension and where it is.
#[napi(catch_unwind, ts_return_type = "[TensorHandle, TensorHandle]")]
pub fn mode(x: TensorHandle, d: Int, keepdim: bool) -> Result<Vec<TensorHandle>> {
    pair(ops::mode(&x, d.0, keepdim))
}
/// Distinct values (or slices along a dimension), the place of each element among them, and counts.
#[napi(catch_unwind, ts_return_type = "[TensorHandle, TensorHandle, TensorHandle]")]
pub fn unique(x: TensorHandle, d: Option<Int>, consecutive: bool) -> Result<Vec<TensorHandle>> {
    many(ops::unique(&x, d.map(|d| d.0), consecutive).map(|u| vec![u.values, u.inverse, u.counts]))
}
/// How often each number occurs, or the sums of weights.
#[napi(catch_unwind)]
pub fn bincount(x: TensorHandle, weights: Option<TensorHandle>, minlength: Int) -> Result<TensorHandle> {
    one(ops::bincount(&x, weights.as_deref(), minlength.0))
}
/// Counts in equal bins.
#[napi(catch_unwind)]
pub fn histc(x: TensorHandle, bins: Int, min: f64, max: f64) -> Result<TensorHandle> {
    one(ops::histc(&x, bins.0, min, max))
}
/// Weighted counts and edges: of `bins` equal bins over [min, max], or between the edges given.
#[napi(catch_unwind, ts_return_type = "[TensorHandle, TensorHandle]")]
pub fn histogram(
    x: TensorHandle,
    bins: Either<Int, TensorHandle>,
    range: Option<Vec<f64>>,
    weight: Option<TensorHandle>,
    density: bool,
) -> Result<Vec<TensorHandle>> {
    let range = range.and_then(|r| Some((*r.first()?, *r.get(1)?)));
    let edges = match &bins {
        Either::A(n) => Err(n.0),
        Either::B(t) => Ok(&**t),
    };
    pair(ops::histogram(&x, edges, range, weight.as_deref(), density))
}
/// Places in sorted sequences.
#[napi(catch_unwind)]
pub fn searchsorted(
    sorted: TensorHandle,
    x: Operand,
    right: bool,
    int32: bool,
    sorter: Option<TensorHandle>,
) -> Result<TensorHandle> {
    one(ops::searchsorted(&sorted, &x.0, right, int32, sorter.as_deref()))
}
/// Whether each element occurs in another tensor.
#[napi(catch_unwind)]
pub fn isin(x: Operand, among: Operand, invert: bool) -> Result<TensorHandle> {
    one(ops::isin(&x.0, &among.0, invert))
}
/// The first rows of `nonzero`, filled up.
#[napi(catch_unwind)]
pub fn nonzero_static(x: TensorHandle, rows: Int, fill: Int) -> Result<TensorHandle> {
    coded(size(rows).and_then(|n| ops::nonzero_static(&x, n, fill.0)).map(Into::into))
}
