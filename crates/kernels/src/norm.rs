//! Batch normalisation over x [N, C, S], channel by channel; layer and group normalisation in files of their own.

mod columns;
mod few;
mod groups;
mod rows;

use few::FEW;
pub(crate) use groups::{group_norm_backward, row_stats};
pub use rows::{RowAffine, RowStats};
pub(crate) use rows::{normalize_rows, normalize_rows_backward, normalize_rows_sums};

use crate::float::Float;
use crate::pool::chunks;
use crate::raw::Raw;
use crate::simd::{Kernel, dispatch};
use crate::sizes::product;

/// Elements below which a pass stays on one thread.
const GRAIN: usize = 1 << 14;

/// Independent partial sums: fixed, so that the bits are the same at every level.
const LANES: usize = 16;

/// Sums of f(element) in lanes of T over short runs, the runs in f64.
#[inline(always)]
fn lane_sums<T: Float, const N: usize>(len: usize, f: impl Fn(usize) -> [T; N]) -> [f64; N] {
    let mut total = [0.0; N];
    let mut at = 0;
    while at < len {
        let end = (at + 64 * LANES).min(len);
        let mut lanes = [[T::ZERO; LANES]; N];
        while at + LANES <= end {
            for l in 0..LANES {
                let e = f(at + l);
                for i in 0..N {
                    lanes[i][l] += e[i];
                }
            }
            at += LANES;
        }
        while at < end {
            let e = f(at);
            for i in 0..N {
                lanes[i][0] += e[i];
            }
            at += 1;
        }
        for i in 0..N {
            for l in 0..LANES {
                total[i] += lanes[i][l].to_f64();
            }
        }
    }
    total
}

struct Sum<'a, T>(&'a [T]);
impl<T: Float> Kernel for Sum<'_, T> {
    type Output = f64;
    #[inline(always)]
    fn run(self) -> f64 {
        let x = self.0;
        lane_sums(x.len(), |i| [x[i]])[0]
    }
}

/// The sum of a slice, accurate to the type's rounding.
pub(crate) fn sum<T: Float>(x: &[T]) -> f64 {
    dispatch(Sum(x))
}

struct SquaredDeviations<'a, T>(&'a [T], T);
impl<T: Float> Kernel for SquaredDeviations<'_, T> {
    type Output = f64;
    #[inline(always)]
    fn run(self) -> f64 {
        let (x, mean) = (self.0, self.1);
        let d = |i: usize| {
            let d = x[i] - mean;
            [d * d]
        };
        lane_sums(x.len(), d)[0]
    }
}

/// Mean and biased variance of each channel, in two passes.
pub(crate) fn batch_stats<T: Float>(n: usize, c: usize, s: usize, x: &[T], mean: &mut [T], var: &mut [T]) {
    assert_eq!((x.len(), mean.len(), var.len()), (product(&[n, c, s]), c, c), "batch_stats: lengths");
    if n * s <= FEW {
        return few::batch_stats(n, c, s, x, mean, var);
    }
    if s == 1 && c > 0 {
        return columns::stats(n, c, x, mean, var);
    }
    let (mean, var) = (Raw::new(mean), Raw::new(var));
    let count = (n * s) as f64;
    chunks(c, GRAIN / (n * s).max(1) + 1, &|channels| {
        for ch in channels {
            let rows = || (0..n).map(|i| &x[(i * c + ch) * s..][..s]);
            let m = T::from_f64(rows().map(sum).sum::<f64>() / count);
            let v = rows().map(|r| dispatch(SquaredDeviations(r, m))).sum::<f64>() / count;
            // SAFETY: one element a channel, each of one task.
            unsafe {
                *mean.at(ch) = m;
                *var.at(ch) = T::from_f64(v);
            }
        }
    });
}

struct Affine<'a, T>(&'a [T], T, T, &'a mut [T]);
impl<T: Float> Kernel for Affine<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        for (y, &x) in self.3.iter_mut().zip(self.0) {
            *y = x * self.1 + self.2;
        }
    }
}

/// `y = x * scale[c] + shift[c]`
pub(crate) fn normalize<T: Float>(n: usize, c: usize, s: usize, x: &[T], scale: &[T], shift: &[T], y: &mut [T]) {
    assert_eq!(
        (x.len(), y.len(), scale.len(), shift.len()),
        (product(&[n, c, s]), n * c * s, c, c),
        "normalize: lengths"
    );
    if s == 1 && c > 0 {
        return columns::affine(n, c, x, scale, shift, y);
    }
    let out = Raw::new(y);
    chunks(n * c, GRAIN / s.max(1) + 1, &|rows| {
        for r in rows {
            // SAFETY: each row belongs to one task, lengths are checked.
            let y = unsafe { out.slice(r * s, s) };
            dispatch(Affine(&x[r * s..][..s], scale[r % c], shift[r % c], y));
        }
    });
}

struct GradientSums<'a, T>(&'a [T], &'a [T], T);
impl<T: Float> Kernel for GradientSums<'_, T> {
    type Output = [f64; 2];
    #[inline(always)]
    fn run(self) -> [f64; 2] {
        let (x, dy, mean) = (self.0, &self.1[..self.0.len()], self.2);
        lane_sums(x.len(), |i| [dy[i], dy[i] * (x[i] - mean)])
    }
}

struct InputGradient<'a, T> {
    x: &'a [T],
    dy: &'a [T],
    mean: T,
    /// dx = (dy - a - (x - mean) * b) * k
    a: T,
    b: T,
    k: T,
    dx: &'a mut [T],
}
impl<T: Float> Kernel for InputGradient<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        for ((d, &x), &g) in self.dx.iter_mut().zip(self.x).zip(self.dy) {
            *d = (g - self.a - (x - self.mean) * self.b) * self.k;
        }
    }
}

/// Gradients of batch normalisation: dw = sum dy xhat, db = sum dy, and, where asked for,
/// dx = w invstd (dy - mean(dy) - xhat mean(dy xhat)) when training, w invstd dy otherwise.
pub(crate) fn batch_norm_backward<T: Float>(
    n: usize,
    c: usize,
    s: usize,
    x: &[T],
    dy: &[T],
    mean: &[T],
    invstd: &[T],
    weight: Option<&[T]>,
    training: bool,
    dx: Option<&mut [T]>,
    dw: &mut [T],
    db: &mut [T],
) {
    assert_eq!((x.len(), dy.len()), (product(&[n, c, s]), n * c * s), "batch_norm_backward: lengths of x and dy");
    assert!([mean.len(), invstd.len(), dw.len(), db.len()] == [c; 4], "batch_norm_backward: one value a channel");
    assert!(
        weight.is_none_or(|w| w.len() == c) && dx.as_ref().is_none_or(|d| d.len() == x.len()),
        "batch_norm_backward: lengths"
    );
    if training && n * s <= FEW {
        return few::batch_gradient([n, c, s], x, dy, mean, invstd, weight, dx, dw, db);
    }
    if s == 1 && c > 0 {
        return rows_backward(n, c, x, dy, mean, invstd, weight, training, dx, dw, db);
    }
    let (dx, dw, db) = (dx.map(Raw::new), Raw::new(dw), Raw::new(db));
    let count = (n * s) as f64;
    chunks(c, GRAIN / (n * s).max(1) + 1, &|channels| {
        for ch in channels {
            let row = |i: usize| (i * c + ch) * s;
            let mut sums = [0.0; 2];
            for i in 0..n {
                let [a, b] = dispatch(GradientSums(&x[row(i)..][..s], &dy[row(i)..][..s], mean[ch]));
                sums[0] += a;
                sums[1] += b;
            }
            let inv = invstd[ch].to_f64();
            // SAFETY: one element a channel, each of one task.
            unsafe {
                *db.at(ch) = T::from_f64(sums[0]);
                *dw.at(ch) = T::from_f64(sums[1] * inv);
            }
            let Some(dx) = dx else { continue };
            let (a, b) = (sums[0] / count, sums[1] * inv * inv / count);
            let k = invstd[ch] * weight.map_or(T::ONE, |w| w[ch]);
            for i in 0..n {
                // SAFETY: the rows of a channel belong to one task, lengths are checked.
                let dx = unsafe { dx.slice(row(i), s) };
                let (x, dy) = (&x[row(i)..][..s], &dy[row(i)..][..s]);
                if training {
                    dispatch(InputGradient { x, dy, mean: mean[ch], a: T::from_f64(a), b: T::from_f64(b), k, dx });
                } else {
                    dispatch(Affine(dy, k, T::ZERO, dx)); // x may be infinite and has no part in it
                }
            }
        }
    });
}

/// `batch_norm_backward` for x [N, C].
fn rows_backward<T: Float>(
    n: usize,
    c: usize,
    x: &[T],
    dy: &[T],
    mean: &[T],
    invstd: &[T],
    weight: Option<&[T]>,
    training: bool,
    dx: Option<&mut [T]>,
    dw: &mut [T],
    db: &mut [T],
) {
    let (mut products, mut sums) = (vec![0.0; c], vec![0.0; c]);
    columns::gradient_sums(n, c, x, dy, mean, &mut products, &mut sums);
    for i in 0..c {
        dw[i] = T::from_f64(products[i] * invstd[i].to_f64());
        db[i] = T::from_f64(sums[i]);
    }
    let Some(dx) = dx else { return };
    let k: Vec<T> = (0..c).map(|i| invstd[i] * weight.map_or(T::ONE, |w| w[i])).collect();
    if !training {
        return columns::affine(n, c, dy, &k, &vec![T::ZERO; c], dx);
    }
    // dx = k dy - k b (x - mean) - k a
    let b: Vec<f64> = (0..c).map(|i| products[i] * invstd[i].to_f64().powi(2) / n as f64 * k[i].to_f64()).collect();
    let slope: Vec<T> = b.iter().map(|&b| T::from_f64(-b)).collect();
    let shift: Vec<T> =
        (0..c).map(|i| T::from_f64(b[i] * mean[i].to_f64() - sums[i] / n as f64 * k[i].to_f64())).collect();
    columns::combine(n, c, (dy, &k), (x, &slope), &shift, dx);
}
