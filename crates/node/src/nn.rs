//! Layer functions.

use crate::error::{Result, argument, coded};
use crate::handle::{GeneratorHandle, TensorHandle, optional};
use crate::options::{Dtype, Int, dtype, size, sizes};
use crate::random::with;
use candlewick_layers::{AvgPoolConfig, BatchNormConfig, Channels, ConvConfig, MaxPoolConfig, Reduction};
use candlewick_tensor::{Error, Tensor};
use napi_derive::napi;

fn one(r: candlewick_tensor::Result<Tensor>) -> Result<TensorHandle> {
    coded(r.map(Into::into))
}

/// One number for both dimensions, or two.
fn pair(list: &[Int]) -> candlewick_tensor::Result<[usize; 2]> {
    match sizes(list)?.as_slice() {
        [n] => Ok([*n, *n]),
        [a, b] => Ok([*a, *b]),
        other => Err(Error::Argument(format!("expected one integer or a pair, received {other:?}"))),
    }
}

/// x W^T + b
#[napi(catch_unwind)]
pub fn linear(x: TensorHandle, w: TensorHandle, b: Option<TensorHandle>) -> Result<TensorHandle> {
    one(candlewick_layers::linear(&x, &w, optional(&b)))
}

/// Convolution in 1, 2 or 3 dimensions; each list has one number or one per dimension.
#[napi(catch_unwind)]
pub fn conv(
    x: TensorHandle,
    w: TensorHandle,
    b: Option<TensorHandle>,
    spatial: u32,
    stride: Vec<Int>,
    padding: Vec<Int>,
    dilation: Vec<Int>,
    groups: Int,
) -> Result<TensorHandle> {
    if !(1..=3).contains(&spatial) {
        return argument(format!("conv: expected 1, 2 or 3 dimensions, received {spatial}"));
    }
    one((|| {
        let c = ConvConfig {
            stride: sizes(&stride)?,
            padding: sizes(&padding)?,
            dilation: sizes(&dilation)?,
            groups: size(groups)?,
        };
        candlewick_layers::conv(&x, &w, optional(&b), spatial as usize, &c)
    })())
}

/// The maxima of the windows and their positions (int64).
#[napi(catch_unwind, js_name = "maxPool2d", ts_return_type = "[TensorHandle, TensorHandle]")]
pub fn max_pool2d(
    x: TensorHandle,
    kernel: Vec<Int>,
    stride: Vec<Int>,
    padding: Vec<Int>,
    dilation: Vec<Int>,
    ceil_mode: bool,
) -> Result<Vec<TensorHandle>> {
    coded((|| {
        let c = MaxPoolConfig {
            kernel: pair(&kernel)?,
            stride: pair(&stride)?,
            padding: pair(&padding)?,
            dilation: pair(&dilation)?,
            ceil_mode,
        };
        let (y, places) = candlewick_layers::max_pool2d(&x, &c)?;
        Ok(vec![y.into(), places.into()])
    })())
}

/// The means of the windows.
#[napi(catch_unwind, js_name = "avgPool2d")]
pub fn avg_pool2d(
    x: TensorHandle,
    kernel: Vec<Int>,
    stride: Vec<Int>,
    padding: Vec<Int>,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor_override: Option<Int>,
) -> Result<TensorHandle> {
    one((|| {
        let divisor = divisor_override.map(size).transpose()?;
        let c = AvgPoolConfig {
            kernel: pair(&kernel)?,
            stride: pair(&stride)?,
            padding: pair(&padding)?,
            ceil_mode,
            count_include_pad,
            divisor,
        };
        candlewick_layers::avg_pool2d(&x, &c)
    })())
}

/// The means of a fixed number of bins; null keeps an extent.
#[napi(catch_unwind, js_name = "adaptiveAvgPool2d")]
pub fn adaptive_avg_pool2d(x: TensorHandle, output: Vec<Option<Int>>) -> Result<TensorHandle> {
    one((|| {
        let read = |i: Option<Int>| i.map(size).transpose();
        match output.as_slice() {
            [n] => candlewick_layers::adaptive_avg_pool2d(&x, [read(*n)?, read(*n)?]),
            [a, b] => candlewick_layers::adaptive_avg_pool2d(&x, [read(*a)?, read(*b)?]),
            _ => Err(Error::Argument("adaptive_avg_pool2d: output_size must be 2".into())),
        }
    })())
}

/// Batch normalisation; training updates the running statistics in place.
#[napi(catch_unwind)]
pub fn batch_norm(
    x: TensorHandle,
    running_mean: Option<TensorHandle>,
    running_var: Option<TensorHandle>,
    weight: Option<TensorHandle>,
    bias: Option<TensorHandle>,
    training: bool,
    momentum: f64,
    eps: f64,
) -> Result<TensorHandle> {
    let p = Channels {
        running_mean: optional(&running_mean),
        running_var: optional(&running_var),
        weight: optional(&weight),
        bias: optional(&bias),
    };
    one(candlewick_layers::batch_norm(&x, p, &BatchNormConfig { training, momentum, eps }))
}

/// Zeroes elements with probability p.
#[napi(catch_unwind)]
pub fn dropout(x: TensorHandle, p: f64, training: bool, g: Option<GeneratorHandle>) -> Result<TensorHandle> {
    one(with(&g, |g| candlewick_layers::dropout(&x, p, training, g)))
}

/// Zeroes channels with probability p.
#[napi(catch_unwind)]
pub fn feature_dropout(x: TensorHandle, p: f64, training: bool, g: Option<GeneratorHandle>) -> Result<TensorHandle> {
    one(with(&g, |g| candlewick_layers::feature_dropout(&x, p, training, g)))
}

/// Probabilities along a dimension.
#[napi(catch_unwind)]
pub fn softmax(x: TensorHandle, d: Int, to: Option<Dtype>) -> Result<TensorHandle> {
    one(candlewick_layers::softmax(&x, d.0, dtype(to)))
}

/// Log-probabilities along a dimension.
#[napi(catch_unwind)]
pub fn log_softmax(x: TensorHandle, d: Int, to: Option<Dtype>) -> Result<TensorHandle> {
    one(candlewick_layers::log_softmax(&x, d.0, dtype(to)))
}

/// Cross entropy of logits.
#[napi(catch_unwind)]
pub fn cross_entropy(
    x: TensorHandle,
    target: TensorHandle,
    weight: Option<TensorHandle>,
    ignore_index: Int,
    reduction: String,
    label_smoothing: f64,
) -> Result<TensorHandle> {
    one(Reduction::parse(&reduction).and_then(|r| {
        candlewick_layers::cross_entropy(&x, &target, optional(&weight), ignore_index.0, r, label_smoothing)
    }))
}

/// Negative log-likelihood of log-probabilities.
#[napi(catch_unwind)]
pub fn nll_loss(
    x: TensorHandle,
    target: TensorHandle,
    weight: Option<TensorHandle>,
    ignore_index: Int,
    reduction: String,
) -> Result<TensorHandle> {
    one(Reduction::parse(&reduction)
        .and_then(|r| candlewick_layers::nll_loss(&x, &target, optional(&weight), ignore_index.0, r)))
}

/// Mean squared error.
#[napi(catch_unwind)]
pub fn mse_loss(x: TensorHandle, target: TensorHandle, reduction: String) -> Result<TensorHandle> {
    one(Reduction::parse(&reduction).and_then(|r| candlewick_layers::mse_loss(&x, &target, r)))
}
