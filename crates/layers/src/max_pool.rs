//! Max pooling: the largest value of each window, and where it was.

use crate::wide::{by, in_f32, is_half, list, wide};
use candlewick_kernels::pooling::{self as kernel, Pool2d};
use candlewick_tensor::autograd::{Tape, is_grad_enabled};
use candlewick_tensor::ops::{reshape, scatter_add, squeeze, unsqueeze};
use candlewick_tensor::{Error, Result, Scalar, Tensor, memory};

/// Geometry of a max pooling.
#[derive(Clone, Copy, Debug)]
pub struct MaxPoolConfig {
    /// The window.
    pub kernel: [usize; 2],
    /// Its steps.
    pub stride: [usize; 2],
    /// Implicit minus infinity on both sides.
    pub padding: [usize; 2],
    /// Gaps between the window's taps.
    pub dilation: [usize; 2],
    /// Whether windows may hang over the end.
    pub ceil_mode: bool,
}

/// The number of windows along one dimension. In ceil mode the last one must start inside the input or its left padding.
pub(crate) fn windows(input: usize, kernel: usize, stride: usize, padding: usize, dilation: usize, ceil: bool) -> i64 {
    let (input, kernel, stride, padding, dilation) =
        (input as i64, kernel as i64, stride as i64, padding as i64, dilation as i64);
    let room = input + 2 * padding - dilation * (kernel - 1) - 1 + if ceil { stride - 1 } else { 0 };
    let n = room.div_euclid(stride) + 1;
    if ceil && (n - 1) * stride >= input + padding { n - 1 } else { n }
}

/// Checks what all poolings share; returns their output size.
pub(crate) fn check_pool(
    op: &str,
    x: &Tensor,
    kernel: [usize; 2],
    stride: [usize; 2],
    padding: [usize; 2],
    dilation: [usize; 2],
    ceil: bool,
) -> Result<[usize; 2]> {
    let fail = |m: String| Err(Error::Shape(m));
    if ![3, 4].contains(&x.rank()) || x.shape()[1..].contains(&0) {
        return fail(format!(
            "{op}: Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got: {}",
            list(x.shape())
        ));
    }
    let limit = 1 << 31;
    if kernel.iter().chain(&stride).chain(&padding).chain(&dilation).any(|&v| v >= limit) {
        return fail(format!("{op}: expected sizes below 2^31"));
    }
    for (name, values) in [("kernel size", kernel), ("stride", stride), ("dilation", dilation)] {
        if values.contains(&0) {
            return fail(format!("{name} should be greater than zero, but got {}", by(&values, " x ")));
        }
    }
    for i in 0..2 {
        let effective = (kernel[i] - 1) * dilation[i] + 1;
        if padding[i] > effective / 2 {
            return fail(format!(
                "pad should be at most half of effective kernel size, but got pad={}, kernel_size={} and dilation={}",
                padding[i], kernel[i], dilation[i]
            ));
        }
    }
    let at = |i: usize| windows(x.shape()[x.rank() - 2 + i], kernel[i], stride[i], padding[i], dilation[i], ceil);
    let out = [at(0), at(1)];
    if out.iter().any(|&n| n < 1) {
        let s = &x.shape()[x.rank() - 3..];
        return fail(format!(
            "Given input size: ({}). Calculated output size: ({}x{}x{}). Output size is too small",
            by(s, "x"),
            s[0],
            out[0],
            out[1]
        ));
    }
    Ok([out[0] as usize, out[1] as usize])
}

/// The maxima of x [N, C, H, W] (or [C, H, W]) and their int64 positions in each H x W plane. Of equal values the first wins;
/// NaN wins over all.
pub fn max_pool2d(x: &Tensor, c: &MaxPoolConfig) -> Result<(Tensor, Tensor)> {
    let output = check_pool("max_pool2d", x, c.kernel, c.stride, c.padding, c.dilation, c.ceil_mode)?;
    if x.rank() == 3 {
        let (y, at) = max_pool2d(&unsqueeze(x, 0)?, c)?;
        return Ok((squeeze(&y, Some(&[0]))?, squeeze(&at, Some(&[0]))?));
    }
    if is_half(x.dtype()) {
        let mut places = None;
        let y = in_f32(x, |x| {
            let (y, at) = max_pool2d(x, c)?;
            places = Some(at);
            Ok(y)
        })?;
        return Ok((y, places.unwrap_or_else(|| x.clone())));
    }
    let x = x.contiguous()?;
    let s = x.shape().to_vec();
    let (planes, in_plane) = (s[0] * s[1], s[2] * s[3]);
    let v = Pool2d {
        planes,
        input: [s[2], s[3]],
        kernel: c.kernel,
        stride: c.stride,
        padding: c.padding,
        dilation: c.dilation,
        output,
    };
    let dims = [s[0], s[1], output[0], output[1]];
    let n = dims.iter().product();
    let mut places = memory::alloc::<i64>(n)?;
    let y = wide!("max_pool2d", x.dtype(), T => {
        let mut y = memory::alloc::<T>(n)?;
        kernel::max_forward(&v, x.data::<T>()?, &mut y, &mut places);
        Tensor::from_vec(y, &dims)
    });
    let places = Tensor::from_vec(places, &dims);
    let y = Tape::of("MaxPool2DWithIndicesBackward0", &[&x]).keep(&places).record(y, move |c| {
        c.each(&[&|| {
            let (gy, places) = (c.gy()?.contiguous()?, c.saved(0)?);
            if is_grad_enabled() {
                let rows = |t: &Tensor| reshape(t, &[planes as i64, -1]);
                let zeros = Tensor::full(&[planes, in_plane], Scalar::Int(0), gy.dtype())?;
                let dx = scatter_add(&zeros, 1, &rows(&places)?, &rows(&gy)?)?;
                return reshape(&dx, &s.iter().map(|&d| d as i64).collect::<Vec<_>>());
            }
            wide!("max_pool2d_backward", gy.dtype(), T => {
                let mut dx = memory::alloc::<T>(planes * in_plane)?;
                kernel::max_backward(planes, in_plane, output[0] * output[1], gy.data::<T>()?, places.data::<i64>()?, &mut dx);
                Ok(Tensor::from_vec(dx, &s))
            })
        }])
    })?;
    Ok((y, places))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{gradcheck, gradgradcheck, leaf, wave};

    #[test]
    fn gradients_agree_with_differences() {
        let c = MaxPoolConfig { kernel: [3, 2], stride: [2, 1], padding: [1, 0], dilation: [1, 2], ceil_mode: true };
        let x = [leaf(wave(&[2, 2, 6, 5], 0.1))];
        gradcheck(&x, |v| Ok(max_pool2d(&v[0], &c)?.0));
        gradgradcheck(&x, |v| Ok(max_pool2d(&v[0], &c)?.0));
    }

    #[test]
    fn a_window_without_room_is_named() {
        let c = MaxPoolConfig { kernel: [3, 3], stride: [3, 3], padding: [0, 0], dilation: [1, 1], ceil_mode: false };
        let e = max_pool2d(&wave(&[1, 3, 2, 2], 0.0), &c).err().map(|e| e.to_string());
        assert_eq!(
            e.as_deref(),
            Some("Given input size: (3x2x2). Calculated output size: (3x0x0). Output size is too small")
        );
    }
}
