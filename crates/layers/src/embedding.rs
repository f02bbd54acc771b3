//! Embedding: rows of a table by index.

use crate::wide::{is_half, wide};
use candlewick_tensor::autograd::Tape;
use candlewick_tensor::iter::pieces;
use candlewick_tensor::ops::{index_select, mul, mul_, reshape, select, unsqueeze};
use candlewick_tensor::{DType, Element, Error, Number, Result, Scalar, Tensor, memory};
use std::collections::HashMap;

/// Checked indices as a contiguous int64 vector.
pub(crate) fn flat_indices(op: &str, indices: &Tensor) -> Result<Tensor> {
    if !matches!(indices.dtype(), DType::I64 | DType::I32) {
        return Err(Error::DType(format!(
            "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got torch.{}Tensor instead (while checking arguments for {op})",
            indices.dtype().title()
        )));
    }
    reshape(&indices.detach().to_dtype(DType::I64)?, &[-1])?.contiguous()
}

/// The rows of `weight` [V, D] at `indices`: [..., D]. The row `padding` gets no gradient; `by_frequency` divides each
/// row's gradient by how often it was asked for.
/// Errors: indices that are no integers or out of range.
pub fn embedding(weight: &Tensor, indices: &Tensor, padding: Option<usize>, by_frequency: bool) -> Result<Tensor> {
    if weight.rank() != 2 {
        return Err(Error::Shape("'weight' must be 2-D".into()));
    }
    let flat = flat_indices("embedding", indices)?;
    let rows = index_select(&weight.detach(), 0, &flat)?;
    let (v, d) = (weight.shape()[0], weight.shape()[1]);
    let dims: Vec<i64> = indices.shape().iter().chain([&d]).map(|&n| n as i64).collect();
    Tape::of("EmbeddingBackward0", &[weight]).keep(&flat).record(reshape(&rows, &dims)?, move |c| {
        c.each(&[&|| {
            let gy = c.gy()?;
            let by_row = reshape(&gy, &[(gy.numel() / d.max(1)) as i64, d as i64])?;
            table_gradient(&by_row, &c.saved(0)?, v, padding, by_frequency)
        }])
    })
}

/// The gradient of a table [v, D] from those of its rows at `indices` (int64 [n]), [n, D].
pub(crate) fn table_gradient(
    g: &Tensor,
    indices: &Tensor,
    v: usize,
    padding: Option<usize>,
    by_frequency: bool,
) -> Result<Tensor> {
    let d = g.shape()[1];
    let places = indices.data::<i64>()?;
    let kept = |i: i64| Some(i as usize) != padding;
    let factors = by_frequency.then(|| {
        let mut counts: HashMap<i64, f64> = HashMap::new();
        places.iter().for_each(|&i| *counts.entry(i).or_default() += 1.0);
        places.iter().map(|i| 1.0 / counts[i]).collect::<Vec<f64>>()
    });
    let dtype = g.dtype();
    let rows = g.detach().to_dtype(if is_half(dtype) { DType::F32 } else { dtype })?.contiguous()?;
    let table = wide!("embedding_backward", rows.dtype(), T => {
        let from = rows.data::<T>()?;
        let mut out = memory::filled(v * d, T::default())?;
        // Each task adds what falls into its part of the table, in the order of the indices.
        pieces(&mut out, 1 << 14, |start, part| {
            let end = start + part.len();
            for (n, &i) in places.iter().enumerate().filter(|(_, i)| kept(**i)) {
                let row = i as usize * d;
                let (low, high) = (row.max(start), (row + d).min(end));
                if low >= high {
                    continue;
                }
                let factor = factors.as_ref().map(|f| <T as Element>::from_f64(f[n]));
                let from = &from[n * d + low - row..n * d + high - row];
                for (o, &x) in part[low - start..high - start].iter_mut().zip(from) {
                    *o = Number::add(*o, factor.map_or(x, |f| Number::mul(x, f)));
                }
            }
        });
        Tensor::from_vec(out, &[v, d])
    });
    let factor: Vec<f64> = places
        .iter()
        .enumerate()
        .map(|(n, &i)| if kept(i) { factors.as_ref().map_or(1.0, |f| f[n]) } else { 0.0 })
        .collect();
    Tape::of("EmbeddingDenseBackwardBackward0", &[g]).keep(indices).record(table.to_dtype(dtype)?, move |c| {
        c.each(&[&|| {
            let rows = index_select(&c.gy()?, 0, &c.saved(0)?)?;
            let factor = Tensor::from_vec(factor.clone(), &[factor.len()]).to_dtype(rows.dtype())?;
            mul(&rows, &unsqueeze(&factor, 1)?)
        }])
    })
}

/// Scales the rows of `weight` at `indices` whose p-norm is above `max_norm` down to it, in place and unseen by autograd.
pub fn embedding_renorm_(weight: &Tensor, indices: &Tensor, max_norm: f64, p: f64) -> Result<()> {
    let flat = flat_indices("embedding_renorm_", indices)?;
    let mut rows = flat.data::<i64>()?.to_vec();
    rows.sort_unstable();
    rows.dedup();
    let weight = weight.detach();
    for i in rows {
        let row = select(&weight, 0, i)?;
        let values = row.to_f64_vec()?.into_iter().map(f64::abs);
        let norm = match p {
            f64::INFINITY => values.fold(0.0, f64::max),
            0.0 => values.filter(|v| *v != 0.0).count() as f64,
            p => values.map(|v| v.powf(p)).sum::<f64>().powf(1.0 / p),
        };
        if norm > max_norm {
            mul_(&row, &Tensor::number(Scalar::Float(max_norm / (norm + 1e-7))))?;
        }
    }
    Ok(())
}
