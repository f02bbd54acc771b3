//! Losses of differences: squared, absolute, and between (smooth L1, Huber).

use super::pair::{Pair, fused};
use super::{Reduction, number};
use candlewick_kernels::elementwise::Map2;
use candlewick_kernels::elementwise::loss::{Huber, Slope, SmoothL1, Squared};
use candlewick_tensor::ops::{abs, clamp, div, ge, mul, sign, sub, where_};
use candlewick_tensor::{Error, Result, Scalar, Tensor};

impl Pair for Squared {
    const NODE: &'static str = "MseLossBackward0";
    const KERNEL: &'static str = "mse_cpu";
    fn kernel_slope(self) -> impl Map2 {
        Slope(self)
    }
    fn slope_of(self, x: &Tensor, t: &Tensor) -> Result<Tensor> {
        mul(&sub(x, t)?, &number(2.0))
    }
}

/// (x - target)^2. Weighted, the mean is divided by the sum of the weights.
pub fn mse_loss(x: &Tensor, target: &Tensor, weight: Option<&Tensor>, reduction: Reduction) -> Result<Tensor> {
    match weight {
        None => fused(x, target, None, reduction, Squared),
        Some(_) => reduction.weighted(&fused(x, target, None, Reduction::None, Squared)?, weight),
    }
}

/// |x - target|. Weighted, the mean is divided by the sum of the weights.
pub fn l1_loss(x: &Tensor, target: &Tensor, weight: Option<&Tensor>, reduction: Reduction) -> Result<Tensor> {
    reduction.weighted(&abs(&sub(x, target)?)?, weight)
}

impl Pair for SmoothL1 {
    const NODE: &'static str = "SmoothL1LossBackward0";
    const KERNEL: &'static str = "smooth_l1_cpu";
    fn kernel_slope(self) -> impl Map2 {
        Slope(self)
    }
    fn slope_of(self, x: &Tensor, t: &Tensor) -> Result<Tensor> {
        let d = sub(x, t)?;
        where_(&ge(&abs(&d.detach())?, &number(self.0))?, &sign(&d.detach())?, &div(&d, &number(self.0))?)
    }
}

/// Squared below beta, absolute above. A beta of 0 is [`l1_loss`].   [Girshick 2015]
pub fn smooth_l1_loss(x: &Tensor, target: &Tensor, beta: f64, reduction: Reduction) -> Result<Tensor> {
    if beta < 0.0 {
        return Err(Error::Argument("smooth_l1_loss does not support negative values for beta.".into()));
    }
    if beta == 0.0 {
        return l1_loss(x, target, None, reduction);
    }
    fused(x, target, None, reduction, SmoothL1(beta))
}

impl Pair for Huber {
    const NODE: &'static str = "HuberLossBackward0";
    const KERNEL: &'static str = "huber_cpu";
    fn kernel_slope(self) -> impl Map2 {
        Slope(self)
    }
    fn slope_of(self, x: &Tensor, t: &Tensor) -> Result<Tensor> {
        clamp(&sub(x, t)?, Some(Scalar::Float(-self.0)), Some(Scalar::Float(self.0)))
    }
}

/// Squared below delta, absolute with that slope above. Weighted, the mean is over the elements.   [Huber 1964]
pub fn huber_loss(
    x: &Tensor,
    target: &Tensor,
    delta: f64,
    weight: Option<&Tensor>,
    reduction: Reduction,
) -> Result<Tensor> {
    if delta <= 0.0 {
        return Err(Error::Argument("huber_loss does not support non-positive values for delta.".into()));
    }
    // The result has the input's dtype, whatever the target's.
    let target = target.to_dtype(x.dtype())?;
    let Some(w) = weight else { return fused(x, &target, None, reduction, Huber(delta)) };
    if w.shape() != x.shape() {
        return Err(Error::Shape("Weights and input must have the same size.".into()));
    }
    reduction.apply(&mul(&fused(x, &target, None, Reduction::None, Huber(delta))?, w)?)
}
