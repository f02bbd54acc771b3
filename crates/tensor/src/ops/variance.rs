//! Variance and standard deviation.

use super::binary::{div, mul, sub};
use super::reduce::{mean, reduce, signed, spread};
use super::unary::{int, num};
use crate::autograd::{Ctx, Tape};
use crate::error::dtype;
use crate::layout::wrap_dims;
use crate::{Result, Tensor};
use candlewick_kernels::reduce::Fold;

/// The variance over `dims`, divided by the count less `correction`.
pub fn var(x: &Tensor, dims: Option<&[i64]>, correction: f64, keepdim: bool) -> Result<Tensor> {
    if !x.dtype().is_float() {
        return dtype("std and var only support floating point and complex dtypes");
    }
    let wrapped = wrap_dims(dims, x.rank())?;
    let y = reduce(x, &wrapped, keepdim, Fold::Variance(correction), x.dtype())?;
    Tape::of("VarBackward0", &[x]).keep(x).record(y, move |c| {
        c.each(&[&|| {
            let x = c.saved(0)?;
            deviation_gradient(&c.gy()?, &x, &wrapped, correction, keepdim)
        }])
    })
}

/// gy * 2 / (n - correction) * (x - mean)
fn deviation_gradient(gy: &Tensor, x: &Tensor, dims: &[usize], correction: f64, keepdim: bool) -> Result<Tensor> {
    let n = dims.iter().map(|&d| x.shape()[d]).product::<usize>() as f64;
    let centre = sub(x, &mean(x, Some(&signed(dims)), true, None)?)?;
    mul(&spread(gy, x.shape(), dims, keepdim)?, &mul(&centre, &num(2.0 / (n - correction)))?)
}

/// The standard deviation: the root of [`var`].
pub fn std(x: &Tensor, dims: Option<&[i64]>, correction: f64, keepdim: bool) -> Result<Tensor> {
    let variance = var(&x.detach(), dims, correction, keepdim)?;
    let y = super::sqrt(&variance)?;
    let wrapped = wrap_dims(dims, x.rank())?;
    Tape::of("StdBackward0", &[x]).keep(x).keep_output(&y).record(y, move |c: &Ctx| {
        c.each(&[&|| {
            let (x, y) = (c.saved(0)?, c.saved(1)?);
            let through_root = div(&c.gy()?, &mul(&y, &num(2.0))?)?;
            let through_root = super::where_(&super::eq(&y.detach(), &int(0))?, &int(0), &through_root)?;
            deviation_gradient(&through_root, &x, &wrapped, correction, keepdim)
        }])
    })
}
