//! Indices drawn by weight, with PyTorch's draws.

use super::copy::clone;
use crate::element::dispatch;
use crate::error::{argument, dtype};
use crate::random::Generator;
use crate::{Element, Result, Tensor, memory};

/// `k` indices for each row of `weights` ([n] or [rows, n]), each drawn in proportion to its weight: int64 [k] or [rows, k].
/// Errors: weights that are negative or not finite, or sum to 0; more draws than weights without replacement.
pub fn multinomial(weights: &Tensor, k: i64, replacement: bool, g: &mut Generator) -> Result<Tensor> {
    if !weights.dtype().is_float() {
        return dtype(format!(
            "multinomial only supports floating-point dtypes for input, got: {}",
            weights.dtype().title()
        ));
    }
    if !matches!(weights.rank(), 1 | 2) {
        return argument("prob_dist must be 1 or 2 dim");
    }
    let n = weights.shape()[weights.rank() - 1];
    if k <= 0 {
        return argument("cannot sample n_sample <= 0 samples");
    }
    let k = k as usize;
    if !replacement && k > n {
        return argument("cannot sample n_sample > prob_dist.size(-1) samples without replacement");
    }
    let rows = weights.shape()[..weights.rank() - 1].iter().product::<usize>();
    let dims: Vec<usize> = weights.shape()[..weights.rank() - 1].iter().copied().chain([k]).collect();
    let weights = clone(&weights.detach().contiguous()?)?;
    let mut out = memory::alloc::<i64>(rows * k)?;
    if rows > 0 {
        dispatch!(float "multinomial", weights.dtype(), T => {
            let all = weights.data::<T>()?;
            check(all, n)?;
            match replacement && k > 1 {
                true => all.chunks_exact(n).zip(out.chunks_exact_mut(k)).for_each(|(w, out)| by_sums(w, out, g)),
                false => by_races(all, n, &mut out, k, g),
            }
            Ok(())
        })?;
    }
    Tensor::new(out, &dims)
}

fn check<T: Element>(all: &[T], n: usize) -> Result<()> {
    let impossible = |w: f64| w.is_nan() || w.is_infinite() || w < 0.0;
    if all.iter().any(|w| impossible(w.to_f64())) {
        return argument("probability tensor contains either `inf`, `nan` or element < 0");
    }
    if n == 0 || all.chunks_exact(n).any(|row| row.iter().all(|w| w.to_f64() == 0.0)) {
        return argument("invalid multinomial distribution (sum of probabilities <= 0)");
    }
    Ok(())
}

/// With replacement: a uniform number falls into one of the running sums.
fn by_sums<T: Element>(weights: &[T], out: &mut [i64], g: &mut Generator) {
    let mut sum = T::default();
    let mut sums: Vec<T> = weights
        .iter()
        .map(|w| {
            sum = T::from_f64(sum.to_f64() + w.to_f64());
            sum
        })
        .collect();
    let last = sums.len() - 1;
    sums.iter_mut().for_each(|s| *s = T::from_f64(s.to_f64() / sum.to_f64()));
    sums[last] = T::from_f64(1.0);
    for o in out {
        let u = g.unit_f64();
        *o = sums.partition_point(|s| s.to_f64() < u) as i64;
    }
}

/// Without replacement, or one draw: each index runs for an exponential time over its weight, the first ones win.
fn by_races<T: Element>(weights: &[T], n: usize, out: &mut [i64], k: usize, g: &mut Generator) {
    let speed: Vec<f64> = weights
        .iter()
        .map(|w| {
            let time = T::from_f64(-(-g.unit_f64()).ln_1p());
            T::from_f64(w.to_f64() / time.to_f64()).to_f64()
        })
        .collect();
    let mut order: Vec<usize> = Vec::with_capacity(n);
    for (speed, out) in speed.chunks_exact(n).zip(out.chunks_exact_mut(k)) {
        order.clear();
        order.extend(0..n);
        order.sort_by(|&a, &b| speed[b].total_cmp(&speed[a]));
        out.iter_mut().zip(&order).for_each(|(o, &i)| *o = i as i64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_pytorchs() {
        let weights = Tensor::from_vec(vec![0.1f32, 0.9, 0.4, 0.7, 3.0, 0.6], &[6]);
        for (k, replacement, want) in [
            (10, true, &[5, 4, 4, 5, 4, 4, 2, 3, 4, 3][..]),
            (1, true, &[4]),
            (4, false, &[4, 1, 2, 5]),
            (1, false, &[4]),
        ] {
            let drawn = multinomial(&weights, k, replacement, &mut Generator::new(0)).unwrap();
            assert_eq!(drawn.data::<i64>().unwrap(), want);
        }
    }

    #[test]
    fn impossible_weights_are_refused() {
        let error = |w: Vec<f32>, k| {
            let n = w.len();
            multinomial(&Tensor::from_vec(w, &[n]), k, false, &mut Generator::new(0)).unwrap_err().to_string()
        };
        assert!(error(vec![-1.0, 2.0], 1).contains("element < 0"));
        assert!(error(vec![0.0, 0.0], 1).contains("sum of probabilities <= 0"));
        assert!(error(vec![1.0], 2).contains("n_sample > prob_dist.size(-1)"));
        assert!(error(vec![1.0], 0).contains("n_sample <= 0"));
    }
}
