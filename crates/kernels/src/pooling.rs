//! Pooling of planes [D, H, W], one or two dimensions with ones in front. A window is the product of one span an axis:
//! sliding, adaptive and fractional pooling differ in their spans alone.

mod average;
mod max;
mod spans;
mod two;

pub use average::Divisor;
pub(crate) use average::{avg_backward, avg_forward};
pub(crate) use max::{max_backward, max_forward, unpool};
pub use spans::{Axis, Span};

use crate::sizes::product;

/// Elements of an input and of an output plane.
fn areas(axes: &[Axis; 3]) -> (usize, usize) {
    (product(&axes.each_ref().map(|a| a.len())), product(&axes.each_ref().map(|a| a.spans().len())))
}

/// Elements of both planes, for slices of these lengths.
fn check(planes: usize, axes: &[Axis; 3], x: usize, y: usize) -> (usize, usize) {
    let (input, output) = areas(axes);
    let lengths = (product(&[planes, input]), product(&[planes, output]));
    assert_eq!((x, y), lengths, "pooling: lengths of input and output");
    (input, output)
}

/// Elements below which a pass stays on one thread.
const GRAIN: usize = 1 << 14;

fn grain(plane: usize) -> usize {
    GRAIN / plane.max(1) + 1
}
