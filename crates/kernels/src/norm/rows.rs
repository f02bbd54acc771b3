//! Layer and RMS normalisation of rows: y = (x - mean) / std * weight + bias, weight and bias by column.

use super::few::{self, FEW};
use super::{GRAIN, lane_sums};
use crate::float::Float;
use crate::pool::chunks;
use crate::raw::Raw;
use crate::simd::{Kernel, dispatch};
use crate::sizes::product;

/// What each column is multiplied by and what is added to it; 1 and 0 if absent.
#[derive(Clone, Copy)]
pub struct RowAffine<'a, T> {
    /// The factors.
    pub weight: Option<&'a [T]>,
    /// The addends.
    pub bias: Option<&'a [T]>,
}

/// Each row's mean (absent where rows are not centred) and 1 / std.
#[derive(Clone, Copy)]
pub struct RowStats<'a, T> {
    /// The means.
    pub mean: Option<&'a [T]>,
    /// The reciprocal deviations.
    pub rstd: &'a [T],
}

impl<T: Float> RowStats<'_, T> {
    #[inline(always)]
    fn row(&self, r: usize) -> (T, T) {
        (self.mean.map_or(T::ZERO, |m| m[r]), self.rstd[r])
    }
}

/// A row's mean (0 if it is not centred) and its mean square deviation.
#[inline(always)]
pub(super) fn moments<T: Float>(x: &[T], centred: bool) -> (T, T) {
    if x.len() <= FEW {
        return few::moments(x, centred);
    }
    let n = x.len() as f64;
    let mean = if centred { T::from_f64(lane_sums(x.len(), |i| [x[i]])[0] / n) } else { T::ZERO };
    let square = |i: usize| {
        let d = x[i] - mean;
        [d * d]
    };
    (mean, T::from_f64(lane_sums(x.len(), square)[0] / n))
}

struct Forward<'a, T> {
    x: &'a [T],
    cols: usize,
    eps: f64,
    affine: RowAffine<'a, T>,
    y: &'a mut [T],
    mean: Option<&'a mut [T]>,
    rstd: &'a mut [T],
}

impl<T: Float> Kernel for Forward<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(mut self) {
        let n = self.cols;
        let centred = self.mean.is_some();
        for (r, (x, y)) in self.x.chunks_exact(n).zip(self.y.chunks_exact_mut(n)).enumerate() {
            let (mean, variance) = moments(x, centred);
            let rstd = T::ONE / (variance + T::from_f64(self.eps)).sqrt();
            if let Some(means) = &mut self.mean {
                means[r] = mean;
            }
            self.rstd[r] = rstd;
            match (self.affine.weight, self.affine.bias) {
                (Some(w), Some(b)) => {
                    for i in 0..n {
                        y[i] = (x[i] - mean) * rstd * w[i] + b[i];
                    }
                }
                (Some(w), None) => {
                    for i in 0..n {
                        y[i] = (x[i] - mean) * rstd * w[i];
                    }
                }
                (None, b) => {
                    for i in 0..n {
                        y[i] = (x[i] - mean) * rstd;
                    }
                    if let Some(b) = b {
                        y.iter_mut().zip(b).for_each(|(y, &b)| *y += b);
                    }
                }
            }
        }
    }
}

/// Normalises each row of `cols`; writes its statistics. Without `mean`, rows are divided by their root mean square.
pub(crate) fn normalize_rows<T: Float>(
    cols: usize,
    x: &[T],
    eps: f64,
    affine: RowAffine<T>,
    y: &mut [T],
    mean: Option<&mut [T]>,
    rstd: &mut [T],
) {
    let rows = rstd.len();
    let (w, b) = (affine.weight.map_or(cols, <[T]>::len), affine.bias.map_or(cols, <[T]>::len));
    let means = mean.as_ref().map_or(rows, |m| m.len());
    assert_eq!((x.len(), y.len(), means, w, b), (product(&[rows, cols]), x.len(), rows, cols, cols), "normalize_rows");
    if x.is_empty() {
        return;
    }
    let (y, mean, rstd) = (Raw::new(y), mean.map(Raw::new), Raw::new(rstd));
    chunks(rows, GRAIN / cols + 1, &|r| {
        let (at, len) = (r.start * cols, r.len() * cols);
        // SAFETY: each row and its statistics belong to one task, lengths are checked.
        let (y, mean, rstd) =
            unsafe { (y.slice(at, len), mean.map(|m| m.slice(r.start, r.len())), rstd.slice(r.start, r.len())) };
        dispatch(Forward { x: &x[at..at + len], cols, eps, affine, y, mean, rstd });
    });
}

struct Backward<'a, T> {
    x: &'a [T],
    dy: &'a [T],
    cols: usize,
    first: usize,
    stats: RowStats<'a, T>,
    weight: Option<&'a [T]>,
    dx: &'a mut [T],
}

impl<T: Float> Kernel for Backward<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let n = self.cols;
        let count = n as f64;
        for (r, dx) in self.dx.chunks_exact_mut(n).enumerate() {
            let (x, dy) = (&self.x[r * n..][..n], &self.dy[r * n..][..n]);
            let (mean, rstd) = self.stats.row(self.first + r);
            if n <= FEW {
                few::row_gradient(x, dy, self.stats.mean.is_some().then_some(mean), rstd, self.weight, dx);
                continue;
            }
            match self.weight {
                Some(w) => dx.iter_mut().zip(dy).zip(w).for_each(|((d, &g), &w)| *d = g * w),
                None => dx.copy_from_slice(dy),
            }
            let sums = lane_sums(n, |i| [dx[i], dx[i] * (x[i] - mean)]);
            let inv = rstd.to_f64();
            let a = if self.stats.mean.is_some() { T::from_f64(sums[0] / count) } else { T::ZERO };
            let b = T::from_f64(sums[1] * inv * inv / count);
            for i in 0..n {
                dx[i] = (dx[i] - a - (x[i] - mean) * b) * rstd;
            }
        }
    }
}

/// dx of [`normalize_rows`].
pub(crate) fn normalize_rows_backward<T: Float>(
    cols: usize,
    x: &[T],
    dy: &[T],
    stats: RowStats<T>,
    weight: Option<&[T]>,
    dx: &mut [T],
) {
    let rows = stats.rstd.len();
    let w = weight.map_or(cols, <[T]>::len);
    assert_eq!((x.len(), dy.len(), dx.len(), w), (product(&[rows, cols]), x.len(), x.len(), cols), "normalize_rows");
    if x.is_empty() {
        return;
    }
    let out = Raw::new(dx);
    chunks(rows, GRAIN / cols + 1, &|r| {
        let (at, len) = (r.start * cols, r.len() * cols);
        // SAFETY: each row belongs to one task, lengths are checked.
        let dx = unsafe { out.slice(at, len) };
        dispatch(Backward { x: &x[at..at + len], dy: &dy[at..at + len], cols, first: r.start, stats, weight, dx });
    });
}

/// Columns that are summed together.
const BLOCK: usize = 64;

struct ColumnSums<'a, T> {
    x: &'a [T],
    dy: &'a [T],
    cols: usize,
    first: usize,
    width: usize,
    stats: RowStats<'a, T>,
}

impl<T: Float> Kernel for ColumnSums<'_, T> {
    type Output = [[f64; BLOCK]; 2];
    #[inline(always)]
    fn run(self) -> Self::Output {
        let mut sums = [[0.0; BLOCK]; 2];
        for (r, (x, dy)) in self.x.chunks_exact(self.cols).zip(self.dy.chunks_exact(self.cols)).enumerate() {
            let (x, dy) = (&x[self.first..][..self.width], &dy[self.first..][..self.width]);
            let (mean, rstd) = self.stats.row(r);
            for l in 0..self.width {
                let hat = if self.cols <= FEW { rstd.mul_add(x[l], -(rstd * mean)) } else { (x[l] - mean) * rstd };
                sums[0][l] += (dy[l] * hat).to_f64();
                sums[1][l] += dy[l].to_f64();
            }
        }
        sums
    }
}

/// dweight and dbias of [`normalize_rows`]: sums over the rows.
pub(crate) fn normalize_rows_sums<T: Float>(
    cols: usize,
    x: &[T],
    dy: &[T],
    stats: RowStats<T>,
    dw: &mut [T],
    db: &mut [T],
) {
    let rows = stats.rstd.len();
    assert_eq!((x.len(), dy.len(), dw.len(), db.len()), (product(&[rows, cols]), x.len(), cols, cols), "row sums");
    let (dw, db) = (Raw::new(dw), Raw::new(db));
    chunks(cols.div_ceil(BLOCK), GRAIN / (rows * BLOCK).max(1) + 1, &|blocks| {
        for b in blocks {
            let first = b * BLOCK;
            let width = BLOCK.min(cols - first);
            let [products, plain] = dispatch(ColumnSums { x, dy, cols, first, width, stats });
            for l in 0..width {
                // SAFETY: one element a column, each of one task.
                unsafe {
                    *dw.at(first + l) = T::from_f64(products[l]);
                    *db.at(first + l) = T::from_f64(plain[l]);
                }
            }
        }
    });
}
