//! Spatial pooling of planes [H, W]: maximum with indices, average, adaptive average; PyTorch's rules.

mod average;
mod max;
mod two;

pub use average::{adaptive_avg_backward, adaptive_avg_forward, avg_backward, avg_forward};
pub use max::{max_backward, max_forward};

use crate::sizes::product;

/// The shape of a pooling; all pairs are (height, width).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pool2d {
    /// Images times channels.
    pub planes: usize,
    /// Input size.
    pub input: [usize; 2],
    /// Window size.
    pub kernel: [usize; 2],
    /// Steps between windows.
    pub stride: [usize; 2],
    /// Padding on each side: minus infinity or zeros.
    pub padding: [usize; 2],
    /// Steps between the elements of a window.
    pub dilation: [usize; 2],
    /// Output size, floor or ceil as the caller decided.
    pub output: [usize; 2],
}

impl Pool2d {
    fn check(&self, x: usize, y: usize) {
        let [h, w] = self.input;
        let [oh, ow] = self.output;
        assert_eq!(
            (x, y),
            (product(&[self.planes, h, w]), product(&[self.planes, oh, ow])),
            "pooling: lengths of input and output for {self:?}"
        );
        assert!(
            self.kernel.iter().chain(&self.stride).chain(&self.dilation).all(|&a| a > 0),
            "pooling: zero in {self:?}"
        );
        for i in 0..2 {
            let last = (self.output[i].max(1) - 1) * self.stride[i];
            assert!(
                self.output[i] == 0 || last < self.input[i] + self.padding[i],
                "pooling: a window misses the input in {self:?}"
            );
        }
    }
}

/// Elements below which a pass stays on one thread.
const GRAIN: usize = 1 << 14;

fn grain(plane: usize) -> usize {
    GRAIN / plane.max(1) + 1
}
