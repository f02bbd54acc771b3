//! Sampling images at the places of a grid. Every point is a short list of taps (element, weight, derivatives of the weight
//! by the point's coordinates): the output, the gradient of the image and that of the grid read the same list. Each of them has a derivative in a direction of the grid,
//! `along`, which is what their own gradients are made of.
//!
//! x is [N, C, D, H, W] (two dimensions have D = 1), the grid [N, points, 2 or 3] with x first, y [N, C, points].

mod taps;

pub use taps::{Filter, Outside};

use crate::float::Float;
use crate::pool::chunks;
use crate::raw::Raw;
use crate::sizes::product;
use taps::Points;

/// The shape of a sampling.
#[derive(Clone, Copy, Debug)]
pub struct Grid {
    /// Images.
    pub batch: usize,
    /// Channels.
    pub channels: usize,
    /// Depth, height, width.
    pub input: [usize; 3],
    /// Coordinates of a point, 2 or 3.
    pub dims: usize,
    /// Points of an image.
    pub points: usize,
    /// How a value is made of its neighbours.
    pub filter: Filter,
    /// What lies outside of the image.
    pub outside: Outside,
    /// Whether -1 and 1 are the centres of the outermost elements and not their edges.
    pub align_corners: bool,
}

impl Grid {
    fn plane(&self) -> usize {
        self.input.iter().product()
    }

    fn check(&self, x: usize, grid: usize, y: usize) {
        let [d, h, w] = self.input;
        assert!(matches!(self.dims, 2 | 3) && (self.dims == 3 || d == 1), "grid: dimensions of {self:?}");
        let want = (
            product(&[self.batch, self.channels, d, h, w]),
            product(&[self.batch, self.points, self.dims]),
            product(&[self.batch, self.channels, self.points]),
        );
        assert_eq!((x, grid, y), want, "grid: lengths for {self:?}");
    }

    /// Calls `f(image, points)` for the points of every image in blocks: a block's taps are found once and read for
    /// every channel, plane after plane.
    fn blocks<T: Float>(&self, grid: &[T], along: Option<&[T]>, f: impl Fn(usize, &Points<T>) + Sync) {
        let each = self.points.div_ceil(BLOCK);
        chunks(self.batch * each, (1 << 12) / (self.channels * BLOCK).max(1) + 1, |range| {
            let mut points = Points::new();
            for b in range {
                let (n, first) = (b / each, b % each * BLOCK);
                points.find(self, grid, along, n, first..(first + BLOCK).min(self.points));
                f(n, &points);
            }
        });
    }
}

/// Points whose taps are found together.
const BLOCK: usize = 64;

/// y = the values of x at the grid's points.
pub fn forward<T: Float>(v: &Grid, x: &[T], grid: &[T], along: Option<&[T]>, y: &mut [T]) {
    v.check(x.len(), grid.len(), y.len());
    let plane = v.plane();
    let out = Raw::new(y);
    v.blocks(grid, along, |n, points| {
        for c in n * v.channels..(n + 1) * v.channels {
            let x = &x[c * plane..][..plane];
            // SAFETY: each point belongs to one task, lengths are checked.
            let y = unsafe { out.slice(c * v.points + points.first, points.len()) };
            for (p, y) in y.iter_mut().enumerate() {
                *y = T::ZERO;
                for t in points.taps(p) {
                    *y += x[t.at] * t.weight;
                }
            }
        }
    });
}

/// dx = the gradient of the image.
pub fn backward_input<T: Float>(v: &Grid, dy: &[T], grid: &[T], along: Option<&[T]>, dx: &mut [T]) {
    v.check(dx.len(), grid.len(), dy.len());
    let plane = v.plane();
    let out = Raw::new(dx);
    chunks(v.batch, 1, |range| {
        let mut points = Points::new();
        for n in range {
            // SAFETY: each image belongs to one task, lengths are checked.
            let dx = unsafe { out.slice(n * v.channels * plane, v.channels * plane) };
            dx.fill(T::ZERO);
            for first in (0..v.points).step_by(BLOCK) {
                points.find(v, grid, along, n, first..(first + BLOCK).min(v.points));
                for (c, dx) in dx.chunks_exact_mut(plane).enumerate() {
                    let dy = &dy[(n * v.channels + c) * v.points + first..][..points.len()];
                    for (p, &g) in dy.iter().enumerate() {
                        points.taps(p).iter().for_each(|t| dx[t.at] += g * t.weight);
                    }
                }
            }
        }
    });
}

/// dgrid = the gradient of the grid.
pub fn backward_grid<T: Float>(v: &Grid, dy: &[T], x: &[T], grid: &[T], along: Option<&[T]>, dgrid: &mut [T]) {
    v.check(x.len(), grid.len(), dy.len());
    assert_eq!(grid.len(), dgrid.len(), "grid: one gradient for each coordinate");
    let plane = v.plane();
    let out = Raw::new(dgrid);
    v.blocks(grid, along, |n, points| {
        let mut sums = [[T::ZERO; 3]; BLOCK];
        for c in n * v.channels..(n + 1) * v.channels {
            let (x, dy) = (&x[c * plane..][..plane], &dy[c * v.points + points.first..][..points.len()]);
            for (p, (&g, sums)) in dy.iter().zip(&mut sums).enumerate() {
                for t in points.taps(p) {
                    let value = x[t.at] * g;
                    sums.iter_mut().zip(t.slopes).for_each(|(sum, slope)| *sum += value * slope);
                }
            }
        }
        // SAFETY: each point belongs to one task, lengths are checked.
        let to = unsafe { out.slice((n * v.points + points.first) * v.dims, points.len() * v.dims) };
        to.chunks_exact_mut(v.dims).zip(sums).for_each(|(to, sums)| to.copy_from_slice(&sums[..v.dims]));
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{random, same_on_threads};

    fn shapes() -> Vec<Grid> {
        let mut all = vec![];
        for align_corners in [false, true] {
            for outside in [Outside::Zeros, Outside::Border, Outside::Reflection] {
                for (dims, input, filter) in [
                    (2, [1, 4, 5], Filter::Linear),
                    (2, [1, 4, 5], Filter::Nearest),
                    (2, [1, 4, 5], Filter::Cubic),
                    (3, [3, 4, 5], Filter::Linear),
                    (3, [3, 4, 5], Filter::Nearest),
                    (3, [3, 4, 5], Filter::Cubic),
                ] {
                    all.push(Grid { batch: 2, channels: 3, input, dims, points: 11, filter, outside, align_corners });
                }
            }
        }
        all
    }

    #[test]
    fn the_gradients_agree_with_differences() {
        for v in shapes() {
            let x = random::<f64>(2 * 3 * v.plane(), 1);
            let grid: Vec<f64> = random::<f64>(2 * 11 * v.dims, 2).iter().map(|g| g * 1.6).collect();
            let dy = random::<f64>(2 * 3 * 11, 3);
            let loss = |x: &[f64], grid: &[f64]| {
                let mut y = vec![0.0; dy.len()];
                forward(&v, x, grid, None, &mut y);
                y.iter().zip(&dy).map(|(a, b)| a * b).sum::<f64>()
            };
            let (mut dx, mut dgrid) = (vec![9.0; x.len()], vec![9.0; grid.len()]);
            backward_input(&v, &dy, &grid, None, &mut dx);
            backward_grid(&v, &dy, &x, &grid, None, &mut dgrid);
            let dot: f64 = dx.iter().zip(&x).map(|(a, b)| a * b).sum();
            assert!((dot - loss(&x, &grid)).abs() < 1e-12, "{v:?}");
            for i in 0..grid.len() {
                let at = |by: f64| {
                    let mut g = grid.clone();
                    g[i] += by;
                    loss(&x, &g)
                };
                let numeric = (at(1e-6) - at(-1e-6)) / 2e-6;
                assert!((numeric - dgrid[i]).abs() < 1e-6, "{v:?} {i}: {} is not {numeric}", dgrid[i]);
            }
            same_on_threads(dy.len(), |y| forward(&v, &x, &grid, None, y));
        }
    }

    #[test]
    fn coordinates_that_are_no_numbers_stay_inside_the_slice() {
        for v in shapes() {
            let x = random::<f32>(2 * 3 * v.plane(), 1);
            for odd in [f32::NAN, f32::INFINITY, -f32::INFINITY, 1e30, -1e30] {
                let mut y = vec![0.0; 66];
                forward(&v, &x, &vec![odd; 22 * v.dims], None, &mut y);
                assert!(v.filter == Filter::Cubic || y.iter().all(|y| y.is_finite()), "{v:?} {odd}");
            }
        }
    }
}
