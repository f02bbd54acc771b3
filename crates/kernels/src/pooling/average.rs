//! Average pooling.

use super::{Axis, Span, check, grain};
use crate::float::Float;
use crate::memory::Pod;
use crate::pool::chunks;
use crate::raw::Raw;
use std::ops::Range;

/// Numbers that have a mean; integers round it towards zero.
pub(crate) trait Mean: Pod + Default + Send + Sync {
    /// The sum; integers wrap.
    fn plus(self, other: Self) -> Self;
    /// The quotient.
    fn over(self, n: i64) -> Self;
}

macro_rules! mean {
    ($($t:ty)*) => { $(impl Mean for $t {
        #[inline(always)]
        fn plus(self, other: Self) -> Self {
            self + other
        }
        #[inline(always)]
        fn over(self, n: i64) -> Self {
            self / n as $t
        }
    })* };
}
mean!(f32 f64);

impl Mean for i64 {
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
    #[inline(always)]
    fn over(self, n: i64) -> Self {
        self.wrapping_div(n)
    }
}

/// What the sum of a window is divided by.
#[derive(Clone, Copy, Debug)]
pub enum Divisor {
    /// The window's size within the padded input.
    Window,
    /// The elements that it holds.
    Inside,
    /// A number other than zero.
    Fixed(i64),
}

/// Calls `f(place, window, divisor)` for every window, in order.
#[inline(always)]
fn windows([d, h, w]: &[Axis; 3], divisor: Divisor, mut f: impl FnMut(usize, [&Span; 3], i64)) {
    let inside = |s: &Span| (s.end - s.start) as i64;
    let mut place = 0;
    for dd in d.spans() {
        for hh in h.spans() {
            let (sizes, insides) = ((dd.size as i64).saturating_mul(hh.size as i64), inside(dd) * inside(hh));
            for ww in w.spans() {
                let n = match divisor {
                    Divisor::Window => sizes.saturating_mul(ww.size as i64), // padding can make windows of any size
                    Divisor::Inside => insides * inside(ww),
                    Divisor::Fixed(n) => n,
                };
                f(place, [dd, hh, ww], n);
                place += 1;
            }
        }
    }
}

/// Calls `f` with every row of a window, as a range of the plane.
#[inline(always)]
fn rows([_, h, w]: &[Axis; 3], [dd, hh, ww]: [&Span; 3], mut f: impl FnMut(Range<usize>)) {
    for i in dd.start..dd.end {
        for j in hh.start..hh.end {
            let row = (i * h.len() + j) * w.len();
            f(row + ww.start..row + ww.end);
        }
    }
}

/// Rows from this length on are summed in lanes.
const LONG: usize = 32;

fn in_lanes<T: Mean>(x: &[T]) -> T {
    let (blocks, rest) = x.as_chunks::<16>();
    let mut lanes = [T::default(); 16];
    for block in blocks {
        lanes.iter_mut().zip(block).for_each(|(sum, &e)| *sum = sum.plus(e));
    }
    lanes.iter().chain(rest).fold(T::default(), |sum, &e| sum.plus(e))
}

/// y = the mean of each window. Windows have no gaps.
pub(crate) fn avg_forward<T: Mean>(planes: usize, axes: &[Axis; 3], divisor: Divisor, x: &[T], y: &mut [T]) {
    let (input, output) = check(planes, axes, x.len(), y.len());
    let out = Raw::new(y);
    chunks(planes, grain(input), &|range| {
        for p in range {
            // SAFETY: each plane belongs to one task, lengths are checked.
            let (x, y) = (&x[p * input..][..input], unsafe { out.slice(p * output, output) });
            windows(axes, divisor, |place, window, n| {
                let mut sum = T::default();
                rows(axes, window, |row| match &x[row] {
                    long if long.len() >= LONG => sum = sum.plus(in_lanes(long)),
                    short => short.iter().for_each(|&e| sum = sum.plus(e)),
                });
                y[place] = sum.over(n);
            });
        }
    });
}

/// dx = the gradient of [`avg_forward`].
pub(crate) fn avg_backward<T: Float>(planes: usize, axes: &[Axis; 3], divisor: Divisor, dy: &[T], dx: &mut [T]) {
    let (input, output) = check(planes, axes, dx.len(), dy.len());
    let out = Raw::new(dx);
    chunks(planes, grain(input), &|range| {
        for p in range {
            // SAFETY: each plane belongs to one task, lengths are checked.
            let (dy, dx) = (&dy[p * output..][..output], unsafe { out.slice(p * input, input) });
            dx.fill(T::ZERO);
            windows(axes, divisor, |place, window, n| {
                let g = dy[place] / T::from_f64(n as f64);
                rows(axes, window, |row| dx[row].iter_mut().for_each(|e| *e += g));
            });
        }
    });
}
