//! Softmax and its logarithm over rows, with their gradients.

use crate::float::Float;
use crate::pool::chunks;
use crate::raw::Raw;
use crate::simd::{Kernel, dispatch};

/// Elements below which a pass stays on one thread.
const GRAIN: usize = 1 << 12;
/// Independent partial results: fixed, so that the bits are the same at every level.
const LANES: usize = 16;

#[inline(always)]
fn max<T: Float>(a: T, b: T) -> T {
    if a > b || a.is_nan() { a } else { b }
}

/// The maximum of a row; NaN if there is one.
#[inline(always)]
pub(crate) fn row_max<T: Float>(x: &[T]) -> T {
    let mut lanes = [T::NEG_INFINITY; LANES];
    let (blocks, rest) = x.as_chunks::<LANES>();
    for b in blocks {
        for l in 0..LANES {
            lanes[l] = max(b[l], lanes[l]);
        }
    }
    lanes.iter().chain(rest).fold(T::NEG_INFINITY, |m, &e| max(e, m))
}

/// The sum of f over a row.
#[inline(always)]
pub(crate) fn row_sum<T: Float>(len: usize, f: impl Fn(usize) -> T) -> T {
    let mut lanes = [T::ZERO; LANES];
    let whole = len - len % LANES;
    let mut i = 0;
    while i < whole {
        for l in 0..LANES {
            lanes[l] += f(i + l);
        }
        i += LANES;
    }
    for l in 0..len - whole {
        lanes[l] += f(whole + l);
    }
    let mut half = LANES / 2;
    while half > 0 {
        for l in 0..half {
            lanes[l] += lanes[l + half];
        }
        half /= 2;
    }
    lanes[0]
}

#[derive(Clone, Copy)]
enum Op {
    Softmax,
    LogSoftmax,
    SoftmaxBackward,
    LogSoftmaxBackward,
}

/// Rows of `a` (and of `b`, the gradient) to rows of `out`.
struct Rows<'a, T> {
    op: Op,
    a: &'a [T],
    b: &'a [T],
    cols: usize,
    out: &'a mut [T],
}

impl<T: Float> Kernel for Rows<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let n = self.cols;
        for (r, out) in self.out.chunks_exact_mut(n).enumerate() {
            let a = &self.a[r * n..][..n];
            match self.op {
                Op::Softmax => {
                    let m = row_max(a);
                    out.iter_mut().zip(a).for_each(|(o, &x)| *o = (x - m).exp());
                    let k = T::ONE / row_sum(n, |i| out[i]);
                    out.iter_mut().for_each(|o| *o *= k);
                }
                Op::LogSoftmax => {
                    let m = row_max(a);
                    out.iter_mut().zip(a).for_each(|(o, &x)| *o = (x - m).exp());
                    let lse = row_sum(n, |i| out[i]).ln();
                    out.iter_mut().zip(a).for_each(|(o, &x)| *o = x - m - lse);
                }
                Op::SoftmaxBackward => {
                    let g = &self.b[r * n..][..n];
                    let dot = row_sum(n, |i| a[i] * g[i]);
                    for i in 0..n {
                        out[i] = (g[i] - dot) * a[i];
                    }
                }
                Op::LogSoftmaxBackward => {
                    let g = &self.b[r * n..][..n];
                    let sum = row_sum(n, |i| g[i]);
                    for i in 0..n {
                        out[i] = g[i] - a[i].exp() * sum;
                    }
                }
            }
        }
    }
}

fn rows<T: Float>(op: Op, a: &[T], b: &[T], cols: usize, out: &mut [T]) {
    assert!(a.len() == b.len() && a.len() == out.len(), "softmax: lengths differ");
    if out.is_empty() {
        return;
    }
    assert!(cols > 0 && out.len().is_multiple_of(cols), "softmax: {} elements are no rows of {cols}", out.len());
    let to = Raw::new(out);
    chunks(a.len() / cols, GRAIN / cols + 1, &|r| {
        let (at, len) = (r.start * cols, r.len() * cols);
        // SAFETY: each row belongs to one task, lengths are checked.
        let out = unsafe { to.slice(at, len) };
        dispatch(Rows { op, a: &a[at..at + len], b: &b[at..at + len], cols, out });
    });
}

/// y = exp(x - max) / sum exp(x - max), for each row of `cols`.
pub(crate) fn softmax_rows<T: Float>(x: &[T], cols: usize, y: &mut [T]) {
    rows(Op::Softmax, x, x, cols, y);
}

/// y = x - max - ln sum exp(x - max), for each row of `cols`.
pub(crate) fn log_softmax_rows<T: Float>(x: &[T], cols: usize, y: &mut [T]) {
    rows(Op::LogSoftmax, x, x, cols, y);
}

/// dx = (dy - sum y dy) y, for each row of `cols`; `y` is the softmax.
pub(crate) fn softmax_backward_rows<T: Float>(y: &[T], dy: &[T], cols: usize, dx: &mut [T]) {
    rows(Op::SoftmaxBackward, y, dy, cols, dx);
}

/// dx = dy - exp(y) sum dy, for each row of `cols`; `y` is the logarithm of the softmax.
pub(crate) fn log_softmax_backward_rows<T: Float>(y: &[T], dy: &[T], cols: usize, dx: &mut [T]) {
    rows(Op::LogSoftmaxBackward, y, dy, cols, dx);
}
