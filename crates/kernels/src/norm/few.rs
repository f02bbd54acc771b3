//! Normalisation of a handful of values. Their gradients cancel, often to nothing but rounding (two values normalise to
//! 1 and -1, whatever they are), so the operations are PyTorch's, in its order and with its fused multiplications.

use crate::float::Float;

/// The largest number of values that are normalised here.
pub const FEW: usize = 8;

fn count<T: Float>(n: usize) -> T {
    T::from_f64(n as f64)
}

/// A row's mean (0 if it is not centred) and mean square deviation, value by value. [Welford 1962]
#[inline(always)]
pub fn moments<T: Float>(x: &[T], centred: bool) -> (T, T) {
    let (mut mean, mut squares) = (T::ZERO, T::ZERO);
    for (i, &v) in x.iter().enumerate() {
        let d = v - mean;
        if centred {
            mean += d / count(i + 1);
        }
        squares += d * (v - mean);
    }
    (mean, squares / count(x.len()))
}

/// dx of a row of layer normalisation, or of RMS normalisation where there is no mean.
#[inline(always)]
pub fn row_gradient<T: Float>(x: &[T], dy: &[T], mean: Option<T>, rstd: T, weight: Option<&[T]>, dx: &mut [T]) {
    let w = |i: usize| weight.map_or(T::ONE, |w| w[i]);
    let sum = |f: &dyn Fn(usize) -> T| (0..x.len()).fold(T::ZERO, |sum, i| sum + f(i));
    let Some(mean) = mean else {
        let dot = sum(&|i| dy[i] * w(i) * x[i]);
        let u = T::from_f64(-0.5) * dot * (rstd * rstd * rstd) / count(x.len());
        for i in 0..x.len() {
            dx[i] = dy[i] * w(i) * rstd + u * (T::from_f64(2.0) * x[i]);
        }
        return;
    };
    let (ds, db) = (sum(&|i| dy[i] * x[i] * w(i)), sum(&|i| dy[i] * w(i)));
    let scale = T::ONE / count(x.len());
    let b = (db * mean - ds) * rstd * rstd * rstd * scale;
    let c = (-b).mul_add(mean, -(db * rstd * scale));
    for i in 0..x.len() {
        dx[i] = b.mul_add(x[i], rstd * dy[i] * w(i)) + c;
    }
}

/// dx of a group of channels, each of `s` values.
#[inline(always)]
pub fn group_gradient<T: Float>(x: &[T], dy: &[T], s: usize, (mean, rstd): (T, T), weight: Option<&[T]>, dx: &mut [T]) {
    let w = |i: usize| weight.map_or(T::ONE, |w| w[i / s]);
    let sum = |f: &dyn Fn(usize) -> T| (0..x.len()).fold(T::ZERO, |sum, i| sum + f(i));
    let (ds, db) = (sum(&|i| dy[i] * x[i] * w(i)), sum(&|i| dy[i] * w(i)));
    let scale = T::ONE / count(x.len());
    let b = (db * mean - ds) * rstd * rstd * rstd * scale;
    let c = -b * mean - db * rstd * scale;
    for i in 0..x.len() {
        dx[i] = (rstd * w(i)).mul_add(dy[i], b * x[i]) + c;
    }
}

/// The places of channel `ch` in x [n, c, s].
fn places(n: usize, c: usize, s: usize, ch: usize) -> impl Iterator<Item = usize> + Clone {
    (0..n).flat_map(move |i| (0..s).map(move |k| (i * c + ch) * s + k))
}

/// Mean and biased variance of each channel of x [n, c, s].
pub fn batch_stats<T: Float>(n: usize, c: usize, s: usize, x: &[T], mean: &mut [T], var: &mut [T]) {
    for ch in 0..c {
        let values = places(n, c, s, ch).map(|i| x[i]);
        mean[ch] = values.clone().fold(T::ZERO, |sum, v| sum + v) / count(n * s);
        let square = |sum: T, v: T| (v - mean[ch]).mul_add(v - mean[ch], sum);
        var[ch] = values.fold(T::ZERO, square) / count(n * s);
    }
}

/// Gradients of batch normalisation by the batch's own statistics.
pub fn batch_gradient<T: Float>(
    [n, c, s]: [usize; 3],
    x: &[T],
    dy: &[T],
    mean: &[T],
    invstd: &[T],
    weight: Option<&[T]>,
    mut dx: Option<&mut [T]>,
    dw: &mut [T],
    db: &mut [T],
) {
    for ch in 0..c {
        let (mean, inv, w) = (mean[ch], invstd[ch], weight.map_or(T::ONE, |w| w[ch]));
        let dot = places(n, c, s, ch).fold(T::ZERO, |sum, i| sum + (x[i] - mean) * dy[i]);
        let sum = places(n, c, s, ch).fold(T::ZERO, |sum, i| sum + dy[i]);
        (dw[ch], db[ch]) = (dot * inv, sum);
        let Some(dx) = &mut dx else { continue };
        let (k, average) = (dot * inv * inv / count(n * s), sum / count(n * s));
        for i in places(n, c, s, ch) {
            dx[i] = (dy[i] - average - (x[i] - mean) * k) * inv * w;
        }
    }
}
