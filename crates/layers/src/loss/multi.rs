//! Margins between the classes of one sample: multi-class and multi-label.

use super::{Reduction, hinge, number, zero};
use candlewick_tensor::autograd::{Tape, no_grad};
use candlewick_tensor::ops::{arange, eq, gather, gt, index_select, mul, pow, reshape, sub, sum, unsqueeze, where_};
use candlewick_tensor::{DType, Error, Result, Scalar, Tensor};

/// (samples, classes) of an input [N, C] or [C].
fn rows_of(x: &Tensor) -> Result<(usize, usize)> {
    let (n, c) = match *x.shape() {
        [] => (1, 1),
        [c] => (1, c),
        [n, c] => (n, c),
        _ => (1, 0),
    };
    if c == 0 {
        return Err(Error::Shape(format!(
            "Expected non-empty vector or matrix with optional 0-dim batch size, but got: {:?}",
            x.shape()
        )));
    }
    Ok((n, c))
}

fn check_long(target: &Tensor) -> Result<()> {
    match target.dtype() {
        DType::I64 => Ok(()),
        d => Err(Error::DType(format!("expected scalar type Long but found {}", d.title()))),
    }
}

/// The losses of the samples, reduced: a single sample's has no dimension.
fn reduced(losses: &Tensor, x: &Tensor, reduction: Reduction) -> Result<Tensor> {
    match reduction {
        Reduction::None if x.rank() < 2 => reshape(losses, &[]),
        r => r.apply(losses),
    }
}

/// The gradient of each sample's loss, [N, 1], from that of the result.
fn per_sample(gy: &Tensor, n: usize, reduction: Reduction) -> Result<Tensor> {
    match reduction {
        Reduction::None => reshape(gy, &[n as i64, 1]),
        Reduction::Sum => Ok(gy.clone()),
        Reduction::Mean => mul(gy, &number(1.0 / n as f64)),
    }
}

/// sum over i != t of weight[t] max(0, margin - x[t] + x[i])^p / C, for classes t.
/// Errors: p other than 1 and 2; targets of another number or out of range; weights of another number.
pub fn multi_margin_loss(
    x: &Tensor,
    target: &Tensor,
    p: i64,
    margin: f64,
    weight: Option<&Tensor>,
    reduction: Reduction,
) -> Result<Tensor> {
    if p != 1 && p != 2 {
        return Err(Error::Argument("only p == 1 and p == 2 supported".into()));
    }
    let (n, classes) = rows_of(x)?;
    if target.rank() > 1 || target.numel() != n {
        return Err(Error::Shape(format!(
            "multi_margin_loss: target tensor should be 1-D with size equal to the number of input samples (batch size). Expected target size [{n}], but got {:?}. Input has shape {:?}.",
            target.shape(),
            x.shape()
        )));
    }
    check_long(target)?;
    let target = reshape(&target.detach(), &[-1])?.contiguous()?;
    if target.data::<i64>()?.iter().any(|&t| t < 0 || t >= classes as i64) {
        return Err(Error::Index("target out of range".into()));
    }
    let mut scale = number(1.0 / classes as f64);
    if let Some(w) = weight {
        if w.numel() != classes {
            let w = w.shape();
            return Err(Error::Shape(format!("inconsistent weight size, expected {classes} but got {w:?}")));
        }
        scale = mul(&unsqueeze(&index_select(&w.detach(), 0, &target)?, 1)?, &scale)?;
    }
    let target = unsqueeze(&target, 1)?;
    let every = arange(Scalar::Int(0), Scalar::Int(classes as i64), Scalar::Int(1), None)?;
    let own = eq(&every, &target)?;
    let form = [n as i64, classes as i64];
    // How far each other class comes into the margin.
    let excess = {
        let (own, target) = (own.clone(), target.clone());
        move |x: &Tensor| {
            let x = reshape(x, &form)?;
            let distance = sub(&x, &sub(&gather(&x, 1, &target)?, &number(margin))?)?;
            where_(&own, &zero(), &hinge(&distance)?)
        }
    };
    let y = no_grad(|| {
        let losses = mul(&pow(&excess(&x.detach())?, &number(p as f64))?, &scale)?;
        reduced(&sum(&losses, Some(&[1]), false, None)?, x, reduction)
    })?;
    let dims: Vec<i64> = x.shape().iter().map(|&d| d as i64).collect();
    Tape::of("MultiMarginLossBackward0", &[x]).keep(x).record(y, move |c| {
        c.each(&[&|| {
            let z = excess(&c.saved(0)?)?;
            let slope = if p == 1 { gt(&z.detach(), &zero())?.to_dtype(z.dtype())? } else { mul(&z, &number(2.0))? };
            let others = mul(&mul(&slope, &scale)?, &per_sample(&c.gy()?, n, reduction)?)?;
            let mine = sum(&others, Some(&[1]), true, None)?;
            reshape(&sub(&others, &where_(&own, &mine, &zero())?)?, &dims)
        }])
    })
}

/// sum over targets j and other classes i of max(0, 1 - (x[j] - x[i])) / C; a row's targets end at its first -1.
/// Errors: targets of another shape or out of range.
pub fn multilabel_margin_loss(x: &Tensor, target: &Tensor, reduction: Reduction) -> Result<Tensor> {
    let (n, classes) = rows_of(x)?;
    if target.shape() != x.shape() {
        return Err(Error::Shape(format!(
            "inconsistent target size: {:?} for input of size: {:?}",
            target.shape(),
            x.shape()
        )));
    }
    check_long(target)?;
    let target = target.detach().contiguous()?;
    let targets = target.data::<i64>()?;
    if targets.iter().any(|&t| t < -1 || t >= classes as i64) {
        return Err(Error::Index("argument #2 'target' is out of range".into()));
    }
    if !x.dtype().is_float() {
        return crate::wide::refuse("multilabel_margin_loss_forward_out_frame", x.dtype());
    }
    let values = x.to_f64_vec()?;
    let (mut losses, mut slopes) = (vec![0.0; n], vec![0.0; n * classes]);
    for (i, loss) in losses.iter_mut().enumerate() {
        let at = i * classes..(i + 1) * classes;
        *loss = row_loss(&values[at.clone()], &targets[at.clone()], &mut slopes[at]);
    }
    let slopes = Tensor::from_vec(slopes, &[n, classes]).to_dtype(x.dtype())?;
    let y = reduced(&Tensor::from_vec(losses, &[n]).to_dtype(x.dtype())?, x, reduction)?;
    let dims: Vec<i64> = x.shape().iter().map(|&d| d as i64).collect();
    // The loss is made of straight pieces: its slopes are constants.
    Tape::of("MultilabelMarginLossBackward0", &[x])
        .keep(&slopes)
        .record(y, move |c| c.each(&[&|| reshape(&mul(&c.saved(0)?, &per_sample(&c.gy()?, n, reduction)?)?, &dims)]))
}

/// One sample's loss; writes its slopes.
fn row_loss(x: &[f64], targets: &[i64], slopes: &mut [f64]) -> f64 {
    let wanted: Vec<usize> = targets.iter().take_while(|&&t| t >= 0).map(|&t| t as usize).collect();
    let mut is_target = vec![false; x.len()];
    wanted.iter().for_each(|&t| is_target[t] = true);
    let step = 1.0 / x.len() as f64;
    let mut loss = 0.0;
    for &t in &wanted {
        for i in (0..x.len()).filter(|&i| !is_target[i]) {
            let z = 1.0 - x[t] + x[i];
            if z > 0.0 {
                loss += z * step;
                slopes[t] -= step;
                slopes[i] += step;
            }
        }
    }
    loss
}
