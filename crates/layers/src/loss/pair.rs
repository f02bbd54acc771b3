//! Fused losses of one prediction and one target each.

use super::{Reduction, number};
use candlewick_kernels::elementwise::Map2;
use candlewick_tensor::autograd::{Tape, is_grad_enabled};
use candlewick_tensor::ops::{self, mul, neg};
use candlewick_tensor::{Result, Tensor, result_type};

/// A loss of two numbers: its kernel l(x, t), and its slopes in operations.
pub(super) trait Pair: Map2 + Copy + Send + 'static {
    /// The node's name.
    const NODE: &'static str;
    /// PyTorch's name of the kernel, for refusals.
    const KERNEL: &'static str;
    /// The losses of the elements.
    fn losses(self, x: &Tensor, t: &Tensor) -> Result<Tensor> {
        ops::zip(Self::KERNEL, x, t, &self)
    }
    /// The kernel of dl/dx.
    fn kernel_slope(self) -> impl Map2;
    /// dl/dx in operations that can be differentiated, for gradients of gradients.
    fn slope_of(self, x: &Tensor, t: &Tensor) -> Result<Tensor>;
    /// dl/dt in such operations; most losses read the difference only.
    fn target_slope_of(self, x: &Tensor, t: &Tensor) -> Result<Tensor> {
        neg(&self.slope_of(x, t)?)
    }
}

/// Both in the dtype they promote to.
pub(super) fn promoted(x: &Tensor, t: &Tensor) -> Result<(Tensor, Tensor)> {
    let d = result_type(&[x, t]);
    Ok((x.to_dtype(d)?, t.to_dtype(d)?))
}

/// The losses times constant weights, reduced. Shapes broadcast.
pub(super) fn fused<L: Pair>(
    x: &Tensor,
    t: &Tensor,
    weight: Option<&Tensor>,
    reduction: Reduction,
    l: L,
) -> Result<Tensor> {
    let (x, t) = promoted(x, t)?;
    let mut losses = l.losses(&x.detach(), &t.detach())?;
    if let Some(w) = weight {
        losses = mul(&losses, &w.detach())?;
    }
    let factor = if reduction == Reduction::Mean { 1.0 / losses.numel() as f64 } else { 1.0 };
    let y = reduction.apply(&losses)?;
    let one = number(1.0);
    Tape::of(L::NODE, &[&x, &t]).keep(&x).keep(&t).keep(weight.unwrap_or(&one)).record(y.detach(), move |c| {
        let (x, t, w) = (c.saved(0)?, c.saved(1)?, c.saved(2)?.detach());
        let gy = mul(&c.gy()?, &number(factor))?;
        let gy = if w.is_number() { gy } else { mul(&gy, &w)? };
        c.each(&[
            &|| {
                let slope = if is_grad_enabled() {
                    l.slope_of(&x, &t)?
                } else {
                    ops::zip(L::KERNEL, &x, &t, &l.kernel_slope())?
                };
                mul(&slope, &gy)
            },
            &|| mul(&l.target_slope_of(&x, &t)?, &gy),
        ])
    })
}
