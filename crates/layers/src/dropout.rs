//! Dropout: y = x * mask / (1 - p), of elements or of whole channels; alpha dropout keeps mean and variance of activations
//! after SELU. The masks are drawn as PyTorch draws them. [Hinton et al. 2012; Klambauer et al. 2017]

use candlewick_tensor::ops::{add, add_, bernoulli_, div_, mul, mul_};
use candlewick_tensor::random::Generator;
use candlewick_tensor::{Error, Result, Scalar, Tensor};

/// What is dropped, and what takes its place.
#[derive(Clone, Copy, Debug, Default)]
pub struct DropoutKind {
    /// Whole channels (the first two dimensions) instead of elements.
    pub feature: bool,
    /// SELU's lower limit instead of 0, and then an affine map that keeps mean and variance.
    pub alpha: bool,
}

/// Drops with probability p. Gives x itself where nothing is to be dropped.
pub fn dropout(x: &Tensor, kind: DropoutKind, p: f64, training: bool, g: &mut Generator) -> Result<Tensor> {
    match noise(x, kind, p, training, g)? {
        None => Ok(x.clone()),
        Some((factor, None)) => mul(x, &factor),
        Some((factor, Some(shift))) => add(&mul(x, &factor)?, &shift),
    }
}

/// The same in place.
pub fn dropout_(x: &Tensor, kind: DropoutKind, p: f64, training: bool, g: &mut Generator) -> Result<()> {
    let Some((factor, shift)) = noise(x, kind, p, training, g)? else { return Ok(()) };
    mul_(x, &factor)?;
    shift.map_or(Ok(()), |shift| add_(x, &shift))
}

/// The gradient of dropout from the one of its result: gy * mask * scale, always a float.
pub fn dropout_backward(gy: &Tensor, mask: &Tensor, scale: f64) -> Result<Tensor> {
    mul(&mul(gy, mask)?, &Tensor::number(Scalar::Float(scale)))
}

/// -scale * alpha of SELU: where it ends far below zero.
const LIMIT: f64 = 1.7580993408473766;

/// What x is multiplied by, and what is added to it; none where it stays.
fn noise(
    x: &Tensor,
    kind: DropoutKind,
    p: f64,
    training: bool,
    g: &mut Generator,
) -> Result<Option<(Tensor, Option<Tensor>)>> {
    if !(0.0..=1.0).contains(&p) {
        return Err(Error::Argument(format!("dropout probability has to be between 0 and 1, but got {p}")));
    }
    if !training || p == 0.0 || x.numel() == 0 {
        return Ok(None);
    }
    if p == 1.0 {
        return Ok(Some((Tensor::full(&[], Scalar::Int(0), x.dtype())?, None)));
    }
    let mask = if kind.feature { channels(x)? } else { x.detach().zeros_like()? };
    bernoulli_(&mask, 1.0 - p, g)?;
    let number = |v: f64| Tensor::number(Scalar::Float(v));
    if !kind.alpha {
        div_(&mask, &number(1.0 - p))?;
        return Ok(Some((mask, None)));
    }
    let a = 1.0 / ((LIMIT * LIMIT * p + 1.0) * (1.0 - p)).sqrt();
    let shift = add(&mask, &Tensor::number(Scalar::Int(-1)))?;
    mul_(&shift, &number(LIMIT * a))?;
    add_(&shift, &number(LIMIT * a * p))?;
    mul_(&mask, &number(a))?;
    Ok(Some((mask, Some(shift))))
}

/// Zeros, one for each channel of each sample.
fn channels(x: &Tensor) -> Result<Tensor> {
    if x.rank() < 2 {
        return Err(Error::Shape("Feature dropout requires at least 2 dimensions in the input".into()));
    }
    let dims: Vec<usize> = (0..x.rank()).map(|d| if d < 2 { x.shape()[d] } else { 1 }).collect();
    Tensor::full(&dims, Scalar::Int(0), x.dtype())
}
