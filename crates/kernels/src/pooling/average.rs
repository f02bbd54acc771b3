//! Average pooling.

use super::{Axis, Span, check, grain};
use crate::float::Float;
use crate::memory::Pod;
use crate::pool::chunks;
use crate::raw::Raw;
use std::ops::Range;

/// Numbers that have a mean; integers round it towards zero.
pub trait Mean: Pod + Default + Send + Sync {
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
pub fn avg_forward<T: Mean>(planes: usize, axes: &[Axis; 3], divisor: Divisor, x: &[T], y: &mut [T]) {
    let (input, output) = check(planes, axes, x.len(), y.len());
    let out = Raw::new(y);
    chunks(planes, grain(input), |range| {
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

/// dx = the gradient of `avg_forward`.
pub fn avg_backward<T: Float>(planes: usize, axes: &[Axis; 3], divisor: Divisor, dy: &[T], dx: &mut [T]) {
    let (input, output) = check(planes, axes, dx.len(), dy.len());
    let out = Raw::new(dx);
    chunks(planes, grain(input), |range| {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{close, random};

    #[test]
    fn divisors_are_pytorch_s() {
        // torch.nn.functional.avg_pool2d(torch.ones(1, 1, 4, 4), 3, 2, 1, ceil_mode=True, ...)
        let side = Axis::sliding(4, 3, 2, 1, 1, 3);
        let axes = [Axis::adaptive(1, 1), side.clone(), side];
        let mut y = [0f32; 9];
        avg_forward(1, &axes, Divisor::Window, &[1.0; 16], &mut y);
        let row = [4.0 / 9.0, 6.0 / 9.0, 2.0 / 6.0];
        let mid = [6.0 / 9.0, 1.0, 3.0 / 6.0];
        close(&y, &[row[0], row[1], row[2], mid[0], mid[1], mid[2], 2.0 / 6.0, 3.0 / 6.0, 1.0 / 4.0], "padded");
        avg_forward(1, &axes, Divisor::Inside, &[1.0; 16], &mut y);
        close(&y, &[1.0; 9], "inside");
        avg_forward(1, &axes, Divisor::Fixed(2), &[1.0; 16], &mut y);
        close(&y, &[2.0, 3.0, 1.0, 3.0, 4.5, 1.5, 1.0, 1.5, 0.5], "divisor");
        let mut whole = [0i64; 9];
        avg_forward(1, &axes, Divisor::Inside, &[-3; 16], &mut whole);
        assert_eq!(whole, [-3; 9]);
    }

    #[test]
    fn backward_is_the_transpose_of_forward() {
        // <y, A x> = <A' y, x>
        let x = random::<f64>(3 * 2 * 63, 1);
        let mut shapes =
            vec![[Axis::sliding(2, 2, 1, 1, 1, 3), Axis::sliding(7, 3, 2, 1, 1, 4), Axis::sliding(9, 2, 2, 0, 1, 4)]];
        for [rows, columns] in [[1, 1], [5, 6], [7, 9], [10, 4]] {
            shapes.push([Axis::adaptive(2, 1), Axis::adaptive(7, rows), Axis::adaptive(9, columns)]);
        }
        for axes in shapes {
            let n = 3 * axes.iter().map(|a| a.spans().len()).product::<usize>();
            let (dy, mut y, mut dx) = (random::<f64>(n, 3), vec![0.0; n], vec![9.0; x.len()]);
            for divisor in [Divisor::Window, Divisor::Inside, Divisor::Fixed(-5)] {
                avg_forward(3, &axes, divisor, &x, &mut y);
                avg_backward(3, &axes, divisor, &dy, &mut dx);
                let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
                assert!((dot(&y, &dy) - dot(&dx, &x)).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn adaptive_windows_overlap_where_sizes_do_not_divide() {
        let axes = [Axis::adaptive(1, 1), Axis::adaptive(1, 1), Axis::adaptive(5, 3)];
        let mut y = [0f32; 3];
        avg_forward(1, &axes, Divisor::Inside, &[1.0, 2.0, 3.0, 4.0, 5.0], &mut y);
        assert_eq!(y, [1.5, 3.0, 4.5]);
    }
}
