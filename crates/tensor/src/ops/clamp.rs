//! x limited to [min, max], numbers or tensors; an absent bound does not bind.

use super::binary::unless;
use super::compare::{eq, gt, le, logical_and, logical_or, lt};
use super::copy::to_dtype;
use super::map::binary_map;
use super::select::where_;
use super::unary::int;
use crate::autograd::{Ctx, Grads, Tape};
use crate::error::argument;
use crate::{Result, Scalar, Tensor};
use candlewick_kernels::elementwise::arithmetic as kernel;

/// Clamps to [min, max]; an absent bound does not bind. The gradient is 0 outside and at the bounds.
pub fn clamp(x: &Tensor, min: Option<Scalar>, max: Option<Scalar>) -> Result<Tensor> {
    let y = clamped(x, min, max)?;
    Tape::of("ClampBackward1", &[x]).keep(x).record(y, move |c| grad_clamp(c, min, max))
}
/// Clamps in place.
pub fn clamp_(x: &Tensor, min: Option<Scalar>, max: Option<Scalar>) -> Result<()> {
    x.check_inplace()?;
    let tape = Tape::of("ClampBackward1", &[x]);
    let tape = if tape.active() { tape.keep(&super::clone(x)?) } else { tape };
    let y = clamped(x, min, max)?;
    super::copy::write_strided(x, &to_dtype(&y, x.dtype())?)?;
    tape.record_inplace(x, move |c| grad_clamp(c, min, max))
}
fn clamped(x: &Tensor, min: Option<Scalar>, max: Option<Scalar>) -> Result<Tensor> {
    let mut y = x.detach();
    if min.is_none() && max.is_none() {
        return argument("torch.clamp: At least one of 'min' or 'max' must not be None");
    }
    if let Some(m) = min {
        y = binary_map(&kernel::Maximum, &y, &Tensor::number(m), None)?;
    }
    if let Some(m) = max {
        y = binary_map(&kernel::Minimum, &y, &Tensor::number(m), None)?;
    }
    Ok(y)
}
fn grad_clamp(c: &Ctx, min: Option<Scalar>, max: Option<Scalar>) -> Result<Grads> {
    let x = c.saved(0)?.detach();
    c.each(&[&|| {
        let mut gx = c.gy()?;
        if let Some(m) = min {
            gx = where_(&gt(&x, &Tensor::number(m))?, &gx, &int(0))?;
        }
        if let Some(m) = max {
            gx = where_(&lt(&x, &Tensor::number(m))?, &gx, &int(0))?;
        }
        Ok(gx)
    }])
}

/// Clamps to [min, max], tensors that are broadcast. Where x meets one bound, both share the gradient; where the bounds have
/// crossed, max has it.
pub fn clamp_tensor(x: &Tensor, min: Option<&Tensor>, max: Option<&Tensor>) -> Result<Tensor> {
    const NAME: &str = "ClampBackward0";
    let low = min.map(|m| binary_map(&kernel::Maximum, x, m, None)).transpose()?;
    match (min, max) {
        (None, None) => argument("torch.clamp: At least one of 'min' or 'max' must not be None"),
        (Some(m), None) => Tape::of(NAME, &[x, m]).keep(x).keep(m).record(low.unwrap_or_else(|| x.clone()), |c| {
            let (x, m) = (c.saved(0)?.detach(), c.saved(1)?.detach());
            c.each(&[&|| unless(c, &lt(&x, &m)?, &eq(&x, &m)?), &|| unless(c, &gt(&x, &m)?, &eq(&x, &m)?)])
        }),
        (None, Some(m)) => {
            let y = binary_map(&kernel::Minimum, x, m, None)?;
            Tape::of(NAME, &[x, m]).keep(x).keep(m).record(y, |c| {
                let (x, m) = (c.saved(0)?.detach(), c.saved(1)?.detach());
                c.each(&[&|| unless(c, &gt(&x, &m)?, &eq(&x, &m)?), &|| unless(c, &lt(&x, &m)?, &eq(&x, &m)?)])
            })
        }
        (Some(min), Some(max)) => {
            let y = binary_map(&kernel::Minimum, &low.unwrap_or_else(|| x.clone()), max, None)?;
            Tape::of(NAME, &[x, min, max]).keep(x).keep(min).keep(max).record(y, grad_between)
        }
    }
}
fn grad_between(c: &Ctx) -> Result<Grads> {
    let (x, min, max) = (c.saved(0)?.detach(), c.saved(1)?.detach(), c.saved(2)?.detach());
    let crossed = lt(&max, &min)?;
    let apart = lt(&min, &max)?;
    let ordered = le(&min, &max)?;
    // The gradient where `all` holds, half of it where x ties with one bound.
    let share = |all: &Tensor, tie: &Tensor| {
        let gy = c.gy()?;
        let half = where_(&logical_and(tie, &apart)?, &super::div(&gy, &int(2))?, &int(0))?;
        where_(all, &gy, &half)
    };
    let (at_min, at_max) = (eq(&x, &min)?, eq(&x, &max)?);
    c.each(&[
        &|| {
            let outside = logical_or(&lt(&x, &min)?, &gt(&x, &max)?)?;
            let tie = logical_and(&logical_or(&at_min, &at_max)?, &apart)?;
            unless(c, &outside, &tie)
        },
        &|| share(&logical_and(&lt(&x, &min)?, &ordered)?, &at_min),
        &|| share(&logical_or(&logical_and(&gt(&x, &max)?, &ordered)?, &crossed)?, &at_max),
    ])
}
