//! Maxima and minima, with and without their places. NaN wins; of equal values the first.

use super::binary::{div, mul};
use super::gather::{gather, scatter_add};
use super::reduce::{Reducer, reduce, reduced_shape, spread, sum};
use crate::autograd::Tape;
use crate::element::dispatch;
use crate::error::index;
use crate::layout::{wrap_dim, wrap_dims};
use crate::{Number, Result, Tensor};
use std::marker::PhantomData;

/// Folds to (value, place); `MAX` chooses the direction.
#[derive(Clone, Copy)]
struct Best<T, const MAX: bool, const PLACE: bool>(PhantomData<fn(T)>);

impl<T: Number, const MAX: bool, const PLACE: bool> Best<T, MAX, PLACE> {
    #[inline(always)]
    fn better(x: T, than: T) -> bool {
        if MAX { x > than } else { x < than }
    }
    #[inline(always)]
    fn fold((best, at): (T, usize), x: T, i: usize) -> (T, usize) {
        let first = at == usize::MAX;
        if first || (!best.is_nan() && (x.is_nan() || Self::better(x, best))) { (x, i) } else { (best, at) }
    }
}

impl<T: Number, const MAX: bool> Reducer<T> for Best<T, MAX, false> {
    type Acc = (T, usize);
    type Out = T;
    #[inline(always)]
    fn start(self) -> Self::Acc {
        (T::default(), usize::MAX)
    }
    #[inline(always)]
    fn step(self, acc: Self::Acc, x: T, i: usize) -> Self::Acc {
        Self::fold(acc, x, i)
    }
    #[inline(always)]
    fn finish(self, (best, _): Self::Acc, _: usize) -> T {
        best
    }
}
impl<T: Number, const MAX: bool> Reducer<T> for Best<T, MAX, true> {
    type Acc = (T, usize);
    type Out = i64;
    #[inline(always)]
    fn start(self) -> Self::Acc {
        (T::default(), usize::MAX)
    }
    #[inline(always)]
    fn step(self, acc: Self::Acc, x: T, i: usize) -> Self::Acc {
        Self::fold(acc, x, i)
    }
    #[inline(always)]
    fn finish(self, (_, at): Self::Acc, _: usize) -> i64 {
        at as i64
    }
}

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

fn values<const MAX: bool>(x: &Tensor, dims: &[usize], keepdim: bool) -> Result<Tensor> {
    dispatch!(x.dtype(), T => reduce::<T, _>(&x.detach(), dims, keepdim, Best::<T, MAX, false>(PhantomData)))
}
fn places<const MAX: bool>(x: &Tensor, dims: &[usize], keepdim: bool) -> Result<Tensor> {
    dispatch!(x.dtype(), T => reduce::<T, _>(&x.detach(), dims, keepdim, Best::<T, MAX, true>(PhantomData)))
}

/// Values over `dims`; equal ones share the gradient.
fn shared<const MAX: bool>(
    name: &'static str,
    op: &str,
    x: &Tensor,
    dims: Option<&[i64]>,
    keepdim: bool,
) -> Result<Tensor> {
    let wrapped = wrap_dims(dims, x.rank())?;
    check(op, x, &wrapped)?;
    let y = values::<MAX>(x, &wrapped, keepdim)?;
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
    shared::<true>("AmaxBackward0", "amax", x, dims, keepdim)
}
/// The smallest values over `dims` (None: all).
pub fn amin(x: &Tensor, dims: Option<&[i64]>, keepdim: bool) -> Result<Tensor> {
    shared::<false>("AminBackward0", "amin", x, dims, keepdim)
}
/// The largest element.
pub fn max(x: &Tensor) -> Result<Tensor> {
    shared::<true>("MaxBackward1", "max", x, None, false)
}
/// The smallest element.
pub fn min(x: &Tensor) -> Result<Tensor> {
    shared::<false>("MinBackward1", "min", x, None, false)
}

fn along<const MAX: bool>(name: &'static str, op: &str, x: &Tensor, d: i64, keepdim: bool) -> Result<(Tensor, Tensor)> {
    let d = wrap_dim(d, x.rank())?;
    if x.rank() == 0 {
        let place = Tensor::full(&[], crate::Scalar::Int(0), crate::DType::I64)?;
        return Ok((super::clone(x)?, place));
    }
    check(op, x, &[d])?;
    let at = places::<MAX>(x, &[d], true)?;
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
    along::<true>("MaxBackward0", "max", x, d, keepdim)
}
/// The smallest values along `d` and their int64 indices.
pub fn min_dim(x: &Tensor, d: i64, keepdim: bool) -> Result<(Tensor, Tensor)> {
    along::<false>("MinBackward0", "min", x, d, keepdim)
}

fn place<const MAX: bool>(op: &str, x: &Tensor, d: Option<i64>, keepdim: bool) -> Result<Tensor> {
    let dims = match d {
        Some(d) => wrap_dims(Some(&[d]), x.rank())?,
        None => (0..x.rank()).collect(),
    };
    if x.dtype() == crate::DType::Bool {
        return crate::error::dtype(format!("{op}(): does not support bool input"));
    }
    check(op, x, &dims)?;
    places::<MAX>(x, &dims, keepdim)
}
/// The index of the largest element along `d`, or in the flattened tensor.
pub fn argmax(x: &Tensor, d: Option<i64>, keepdim: bool) -> Result<Tensor> {
    place::<true>("argmax", x, d, keepdim)
}
/// The index of the smallest element along `d`, or in the flattened tensor.
pub fn argmin(x: &Tensor, d: Option<i64>, keepdim: bool) -> Result<Tensor> {
    place::<false>("argmin", x, d, keepdim)
}
