//! Indexing and joining.

use crate::error::{Result, argument, coded};
use crate::handle::{TensorHandle, tensors};
use crate::options::{Int, Operand};
use candlewick_tensor::ops::{self, Item};
use candlewick_tensor::{Result as TensorResult, Tensor};
use napi::bindgen_prelude::Float64Array;
use napi_derive::napi;

/// One item between the brackets. kind 0: `index`; 1: `start`, `stop`, `step`; 2: ellipsis; 3: a new axis; 4: `tensor`; 5: `flag`.
#[napi(object, object_to_js = false)]
pub struct IndexItem {
    pub kind: u32,
    pub index: Option<Int>,
    pub start: Option<Int>,
    pub stop: Option<Int>,
    pub step: Option<Int>,
    pub tensor: Option<TensorHandle>,
    pub flag: Option<bool>,
}

fn items(list: Vec<IndexItem>) -> Result<Vec<Item>> {
    let read = |item: IndexItem| match item {
        IndexItem { kind: 0, index: Some(i), .. } => Ok(Item::At(i.0)),
        IndexItem { kind: 1, start, stop, step, .. } => {
            Ok(Item::Slice(start.map(|i| i.0), stop.map(|i| i.0), step.map_or(1, |i| i.0)))
        }
        IndexItem { kind: 2, .. } => Ok(Item::Ellipsis),
        IndexItem { kind: 3, .. } => Ok(Item::NewAxis),
        IndexItem { kind: 4, tensor: Some(t), .. } => Ok(Item::Tensor((*t).clone())),
        IndexItem { kind: 5, flag: Some(f), .. } => Ok(Item::Flag(f)),
        other => argument(format!("an index item of kind {} lacks its value", other.kind)),
    };
    list.into_iter().map(read).collect()
}

/// `x[items]`
#[napi(catch_unwind)]
pub fn index(x: TensorHandle, list: Vec<IndexItem>) -> Result<TensorHandle> {
    let list = items(list)?;
    coded(ops::index(&x, &list).map(Into::into))
}

/// `x[items] = value`, or `+=`
#[napi(catch_unwind, js_name = "indexPut_")]
pub fn index_put_in_place(x: TensorHandle, list: Vec<IndexItem>, value: Operand, accumulate: bool) -> Result<()> {
    let list = items(list)?;
    coded(ops::index_put_(&x, &list, &value.0, accumulate))
}

/// Elements that `index` names along a dimension.
#[napi(catch_unwind)]
pub fn gather(x: TensorHandle, d: Int, index: TensorHandle) -> Result<TensorHandle> {
    coded(ops::gather(&x, d.0, &index).map(Into::into))
}

/// Rows that `index` names along a dimension.
#[napi(catch_unwind)]
pub fn index_select(x: TensorHandle, d: Int, index: TensorHandle) -> Result<TensorHandle> {
    coded(ops::index_select(&x, d.0, &index).map(Into::into))
}

/// The same rows of several tensors: a batch of a data set.
#[napi(catch_unwind)]
pub fn rows(xs: Vec<TensorHandle>, at: Float64Array) -> Result<Vec<TensorHandle>> {
    let at: Vec<i64> = at.iter().map(|&i| i as i64).collect();
    let index = coded(Tensor::new(at.clone(), &[at.len()]))?;
    let pick = |x: &Tensor| match x.is_contiguous() {
        true => ops::index_select(x, 0, &index),
        // index_select would copy the whole.
        false => {
            at.iter().map(|&i| ops::select(x, 0, i)).collect::<TensorResult<Vec<_>>>().and_then(|r| ops::stack(&r, 0))
        }
    };
    coded(xs.iter().map(|x| pick(x).map(Into::into)).collect())
}

/// The indices of all elements that are not zero.
#[napi(catch_unwind)]
pub fn nonzero(x: TensorHandle) -> Result<TensorHandle> {
    coded(ops::nonzero(&x).map(Into::into))
}

/// Joined along a dimension.
#[napi(catch_unwind)]
pub fn cat(xs: Vec<TensorHandle>, d: Int) -> Result<TensorHandle> {
    coded(ops::cat(&tensors(xs), d.0).map(Into::into))
}

/// Joined along a new dimension.
#[napi(catch_unwind)]
pub fn stack(xs: Vec<TensorHandle>, d: Int) -> Result<TensorHandle> {
    coded(ops::stack(&tensors(xs), d.0).map(Into::into))
}
