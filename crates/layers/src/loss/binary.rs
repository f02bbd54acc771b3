//! Losses of yes-or-no answers: binary cross entropy of probabilities and of logits, soft margin.

use super::pair::{Pair, fused, promoted};
use super::{Reduction, number, size_of};
use crate::activation::logsigmoid;
use candlewick_kernels::elementwise::Map2;
use candlewick_kernels::elementwise::loss::{BinaryEntropy, LogitEntropy, Slope, SoftMargin, TINY};
use candlewick_tensor::autograd::Tape;
use candlewick_tensor::ops::{self, add, amax, amin, clamp, div, exp, log, log1p, mul, neg, sigmoid, sub};
use candlewick_tensor::{Error, Result, Scalar, Tensor};

impl Pair for BinaryEntropy {
    const NODE: &'static str = "BinaryCrossEntropyBackward0";
    const KERNEL: &'static str = "binary_cross_entropy";
    fn kernel_slope(self) -> impl Map2 {
        Slope(self)
    }
    fn slope_of(self, x: &Tensor, t: &Tensor) -> Result<Tensor> {
        let below = mul(&sub(&number(1.0), x)?, x)?;
        div(&sub(x, t)?, &clamp(&below, Some(Scalar::Float(TINY)), None)?)
    }
    fn target_slope_of(self, x: &Tensor, _: &Tensor) -> Result<Tensor> {
        sub(&log(&sub(&number(1.0), x)?)?, &log(x)?)
    }
}

/// Binary cross entropy of probabilities.
/// Errors: another size or dtype of the target; probabilities outside of [0, 1].
pub fn binary_cross_entropy(
    x: &Tensor,
    target: &Tensor,
    weight: Option<&Tensor>,
    reduction: Reduction,
) -> Result<Tensor> {
    if x.shape() != target.shape() {
        return Err(Error::Shape(format!(
            "Using a target size ({}) that is different to the input size ({}) is deprecated. Please ensure they have the same size.",
            size_of(target),
            size_of(x)
        )));
    }
    if x.dtype() != target.dtype() {
        let (found, wanted) = (target.dtype().title(), x.dtype().title());
        return Err(Error::DType(format!("Found dtype {found} but expected {wanted}")));
    }
    let within = |v: Tensor| Ok::<bool, Error>((0.0..=1.0).contains(&v.item()?.to_f64()));
    if x.numel() > 0 && !(within(amin(&x.detach(), None, false)?)? && within(amax(&x.detach(), None, false)?)?) {
        return Err(Error::Argument("all elements of input should be between 0 and 1".into()));
    }
    fused(x, target, weight, reduction, BinaryEntropy)
}

impl Pair for LogitEntropy {
    const NODE: &'static str = "BinaryCrossEntropyWithLogitsBackward0";
    const KERNEL: &'static str = "binary_cross_entropy_with_logits";
    fn kernel_slope(self) -> impl Map2 {
        Slope(self)
    }
    fn slope_of(self, x: &Tensor, t: &Tensor) -> Result<Tensor> {
        sub(&sigmoid(x)?, t)
    }
    fn target_slope_of(self, x: &Tensor, _: &Tensor) -> Result<Tensor> {
        neg(x)
    }
}

/// Binary cross entropy of logits; `pos_weight` multiplies the part of positive targets.
/// Errors: another size of the target; a target of integers.
pub fn binary_cross_entropy_with_logits(
    x: &Tensor,
    target: &Tensor,
    weight: Option<&Tensor>,
    pos_weight: Option<&Tensor>,
    reduction: Reduction,
) -> Result<Tensor> {
    if x.shape() != target.shape() {
        let (t, x) = (size_of(target), size_of(x));
        return Err(Error::Shape(format!("Target size ({t}) must be the same as input size ({x})")));
    }
    if !target.dtype().is_float() {
        return Err(Error::DType(format!(
            "result type {} can't be cast to the desired output type {}",
            x.dtype().title(),
            target.dtype().title()
        )));
    }
    let Some(p) = pos_weight else { return fused(x, target, weight, reduction, LogitEntropy) };
    let (x, t) = promoted(x, target)?;
    let positive = sub(&p.detach(), &number(1.0))?;
    let scale = move |t: &Tensor| add(&mul(&positive, t)?, &number(1.0));
    let losses = {
        let (x, t) = (x.detach(), t.detach());
        let plain = mul(&sub(&number(1.0), &t)?, &x)?;
        let losses = sub(&plain, &mul(&scale(&t)?, &logsigmoid(&x)?)?)?;
        weight.map_or(Ok(losses.clone()), |w| mul(&losses, &w.detach()))?
    };
    let factor = if reduction == Reduction::Mean { 1.0 / losses.numel() as f64 } else { 1.0 };
    let (one, p) = (number(1.0), p.detach());
    Tape::of(LogitEntropy::NODE, &[&x, &t]).keep(&x).keep(&t).keep(weight.unwrap_or(&one)).record(
        reduction.apply(&losses)?,
        move |c| {
            let (x, t) = (c.saved(0)?, c.saved(1)?);
            let gy = mul(&mul(&c.gy()?, &number(factor))?, &c.saved(2)?.detach())?;
            c.each(&[
                &|| {
                    let low = mul(&scale(&t)?, &sigmoid(&neg(&x)?)?)?;
                    mul(&sub(&sub(&number(1.0), &t)?, &low)?, &gy)
                },
                &|| mul(&neg(&add(&x, &mul(&sub(&p, &number(1.0))?, &logsigmoid(&x)?)?)?)?, &gy),
            ])
        },
    )
}

impl Pair for SoftMargin {
    const NODE: &'static str = "SoftMarginLossBackward0";
    const KERNEL: &'static str = "soft_margin_loss";
    fn losses(self, x: &Tensor, t: &Tensor) -> Result<Tensor> {
        if x.dtype().computing() != x.dtype() {
            return log1p(&exp(&neg(&mul(x, t)?)?)?); // PyTorch rounds each step: a large exponent is infinite in float16
        }
        ops::zip(Self::KERNEL, x, t, &self)
    }
    fn kernel_slope(self) -> impl Map2 {
        Slope(self)
    }
    fn slope_of(self, x: &Tensor, t: &Tensor) -> Result<Tensor> {
        let z = exp(&neg(&mul(x, t)?)?)?;
        neg(&mul(t, &div(&z, &add(&z, &number(1.0))?)?)?)
    }
    fn target_slope_of(self, x: &Tensor, t: &Tensor) -> Result<Tensor> {
        self.slope_of(t, x)
    }
}

/// ln(1 + e^(-target x)) for targets 1 and -1.
pub fn soft_margin_loss(x: &Tensor, target: &Tensor, reduction: Reduction) -> Result<Tensor> {
    if !x.dtype().is_float() {
        let d = x.dtype().title();
        return Err(Error::DType(format!("result type Float can't be cast to the desired output type {d}")));
    }
    fused(x, &target.to_dtype(x.dtype())?, None, reduction, SoftMargin)
}
