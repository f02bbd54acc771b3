//! Sliding windows of pooling layers: their geometry and its checks.

use crate::spatial::{Planes, spread};
use crate::wide::{by, list};
use candlewick_kernels::pooling::Axis;
use candlewick_tensor::{Error, Result, Tensor};

/// Geometry of a pooling; each list has one number per spatial dimension, or one for all.
#[derive(Clone, Debug)]
pub struct PoolConfig {
    /// The window.
    pub kernel: Vec<usize>,
    /// Its steps; an empty list means the window.
    pub stride: Vec<usize>,
    /// Padding on both sides.
    pub padding: Vec<usize>,
    /// Gaps between the window's elements.
    pub dilation: Vec<usize>,
    /// Whether windows may hang over the end.
    pub ceil_mode: bool,
}

/// Windows over an input of known size.
#[derive(Clone, Debug)]
pub(crate) struct Windows {
    pub planes: Planes,
    pub output: [usize; 3],
    kernel: [usize; 3],
    stride: [usize; 3],
    padding: [usize; 3],
    dilation: [usize; 3],
}

impl Windows {
    /// Checks what all poolings share, in PyTorch's words.
    pub fn of(op: &str, x: &Tensor, spatial: usize, c: &PoolConfig) -> Result<Windows> {
        let fail = |m: String| Err(Error::Shape(m));
        let (min, max) = (spatial + 1, spatial + 2);
        if ![min, max].contains(&x.rank()) || x.shape()[x.rank() - min..].contains(&0) {
            return fail(format!(
                "{op}: Expected {min}D or {max}D (batch mode) tensor with optional 0 dim batch size for input, but got: {}",
                list(x.shape())
            ));
        }
        let kernel = spread(op, "kernel_size", &c.kernel, spatial, 1)?;
        let stride = if c.stride.is_empty() { kernel } else { spread(op, "stride", &c.stride, spatial, 1)? };
        let padding = spread(op, "padding", &c.padding, spatial, 0)?;
        let dilation = spread(op, "dilation", &c.dilation, spatial, 1)?;
        if kernel.iter().chain(&stride).chain(&padding).chain(&dilation).any(|&v| v >= 1 << 31) {
            return fail(format!("{op}: expected sizes below 2^31"));
        }
        let own = 3 - spatial;
        for (name, values) in [("kernel size", kernel), ("stride", stride), ("dilation", dilation)] {
            if values.contains(&0) {
                return fail(format!("{name} should be greater than zero, but got {}", by(&values[own..], " x ")));
            }
        }
        for i in own..3 {
            if padding[i] > ((kernel[i] - 1) * dilation[i]).div_ceil(2) {
                return fail(format!(
                    "pad should be at most half of effective kernel size, but got pad={}, kernel_size={} and dilation={}",
                    padding[i], kernel[i], dilation[i]
                ));
            }
        }
        let planes = Planes::of(x, spatial);
        let at = |i: usize| count(planes.size[i], kernel[i], stride[i], padding[i], dilation[i], c.ceil_mode);
        let output: [i64; 3] = std::array::from_fn(at);
        if output.iter().any(|&n| n < 1) {
            let channels = x.shape()[x.rank() - min];
            let sizes = output[own..].iter().map(|n| n.to_string()).collect::<Vec<_>>().join("x");
            return fail(format!(
                "Given input size: ({}). Calculated output size: ({channels}x{sizes}). Output size is too small",
                by(&x.shape()[x.rank() - min..], "x"),
            ));
        }
        Ok(Windows { planes, output: output.map(|n| n as usize), kernel, stride, padding, dilation })
    }

    /// The windows along each axis.
    pub fn axes(&self) -> [Axis; 3] {
        std::array::from_fn(|i| {
            Axis::sliding(
                self.planes.size[i],
                self.kernel[i],
                self.stride[i],
                self.padding[i],
                self.dilation[i],
                self.output[i],
            )
        })
    }
}

/// The number of windows along one dimension. In ceil mode the last one must start inside the input or its left padding.
fn count(input: usize, kernel: usize, stride: usize, padding: usize, dilation: usize, ceil: bool) -> i64 {
    let [input, kernel, stride, padding, dilation] = [input, kernel, stride, padding, dilation].map(|v| v as i64);
    let room = input + 2 * padding - dilation * (kernel - 1) - 1 + if ceil { stride - 1 } else { 0 };
    let n = room.div_euclid(stride) + 1;
    if ceil && (n - 1) * stride >= input + padding { n - 1 } else { n }
}
