//! Muon: momentum whose matrices are made orthogonal.   [Jordan et al. 2024]

use crate::adafactor::lerp_;
use crate::slots::pairs;
use candlewick_tensor::ops::{add_scaled, addmm, clamp, copy_, div, matmul, mul, square, sum, t};
use candlewick_tensor::{DType, Error, Result, Scalar, Tensor, autograd::no_grad};

/// Options of `muon`.
#[derive(Clone, Copy, Debug)]
pub struct MuonConfig {
    /// Learning rate.
    pub lr: f64,
    /// Weight decay, which shrinks the parameter.
    pub weight_decay: f64,
    /// How much of the last step goes on.
    pub momentum: f64,
    /// Whether to look ahead.
    pub nesterov: bool,
    /// Of the iteration's polynomial a x + b x³ + c x⁵.
    pub coefficients: [f64; 3],
    /// The least norm that divides.
    pub eps: f64,
    /// Iterations.
    pub steps: u32,
    /// How the learning rate depends on the shape.
    pub adjust: Adjust,
}

/// How the learning rate of an [a, b] matrix is adjusted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Adjust {
    /// By sqrt(max(1, a / b)).
    Original,
    /// By 0.2 sqrt(max(a, b)), the size of AdamW's steps.
    MatchRmsAdamw,
    /// By sqrt(a / b).
    SpectralUnclamped,
}

impl Adjust {
    fn ratio(self, a: f64, b: f64) -> f64 {
        match self {
            Adjust::Original => (a / b).max(1.0).sqrt(),
            Adjust::MatchRmsAdamw => 0.2 * a.max(b).sqrt(),
            Adjust::SpectralUnclamped => (a / b).sqrt(),
        }
    }
}

/// One step. Errors: parameters that are no matrices.
pub fn muon(params: &[Tensor], grads: &[Tensor], buffers: &[Tensor], c: &MuonConfig) -> Result<()> {
    pairs("muon", params, grads, &[buffers])?;
    if let Some(p) = params.iter().find(|p| p.rank() != 2) {
        return Err(Error::Shape(format!("muon: expected matrices, received a parameter of shape {:?}", p.shape())));
    }
    no_grad(|| {
        for ((p, g), buffer) in params.iter().zip(grads).zip(buffers) {
            let (p, g) = (p.detach(), g.detach());
            lerp_(buffer, &g, 1.0 - c.momentum)?;
            let ahead = mul(&g, &number(1.0 - c.momentum))?;
            let update = match c.nesterov {
                true => add_scaled(&ahead, buffer, Scalar::Float(c.momentum))?,
                false => buffer.detach(),
            };
            let update = orthogonal(&update, c)?.to_dtype(p.dtype())?;
            let size = c.lr * c.adjust.ratio(p.shape()[0] as f64, p.shape()[1] as f64);
            let shrunk = mul(&p, &number(1.0 - c.lr * c.weight_decay))?;
            copy_(&p, &add_scaled(&shrunk, &update, Scalar::Float(-size))?)?;
        }
        Ok(())
    })
}

fn number(x: f64) -> Tensor {
    Tensor::number(Scalar::Float(x))
}

/// Newton and Schulz's iteration in bfloat16 towards the nearest matrix whose singular values are about 1.
fn orthogonal(x: &Tensor, c: &MuonConfig) -> Result<Tensor> {
    let tall = x.shape()[0] > x.shape()[1];
    let narrow = x.to_dtype(DType::BF16)?;
    let mut y = if tall { t(&narrow)? } else { narrow };
    let norm = sum(&square(&y.to_dtype(DType::F32)?)?, None, false, None)?.item()?.to_f64().sqrt();
    let norm = clamp(&number(norm).to_dtype(DType::BF16)?, Some(Scalar::Float(c.eps)), None)?;
    y = div(&y, &norm)?;
    let [a, b, d] = c.coefficients.map(Scalar::Float);
    for _ in 0..c.steps {
        let gram = matmul(&y, &t(&y)?)?;
        let polynomial = addmm(&gram, &gram, &gram, b, d)?;
        y = addmm(&y, &polynomial, &y, a, Scalar::Float(1.0))?;
    }
    if tall { t(&y) } else { Ok(y) }
}
