//! Further distributions, with PyTorch's transforms and its consumption of the generator.

use super::binary::div;
use super::random::{check_range, draw_each, refuse_integers};
use crate::error::{argument, dtype as dtype_error, shape};
use crate::random::Generator;
use crate::{DType, Number, Result, Scalar, Tensor, memory};

/// The exponential distribution of rate `lambda`, in place.
pub fn exponential_(x: &Tensor, lambda: f64, g: &mut Generator) -> Result<()> {
    if lambda <= 0.0 || lambda.is_nan() {
        return argument(format!("exponential_ expects lambda > 0.0, but found lambda={lambda}"));
    }
    refuse_integers("exponential", x)?;
    x.check_inplace()?;
    draw_each(x, g, |g| -1.0 / lambda * (-g.unit_f64()).ln_1p())
}

/// How many trials of probability `p` it takes, in place.
pub fn geometric_(x: &Tensor, p: f64, g: &mut Generator) -> Result<()> {
    if !(p > 0.0 && p < 1.0) {
        return argument(format!("geometric_ expects p to be in (0, 1), but got p={p}"));
    }
    x.check_inplace()?;
    draw_each(x, g, |g| (g.unit_f64().ln() / (-p).ln_1p()).ceil())
}

/// The Cauchy distribution, in place.
pub fn cauchy_(x: &Tensor, median: f64, sigma: f64, g: &mut Generator) -> Result<()> {
    if sigma <= 0.0 || sigma.is_nan() {
        return argument(format!("cauchy_ expects sigma > 0.0, but found sigma={sigma}"));
    }
    refuse_integers("cauchy", x)?;
    x.check_inplace()?;
    let pi = std::f64::consts::PI;
    draw_each(x, g, |g| sigma.mul_add((pi * (g.unit_f64() - 0.5)).tan(), median))
}

/// e to the power of a normal variable, in place.
pub fn log_normal_(x: &Tensor, mean: f64, std: f64, g: &mut Generator) -> Result<()> {
    if std <= 0.0 || std.is_nan() {
        return argument(format!("log_normal_ expects std > 0.0, but found std={std}"));
    }
    refuse_integers("log_normal", x)?;
    x.check_inplace()?;
    draw_each(x, g, |g| g.normal(mean, std).exp())
}

/// Whole numbers in place: from `from` to below `to`, or everything that the dtype holds.
pub fn random_(x: &Tensor, from: Option<i64>, to: Option<i64>, g: &mut Generator) -> Result<()> {
    x.check_inplace()?;
    if let Some(to) = to {
        let from = from.unwrap_or(0);
        if from >= to {
            return argument(format!("random_ expects 'from' to be less than 'to', but got from={from} >= to={to}"));
        }
        check_range(to - 1, x.dtype(), "to - 1")?;
        check_range(from, x.dtype(), "from")?;
        let range = (to as u64).wrapping_sub(from as u64);
        return draw_each(x, g, |g| (g.below(range) as i64).wrapping_add(from));
    }
    if let Some(from) = from {
        let range = (i64::MAX as u64).wrapping_sub(from as u64).wrapping_add(1);
        return draw_each(x, g, |g| (g.below(range) as i64).wrapping_add(from));
    }
    let f: fn(&mut Generator) -> i64 = match x.dtype() {
        DType::I64 => |g| (g.u64() & (u64::MAX >> 1)) as i64,
        DType::I32 => |g| (g.u32() & (u32::MAX >> 1)) as i64,
        DType::I16 => |g| (g.u32() % (1 << 15)) as i64,
        DType::I8 => |g| (g.u32() % (1 << 7)) as i64,
        DType::U8 => |g| (g.u32() % (1 << 8)) as i64,
        DType::Bool => |g| (g.u32() & 1) as i64,
        DType::F64 => |g| (g.u64() % ((1 << 53) + 1)) as i64,
        DType::F32 => |g| (g.u32() % ((1 << 24) + 1)) as i64,
        DType::F16 => |g| (g.u32() % ((1 << 11) + 1)) as i64,
        DType::BF16 => |g| (g.u32() % ((1 << 8) + 1)) as i64,
    };
    draw_each(x, g, f)
}

/// `k` places of each row of weights, drawn in proportion to them.
pub fn multinomial(w: &Tensor, k: i64, replacement: bool, g: &mut Generator) -> Result<Tensor> {
    if !w.dtype().is_float() {
        return dtype_error(format!(
            "multinomial only supports floating-point dtypes for input, got: {}",
            w.dtype().title()
        ));
    }
    if !(1..=2).contains(&w.rank()) {
        return shape("prob_dist must be 1 or 2 dim");
    }
    let n = w.shape()[w.rank() - 1];
    if n > 1 << 24 {
        return argument("number of categories cannot exceed 2^24");
    }
    if n == 0 {
        return argument("multinomial: expected at least one weight a row");
    }
    if k <= 0 {
        return argument("cannot sample n_sample <= 0 samples");
    }
    if !replacement && k as usize > n {
        return argument("cannot sample n_sample > prob_dist.size(-1) samples without replacement");
    }
    let (k, rows) = (k as usize, w.numel() / n.max(1));
    let mut dims = w.shape().to_vec();
    dims[w.rank() - 1] = k;
    let w = w.detach().contiguous()?;
    let plain = w.to_f64_vec()?;
    let alone = !replacement || k == 1; // these two ways of drawing have wordings of their own
    if plain.iter().any(|v| !v.is_finite() || *v < 0.0) {
        return argument(match plain.iter().any(|v| !v.is_finite()) {
            _ if alone => "probability tensor contains either `inf`, `nan` or element < 0",
            true => "invalid multinomial distribution (encountering probability entry = infinity or NaN)",
            false => "invalid multinomial distribution (encountering probability entry < 0)",
        });
    }
    if plain.chunks(n.max(1)).any(|row| row.iter().sum::<f64>() <= 0.0) {
        return argument("invalid multinomial distribution (sum of probabilities <= 0)");
    }
    if alone {
        let q = Tensor::full(w.shape(), Scalar::Int(0), w.dtype())?;
        exponential_(&q, 1.0, g)?;
        let race = div(&w, &q)?;
        return match k {
            1 => super::argmax(&race, Some(-1), true),
            _ => Ok(super::topk(&race, k as i64, -1, true)?.1),
        };
    }
    let mut out = memory::alloc::<i64>(crate::layout::checked_numel(&dims)?)?;
    for row in 0..rows {
        let mut sums = match w.dtype() {
            DType::F64 => running_shares(&w.data::<f64>()?[row * n..][..n]),
            DType::F32 => running_shares(&w.data::<f32>()?[row * n..][..n]),
            DType::F16 => running_shares(&w.data::<half::f16>()?[row * n..][..n]),
            _ => running_shares(&w.data::<half::bf16>()?[row * n..][..n]),
        };
        sums[n - 1] = 1.0;
        for o in &mut out[row * k..][..k] {
            let u = g.unit_f64();
            *o = sums.partition_point(|&s| s < u) as i64;
        }
    }
    Ok(Tensor::from_vec(out, &dims))
}

/// The running sums of a row of weights, each divided by the total; added up in the weights' own precision.
fn running_shares<T: Number>(row: &[T]) -> Vec<f64> {
    let mut total = T::default();
    let sums: Vec<T> = row
        .iter()
        .map(|&v| {
            total = total.add(v);
            total
        })
        .collect();
    sums.into_iter().map(|s| s.div(total).to_f64()).collect()
}
