//! Reductions over dimensions: sum, mean, all, any. Floats accumulate in float64, integers in int64.

use super::binary::div;
use super::copy::to_dtype;
use super::unary::{int, num};
use super::view::reshape;
use crate::autograd::Tape;
use crate::error::dtype;
use crate::layout::{Dims, wrap_dims};
use crate::{DType, Layout, Result, Tensor};
use candlewick_kernels::reduce::{self as kernel, Fold, Walk};

/// Runs a fold over `reduced` dimensions and converts the results to `to`; they are contiguous.
pub(crate) fn reduce(x: &Tensor, reduced: &[usize], keepdim: bool, fold: Fold, to: DType) -> Result<Tensor> {
    let reads = fold.reads(x.dtype());
    // Bytes and bools are read alike.
    let x = if reads == DType::U8 { x.clone() } else { to_dtype(&x.detach(), reads)? };
    let y = Tensor::blank(Layout::contiguous(&reduced_shape(x.shape(), reduced, keepdim)), fold.gives(reads))?;
    let walk = Walk::new(x.shape(), x.strides(), x.layout().offset, reduced);
    debug_assert!(walk.end() <= x.storage().len());
    // SAFETY: x has a storage of this type that the walk stays within; y was made just above.
    unsafe { kernel::reduce(fold, reads, &walk, x.storage().bytes()?, y.storage().bytes()?, y.numel()) };
    to_dtype(&y, to)
}

/// The shape that is left.
pub(crate) fn reduced_shape(shape: &[usize], reduced: &[usize], keepdim: bool) -> Dims {
    let all = shape.iter().enumerate();
    all.filter(|(d, _)| keepdim || !reduced.contains(d))
        .map(|(d, &n)| if reduced.contains(&d) { 1 } else { n })
        .collect()
}

/// Large contiguous sums are taken in chunks of this length, which threads share; the same bits on any number of them.
const CHUNK: usize = 1 << 16;

fn plain_sum(x: &Tensor, dims: &[usize], keepdim: bool, mean: bool) -> Result<Tensor> {
    if !x.dtype().is_float() {
        return reduce(x, dims, keepdim, Fold::Sum, DType::I64);
    }
    if dims.len() == x.rank() && x.is_contiguous() && x.numel() >= 2 * CHUNK && x.numel().is_multiple_of(CHUNK) {
        let n = x.numel();
        let rows = reshape(&x.detach(), &[(n / CHUNK) as i64, CHUNK as i64])?;
        let parts =
            plain_sum(&super::to_dtype(&plain_sum(&rows, &[1], false, false)?, x.dtype())?, &[0], false, false)?;
        let total = if mean { super::to_dtype(&div(&parts, &num(n as f64))?, x.dtype())? } else { parts };
        return reshape(&total, &reduced_shape(x.shape(), dims, keepdim).iter().map(|&d| d as i64).collect::<Vec<_>>());
    }
    reduce(x, dims, keepdim, if mean { Fold::Mean } else { Fold::Sum }, x.dtype())
}

/// The sum over `dims` (None: all). Integers and bool give int64, unless `to` says otherwise.
pub fn sum(x: &Tensor, dims: Option<&[i64]>, keepdim: bool, to: Option<DType>) -> Result<Tensor> {
    let to = to.unwrap_or(if x.dtype().is_float() { x.dtype() } else { DType::I64 });
    let wrapped = wrap_dims(dims, x.rank())?;
    let x = if x.dtype() == to || !to.is_float() { x.clone() } else { x.to_dtype(to)? };
    let y = plain_sum(&x.detach(), &wrapped, keepdim, false)?.to_dtype(to)?;
    let name = if dims.is_none() { "SumBackward0" } else { "SumBackward1" };
    let form: Dims = x.shape().into();
    Tape::of(name, &[&x]).record(y, move |c| c.each(&[&|| spread(&c.gy()?, &form, &wrapped, keepdim)]))
}

/// The gradient of a sum: every summed element gets its output's.
pub(crate) fn spread(gy: &Tensor, form: &[usize], dims: &[usize], keepdim: bool) -> Result<Tensor> {
    let kept = if keepdim { gy.clone() } else { reshape(gy, &signed(&reduced_shape(form, dims, true)))? };
    super::expand(&kept, &signed(form))
}

pub(crate) fn signed(dims: &[usize]) -> Vec<i64> {
    dims.iter().map(|&d| d as i64).collect()
}

/// The mean over `dims` (None: all).
pub fn mean(x: &Tensor, dims: Option<&[i64]>, keepdim: bool, to: Option<DType>) -> Result<Tensor> {
    let x = match to {
        Some(to) => x.to_dtype(to)?,
        None => x.clone(),
    };
    if !x.dtype().is_float() {
        let which = if to.is_some() { "Optional" } else { "Input" };
        return dtype(format!(
            "mean(): could not infer output dtype. {which} dtype must be either a floating point or complex dtype. Got: {}",
            x.dtype().title()
        ));
    }
    let wrapped = wrap_dims(dims, x.rank())?;
    let y = plain_sum(&x.detach(), &wrapped, keepdim, true)?;
    let name = if dims.is_none() { "MeanBackward0" } else { "MeanBackward1" };
    let form: Dims = x.shape().into();
    let n = wrapped.iter().map(|&d| x.shape()[d]).product::<usize>();
    Tape::of(name, &[&x])
        .record(y, move |c| c.each(&[&|| div(&spread(&c.gy()?, &form, &wrapped, keepdim)?, &int(n as i64))]))
}

/// Whether all elements along `dims` are not zero.
pub fn all(x: &Tensor, dims: Option<&[i64]>, keepdim: bool) -> Result<Tensor> {
    truth(x, dims, keepdim, true)
}
/// Whether any element along `dims` is not zero.
pub fn any(x: &Tensor, dims: Option<&[i64]>, keepdim: bool) -> Result<Tensor> {
    truth(x, dims, keepdim, false)
}
fn truth(x: &Tensor, dims: Option<&[i64]>, keepdim: bool, all: bool) -> Result<Tensor> {
    let wrapped = wrap_dims(dims, x.rank())?;
    let to = if x.dtype() == DType::U8 { DType::U8 } else { DType::Bool };
    reduce(x, &wrapped, keepdim, Fold::Truth(all), to)
}
pub(crate) fn any_true(x: &Tensor) -> Result<bool> {
    Ok(any(x, None, false)?.item()?.to_i64() != 0)
}

/// Sums a gradient over what was broadcast from `to`.
pub fn sum_to(g: &Tensor, to: &[usize]) -> Result<Tensor> {
    if g.shape() == to {
        return Ok(g.clone());
    }
    let lead = g.rank() - to.len();
    let dims: Vec<i64> =
        (0..g.rank()).filter(|&d| d < lead || to[d - lead] == 1 && g.shape()[d] != 1).map(|d| d as i64).collect();
    let y = if dims.is_empty() { g.clone() } else { sum(g, Some(&dims), true, None)? };
    reshape(&y, &signed(to))
}
