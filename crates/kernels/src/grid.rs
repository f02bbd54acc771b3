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
        chunks(self.batch * each, (1 << 12) / (self.channels * BLOCK).max(1) + 1, &|range| {
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
pub(crate) fn forward<T: Float>(v: &Grid, x: &[T], grid: &[T], along: Option<&[T]>, y: &mut [T]) {
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
pub(crate) fn backward_input<T: Float>(v: &Grid, dy: &[T], grid: &[T], along: Option<&[T]>, dx: &mut [T]) {
    v.check(dx.len(), grid.len(), dy.len());
    let plane = v.plane();
    let out = Raw::new(dx);
    chunks(v.batch, 1, &|range| {
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
pub(crate) fn backward_grid<T: Float>(v: &Grid, dy: &[T], x: &[T], grid: &[T], along: Option<&[T]>, dgrid: &mut [T]) {
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
