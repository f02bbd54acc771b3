//! The norm of many tensors as if they were one vector, and clipping by it.   [Pascanu et al. 2013]

use crate::element::computing;
use crate::error::dtype;
use crate::ops::{add, clamp, div, mul_, to_dtype};
use crate::{DType, Element, Result, Scalar, Tensor, promote};

/// The p-norm of all elements; p may be infinite, 0 counts what is not zero. Without gradient.
pub fn total_norm(xs: &[Tensor], p: f64) -> Result<Tensor> {
    let mut norms = vec![];
    let mut to: Option<DType> = None;
    for x in xs {
        if !x.dtype().is_float() {
            return dtype(format!(
                "linalg.vector_norm: Expected a floating point or complex tensor as input. Got {}",
                x.dtype().title()
            ));
        }
        let values = to_dtype(&x.detach(), x.dtype().computing())?.contiguous()?;
        norms.push(computing!(x.dtype(), T => norm(values.data::<T>()?, p)));
        to = Some(to.map_or(x.dtype(), |d| promote(d, x.dtype())));
    }
    let total = if norms.is_empty() { 0.0 } else { norm(&norms, p) };
    Tensor::full(&[], Scalar::Float(total), to.unwrap_or(DType::F32))
}

fn norm<T: Element>(values: &[T], p: f64) -> f64 {
    let larger = |a: f64, b: f64| if a > b || a.is_nan() { a } else { b };
    let smaller = |a: f64, b: f64| if a < b || a.is_nan() { a } else { b };
    let magnitudes = values.iter().map(|v| v.to_f64().abs());
    match p {
        f64::INFINITY => magnitudes.fold(0.0, |m, v| larger(v, m)),
        f64::NEG_INFINITY => magnitudes.fold(f64::INFINITY, |m, v| smaller(v, m)),
        0.0 => magnitudes.filter(|v| *v != 0.0).count() as f64,
        1.0 => sum_of(values, f64::abs),
        2.0 => sum_of(values, |v| v * v).sqrt(),
        p => sum_of(values, |v| v.abs().powf(p)).powf(1.0 / p),
    }
}

/// In eight partial sums, which the compiler turns into vectors.
fn sum_of<T: Element>(values: &[T], f: impl Fn(f64) -> f64) -> f64 {
    let mut lanes = [0.0; 8];
    let (blocks, rest) = values.as_chunks::<8>();
    for block in blocks {
        lanes.iter_mut().zip(block).for_each(|(lane, v)| *lane += f(v.to_f64()));
    }
    lanes.iter().sum::<f64>() + rest.iter().map(|v| f(v.to_f64())).sum::<f64>()
}

/// Multiplies the tensors in place by max / (total + 1e-6) where that is below 1.
pub fn clip_with_norm_(xs: &[Tensor], max: f64, total: &Tensor) -> Result<()> {
    let room = Tensor::full(&[], Scalar::Float(max), total.dtype())?;
    let factor = div(&room, &add(total, &Tensor::number(Scalar::Float(1e-6)))?)?;
    let factor = clamp(&factor, None, Some(Scalar::Float(1.0)))?;
    xs.iter().try_for_each(|x| mul_(x, &factor.to_dtype(x.dtype())?))
}
