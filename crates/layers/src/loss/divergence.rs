//! Losses between distributions: Kullback-Leibler divergence, Poisson and Gaussian likelihoods.

use super::{Reduction, number, zero};
use candlewick_tensor::autograd::Tape;
use candlewick_tensor::ops::{add, any, clamp, div, eq, exp, le, log, lt, mul, square, sub, unsqueeze, where_};
use candlewick_tensor::{Error, Result, Scalar, Tensor};
use std::f64::consts::PI;

/// t (ln t - x) for log-probabilities x; e^t (t - x) if the target is in logarithms too.
pub fn kl_div(x: &Tensor, target: &Tensor, reduction: Reduction, log_target: bool) -> Result<Tensor> {
    if !x.dtype().is_float() || !target.dtype().is_float() {
        return Err(Error::DType("kl_div: Integral inputs not supported.".into()));
    }
    let losses = if log_target {
        mul(&exp(target)?, &sub(target, x)?)?
    } else {
        let whole = where_(&eq(&target.detach(), &zero())?, &number(1.0), target)?; // 0 ln 0 is 0
        sub(&mul(target, &log(&whole)?)?, &mul(target, x)?)?
    };
    reduction.apply(&losses)
}

/// e^x - t x, or x - t ln(x + eps) of a rate that is no logarithm; `full` adds Stirling's approximation of ln(t!) above 1.
pub fn poisson_nll_loss(
    x: &Tensor,
    target: &Tensor,
    log_input: bool,
    full: bool,
    eps: f64,
    reduction: Reduction,
) -> Result<Tensor> {
    let mut losses = if log_input {
        sub(&exp(x)?, &mul(target, x)?)?
    } else {
        sub(x, &mul(target, &log(&add(x, &number(eps))?)?)?)?
    };
    if full {
        let t = target;
        let root = mul(&log(&mul(t, &number(2.0 * PI))?)?, &number(0.5))?;
        let stirling = add(&sub(&mul(t, &log(t)?)?, t)?, &root)?;
        losses = add(&losses, &where_(&le(&t.detach(), &number(1.0))?, &zero(), &stirling)?)?;
    }
    reduction.apply(&losses)
}

/// (ln var + (x - t)^2 / var) / 2 with var kept above eps; `full` adds ln(2 pi) / 2.   [Nix & Weigend 1994]
/// Errors: a negative variance; sizes that are neither the input's nor one short in one dimension.
pub fn gaussian_nll_loss(
    x: &Tensor,
    target: &Tensor,
    var: &Tensor,
    full: bool,
    eps: f64,
    reduction: Reduction,
) -> Result<Tensor> {
    if any(&lt(&var.detach(), &zero())?, None, false)?.item()?.to_i64() != 0 {
        return Err(Error::Argument("var has negative entry/entries".into()));
    }
    let var = if var.is_number() || var.shape() == x.shape() {
        var.clone()
    } else if x.rank() > 0 && x.shape()[..x.rank() - 1] == *var.shape() {
        unsqueeze(var, -1)?
    } else {
        let odd = |(a, b): &(&usize, &usize)| a != b;
        let kept: usize = x.shape().iter().zip(var.shape()).filter(odd).map(|(_, b)| b).sum();
        if x.rank() != var.rank() || kept != 1 {
            return Err(Error::Shape("var is of incorrect size".into()));
        }
        var.clone()
    };
    // The bound is not part of the gradient.
    let bounded = clamp(&var.detach(), Some(Scalar::Float(eps)), None)?;
    let var = Tape::of("CloneBackward0", &[&var]).record(bounded, |c| c.each(&[&|| c.gy()]))?;
    let losses = mul(&add(&log(&var)?, &div(&square(&sub(x, target)?)?, &var)?)?, &number(0.5))?;
    let losses = if full { add(&losses, &number(0.5 * (2.0 * PI).ln()))? } else { losses };
    reduction.apply(&losses)
}
