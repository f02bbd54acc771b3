//! Adafactor: Adam whose second moment of a matrix is the product of a column and a row.   [Shazeer & Stern 2018]

use crate::slots::pairs;
use candlewick_tensor::ops::{add_scaled, clamp, copy_, div, matmul, mean, mul, neg, rsqrt, square};
use candlewick_tensor::{DType, Result, Scalar, Tensor, autograd::no_grad};

/// Options of `adafactor`.
#[derive(Clone, Copy, Debug)]
pub struct AdafactorConfig {
    /// Learning rate.
    pub lr: f64,
    /// The second moment moves by step^this.
    pub beta2_decay: f64,
    /// The least second moment's root; by default the dtype's precision.
    pub eps1: Option<f64>,
    /// The least size of a parameter, by which its step scales.
    pub eps2: f64,
    /// The largest root mean square of an update.
    pub clip: f64,
    /// Weight decay, which shrinks the parameter.
    pub weight_decay: f64,
    /// Ascends.
    pub maximize: bool,
}

/// One step. `rows` and `cols` are the means of squares along the last two axes; for a vector `rows` is the whole.
pub fn adafactor(
    params: &[Tensor],
    grads: &[Tensor],
    rows: &[Tensor],
    cols: &[Tensor],
    steps: &[u64],
    c: &AdafactorConfig,
) -> Result<()> {
    pairs("adafactor", params, grads, &[rows, cols])?;
    no_grad(|| {
        for (i, (p, g)) in params.iter().zip(grads).enumerate() {
            let (p, g) = (p.detach(), if c.maximize { neg(&g.detach())? } else { g.detach() });
            one(&p, &g, &rows[i], &cols[i], steps[i] as f64, c)?;
        }
        Ok(())
    })
}

fn one(p: &Tensor, g: &Tensor, row: &Tensor, col: &Tensor, t: f64, c: &AdafactorConfig) -> Result<()> {
    let weight = t.powf(c.beta2_decay);
    let eps1 = c.eps1.unwrap_or(precision(p.dtype()));
    let size = c.eps2.max(root_mean_square(p)?) * c.lr.min(1.0 / t.sqrt());
    if c.weight_decay != 0.0 {
        copy_(p, &mul(p, &number(1.0 - c.lr * c.weight_decay))?)?;
    }
    let squares = square(g)?;
    let estimate = if g.rank() > 1 {
        lerp_(row, &mean(&squares, Some(&[-1]), true, None)?, weight)?;
        lerp_(col, &mean(&squares, Some(&[-2]), true, None)?, weight)?;
        let whole = clamp(&mean(row, Some(&[-2]), true, None)?, Some(Scalar::Float(eps1)), None)?;
        div(&matmul(row, col)?, &whole)?
    } else {
        lerp_(row, &squares, weight)?;
        row.detach()
    };
    let update = mul(&rsqrt(&clamp(&estimate, Some(Scalar::Float(eps1 * eps1)), None)?)?, g)?;
    let denominator = (root_mean_square(&update)? / c.clip).max(1.0);
    copy_(p, &add_scaled(p, &update, Scalar::Float(-size / denominator))?)
}

fn number(x: f64) -> Tensor {
    Tensor::number(Scalar::Float(x))
}

/// a += weight (b - a)
pub(crate) fn lerp_(a: &Tensor, b: &Tensor, weight: f64) -> Result<()> {
    let (kept, new) = (mul(a, &number(1.0 - weight))?, mul(b, &number(weight))?);
    copy_(a, &add_scaled(&kept, &new, Scalar::Float(1.0))?)
}

fn root_mean_square(x: &Tensor) -> Result<f64> {
    Ok(mean(&square(&x.to_dtype(wide(x.dtype()))?)?, None, false, None)?.item()?.to_f64().sqrt())
}

fn wide(d: DType) -> DType {
    if d == DType::F64 { d } else { DType::F32 }
}

/// The distance from 1 to the next number.
fn precision(d: DType) -> f64 {
    match d {
        DType::F64 => f64::EPSILON,
        DType::F16 => 2f64.powi(-10),
        DType::BF16 => 2f64.powi(-7),
        _ => f64::from(f32::EPSILON),
    }
}
