//! Embedding bags: sums, means or maxima of the rows of a table, without the rows themselves.

use crate::bags::{Bags, assign, padding_row};
use crate::embedding::{flat_indices, table_gradient};
use crate::wide::{is_half, wide};
use candlewick_tensor::autograd::Tape;
use candlewick_tensor::ops::{index_select, lt, mul, reshape, scatter_add, sum, unsqueeze, where_};
use candlewick_tensor::{DType, Element, Error, Number, Result, Scalar, Tensor, memory};

/// How the rows of a bag become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BagMode {
    /// Their sum, weighted or not.
    Sum,
    /// Their mean.
    Mean,
    /// The largest of each column.
    Max,
}

impl BagMode {
    /// Reads PyTorch's word.
    pub fn parse(text: &str) -> Result<BagMode> {
        match text {
            "sum" => Ok(BagMode::Sum),
            "mean" => Ok(BagMode::Mean),
            "max" => Ok(BagMode::Max),
            _ => Err(Error::Argument("mode has to be one of sum, mean or max".into())),
        }
    }
}

/// Options of [`embedding_bag`].
#[derive(Clone, Copy, Debug)]
pub struct BagConfig {
    /// Sum, mean or maximum.
    pub mode: BagMode,
    /// Divides each row's gradient by how often it was asked for.
    pub by_frequency: bool,
    /// The last offset is the end of the last bag.
    pub include_last_offset: bool,
    /// A row that does not count; negative from the end.
    pub padding: Option<i64>,
}

/// One row for each bag of `weight` [V, D]: bag i holds `indices` from offset i to the next. Empty bags give 0.
/// Errors: indices or offsets out of range; sample weights in another mode than sum.
pub fn embedding_bag(
    weight: &Tensor,
    indices: &Tensor,
    offsets: &Tensor,
    sample_weights: Option<&Tensor>,
    c: BagConfig,
) -> Result<Tensor> {
    if weight.rank() != 2 {
        return Err(Error::Shape("'weight' must be 2-D".into()));
    }
    let (v, d) = (weight.shape()[0], weight.shape()[1]);
    let (flat, offsets) = (flat_indices("embedding_bag", indices)?, flat_indices("embedding_bag", offsets)?);
    let places = flat.data::<i64>()?;
    if let Some((n, i)) = places.iter().enumerate().find(|(_, i)| **i < 0 || **i >= v as i64) {
        return Err(Error::Index(format!(
            "Index {n} of input takes value {i} which is not in the valid range [0, {v})"
        )));
    }
    let padding = padding_row(c.padding, v)?;
    let kept = |i: i64| Some(i as usize) != padding;
    let bags = assign(places, offsets.data::<i64>()?, c.include_last_offset, kept)?;
    if let Some(w) = sample_weights {
        check_weights(w, weight, places.len(), c.mode)?;
    }
    if bags.counts.is_empty() {
        return Tensor::full(&[0, d], Scalar::Int(0), weight.dtype());
    }
    if c.mode == BagMode::Max {
        return maxima(weight, places, &bags, kept);
    }
    let factor: Vec<f64> = places
        .iter()
        .zip(&bags.of)
        .map(|(&i, &bag)| match (bag.filter(|_| kept(i)), c.mode) {
            (None, _) => 0.0,
            (Some(bag), BagMode::Mean) => 1.0 / bags.counts[bag] as f64,
            _ => 1.0,
        })
        .collect();
    let vector = |v: Vec<f64>| {
        let n = v.len();
        Tensor::from_vec(v, &[n]).to_dtype(weight.dtype())
    };
    let factor = vector(factor)?;
    let scale = match sample_weights {
        Some(w) => mul(&reshape(&w.detach(), &[-1])?, &factor)?,
        None => factor.clone(),
    };
    let y = totals(weight, places, &bags, &scale)?;
    let of = Tensor::from_vec(bags.of.iter().map(|b| b.unwrap_or(0) as i64).collect::<Vec<_>>(), &[places.len()]);
    let one = Tensor::number(Scalar::Int(1));
    let given = sample_weights.unwrap_or(&one);
    let tape = Tape::of("EmbeddingBagBackward0", &[weight, given]);
    let rows = if tape.needs(1) { weight } else { &one };
    let form: Vec<i64> = given.shape().iter().map(|&d| d as i64).collect();
    let weighted = sample_weights.is_some();
    tape.keep(&flat)
        .keep(&of)
        .keep(&factor)
        .keep(given)
        .keep(rows)
        .record(y, move |ctx| {
            let (flat, of, factor) = (ctx.saved(0)?, ctx.saved(1)?, ctx.saved(2)?);
            let gy = index_select(&ctx.gy()?, 0, &of)?;
            ctx.each(&[
                &|| {
                    let scale = if weighted { mul(&reshape(&ctx.saved(3)?, &[-1])?, &factor)? } else { factor.clone() };
                    table_gradient(&mul(&gy, &unsqueeze(&scale, 1)?)?, &flat, v, padding, c.by_frequency)
                },
                &|| {
                    let rows = index_select(&ctx.saved(4)?, 0, &flat)?;
                    let dots = sum(&mul(&gy, &rows)?, Some(&[1]), false, None)?;
                    reshape(&mul(&dots, &factor)?, &form)
                },
            ])
        })
        .and_then(|y| reshape(&y, &[-1, d as i64]))
}

fn check_weights(w: &Tensor, weight: &Tensor, n: usize, mode: BagMode) -> Result<()> {
    if mode != BagMode::Sum {
        return Err(Error::Argument(format!(
            "embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for mode='sum' (got mode='{}'). Please open a feature request on GitHub.",
            if mode == BagMode::Mean { "mean" } else { "max" }
        )));
    }
    if w.dtype() != weight.dtype() {
        return Err(Error::DType(format!(
            "Expected tensor for argument #1 'weight' to have the same type as tensor for argument #1 'per_sample_weights'; but type torch.{}Tensor does not equal torch.{}Tensor (while checking arguments for embedding_bag)",
            weight.dtype().title(),
            w.dtype().title()
        )));
    }
    if w.numel() != n {
        return Err(Error::Shape(format!("embedding_bag: expected {n} sample weights, received {}", w.numel())));
    }
    Ok(())
}

/// The table and the indices in a type that kernels have: of the half types only the rows that are asked for.
fn wide_table(weight: &Tensor, places: &[i64]) -> Result<(Tensor, Vec<i64>)> {
    let weight = weight.detach();
    if !is_half(weight.dtype()) {
        return Ok((weight.contiguous()?, places.to_vec()));
    }
    let flat = Tensor::from_vec(places.to_vec(), &[places.len()]);
    Ok((index_select(&weight, 0, &flat)?.to_dtype(DType::F32)?, (0..places.len() as i64).collect()))
}

/// out[bag] += table[index] * scale
fn totals(weight: &Tensor, places: &[i64], bags: &Bags, scale: &Tensor) -> Result<Tensor> {
    let (n, d) = (bags.counts.len(), weight.shape()[1]);
    let (table, places) = wide_table(weight, places)?;
    let scale = scale.to_dtype(table.dtype())?.contiguous()?;
    let y = wide!("embedding_bag", table.dtype(), T => {
        let (rows, scale) = (table.data::<T>()?, scale.data::<T>()?);
        let mut out = memory::filled(n * d, T::default())?;
        for ((&i, &bag), &s) in places.iter().zip(&bags.of).zip(scale) {
            // An index that does not count adds nothing, not even 0 * infinity.
            let Some(bag) = bag.filter(|_| s != T::default()) else { continue };
            let row = &rows[i as usize * d..][..d];
            out[bag * d..][..d].iter_mut().zip(row).for_each(|(o, &x)| *o = Number::add(*o, Number::mul(x, s)));
        }
        Tensor::from_vec(out, &[n, d])
    });
    y.to_dtype(weight.dtype())
}

/// The largest of each column of a bag; the gradient goes to its row.
fn maxima(weight: &Tensor, places: &[i64], bags: &Bags, kept: impl Fn(i64) -> bool) -> Result<Tensor> {
    let (n, d) = (bags.counts.len(), weight.shape()[1]);
    let (table, wide) = wide_table(weight, places)?;
    let mut winners = memory::filled(n * d, -1i64)?;
    let y = wide!("embedding_bag", table.dtype(), T => {
        let rows = table.data::<T>()?;
        let mut out = memory::filled(n * d, T::default())?;
        for ((&place, &i), &bag) in places.iter().zip(&wide).zip(&bags.of) {
            let Some(bag) = bag.filter(|_| kept(place)) else { continue };
            let row = &rows[i as usize * d..][..d];
            for (j, &x) in row.iter().enumerate() {
                let at = bag * d + j;
                if winners[at] < 0 || x > out[at] || Element::to_f64(x).is_nan() {
                    (out[at], winners[at]) = (x, place);
                }
            }
        }
        Tensor::from_vec(out, &[n, d])
    });
    let winners = Tensor::from_vec(winners, &[n, d]);
    let form = weight.shape().to_vec();
    Tape::of("EmbeddingBagBackward0", &[weight]).keep(&winners).record(y.to_dtype(weight.dtype())?, move |c| {
        c.each(&[&|| {
            let (winners, zero) = (c.saved(0)?, Tensor::number(Scalar::Int(0)));
            let none = lt(&winners, &zero)?;
            let g = where_(&none, &zero, &c.gy()?)?;
            let places = where_(&none, &zero, &winners)?;
            scatter_add(&Tensor::full(&form, Scalar::Int(0), g.dtype())?, 0, &places, &g)
        }])
    })
}
