//! Losses that ask for a margin between scores or distances.

use super::{Reduction, hinge, number, size_of, zero};
use crate::activation::logsigmoid;
use crate::distance::pairwise_distance;
use candlewick_tensor::ops::{add, div, eq, minimum, mul, ne, neg, sqrt, sub, sum, where_};
use candlewick_tensor::{Error, Result, Tensor};

/// x for targets 1, max(0, margin - x) for targets -1.
pub fn hinge_embedding_loss(x: &Tensor, target: &Tensor, margin: f64, reduction: Reduction) -> Result<Tensor> {
    let apart = where_(&ne(target, &number(1.0))?, &hinge(&sub(&number(margin), x)?)?, &zero())?;
    let near = where_(&ne(target, &number(-1.0))?, x, &zero())?;
    reduction.apply(&add(&apart, &near)?)
}

/// max(0, margin - target (a - b)): for targets 1 a is to rank above b, for -1 below.
pub fn margin_ranking_loss(
    a: &Tensor,
    b: &Tensor,
    target: &Tensor,
    margin: f64,
    reduction: Reduction,
) -> Result<Tensor> {
    if a.rank() != b.rank() || a.rank() != target.rank() {
        return Err(Error::Shape(format!(
            "margin_ranking_loss : All input tensors should have same dimension but got sizes: input1: {}, input2: {}, target: {} ",
            size_of(a),
            size_of(b),
            size_of(target)
        )));
    }
    reduction.apply(&hinge(&add(&mul(&neg(target)?, &sub(a, b)?)?, &number(margin))?)?)
}

/// 1 - cos(a, b) for targets 1, max(0, cos(a, b) - margin) for targets -1, along the last dimension.
pub fn cosine_embedding_loss(
    a: &Tensor,
    b: &Tensor,
    target: &Tensor,
    margin: f64,
    reduction: Reduction,
) -> Result<Tensor> {
    let d = target.rank();
    if d > 1 {
        return Err(Error::Shape("0D or 1D target tensor expected, multi-target not supported".into()));
    }
    if a.rank() != d + 1 {
        return Err(Error::Shape(format!(
            "{d}D target tensor expects {}D input tensors, but found inputs with sizes {:?} and {:?}.",
            d + 1,
            a.shape(),
            b.shape()
        )));
    }
    let dot = |a: &Tensor, b: &Tensor| sum(&mul(a, b)?, Some(&[d as i64]), false, None);
    let length = |a: &Tensor| add(&dot(a, a)?, &number(1e-12));
    let cosine = div(&dot(a, b)?, &sqrt(&mul(&length(a)?, &length(b)?)?)?)?;
    let near = where_(&eq(target, &number(1.0))?, &sub(&number(1.0), &cosine)?, &zero())?;
    let apart = where_(&eq(target, &number(-1.0))?, &hinge(&sub(&cosine, &number(margin))?)?, &zero())?;
    reduction.apply(&add(&near, &apart)?)
}

/// max(0, |anchor - positive| - |anchor - negative| + margin) in the p-norm; `swap` takes the nearer of the distances from
/// the negative to the anchor and to the positive.   [Balntas et al. 2016]
pub fn triplet_margin_loss(
    [anchor, positive, negative]: [&Tensor; 3],
    margin: f64,
    p: f64,
    eps: f64,
    swap: bool,
    reduction: Reduction,
) -> Result<Tensor> {
    if margin <= 0.0 {
        return Err(Error::Argument(format!("margin must be greater than 0, got {margin:?}")));
    }
    if anchor.rank() != positive.rank() || anchor.rank() != negative.rank() {
        return Err(Error::Shape(format!(
            "The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: anchor {}D, positive {}D, and negative {}D inputs",
            anchor.rank(),
            positive.rank(),
            negative.rank()
        )));
    }
    let distance = |a: &Tensor, b: &Tensor| pairwise_distance(a, b, p, eps, false);
    let mut far = distance(anchor, negative)?;
    if swap {
        far = minimum(&far, &distance(positive, negative)?)?;
    }
    reduction.apply(&hinge(&sub(&add(&distance(anchor, positive)?, &number(margin))?, &far)?)?)
}

/// The mean over the classes (the last dimension) of binary cross entropies of logits, weighted by class.
pub fn multilabel_soft_margin_loss(
    x: &Tensor,
    target: &Tensor,
    weight: Option<&Tensor>,
    reduction: Reduction,
) -> Result<Tensor> {
    let hits = mul(target, &logsigmoid(x)?)?;
    let misses = mul(&sub(&number(1.0), target)?, &logsigmoid(&neg(x)?)?)?;
    let mut losses = neg(&add(&hits, &misses)?)?;
    if let Some(w) = weight {
        losses = mul(&losses, w)?;
    }
    let classes = x.shape().last().copied().unwrap_or(1);
    let last = x.rank() as i64 - 1;
    reduction.apply(&div(&sum(&losses, Some(&[last]), false, None)?, &number(classes as f64))?)
}
