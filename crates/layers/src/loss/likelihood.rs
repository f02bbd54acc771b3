//! Classification: negative log-likelihood and cross entropy.

use super::{Reduction, number, zero};
use crate::softmax::log_softmax;
use candlewick_tensor::autograd::{Tape, no_grad};
use candlewick_tensor::ops::{
    add, div, gather, index_select, mul, neg, reshape, scatter_add, squeeze, sum, unsqueeze, where_,
};
use candlewick_tensor::{DType, Error, Result, Scalar, Tensor};

/// -weight[t] * x[t] for log-probabilities x [N, C, ...] (or [C]) and classes t [N, ...]; classes equal to `ignore` count nothing.
pub fn nll_loss(
    x: &Tensor,
    target: &Tensor,
    weight: Option<&Tensor>,
    ignore: i64,
    reduction: Reduction,
) -> Result<Tensor> {
    if x.rank() == 0 {
        return Err(Error::Shape("Expected input to have at least one dimension".into()));
    }
    if x.rank() == 1 {
        let y = nll_loss(&unsqueeze(x, 0)?, &reshape(target, &[1])?, weight, ignore, reduction)?;
        return if reduction == Reduction::None { squeeze(&y, None) } else { Ok(y) };
    }
    check_target(x, target, weight)?;
    let classes = x.shape()[1] as i64;
    let t = target.detach().to_dtype(DType::I64)?;
    let counted = no_grad(|| candlewick_tensor::ops::ne(&t, &Tensor::number(Scalar::Int(ignore))))?;
    let safe = where_(&counted, &t, &zero())?;
    for &i in safe.contiguous()?.data::<i64>()? {
        if i < 0 || i >= classes {
            return Err(Error::Index(format!("Target {i} is out of bounds.")));
        }
    }
    // The factor of each element: its class's weight, 0 if ignored.
    let factor = match weight {
        Some(w) => {
            let flat = index_select(&w.detach(), 0, &reshape(&safe, &[-1])?)?;
            reshape(&flat, &safe.shape().iter().map(|&d| d as i64).collect::<Vec<_>>())?
        }
        None => Tensor::full(safe.shape(), Scalar::Int(1), x.dtype())?,
    };
    let factor = where_(&counted, &factor, &zero())?.to_dtype(x.dtype())?;
    let total = sum(&factor, None, false, None)?;
    let places = unsqueeze(&safe, 1)?;
    let picked = squeeze(&gather(&x.detach(), 1, &places)?, Some(&[1]))?;
    let losses = where_(&counted, &neg(&mul(&picked, &factor)?)?, &zero())?;
    let y = match reduction {
        Reduction::None => losses,
        Reduction::Sum => sum(&losses, None, false, None)?,
        Reduction::Mean => div(&sum(&losses, None, false, None)?, &total)?, // NaN where nothing counts
    };
    let factor = match reduction {
        Reduction::Mean => where_(&counted, &div(&factor, &total)?, &zero())?,
        _ => factor,
    };
    let form = x.shape().to_vec();
    let name = if x.rank() == 2 { "NllLossBackward0" } else { "NllLoss2DBackward0" };
    Tape::of(name, &[x]).keep(&factor).keep(&places).record(y.detach(), move |c| {
        c.each(&[&|| {
            let (factor, places) = (c.saved(0)?, c.saved(1)?);
            let g = neg(&mul(&factor, &c.gy()?)?)?;
            scatter_add(&Tensor::full(&form, Scalar::Int(0), g.dtype())?, 1, &places, &unsqueeze(&g, 1)?)
        }])
    })
}

fn check_target(x: &Tensor, target: &Tensor, weight: Option<&Tensor>) -> Result<()> {
    if !matches!(target.dtype(), DType::I64 | DType::U8) {
        return Err(Error::DType(format!(
            "expected target dtype to be Long or Byte, but got {}",
            target.dtype().title()
        )));
    }
    if x.shape()[0] != *target.shape().first().unwrap_or(&0) {
        return Err(Error::Shape(format!(
            "Expected input batch_size ({}) to match target batch_size ({}).",
            x.shape()[0],
            target.shape().first().unwrap_or(&0)
        )));
    }
    let want: Vec<usize> = [&x.shape()[..1], &x.shape()[2..]].concat();
    if target.shape() != want {
        return Err(Error::Shape(format!("Expected target size {want:?}, got {:?}", target.shape())));
    }
    if let Some(w) = weight
        && w.shape() != [x.shape()[1]]
    {
        return Err(Error::Shape(format!(
            "weight tensor should be defined either for all {} classes or no classes but got weight tensor of shape: {:?}",
            x.shape()[1],
            w.shape()
        )));
    }
    if let Some(w) = weight
        && w.dtype() != x.dtype()
    {
        let (want, found) = (x.dtype().title(), w.dtype().title());
        return Err(Error::DType(format!("expected scalar type {want} but found {found}")));
    }
    Ok(())
}

/// Cross entropy of logits x with classes (int64) or with class probabilities (floats of x's shape).
pub fn cross_entropy(
    x: &Tensor,
    target: &Tensor,
    weight: Option<&Tensor>,
    ignore: i64,
    reduction: Reduction,
    smoothing: f64,
) -> Result<Tensor> {
    if !(0.0..=1.0).contains(&smoothing) {
        return Err(Error::Argument(format!("label_smoothing must be between 0.0 and 1.0. Got: {smoothing}")));
    }
    if x.rank() == 0 {
        return Err(Error::Shape("Expected input to have at least one dimension".into()));
    }
    let d = i64::from(x.rank() > 1);
    let classes = x.shape()[d as usize];
    let logp = log_softmax(x, d, None)?;
    if target.shape() == x.shape() {
        check_probabilities(target, weight, ignore, classes)?;
        let keep = 1.0 - smoothing;
        let t = if smoothing > 0.0 {
            add(&mul(target, &number(keep))?, &number(smoothing / classes as f64))?
        } else {
            target.clone()
        };
        let terms = neg(&sum(&mul(&weighted(&logp, weight, d)?, &t)?, Some(&[d]), false, None)?)?;
        let batch = x.numel() / classes.max(1);
        return match reduction {
            Reduction::Mean => div(&sum(&terms, None, false, None)?, &number(batch as f64)),
            r => r.apply(&terms),
        };
    }
    let nll = nll_loss(&logp, target, weight, ignore, reduction)?;
    if smoothing == 0.0 {
        return Ok(nll);
    }
    // smoothing / C of every class's loss, averaged as the other part is.
    let t = target.detach();
    let counted = candlewick_tensor::ops::ne(&t, &Tensor::number(Scalar::Int(ignore)))?;
    let spread = neg(&sum(&weighted(&logp, weight, d)?, Some(&[d]), false, None)?)?;
    let spread = where_(&counted, &spread, &zero())?;
    let smooth = match reduction {
        Reduction::Mean => {
            let total = match weight {
                Some(w) => {
                    let flat = reshape(&where_(&counted, &t, &zero())?, &[-1])?;
                    let factors = index_select(&w.detach(), 0, &flat)?;
                    sum(&where_(&reshape(&counted, &[-1])?, &factors, &zero())?, None, false, None)?
                }
                None => sum(&counted, None, false, None)?,
            };
            div(&sum(&spread, None, false, None)?, &total)?
        }
        r => r.apply(&spread)?,
    };
    add(&mul(&nll, &number(1.0 - smoothing))?, &mul(&smooth, &number(smoothing / classes as f64))?)
}

fn check_probabilities(target: &Tensor, weight: Option<&Tensor>, ignore: i64, classes: usize) -> Result<()> {
    if !target.dtype().is_float() {
        return Err(Error::DType(format!(
            "Expected floating point type for target with class probabilities, got {}",
            target.dtype().title()
        )));
    }
    if ignore >= 0 {
        return Err(Error::Argument("ignore_index is not supported for floating point target".into()));
    }
    match weight {
        Some(w) if w.shape() != [classes] => Err(Error::Shape(format!(
            "cross_entropy: weight tensor should be defined either for all {classes} classes or no classes but got weight tensor of shape: {:?}",
            w.shape()
        ))),
        _ => Ok(()),
    }
}

/// Log-probabilities times the class weights along dimension `d`.
fn weighted(logp: &Tensor, weight: Option<&Tensor>, d: i64) -> Result<Tensor> {
    let Some(w) = weight else { return Ok(logp.clone()) };
    let dims: Vec<i64> = (0..logp.rank() as i64).map(|i| if i == d { -1 } else { 1 }).collect();
    mul(logp, &reshape(w, &dims)?)
}
