//! Views, copies and conversions.

use crate::error::{Result, coded};
use crate::handle::TensorHandle;
use crate::options::{Dtype, Int, ints, sizes};
use crate::reply::{many, one};
use candlewick_tensor::{Device, ops};
use napi::bindgen_prelude::Either;
use napi_derive::napi;

/// Another shape over the same elements; one extent may be -1.
#[napi(catch_unwind)]
pub fn view(x: TensorHandle, shape: Vec<Int>) -> Result<TensorHandle> {
    one(ops::view(&x, &ints(&shape)))
}
/// Another shape: a view where possible, else a copy.
#[napi(catch_unwind)]
pub fn reshape(x: TensorHandle, shape: Vec<Int>) -> Result<TensorHandle> {
    one(ops::reshape(&x, &ints(&shape)))
}
/// Repeats dimensions of extent one without copying.
#[napi(catch_unwind)]
pub fn expand(x: TensorHandle, shape: Vec<Int>) -> Result<TensorHandle> {
    one(ops::expand(&x, &ints(&shape)))
}
/// The dimensions in another order.
#[napi(catch_unwind)]
pub fn permute(x: TensorHandle, dims: Vec<Int>) -> Result<TensorHandle> {
    one(ops::permute(&x, &ints(&dims)))
}
/// Two dimensions exchanged.
#[napi(catch_unwind)]
pub fn transpose(x: TensorHandle, a: Int, b: Int) -> Result<TensorHandle> {
    one(ops::transpose(&x, a.0, b.0))
}
/// The transpose of a matrix.
#[napi(catch_unwind)]
pub fn t(x: TensorHandle) -> Result<TensorHandle> {
    one(ops::t(&x))
}
/// Drops dimensions of extent one: all, or those named.
#[napi(catch_unwind)]
pub fn squeeze(x: TensorHandle, dims: Option<Vec<Int>>) -> Result<TensorHandle> {
    one(ops::squeeze(&x, dims.map(|d| ints(&d)).as_deref()))
}
/// A new dimension of extent one.
#[napi(catch_unwind)]
pub fn unsqueeze(x: TensorHandle, d: Int) -> Result<TensorHandle> {
    one(ops::unsqueeze(&x, d.0))
}
/// Merges the dimensions start..=end.
#[napi(catch_unwind)]
pub fn flatten(x: TensorHandle, start: Int, end: Int) -> Result<TensorHandle> {
    one(ops::flatten(&x, start.0, end.0))
}
/// Splits a dimension.
#[napi(catch_unwind)]
pub fn unflatten(x: TensorHandle, d: Int, sizes: Vec<Int>) -> Result<TensorHandle> {
    one(ops::unflatten(&x, d.0, &ints(&sizes)))
}
/// One index of a dimension, which goes away.
#[napi(catch_unwind)]
pub fn select(x: TensorHandle, d: Int, i: Int) -> Result<TensorHandle> {
    one(ops::select(&x, d.0, i.0))
}
/// `length` elements of a dimension.
#[napi(catch_unwind)]
pub fn narrow(x: TensorHandle, d: Int, start: Int, length: Int) -> Result<TensorHandle> {
    one(ops::narrow(&x, d.0, start.0, length.0))
}
/// start:end:step of a dimension.
#[napi(catch_unwind)]
pub fn slice(x: TensorHandle, d: Int, start: Option<Int>, end: Option<Int>, step: Int) -> Result<TensorHandle> {
    one(ops::slice(&x, d.0, start.map(|i| i.0), end.map(|i| i.0), step.0))
}
/// Consecutive pieces of a dimension: of one size, or of these sizes.
#[napi(catch_unwind)]
pub fn split(x: TensorHandle, sizes: Either<Int, Vec<Int>>, d: Int) -> Result<Vec<TensorHandle>> {
    match sizes {
        Either::A(n) => many(ops::split(&x, n.0, d.0)),
        Either::B(list) => many(ops::split_sizes(&x, &ints(&list), d.0)),
    }
}
/// The slices of a dimension.
#[napi(catch_unwind)]
pub fn unbind(x: TensorHandle, d: Int) -> Result<Vec<TensorHandle>> {
    many(ops::unbind(&x, d.0))
}
/// Any shape and strides over the same storage.
#[napi(catch_unwind)]
pub fn as_strided(x: TensorHandle, shape: Vec<Int>, strides: Vec<Int>, offset: Option<Int>) -> Result<TensorHandle> {
    one((|| {
        let offset = offset.map(crate::options::size).transpose()?;
        ops::as_strided(&x, &sizes(&shape)?, &sizes(&strides)?, offset)
    })())
}
/// A copy with `src` in the place of a strided view.
#[napi(catch_unwind)]
pub fn as_strided_scatter(
    x: TensorHandle,
    src: TensorHandle,
    shape: Vec<Int>,
    strides: Vec<Int>,
    offset: Option<Int>,
) -> Result<TensorHandle> {
    one((|| {
        let offset = offset.map(crate::options::size).transpose()?;
        ops::as_strided_scatter(&x, &src, &sizes(&shape)?, &sizes(&strides)?, offset)
    })())
}
/// x repeated along each dimension
#[napi(catch_unwind)]
pub fn repeat(x: TensorHandle, counts: Vec<Int>) -> Result<TensorHandle> {
    one(ops::repeat(&x, &ints(&counts)))
}
/// The same elements outside the graph.
#[napi(catch_unwind)]
pub fn detach(x: TensorHandle) -> Result<TensorHandle> {
    Ok(x.detach().into())
}
/// The same elements outside the graph, whose writes autograd does not notice: PyTorch's `x.data`.
#[napi(catch_unwind)]
pub fn data_of(x: TensorHandle) -> Result<TensorHandle> {
    Ok(x.data_alias().into())
}
/// Takes x out of the graph, in place.
#[napi(catch_unwind, js_name = "detach_")]
pub fn detach_in_place(x: TensorHandle) -> Result<()> {
    coded(x.detach_())
}
/// x's identity (id, requiresGrad, grad, hooks) over the elements of `data`.
#[napi(catch_unwind)]
pub fn set_data(x: TensorHandle, data: TensorHandle) -> Result<TensorHandle> {
    Ok(x.with_data(&data).into())
}
/// x itself if it is row-major, else a copy.
#[napi(catch_unwind)]
pub fn contiguous(x: TensorHandle) -> Result<TensorHandle> {
    one(x.contiguous())
}
/// A copy with its own storage.
#[napi(catch_unwind)]
pub fn clone(x: TensorHandle) -> Result<TensorHandle> {
    one(ops::clone(&x))
}
/// Another dtype or device; x itself if it has both, unless `copy`.
#[napi(catch_unwind)]
pub fn to(x: TensorHandle, dtype: Option<Dtype>, device: Option<String>, copy: bool) -> Result<TensorHandle> {
    one((|| {
        let y = x.to_dtype(dtype.map_or(x.dtype(), |d| d.0))?;
        let y = device.map_or(Ok(y.clone()), |d| y.to_device(Device::parse(&d)?))?;
        if copy && y.is(&x) { ops::clone(&y) } else { Ok(y) }
    })())
}
/// Writes src, broadcast and converted, into x.
#[napi(catch_unwind, js_name = "copy_")]
pub fn copy_in_place(x: TensorHandle, src: TensorHandle) -> Result<()> {
    coded(ops::copy_(&x, &src))
}
