//! Writing to places that an index names.

use crate::error::{Result, argument, coded};
use crate::handle::TensorHandle;
use crate::options::{Int, Number, Operand};
use crate::reply::one;
use candlewick_tensor::ops::{self, Combine};
use napi_derive::napi;

fn combine(op: &str, reduce: &str) -> Result<Combine> {
    match reduce {
        "sum" => Ok(Combine::Sum),
        "prod" => Ok(Combine::Prod),
        "mean" => Ok(Combine::Mean),
        "amax" => Ok(Combine::Max),
        "amin" => Ok(Combine::Min),
        other => argument(format!("{op}: reduce argument must be either sum, prod, mean, amax or amin, got {other}.")),
    }
}

/// src at the places of `index`.
#[napi(catch_unwind)]
pub fn scatter(x: TensorHandle, d: Int, index: TensorHandle, src: Operand) -> Result<TensorHandle> {
    one(ops::scatter(&x, d.0, &index, &src.0))
}
/// src added at the places of `index`.
#[napi(catch_unwind)]
pub fn scatter_add(x: TensorHandle, d: Int, index: TensorHandle, src: TensorHandle) -> Result<TensorHandle> {
    one(ops::scatter_add(&x, d.0, &index, &src))
}
/// src combined at the places of `index`: `sum`, `prod`, `mean`, `amax` or `amin`.
#[napi(catch_unwind)]
pub fn scatter_reduce(
    x: TensorHandle,
    d: Int,
    index: TensorHandle,
    src: TensorHandle,
    reduce: String,
    include_self: bool,
) -> Result<TensorHandle> {
    let how = combine("scatter_reduce()", &reduce)?;
    one(ops::scatter_reduce(&x, d.0, &index, &src, how, include_self))
}
/// alpha * src added to slices.
#[napi(catch_unwind, ts_args_type = "x: TensorHandle, d: Int, index: TensorHandle, src: TensorHandle, alpha: Scalar")]
pub fn index_add(
    x: TensorHandle,
    d: Int,
    index: TensorHandle,
    src: TensorHandle,
    alpha: Number,
) -> Result<TensorHandle> {
    one(ops::index_add(&x, d.0, &index, &src, alpha.0))
}
/// Slices replaced.
#[napi(catch_unwind)]
pub fn index_copy(x: TensorHandle, d: Int, index: TensorHandle, src: TensorHandle) -> Result<TensorHandle> {
    one(ops::index_copy(&x, d.0, &index, &src))
}
/// Slices filled.
#[napi(catch_unwind)]
pub fn index_fill(x: TensorHandle, d: Int, index: TensorHandle, value: Operand) -> Result<TensorHandle> {
    one(ops::index_fill(&x, d.0, &index, &value.0))
}
/// Slices combined: `prod`, `mean`, `amax` or `amin`.
#[napi(catch_unwind)]
pub fn index_reduce(
    x: TensorHandle,
    d: Int,
    index: TensorHandle,
    src: TensorHandle,
    reduce: String,
    include_self: bool,
) -> Result<TensorHandle> {
    let how = combine("index_reduce()", &reduce)?;
    one(ops::index_reduce(&x, d.0, &index, &src, how, include_self))
}
/// Elements where the mask holds replaced by those of src, in order.
#[napi(catch_unwind)]
pub fn masked_scatter(x: TensorHandle, mask: TensorHandle, src: TensorHandle) -> Result<TensorHandle> {
    coded(ops::masked_scatter(&x, &mask, &src).map(Into::into))
}
