//! Convolution in one, two or three dimensions: y[n, o] = b[o] + sum over c of w[o, c] * x[n, c]  (cross-correlation).
//!
//! Three operations, each the derivative of the others: forward C(x, w), input gradient D(g, w), weight gradient W(x, g).

use crate::wide::{by, in_f32, is_half, list, wide};
use candlewick_kernels::conv::{self as kernel, Conv};
use candlewick_tensor::autograd::Tape;
use candlewick_tensor::ops::{reshape, squeeze, sum, unsqueeze};
use candlewick_tensor::{DType, Error, Result, Tensor, memory};

/// Geometry of a convolution; each list has one entry per spatial dimension, or one for all.
#[derive(Clone, Debug)]
pub struct ConvConfig {
    /// Steps of the window.
    pub stride: Vec<usize>,
    /// Zeros on both sides.
    pub padding: Vec<usize>,
    /// Gaps between the window's taps.
    pub dilation: Vec<usize>,
    /// Independent groups of channels.
    pub groups: usize,
}

/// Convolves x [N, C, ...] (or [C, ...]) with w [O, C / groups, ...].
/// Errors, in PyTorch's words: ranks, channels, groups, windows larger than the padded input, dtypes.
pub fn conv(x: &Tensor, w: &Tensor, b: Option<&Tensor>, spatial: usize, c: &ConvConfig) -> Result<Tensor> {
    let name = format!("conv{spatial}d");
    if x.rank() == spatial + 1 && w.rank() == spatial + 2 {
        return squeeze(&conv(&unsqueeze(x, 0)?, w, b, spatial, c)?, Some(&[0]));
    }
    if is_half(x.dtype()) && x.dtype() == w.dtype() {
        let wide = |p: &Tensor| p.to_dtype(DType::F32);
        let (w, b) = (wide(w)?, b.map(wide).transpose()?);
        return in_f32(x, |x| conv(x, &w, b.as_ref(), spatial, c));
    }
    let v = check(&name, x, w, b, spatial, c)?;
    let (x, w) = (x.contiguous()?, w.contiguous()?);
    forward(&name, v, &x, &w, b)
}

fn check(name: &str, x: &Tensor, w: &Tensor, b: Option<&Tensor>, spatial: usize, c: &ConvConfig) -> Result<Conv> {
    let fail = |m: String| Err(Error::Shape(m));
    if x.rank() != spatial + 2 || w.rank() != spatial + 2 {
        if w.rank() != spatial + 2 {
            return fail(format!("weight should have {} dimensions, but got {}", spatial + 2, list(w.shape())));
        }
        return fail(format!(
            "Expected {}D (unbatched) or {}D (batched) input to {name}, but got input of size: {}",
            spatial + 1,
            spatial + 2,
            list(x.shape())
        ));
    }
    let stride = spread("stride", &c.stride, spatial, 1)?;
    let padding = spread("padding", &c.padding, spatial, 0)?;
    let dilation = spread("dilation", &c.dilation, spatial, 1)?;
    if c.groups == 0 {
        return fail("non-positive groups is not supported".into());
    }
    if stride.contains(&0) {
        return fail("non-positive stride is not supported".into());
    }
    if dilation.contains(&0) {
        return fail("dilation should be greater than zero".into());
    }
    let (out, per_group) = (w.shape()[0], w.shape()[1]);
    if out % c.groups != 0 {
        return fail(format!(
            "Given groups={}, expected weight to be divisible by {} at dimension 0, but got weight of size {} instead",
            c.groups,
            c.groups,
            list(w.shape())
        ));
    }
    if x.shape()[1] != per_group * c.groups {
        return fail(format!(
            "Given groups={}, weight of size {}, expected input{} to have {} channels, but got {} channels instead",
            c.groups,
            list(w.shape()),
            list(x.shape()),
            per_group * c.groups,
            x.shape()[1]
        ));
    }
    if let Some(b) = b
        && b.shape() != [out]
    {
        return fail(format!(
            "Given weight of size {}, expected bias to be 1-dimensional with {out} elements, but got bias of size {} instead",
            list(w.shape()),
            list(b.shape())
        ));
    }
    if let Some(p) = [Some(w), b].into_iter().flatten().find(|p| p.dtype() != x.dtype()) {
        let (have, want) = (x.dtype().title().to_lowercase(), p.dtype().title().to_lowercase());
        return Err(Error::DType(format!("Input type ({have}) and bias type ({want}) should be the same")));
    }
    let padded = |d: usize| x.shape()[2 + d].saturating_add(padding[3 - spatial + d].saturating_mul(2));
    let reach = |d: usize| (w.shape()[2 + d].max(1) - 1).saturating_mul(dilation[3 - spatial + d]).saturating_add(1);
    if (0..spatial).any(|d| padded(d) < reach(d) || w.shape()[2 + d] == 0) {
        let sizes = |f: &dyn Fn(usize) -> usize| by(&(0..spatial).map(f).collect::<Vec<_>>(), " x ");
        return fail(format!(
            "Calculated padded input size per channel: ({}). Kernel size: ({}). Kernel size can't be greater than actual input size",
            sizes(&padded),
            sizes(&reach)
        ));
    }
    let three =
        |s: &[usize]| -> [usize; 3] { std::array::from_fn(|i| (i + spatial).checked_sub(3).map_or(1, |d| s[2 + d])) };
    let v = Conv {
        batch: x.shape()[0],
        channels: x.shape()[1],
        out_channels: out,
        groups: c.groups,
        input: three(x.shape()),
        kernel: three(w.shape()),
        stride,
        padding,
        dilation,
    };
    Ok(v)
}

/// A list of one or `spatial` numbers as three, leading dimensions neutral.
fn spread(what: &str, list: &[usize], spatial: usize, neutral: usize) -> Result<[usize; 3]> {
    if list.len() != 1 && list.len() != spatial {
        return Err(Error::Shape(format!(
            "expected {what} to be a single integer value or a list of {spatial} values to match the convolution dimensions, but got {what}={list:?}"
        )));
    }
    Ok(std::array::from_fn(|i| match (i + spatial).checked_sub(3) {
        Some(d) => list[if list.len() == 1 { 0 } else { d }],
        None => neutral,
    }))
}

/// The shape [N, channels, ...] without the leading neutral dimensions.
fn shape_of(first: usize, channels: usize, size: [usize; 3], rank: usize) -> Vec<usize> {
    [&[first, channels], &size[5 - rank..]].concat()
}

fn forward(name: &str, v: Conv, x: &Tensor, w: &Tensor, b: Option<&Tensor>) -> Result<Tensor> {
    let dims = shape_of(v.batch, v.out_channels, v.output(), x.rank());
    let bias = b.map(Tensor::contiguous).transpose()?;
    let y = wide!(name, x.dtype(), T => {
        let mut y = memory::alloc::<T>(checked(&dims)?)?;
        if !y.is_empty() {
            let bias = bias.as_ref().map(|b| b.data::<T>()).transpose()?;
            kernel::forward(&v, x.data::<T>()?, w.data::<T>()?, bias, &mut y);
        }
        Tensor::from_vec(y, &dims)
    });
    let inputs: Vec<&Tensor> = [Some(x), Some(w), b].into_iter().flatten().collect();
    Tape::of("ConvolutionBackward0", &inputs).keep(x).keep(w).record(y, move |c| {
        let gy = c.gy()?.contiguous()?;
        c.each(&[&|| input_gradient(v, &gy, &c.saved(1)?), &|| weight_gradient(v, &c.saved(0)?, &gy), &|| {
            bias_gradient(&v, &gy)
        }])
    })
}

fn checked(dims: &[usize]) -> Result<usize> {
    let n = dims.iter().try_fold(1usize, |n, &d| n.checked_mul(d));
    n.ok_or_else(|| Error::Shape(format!("convolution: the output {dims:?} is too large")))
}

/// D(g, w): the gradient of the input.
fn input_gradient(v: Conv, g: &Tensor, w: &Tensor) -> Result<Tensor> {
    let (g, w) = (g.contiguous()?, w.contiguous()?);
    let dims = shape_of(v.batch, v.channels, v.input, g.rank());
    let y = wide!("conv_backward", g.dtype(), T => {
        let mut dx = memory::alloc::<T>(checked(&dims)?)?;
        kernel::backward_data(&v, g.data::<T>()?, w.data::<T>()?, &mut dx);
        Tensor::from_vec(dx, &dims)
    });
    Tape::of("ConvolutionBackwardBackward0", &[&g, &w]).keep(&g).keep(&w).record(y, move |c| {
        let h = c.gy()?.contiguous()?;
        c.each(&[&|| forward("conv", v, &h, &c.saved(1)?, None), &|| weight_gradient(v, &h, &c.saved(0)?)])
    })
}

/// W(x, g): the gradient of the weight.
fn weight_gradient(v: Conv, x: &Tensor, g: &Tensor) -> Result<Tensor> {
    let (x, g) = (x.contiguous()?, g.contiguous()?);
    let dims = shape_of(v.out_channels, v.channels / v.groups, v.kernel, g.rank());
    let y = wide!("conv_backward", g.dtype(), T => {
        let mut dw = memory::alloc::<T>(checked(&dims)?)?;
        kernel::backward_weights(&v, x.data::<T>()?, g.data::<T>()?, &mut dw);
        Tensor::from_vec(dw, &dims)
    });
    Tape::of("ConvolutionBackwardBackward0", &[&x, &g]).keep(&x).keep(&g).record(y, move |c| {
        let h = c.gy()?.contiguous()?;
        c.each(&[&|| input_gradient(v, &c.saved(1)?, &h), &|| forward("conv", v, &c.saved(0)?, &h, None)])
    })
}

fn bias_gradient(v: &Conv, g: &Tensor) -> Result<Tensor> {
    if candlewick_tensor::autograd::is_grad_enabled() {
        let flat = reshape(g, &[g.shape()[0] as i64, g.shape()[1] as i64, -1])?;
        return sum(&flat, Some(&[0, 2]), false, None);
    }
    wide!("conv_backward", g.dtype(), T => {
        let mut db = memory::alloc::<T>(v.out_channels)?;
        kernel::backward_bias(v, g.data::<T>()?, &mut db);
        Ok(Tensor::from_vec(db, &[v.out_channels]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{gradcheck, gradgradcheck, leaf, wave};

    fn config(stride: &[usize], padding: &[usize], dilation: &[usize], groups: usize) -> ConvConfig {
        ConvConfig { stride: stride.into(), padding: padding.into(), dilation: dilation.into(), groups }
    }

    #[test]
    fn gradients_agree_with_differences_in_every_dimension() {
        let b = leaf(wave(&[4], 0.3));
        let run = |spatial: usize, x: &[usize], w: &[usize], c: ConvConfig| {
            let xs = [leaf(wave(x, 0.1)), leaf(wave(w, 0.2)), b.clone()];
            gradcheck(&xs, |v| conv(&v[0], &v[1], Some(&v[2]), spatial, &c));
        };
        run(1, &[2, 4, 7], &[4, 2, 3], config(&[2], &[1], &[1], 2));
        run(2, &[2, 2, 5, 6], &[4, 2, 3, 2], config(&[2, 1], &[1, 0], &[1, 2], 1));
        run(3, &[1, 2, 3, 4, 3], &[4, 2, 2, 2, 3], config(&[1], &[1], &[1], 1));
        run(2, &[2, 5, 6], &[4, 2, 3, 2], config(&[1], &[0], &[1], 1));
    }

    #[test]
    fn the_gradient_has_a_gradient() {
        let xs = [leaf(wave(&[1, 2, 4, 4], 0.1)), leaf(wave(&[2, 2, 3, 3], 0.2))];
        let c = config(&[1], &[1], &[1], 1);
        gradgradcheck(&xs, |v| conv(&v[0], &v[1], None, 2, &c));
    }

    #[test]
    fn wrong_channels_are_named() {
        let e = conv(&wave(&[8, 1, 9, 9], 0.0), &wave(&[4, 3, 7, 7], 0.0), None, 2, &config(&[1], &[0], &[1], 1));
        let want = "Given groups=1, weight of size [4, 3, 7, 7], expected input[8, 1, 9, 9] to have 3 channels, but got 1 channels instead";
        assert_eq!(e.err().map(|e| e.to_string()).as_deref(), Some(want));
    }
}
