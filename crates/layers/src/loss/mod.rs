//! Losses: what they share, and a file for each family.

mod binary;
mod ctc;
mod divergence;
mod likelihood;
mod margin;
mod multi;
mod pair;
mod regression;

pub use binary::{binary_cross_entropy, binary_cross_entropy_with_logits, soft_margin_loss};
pub use ctc::{CtcConfig, ctc_loss};
pub use divergence::{gaussian_nll_loss, kl_div, poisson_nll_loss};
pub use likelihood::{cross_entropy, nll_loss};
pub use margin::{
    cosine_embedding_loss, hinge_embedding_loss, margin_ranking_loss, multilabel_soft_margin_loss, triplet_margin_loss,
};
pub use multi::{multi_margin_loss, multilabel_margin_loss};
pub use regression::{huber_loss, l1_loss, mse_loss, smooth_l1_loss};

use candlewick_tensor::ops::{clamp, div, mean, mul, sum};
use candlewick_tensor::{Error, Result, Scalar, Tensor};

/// What becomes of the losses of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduction {
    /// They are returned as they are.
    None,
    /// Their (weighted) mean.
    Mean,
    /// Their sum.
    Sum,
}

impl Reduction {
    /// Reads PyTorch's word.
    pub fn parse(text: &str) -> Result<Reduction> {
        match text {
            "none" => Ok(Reduction::None),
            "mean" => Ok(Reduction::Mean),
            "sum" => Ok(Reduction::Sum),
            other => Err(Error::Argument(format!("{other} is not a valid value for reduction"))),
        }
    }

    fn apply(self, x: &Tensor) -> Result<Tensor> {
        match self {
            Reduction::None => Ok(x.clone()),
            Reduction::Mean => mean(x, None, false, None),
            Reduction::Sum => sum(x, None, false, None),
        }
    }

    /// The same of losses times their weights, where there are any: a mean is divided by the sum of the weights.
    fn weighted(self, losses: &Tensor, weight: Option<&Tensor>) -> Result<Tensor> {
        let Some(w) = weight else { return self.apply(losses) };
        if w.shape() != losses.shape() {
            return Err(Error::Shape("Weights and input must have the same size.".into()));
        }
        let losses = mul(losses, w)?;
        match self {
            Reduction::Mean => div(&sum(&losses, None, false, None)?, &sum(w, None, false, None)?),
            r => r.apply(&losses),
        }
    }
}

fn number(v: f64) -> Tensor {
    Tensor::number(Scalar::Float(v))
}
fn zero() -> Tensor {
    Tensor::number(Scalar::Int(0))
}
/// max(x, 0)
fn hinge(x: &Tensor) -> Result<Tensor> {
    clamp(x, Some(Scalar::Int(0)), None)
}

/// Sizes as PyTorch prints a `torch.Size`.
fn size_of(x: &Tensor) -> String {
    format!("torch.Size({:?})", x.shape())
}
