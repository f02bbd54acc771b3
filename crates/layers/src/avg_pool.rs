//! Average pooling. Both directions are linear and each is the other's gradient.

use crate::max_pool::check_pool;
use crate::wide::{in_f32, is_half, wide};
use candlewick_kernels::pooling::{self as kernel, Pool2d};
use candlewick_tensor::autograd::Tape;
use candlewick_tensor::ops::{squeeze, unsqueeze};
use candlewick_tensor::{Error, Result, Tensor, memory};

/// Geometry of an average pooling.
#[derive(Clone, Copy, Debug)]
pub struct AvgPoolConfig {
    /// The window.
    pub kernel: [usize; 2],
    /// Its steps.
    pub stride: [usize; 2],
    /// Zeros on both sides.
    pub padding: [usize; 2],
    /// Whether windows may hang over the end.
    pub ceil_mode: bool,
    /// Whether padding counts in the divisor.
    pub count_include_pad: bool,
    /// A divisor instead of the window's size.
    pub divisor: Option<usize>,
}

/// What a pooling averages over: windows of a geometry, or a fixed number of nearly equal bins.
#[derive(Clone, Copy)]
enum Windows {
    Sliding(Pool2d, bool, Option<usize>),
    Adaptive { planes: usize, input: [usize; 2], output: [usize; 2] },
}

impl Windows {
    fn sizes(&self) -> ([usize; 2], [usize; 2]) {
        match self {
            Windows::Sliding(v, ..) => (v.input, v.output),
            Windows::Adaptive { input, output, .. } => (*input, *output),
        }
    }
    fn name(&self, back: bool) -> &'static str {
        match (self, back) {
            (Windows::Sliding(..), false) => "AvgPool2DBackward0",
            (Windows::Sliding(..), true) => "AvgPool2DBackwardBackward0",
            (_, false) => "AdaptiveAvgPool2DBackward0",
            (_, true) => "AdaptiveAvgPool2DBackwardBackward0",
        }
    }
}

/// The mean of each window of x [N, C, H, W] (or [C, H, W]).
pub fn avg_pool2d(x: &Tensor, c: &AvgPoolConfig) -> Result<Tensor> {
    let output = check_pool("avg_pool2d", x, c.kernel, c.stride, c.padding, [1, 1], c.ceil_mode)?;
    if c.divisor == Some(0) {
        return Err(Error::Argument("divisor must be not zero".into()));
    }
    batched(x, |x| {
        let s = x.shape();
        let v = Pool2d {
            planes: s[0] * s[1],
            input: [s[2], s[3]],
            kernel: c.kernel,
            stride: c.stride,
            padding: c.padding,
            dilation: [1, 1],
            output,
        };
        pool(x, Windows::Sliding(v, c.count_include_pad, c.divisor), false)
    })
}

/// The means of `size` bins a dimension; None keeps the extent.
pub fn adaptive_avg_pool2d(x: &Tensor, size: [Option<usize>; 2]) -> Result<Tensor> {
    if ![3, 4].contains(&x.rank()) || x.shape()[x.rank() - 2..].contains(&0) {
        return Err(Error::Shape(format!("adaptive_avg_pool2d(): Expected 3D or 4D tensor, but got {:?}", x.shape())));
    }
    batched(x, |x| {
        let s = x.shape();
        let output = [size[0].unwrap_or(s[2]), size[1].unwrap_or(s[3])];
        pool(x, Windows::Adaptive { planes: s[0] * s[1], input: [s[2], s[3]], output }, false)
    })
}

fn batched(x: &Tensor, f: impl FnOnce(&Tensor) -> Result<Tensor>) -> Result<Tensor> {
    if is_half(x.dtype()) {
        return in_f32(x, |x| batched(x, f));
    }
    if x.rank() == 3 { squeeze(&f(&unsqueeze(x, 0)?)?, Some(&[0])) } else { f(x) }
}

/// Averages, or (`back`) spreads a gradient over the windows.
fn pool(x: &Tensor, w: Windows, back: bool) -> Result<Tensor> {
    let x = x.contiguous()?;
    let (input, output) = w.sizes();
    let to = if back { input } else { output };
    let dims = [x.shape()[0], x.shape()[1], to[0], to[1]];
    let y = wide!("avg_pool2d", x.dtype(), T => {
        let from = x.data::<T>()?;
        let mut y = memory::alloc::<T>(dims.iter().product())?;
        match (&w, back) {
            (Windows::Sliding(v, pad, divisor), false) => kernel::avg_forward(v, *pad, *divisor, from, &mut y),
            (Windows::Sliding(v, pad, divisor), true) => kernel::avg_backward(v, *pad, *divisor, from, &mut y),
            (Windows::Adaptive { planes, .. }, false) => kernel::adaptive_avg_forward(*planes, input, output, from, &mut y),
            (Windows::Adaptive { planes, .. }, true) => kernel::adaptive_avg_backward(*planes, input, output, from, &mut y),
        }
        Tensor::from_vec(y, &dims)
    });
    Tape::of(w.name(back), &[&x]).record(y, move |c| c.each(&[&|| pool(&c.gy()?, w, !back)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{gradcheck, gradgradcheck, leaf, wave};

    #[test]
    fn gradients_agree_with_differences() {
        let x = [leaf(wave(&[2, 2, 5, 6], 0.1))];
        for (ceil_mode, count_include_pad, divisor) in [(false, true, None), (true, false, None), (true, true, Some(3))]
        {
            let c = AvgPoolConfig {
                kernel: [3, 2],
                stride: [2, 2],
                padding: [1, 0],
                ceil_mode,
                count_include_pad,
                divisor,
            };
            gradcheck(&x, |v| avg_pool2d(&v[0], &c));
            gradgradcheck(&x, |v| avg_pool2d(&v[0], &c));
        }
        gradcheck(&x, |v| adaptive_avg_pool2d(&v[0], [Some(3), None]));
    }
}
