//! Layer functions.

use crate::error::{Result, coded};
use crate::handle::{GeneratorHandle, TensorHandle, optional};
use crate::options::{Dtype, Int, dtype};
use crate::random::with;
use candlewick_layers::{BatchNormConfig, Channels, Reduction};
use candlewick_tensor::Tensor;
use napi_derive::napi;

fn one(r: candlewick_tensor::Result<Tensor>) -> Result<TensorHandle> {
    coded(r.map(Into::into))
}

/// x W^T + b
#[napi(catch_unwind)]
pub fn linear(x: TensorHandle, w: TensorHandle, b: Option<TensorHandle>) -> Result<TensorHandle> {
    one(candlewick_layers::linear(&x, &w, optional(&b)))
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
