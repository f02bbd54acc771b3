//! Maxima and minima, with and without their places. NaN wins; of equal values the first.

use super::binary::{div, mul};
use super::gather::{gather, scatter_add};
use super::reduce::{reduce, reduced_shape, spread, sum};
use crate::autograd::Tape;
use crate::error::index;
use crate::layout::{wrap_dim, wrap_dims};
use crate::{DType, Result, Tensor};
use candlewick_kernels::reduce::Fold;

fn check(op: &str, x: &Tensor, dims: &[usize]) -> Result<()> {
    if let Some(d) = dims.iter().find(|&&d| x.shape()[d] == 0) {
        return index(match dims.len() {
            1 if x.rank() > 1 => format!("{op}(): Expected reduction dim {d} to have non-zero size."),
            _ => format!(
                "{op}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument."
            ),
        });
    }
    Ok(())
}

fn values(max: bool, x: &Tensor, dims: &[usize], keepdim: bool) -> Result<Tensor> {
    reduce(x, dims, keepdim, Fold::Extremum(max), x.dtype())
}
fn places(max: bool, x: &Tensor, dims: &[usize], keepdim: bool) -> Result<Tensor> {
    reduce(x, dims, keepdim, Fold::Place(max), DType::I64)
}

/// The gradient of one value of all elements: those that are equal to it share it; so do NaN, where it is one.
pub(crate) fn shared_gradient(gy: &Tensor, x: &Tensor, y: &Tensor) -> Result<Tensor> {
    let (x, y) = (x.detach(), y.detach());
    let both_nan = super::logical_and(&super::isnan(&x)?, &super::isnan(&y)?)?;
    let mask = super::logical_or(&super::eq(&x, &y)?, &both_nan)?.to_dtype(x.dtype())?;
    mul(gy, &div(&mask, &sum(&mask, None, false, None)?)?)
}

/// Values over `dims`; equal ones share the gradient.
fn shared(max: bool, name: &'static str, op: &str, x: &Tensor, dims: Option<&[i64]>, keepdim: bool) -> Result<Tensor> {
    let wrapped = wrap_dims(dims, x.rank())?;
    check(op, x, &wrapped)?;
    let y = values(max, x, &wrapped, keepdim)?;
    Tape::of(name, &[x]).keep(x).keep_output(&y).record(y, move |c| {
        c.each(&[&|| {
            let (x, y) = (c.saved(0)?, c.saved(1)?);
            let wide = spread(&y.detach(), x.shape(), &wrapped, keepdim)?;
            let mask = super::eq(&x.detach(), &wide)?.to_dtype(x.dtype())?;
            let dims: Vec<i64> = wrapped.iter().map(|&d| d as i64).collect();
            let ties = sum(&mask, Some(&dims), true, None)?;
            mul(&spread(&c.gy()?, x.shape(), &wrapped, keepdim)?, &div(&mask, &ties)?)
        }])
    })
}

/// The largest values over `dims` (None: all).
pub fn amax(x: &Tensor, dims: Option<&[i64]>, keepdim: bool) -> Result<Tensor> {
    shared(true, "AmaxBackward0", "amax", x, dims, keepdim)
}
/// The smallest values over `dims` (None: all).
pub fn amin(x: &Tensor, dims: Option<&[i64]>, keepdim: bool) -> Result<Tensor> {
    shared(false, "AminBackward0", "amin", x, dims, keepdim)
}
fn single(max: bool, name: &'static str, op: &str, x: &Tensor) -> Result<Tensor> {
    let all = wrap_dims(None, x.rank())?;
    check(op, x, &all)?;
    let y = values(max, x, &all, false)?;
    Tape::of(name, &[x])
        .keep(x)
        .keep_output(&y)
        .record(y, |c| c.each(&[&|| shared_gradient(&c.gy()?, &c.saved(0)?, &c.saved(1)?)]))
}

/// The largest element.
pub fn max(x: &Tensor) -> Result<Tensor> {
    single(true, "MaxBackward1", "max", x)
}
/// The smallest element.
pub fn min(x: &Tensor) -> Result<Tensor> {
    single(false, "MinBackward1", "min", x)
}

fn along(max: bool, name: &'static str, op: &str, x: &Tensor, d: i64, keepdim: bool) -> Result<(Tensor, Tensor)> {
    let d = wrap_dim(d, x.rank())?;
    if x.rank() == 0 {
        let place = Tensor::full(&[], crate::Scalar::Int(0), DType::I64)?;
        return Ok((super::clone(x)?, place));
    }
    check(op, x, &[d])?;
    let at = places(max, x, &[d], true)?;
    let y = gather(&x.detach(), d as i64, &at)?;
    let shape: Vec<i64> = reduced_shape(x.shape(), &[d], keepdim).iter().map(|&n| n as i64).collect();
    let (y, index) = (super::reshape(&y, &shape)?.alias(), super::reshape(&at, &shape)?);
    let form = x.layout().clone();
    let y = Tape::of(name, &[x]).keep(&at).record(y, move |c| {
        c.each(&[&|| {
            let gy = if keepdim { c.gy()? } else { super::unsqueeze(&c.gy()?, d as i64)? };
            scatter_add(&Tensor::full(&form.shape, crate::Scalar::Int(0), gy.dtype())?, d as i64, &c.saved(0)?, &gy)
        }])
    })?;
    Ok((y, index))
}

/// The largest values along `d` and their int64 indices.
pub fn max_dim(x: &Tensor, d: i64, keepdim: bool) -> Result<(Tensor, Tensor)> {
    along(true, "MaxBackward0", "max", x, d, keepdim)
}
/// The smallest values along `d` and their int64 indices.
pub fn min_dim(x: &Tensor, d: i64, keepdim: bool) -> Result<(Tensor, Tensor)> {
    along(false, "MinBackward0", "min", x, d, keepdim)
}

fn place(max: bool, op: &str, x: &Tensor, d: Option<i64>, keepdim: bool) -> Result<Tensor> {
    let dims = match d {
        Some(d) => wrap_dims(Some(&[d]), x.rank())?,
        None => (0..x.rank()).collect(),
    };
    if x.dtype() == DType::Bool {
        return crate::error::dtype(format!("{op}(): does not support bool input"));
    }
    check(op, x, &dims)?;
    places(max, x, &dims, keepdim)
}
/// The index of the largest element along `d`, or in the flattened tensor.
pub fn argmax(x: &Tensor, d: Option<i64>, keepdim: bool) -> Result<Tensor> {
    place(true, "argmax", x, d, keepdim)
}
/// The index of the smallest element along `d`, or in the flattened tensor.
pub fn argmin(x: &Tensor, d: Option<i64>, keepdim: bool) -> Result<Tensor> {
    place(false, "argmin", x, d, keepdim)
}
