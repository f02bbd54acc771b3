//! Normalisation and embedding.

use crate::error::{Result, coded};
use crate::handle::{TensorHandle, optional};
use crate::options::{Int, size, sizes};
use crate::reply::one;
use candlewick_layers::{self as layers, BagConfig, BagMode, BatchNormConfig, Channels};
use candlewick_tensor::Tensor;
use napi_derive::napi;

fn three(r: candlewick_tensor::Result<(Tensor, Tensor, Tensor)>) -> Result<Vec<TensorHandle>> {
    coded(r.map(|(y, mean, rstd)| vec![y.into(), mean.into(), rstd.into()]))
}

/// Per-channel tensors by their names.
fn channels<'a>(
    running_mean: &'a Option<TensorHandle>,
    running_var: &'a Option<TensorHandle>,
    weight: &'a Option<TensorHandle>,
    bias: &'a Option<TensorHandle>,
) -> Channels<'a> {
    Channels {
        running_mean: optional(running_mean),
        running_var: optional(running_var),
        weight: optional(weight),
        bias: optional(bias),
    }
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
    let p = channels(&running_mean, &running_var, &weight, &bias);
    one(layers::batch_norm(&x, p, &BatchNormConfig { training, momentum, eps }))
}

/// The same with the means and 1 / std of the batch.
#[napi(catch_unwind, ts_return_type = "[TensorHandle, TensorHandle, TensorHandle]")]
pub fn batch_norm_with_stats(
    x: TensorHandle,
    running_mean: Option<TensorHandle>,
    running_var: Option<TensorHandle>,
    weight: Option<TensorHandle>,
    bias: Option<TensorHandle>,
    training: bool,
    momentum: f64,
    eps: f64,
) -> Result<Vec<TensorHandle>> {
    let p = channels(&running_mean, &running_var, &weight, &bias);
    three(layers::batch_norm_with_stats(&x, p, &BatchNormConfig { training, momentum, eps }))
}

/// Instance normalisation; training moves the running statistics in place.
#[napi(catch_unwind)]
pub fn instance_norm(
    x: TensorHandle,
    running_mean: Option<TensorHandle>,
    running_var: Option<TensorHandle>,
    weight: Option<TensorHandle>,
    bias: Option<TensorHandle>,
    training: bool,
    momentum: f64,
    eps: f64,
) -> Result<TensorHandle> {
    let p = channels(&running_mean, &running_var, &weight, &bias);
    one(layers::instance_norm(&x, p, &BatchNormConfig { training, momentum, eps }))
}

/// Layer normalisation over the last dimensions.
#[napi(catch_unwind)]
pub fn layer_norm(
    x: TensorHandle,
    form: Vec<Int>,
    weight: Option<TensorHandle>,
    bias: Option<TensorHandle>,
    eps: f64,
) -> Result<TensorHandle> {
    one(sizes(&form).and_then(|form| layers::layer_norm(&x, &form, optional(&weight), optional(&bias), eps)))
}

/// The same with the means and 1 / std.
#[napi(catch_unwind, ts_return_type = "[TensorHandle, TensorHandle, TensorHandle]")]
pub fn layer_norm_with_stats(
    x: TensorHandle,
    form: Vec<Int>,
    weight: Option<TensorHandle>,
    bias: Option<TensorHandle>,
    eps: f64,
) -> Result<Vec<TensorHandle>> {
    three(
        sizes(&form).and_then(|form| layers::layer_norm_with_stats(&x, &form, optional(&weight), optional(&bias), eps)),
    )
}

/// Root-mean-square normalisation over the last dimensions.
#[napi(catch_unwind)]
pub fn rms_norm(
    x: TensorHandle,
    form: Vec<Int>,
    weight: Option<TensorHandle>,
    eps: Option<f64>,
) -> Result<TensorHandle> {
    one(sizes(&form).and_then(|form| layers::rms_norm(&x, &form, optional(&weight), eps)))
}

/// Group normalisation.
#[napi(catch_unwind)]
pub fn group_norm(
    x: TensorHandle,
    groups: Int,
    weight: Option<TensorHandle>,
    bias: Option<TensorHandle>,
    eps: f64,
) -> Result<TensorHandle> {
    one(size(groups).and_then(|n| layers::group_norm(&x, n, optional(&weight), optional(&bias), eps)))
}

/// The same with the means and 1 / std.
#[napi(catch_unwind, ts_return_type = "[TensorHandle, TensorHandle, TensorHandle]")]
pub fn group_norm_with_stats(
    x: TensorHandle,
    groups: Int,
    weight: Option<TensorHandle>,
    bias: Option<TensorHandle>,
    eps: f64,
) -> Result<Vec<TensorHandle>> {
    three(size(groups).and_then(|n| layers::group_norm_with_stats(&x, n, optional(&weight), optional(&bias), eps)))
}

/// Rows of a table; `padding` gets no gradient.
#[napi(catch_unwind)]
pub fn embedding(
    weight: TensorHandle,
    indices: TensorHandle,
    padding: Option<Int>,
    by_frequency: bool,
) -> Result<TensorHandle> {
    one(padding.map(size).transpose().and_then(|p| layers::embedding(&weight, &indices, p, by_frequency)))
}

/// Scales the rows that are longer than `max_norm` down to it, in place.
#[napi(catch_unwind, js_name = "embeddingRenorm_")]
pub fn embedding_renorm_in_place(
    weight: TensorHandle,
    indices: TensorHandle,
    max_norm: f64,
    norm_type: f64,
) -> Result<()> {
    coded(layers::embedding_renorm_(&weight, &indices, max_norm, norm_type))
}

/// Sums, means or maxima of bags of rows.
#[napi(catch_unwind)]
pub fn embedding_bag(
    weight: TensorHandle,
    indices: TensorHandle,
    offsets: TensorHandle,
    by_frequency: bool,
    mode: String,
    sample_weights: Option<TensorHandle>,
    include_last_offset: bool,
    padding: Option<Int>,
) -> Result<TensorHandle> {
    one(BagMode::parse(&mode).and_then(|mode| {
        let c = BagConfig { mode, by_frequency, include_last_offset, padding: padding.map(|p| p.0) };
        layers::embedding_bag(&weight, &indices, &offsets, optional(&sample_weights), c)
    }))
}
