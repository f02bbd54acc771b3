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
        let min = spatial + 1;
        check_input(op, x, min)?;
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
            if padding[i] > kernel[i] / 2 && op == "max_pool1d" {
                return fail(format!(
                    "max_pool1d() padding should be at most half of kernel size, but got padding={} and kernel_size={}",
                    padding[i], kernel[i]
                ));
            }
            if padding[i] > ((kernel[i] - 1) * dilation[i]).div_ceil(2) {
                return fail(format!(
                    "pad should be at most half of effective kernel size, but got pad={}, kernel_size={} and dilation={}",
                    padding[i], kernel[i], dilation[i]
                ));
            }
        }
        if (own..3).any(|i| padding[i] > kernel[i] / 2) {
            let ([pt, ph, pw], [kt, kh, kw]) = (padding, kernel);
            return fail(match spatial {
                3 => format!(
                    "pad should be smaller than or equal to half of kernel size, but got kT: {kt} kW: {kw} kH: {kh} padT: {pt} padW: {pw} padH: {ph}"
                ),
                _ => format!(
                    "pad should be smaller than or equal to half of kernel size, but got padW = {pw}, padH = {ph}, kW = {kw}, kH = {kh}"
                ),
            });
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

/// What a pooling takes: [C, ...] or [N, C, ...] of `min` or `min + 1` dimensions, of which only the batch may be empty.
fn check_input(op: &str, x: &Tensor, min: usize) -> Result<()> {
    let (rank, max) = (x.rank(), min + 1);
    let fits = rank == min || rank == max;
    let empty = (rank - min.min(rank)..rank).find(|&d| x.shape()[d] == 0);
    if fits && empty.is_none() {
        return Ok(());
    }
    let sizes = list(x.shape());
    Err(Error::Shape(match (op, empty) {
        ("max_pool2d" | "max_pool3d" | "avg_pool3d", _) if !fits => {
            format!("non-empty {min}D or {max}D (batch mode) tensor expected for input")
        }
        ("avg_pool1d", _) if !fits => format!(
            "Expected 2 to 3 dimensions, but got {rank}-dimensional tensor for argument #1 'self' (while checking arguments for avg_pool1d)"
        ),
        ("max_pool3d" | "avg_pool3d", Some(d)) => {
            let name = if op == "max_pool3d" { "max_pool3d_with_indices_out_cpu_template" } else { "avg_pool3d" };
            format!(
                "{name}(): Expected input to have non-zero size for non-batch dimensions, but input has sizes {sizes} with dimension {d} being empty"
            )
        }
        _ => {
            let name = if op == "max_pool1d" { "max_pool1d: " } else { "" };
            format!(
                "{name}Expected {min}D or {max}D (batch mode) tensor with optional 0 dim batch size for input, but got:{sizes}"
            )
        }
    }))
}

/// The number of windows along one dimension. In ceil mode the last one must start inside the input or its left padding.
fn count(input: usize, kernel: usize, stride: usize, padding: usize, dilation: usize, ceil: bool) -> i64 {
    let [input, kernel, stride, padding, dilation] = [input, kernel, stride, padding, dilation].map(|v| v as i64);
    let room = input + 2 * padding - dilation * (kernel - 1) - 1 + if ceil { stride - 1 } else { 0 };
    let n = room.div_euclid(stride) + 1;
    if ceil && (n - 1) * stride >= input + padding { n - 1 } else { n }
}
