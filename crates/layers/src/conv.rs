//! Convolution in one, two or three dimensions: y[n, o] = b[o] + sum over c of w[o, c] * x[n, c]  (cross-correlation), and
//! its transpose.
//!
//! Three operations, each the derivative of the others: forward C(x, w), input gradient D(g, w), weight gradient W(x, g).
//! The transposed convolution is D.

mod check;
mod integer;

pub use check::ConvConfig;

use crate::spatial::numel;
use crate::wide::{in_f32, is_half, wide};
use candlewick_kernels::conv::Conv;
use candlewick_tensor::autograd::Tape;
use candlewick_tensor::ops::{add_, reshape, squeeze, sum, unsqueeze};
use candlewick_tensor::{DType, Result, Tensor, memory};

/// Convolves x [N, C, ...] (or [C, ...]) with w [O, C / groups, ...].
/// Errors, in PyTorch's words: ranks, channels, groups, windows larger than the padded input, dtypes.
pub fn conv(x: &Tensor, w: &Tensor, b: Option<&Tensor>, spatial: usize, c: &ConvConfig) -> Result<Tensor> {
    prepared(x, w, b, spatial, &|x, w, b| {
        let v = check::forward(&format!("conv{spatial}d"), x, w, b, spatial, c)?;
        forward(v, &x.contiguous()?, &w.contiguous()?, b)
    })
}

/// The transpose of the convolution from O to C channels: x [N, O, ...] (or [O, ...]) with w [O, C / groups, ...] gives
/// [N, C, ...] with (size - 1) stride - 2 padding + dilation (kernel - 1) + output padding + 1 elements along each axis.
/// Errors, in PyTorch's words: as [`conv`], and output padding that is not below stride or dilation.
pub fn conv_transpose(
    x: &Tensor,
    w: &Tensor,
    b: Option<&Tensor>,
    spatial: usize,
    c: &ConvConfig,
    output_padding: &[usize],
) -> Result<Tensor> {
    prepared(x, w, b, spatial, &|x, w, b| {
        let (v, extra) = check::transpose(&format!("conv_transpose{spatial}d"), x, w, b, spatial, c, output_padding)?;
        let pads: Vec<i64> = (0..spatial).flat_map(|d| [0, extra[2 - d] as i64]).collect();
        let x = if extra == [0; 3] { x.clone() } else { crate::pad::constant_pad(x, &pads, 0.into())? };
        input_gradient("ConvolutionBackward0", v, &x, w, b)
    })
}

type Prepared<'a> = &'a dyn Fn(&Tensor, &Tensor, Option<&Tensor>) -> Result<Tensor>;

/// Gives a single image its batch, and computes halves in float32.
fn prepared(x: &Tensor, w: &Tensor, b: Option<&Tensor>, spatial: usize, run: Prepared<'_>) -> Result<Tensor> {
    if x.rank() == spatial + 1 && w.rank() == spatial + 2 {
        return squeeze(&prepared(&unsqueeze(x, 0)?, w, b, spatial, run)?, Some(&[0]));
    }
    if is_half(x.dtype()) && x.dtype() == w.dtype() {
        let wide = |p: &Tensor| p.to_dtype(DType::F32);
        let (w, b) = (wide(w)?, b.map(wide).transpose()?);
        return in_f32(x, |x| run(x, &w, b.as_ref()));
    }
    run(x, w, b)
}

/// The shape [N, channels, ...] without the leading neutral dimensions.
fn shape_of(first: usize, channels: usize, size: [usize; 3], rank: usize) -> Vec<usize> {
    [&[first, channels], &size[5 - rank..]].concat()
}

/// C(x, w), and the bias.
fn forward(v: Conv, x: &Tensor, w: &Tensor, b: Option<&Tensor>) -> Result<Tensor> {
    let dims = shape_of(v.batch, v.out_channels, v.output(), x.rank());
    let bias = b.map(Tensor::contiguous).transpose()?;
    if !x.dtype().is_float() {
        return integer::forward(&v, x, w, bias.as_ref(), &dims);
    }
    let y = wide!("convolution", x.dtype(), T => {
        let mut y = memory::alloc::<T>(numel("convolution", &dims)?)?;
        if !y.is_empty() {
            let bias = bias.as_ref().map(|b| b.data::<T>()).transpose()?;
            T::conv_forward(&v, x.data::<T>()?, w.data::<T>()?, bias, &mut y);
        }
        Tensor::from_vec(y, &dims)
    });
    let inputs: Vec<&Tensor> = [Some(x), Some(w), b].into_iter().flatten().collect();
    Tape::of("ConvolutionBackward0", &inputs).keep(x).keep(w).record(y, move |c| {
        let gy = c.gy()?.contiguous()?;
        c.each(&[
            &|| input_gradient("ConvolutionBackwardBackward0", v, &gy, &c.saved(1)?, None),
            &|| weight_gradient(v, &c.saved(0)?, &gy),
            &|| bias_gradient(&v, &gy),
        ])
    })
}

/// D(g, w): the gradient of the input; as an operation of its own, with a bias, the transposed convolution.
fn input_gradient(name: &'static str, v: Conv, g: &Tensor, w: &Tensor, b: Option<&Tensor>) -> Result<Tensor> {
    let (g, w) = (g.contiguous()?, w.contiguous()?);
    let dims = shape_of(v.batch, v.channels, v.input, g.rank());
    let n = numel("convolution", &dims)?;
    if !g.dtype().is_float() {
        let bias = b.map(Tensor::contiguous).transpose()?;
        return integer::transpose(&v, &g, &w, bias.as_ref(), &dims);
    }
    let y = wide!("convolution", g.dtype(), T => {
        let mut dx = memory::alloc::<T>(n)?;
        if n > 0 {
            T::conv_backward_data(&v, g.data::<T>()?, w.data::<T>()?, &mut dx);
        }
        Tensor::from_vec(dx, &dims)
    });
    if let Some(b) = b {
        let mut column = vec![1; g.rank()];
        column[1] = -1;
        add_(&y, &reshape(&b.detach(), &column)?)?;
    }
    let inputs: Vec<&Tensor> = [Some(&g), Some(&w), b].into_iter().flatten().collect();
    Tape::of(name, &inputs).keep(&g).keep(&w).record(y, move |c| {
        let h = c.gy()?.contiguous()?;
        c.each(&[&|| forward(v, &h, &c.saved(1)?, None), &|| weight_gradient(v, &h, &c.saved(0)?), &|| {
            channel_sums(&h)
        }])
    })
}

/// W(x, g): the gradient of the weight.
fn weight_gradient(v: Conv, x: &Tensor, g: &Tensor) -> Result<Tensor> {
    let (x, g) = (x.contiguous()?, g.contiguous()?);
    let dims = shape_of(v.out_channels, v.channels / v.groups, v.kernel, g.rank());
    let y = wide!("convolution", g.dtype(), T => {
        let mut dw = memory::alloc::<T>(numel("convolution", &dims)?)?;
        T::conv_backward_weights(&v, x.data::<T>()?, g.data::<T>()?, &mut dw);
        Tensor::from_vec(dw, &dims)
    });
    Tape::of("ConvolutionBackwardBackward0", &[&x, &g]).keep(&x).keep(&g).record(y, move |c| {
        let h = c.gy()?.contiguous()?;
        c.each(&[&|| input_gradient("ConvolutionBackwardBackward0", v, &c.saved(1)?, &h, None), &|| {
            forward(v, &c.saved(0)?, &h, None)
        }])
    })
}

fn bias_gradient(v: &Conv, g: &Tensor) -> Result<Tensor> {
    if candlewick_tensor::autograd::is_grad_enabled() {
        return channel_sums(g);
    }
    wide!("convolution", g.dtype(), T => {
        let mut db = memory::alloc::<T>(v.out_channels)?;
        T::conv_backward_bias(v, g.data::<T>()?, &mut db);
        Ok(Tensor::from_vec(db, &[v.out_channels]))
    })
}

fn channel_sums(g: &Tensor) -> Result<Tensor> {
    let dims: Vec<i64> = (0..g.rank() as i64).filter(|&d| d != 1).collect();
    sum(g, Some(&dims), false, None)
}
