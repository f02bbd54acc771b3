//! What convolutions ask of their arguments, in PyTorch's words.

use crate::spatial::three;
use crate::wide::{by, list};
use candlewick_kernels::conv::Conv;
use candlewick_tensor::{Error, Result, Tensor};

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

fn fail<T>(message: String) -> Result<T> {
    Err(Error::Shape(message))
}

/// The geometry of y = C(x, w).
pub(super) fn forward(
    name: &str,
    x: &Tensor,
    w: &Tensor,
    b: Option<&Tensor>,
    spatial: usize,
    c: &ConvConfig,
) -> Result<Conv> {
    let [stride, padding, dilation] = lists(name, x, w, spatial, c)?;
    let (out, per_group) = (w.shape()[0], w.shape()[1]);
    let size = list(w.shape());
    if out < c.groups {
        return fail(format!(
            "Given groups={0}, expected weight to be at least {0} at dimension 0, but got weight of size {size} instead",
            c.groups
        ));
    }
    if out % c.groups != 0 {
        return fail(format!(
            "Given groups={0}, expected weight to be divisible by {0} at dimension 0, but got weight of size {size} instead",
            c.groups
        ));
    }
    let given = format!("Given groups={}, weight of size {size}", c.groups);
    channels(&given, x, per_group * c.groups)?;
    bias(&format!("Given weight of size {size}"), b, out)?;
    dtypes(x, w, b)?;
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
    fits(&x.shape()[2..], &padding[3 - spatial..])?;
    Ok(Conv {
        batch: x.shape()[0],
        channels: x.shape()[1],
        out_channels: out,
        groups: c.groups,
        input: three(&x.shape()[2..], 1),
        kernel: three(&w.shape()[2..], 1),
        stride,
        padding,
        dilation,
    })
}

/// The geometry of the convolution whose transpose is asked for, and the zeros that x lacks at its ends: an output padding
/// beyond the stride is as wide as elements of x.
pub(super) fn transpose(
    name: &str,
    x: &Tensor,
    w: &Tensor,
    b: Option<&Tensor>,
    spatial: usize,
    c: &ConvConfig,
    output_padding: &[usize],
) -> Result<(Conv, [usize; 3])> {
    let [stride, padding, dilation] = lists(name, x, w, spatial, c)?;
    let extra = spread("output_padding", output_padding, spatial, 0)?;
    let (own, size) = (3 - spatial, list(w.shape()));
    if !w.shape()[0].is_multiple_of(c.groups) {
        return fail(format!(
            "Given groups={0}, expected weight to be divisible by {0} at dimension 0, but got weight of size [{size}] instead",
            c.groups
        ));
    }
    let given = format!("Given transposed=1, weight of size {size}");
    channels(&given, x, w.shape()[0])?;
    let out = w.shape()[1].saturating_mul(c.groups);
    bias(&given, b, out)?;
    dtypes(x, w, b)?;
    if (own..3).any(|i| extra[i] >= stride[i] && extra[i] >= dilation[i]) {
        let axes = if spatial == 3 { &["depth", "height", "width"][..] } else { &["height", "width"] };
        let named = |what: &str, v: [usize; 3]| {
            let v = &v[3 - axes.len()..];
            axes.iter().zip(v).map(|(axis, v)| format!("{what}_{axis}: {v}")).collect::<Vec<_>>().join(" ")
        };
        return fail(format!(
            "output padding must be smaller than either stride or dilation, but got {} {} {}",
            named("output_padding", extra),
            named("stride", stride),
            named("dilation", dilation)
        ));
    }
    let (input, kernel) = (three(&x.shape()[2..], 1), three(&w.shape()[2..], 1));
    if input.contains(&0) || kernel.contains(&0) {
        return fail(format!(
            "Only zero batch or zero channel inputs are supported, but got input shape: {}",
            list(x.shape())
        ));
    }
    let reach = |i: usize| {
        let wide = |v: usize| v as i128;
        let grown = wide(input[i] - 1) * wide(stride[i]) + wide(dilation[i]) * wide(kernel[i] - 1);
        grown + wide(extra[i]) + 1 - 2 * wide(padding[i])
    };
    let output: [i128; 3] = std::array::from_fn(reach);
    if output.iter().any(|n| !(1..=1 << 48).contains(n)) {
        let sizes = |v: &[i128]| v.iter().map(|n| n.to_string()).collect::<Vec<_>>().join(" x ");
        return fail(format!(
            "Given input size per channel: ({}). Calculated output size per channel: ({}). Output size is too small",
            by(&input[own..], " x "),
            sizes(&output[own..])
        ));
    }
    fits(&output.map(|n| n as usize), &padding)?;
    let v = Conv {
        batch: x.shape()[0],
        channels: out,
        out_channels: x.shape()[1],
        groups: c.groups,
        input: output.map(|n| n as usize),
        kernel,
        stride,
        padding,
        dilation,
    };
    Ok((v, std::array::from_fn(|i| extra[i] / stride[i])))
}

/// Kernels lay out a padded plane; one that does not fit in the memory is an error and no abort.
fn fits(size: &[usize], padding: &[usize]) -> Result<()> {
    if padding.iter().all(|&p| p < 1 << 16) {
        return Ok(());
    }
    let padded = size.iter().zip(padding).map(|(n, p)| n.saturating_add(p.saturating_mul(2)));
    let volume = padded.fold(1usize, |all, n| all.saturating_mul(n));
    crate::spatial::listable([volume; 3], 8)
}

/// Checks the ranks and gives stride, padding and dilation for three dimensions.
fn lists(name: &str, x: &Tensor, w: &Tensor, spatial: usize, c: &ConvConfig) -> Result<[[usize; 3]; 3]> {
    if w.rank() != spatial + 2 {
        return fail(format!("weight should have {} dimensions, but got {}", spatial + 2, list(w.shape())));
    }
    if x.rank() != spatial + 2 {
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
    Ok([stride, padding, dilation])
}

/// A list of one or `spatial` numbers as three, leading dimensions neutral.
fn spread(what: &str, list: &[usize], spatial: usize, neutral: usize) -> Result<[usize; 3]> {
    match list {
        [n] => Ok(three(&vec![*n; spatial], neutral)),
        _ if list.len() == spatial => Ok(three(list, neutral)),
        _ => fail(format!(
            "expected {what} to be a single integer value or a list of {spatial} values to match the convolution dimensions, but got {what}={list:?}"
        )),
    }
}

fn channels(given: &str, x: &Tensor, expected: usize) -> Result<()> {
    let got = x.shape()[1];
    if got == expected {
        return Ok(());
    }
    fail(format!(
        "{given}, expected input{} to have {expected} channels, but got {got} channels instead",
        list(x.shape())
    ))
}

fn bias(given: &str, b: Option<&Tensor>, expected: usize) -> Result<()> {
    match b {
        Some(b) if b.shape() != [expected] => fail(format!(
            "{given}, expected bias to be 1-dimensional with {expected} elements, but got bias of size {} instead",
            list(b.shape())
        )),
        _ => Ok(()),
    }
}

fn dtypes(x: &Tensor, w: &Tensor, b: Option<&Tensor>) -> Result<()> {
    match [Some(w), b].into_iter().flatten().find(|p| p.dtype() != x.dtype()) {
        Some(p) => {
            let (have, want) = (x.dtype().cname(), p.dtype().cname());
            Err(Error::DType(format!("Input type ({have}) and bias type ({want}) should be the same")))
        }
        None => Ok(()),
    }
}
