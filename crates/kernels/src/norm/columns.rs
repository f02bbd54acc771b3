//! Batch normalisation of x [N, C]: blocks of neighbouring channels, row by row, summed in f64.

use crate::float::Float;
use crate::pool::chunks;
use crate::raw::Raw;
use crate::simd::{Kernel, dispatch};

/// Channels in a block.
const BLOCK: usize = 32;

/// Sums over the rows of `x - mean` and of its product with `y - mean_y`, for some channels of [N, C] arrays.
struct Moments<'a, T> {
    x: &'a [T],
    y: &'a [T],
    c: usize,
    first: usize,
    width: usize,
    mean_x: [f64; BLOCK],
    mean_y: [f64; BLOCK],
}

impl<T: Float> Kernel for Moments<'_, T> {
    type Output = ([f64; BLOCK], [f64; BLOCK]);
    #[inline(always)]
    fn run(self) -> Self::Output {
        let (mut sums, mut products) = ([0.0; BLOCK], [0.0; BLOCK]);
        for (x, y) in self.x.chunks_exact(self.c).zip(self.y.chunks_exact(self.c)) {
            let (x, y) = (&x[self.first..][..self.width], &y[self.first..][..self.width]);
            for l in 0..self.width {
                let d = x[l].to_f64() - self.mean_x[l];
                sums[l] += d;
                products[l] += d * (y[l].to_f64() - self.mean_y[l]);
            }
        }
        (sums, products)
    }
}

/// Calls `f(first channel, channels)` for each block.
fn blocks(n: usize, c: usize, f: impl Fn(usize, usize) + Sync) {
    chunks(c.div_ceil(BLOCK), super::GRAIN / (n * BLOCK).max(1) + 1, &|r| {
        for b in r {
            f(b * BLOCK, BLOCK.min(c - b * BLOCK));
        }
    });
}

/// `batch_stats` for one element a channel and row.
pub fn stats<T: Float>(n: usize, c: usize, x: &[T], mean: &mut [T], var: &mut [T]) {
    let (mean, var) = (Raw::new(mean), Raw::new(var));
    blocks(n, c, |first, width| {
        let zero = [0.0; BLOCK];
        let m = Moments { x, y: x, c, first, width, mean_x: zero, mean_y: zero };
        let mean_x = dispatch(m).0.map(|s| s / n as f64);
        let squares = dispatch(Moments { x, y: x, c, first, width, mean_x, mean_y: mean_x }).1;
        for l in 0..width {
            // SAFETY: one element a channel, each of one task.
            unsafe {
                *mean.at(first + l) = T::from_f64(mean_x[l]);
                *var.at(first + l) = T::from_f64(squares[l] / n as f64);
            }
        }
    });
}

/// dw and db, not yet times 1/std: sums of dy (x - mean) and of dy.
pub fn gradient_sums<T: Float>(n: usize, c: usize, x: &[T], dy: &[T], mean: &[T], dw: &mut [f64], db: &mut [f64]) {
    let (dw, db) = (Raw::new(dw), Raw::new(db));
    blocks(n, c, |first, width| {
        let mut mean_y = [0.0; BLOCK];
        mean_y.iter_mut().zip(&mean[first..]).for_each(|(a, m)| *a = m.to_f64());
        let (sums, products) = dispatch(Moments { x: dy, y: x, c, first, width, mean_x: [0.0; BLOCK], mean_y });
        for l in 0..width {
            // SAFETY: one element a channel, each of one task.
            unsafe {
                *db.at(first + l) = sums[l];
                *dw.at(first + l) = products[l];
            }
        }
    });
}

/// out = x * scale + y * slope + shift, all three by channel.
struct Combine<'a, T> {
    x: &'a [T],
    y: &'a [T],
    scale: &'a [T],
    slope: &'a [T],
    shift: &'a [T],
    out: &'a mut [T],
}

impl<T: Float> Kernel for Combine<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let c = self.scale.len();
        let (slope, shift) = (&self.slope[..c], &self.shift[..c]);
        for ((x, y), out) in self.x.chunks_exact(c).zip(self.y.chunks_exact(c)).zip(self.out.chunks_exact_mut(c)) {
            for l in 0..c {
                out[l] = x[l] * self.scale[l] + (y[l] * slope[l] + shift[l]);
            }
        }
    }
}

/// `out = x * scale + (y * slope + shift)`, row by row.
pub fn combine<T: Float>(
    n: usize,
    c: usize,
    (x, scale): (&[T], &[T]),
    (y, slope): (&[T], &[T]),
    shift: &[T],
    out: &mut [T],
) {
    let to = Raw::new(out);
    chunks(n, super::GRAIN / c.max(1) + 1, &|r| {
        let (at, len) = (r.start * c, r.len() * c);
        // SAFETY: each row belongs to one task and lies in `out`.
        let out = unsafe { to.slice(at, len) };
        dispatch(Combine { x: &x[at..at + len], y: &y[at..at + len], scale, slope, shift, out });
    });
}

/// y = x * scale + shift, row by row.
pub fn affine<T: Float>(n: usize, c: usize, x: &[T], scale: &[T], shift: &[T], y: &mut [T]) {
    let to = Raw::new(y);
    chunks(n, super::GRAIN / c.max(1) + 1, &|r| {
        let (at, len) = (r.start * c, r.len() * c);
        // SAFETY: each row belongs to one task and lies in `y`.
        let out = unsafe { to.slice(at, len) };
        dispatch(Affine { x: &x[at..at + len], scale, shift, out });
    });
}

struct Affine<'a, T> {
    x: &'a [T],
    scale: &'a [T],
    shift: &'a [T],
    out: &'a mut [T],
}

impl<T: Float> Kernel for Affine<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let c = self.scale.len();
        let shift = &self.shift[..c];
        for (x, out) in self.x.chunks_exact(c).zip(self.out.chunks_exact_mut(c)) {
            for l in 0..c {
                out[l] = x[l] * self.scale[l] + shift[l];
            }
        }
    }
}
