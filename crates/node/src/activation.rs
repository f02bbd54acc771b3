//! Activations, softmax and dropout.

use crate::error::{Result, coded};
use crate::handle::{GeneratorHandle, TensorHandle};
use crate::options::{Dtype, Int, dtype};
use crate::random::with;
use crate::reply::one;
use candlewick_layers::{self as layers, DropoutKind};
use napi_derive::napi;

/// Exports activations, each also in place.
macro_rules! activations {
    ($($(#[$doc:meta])* $name:ident, $in_place:ident $js:literal = $op:ident ($($arg:ident: $t:ty),*);)*) => {$(
        $(#[$doc])*
        #[napi(catch_unwind)]
        pub fn $name(x: TensorHandle, $($arg: $t),*) -> Result<TensorHandle> {
            one(layers::$name(&x, $($arg),*))
        }
        /// In place.
        #[napi(catch_unwind, js_name = $js)]
        pub fn $in_place(x: TensorHandle, $($arg: $t),*) -> Result<()> {
            coded(layers::$op(&x, $($arg),*))
        }
    )*};
}
activations! {
    /// x above 0, alpha (e^x - 1) below
    elu, elu_in_place "elu_" = elu_ (alpha: f64);
    /// x above 0, alpha (e^(x / alpha) - 1) below
    celu, celu_in_place "celu_" = celu_ (alpha: f64);
    /// ELU that keeps mean 0 and variance 1
    selu, selu_in_place "selu_" = selu_ ();
    /// x above 0, slope x below
    leaky_relu, leaky_relu_in_place "leakyRelu_" = leaky_relu_ (slope: f64);
    /// x above the threshold, else the value
    threshold, threshold_in_place "threshold_" = threshold_ (limit: f64, value: f64);
    /// x within [min, max]
    hardtanh, hardtanh_in_place "hardtanh_" = hardtanh_ (min: f64, max: f64);
    /// x / 6 + 1 / 2 within [0, 1]
    hardsigmoid, hardsigmoid_in_place "hardsigmoid_" = hardsigmoid_ ();
    /// x hardsigmoid(x)
    hardswish, hardswish_in_place "hardswish_" = hardswish_ ();
    /// x sigmoid(x)
    silu, silu_in_place "silu_" = silu_ ();
    /// x tanh(softplus(x))
    mish, mish_in_place "mish_" = mish_ ();
}

/// Exports activations without another form.
macro_rules! plain {
    ($($(#[$doc:meta])* $name:ident ($($arg:ident: $t:ty),*);)*) => {$(
        $(#[$doc])*
        #[napi(catch_unwind)]
        pub fn $name(x: TensorHandle, $($arg: $t),*) -> Result<TensorHandle> {
            one(layers::$name(&x, $($arg),*))
        }
    )*};
}
plain! {
    /// x outside of [-lambda, lambda], 0 inside
    hardshrink(lambda: f64);
    /// x drawn towards 0 by lambda
    softshrink(lambda: f64);
    /// ln(1 + e^(beta x)) / beta
    softplus(beta: f64, threshold: f64);
    /// ln(sigmoid(x))
    logsigmoid();
    /// x / (1 + |x|)
    softsign();
    /// x - tanh(x)
    tanhshrink();
}

/// x Phi(x); approximate: `none` or `tanh`
#[napi(catch_unwind)]
pub fn gelu(x: TensorHandle, approximate: String) -> Result<TensorHandle> {
    one(layers::gelu(&x, &approximate))
}

/// a sigmoid(b) for the halves a and b of x along a dimension.
#[napi(catch_unwind)]
pub fn glu(x: TensorHandle, d: Int) -> Result<TensorHandle> {
    one(layers::glu(&x, d.0))
}

/// x above 0, weight x below.
#[napi(catch_unwind)]
pub fn prelu(x: TensorHandle, weight: TensorHandle) -> Result<TensorHandle> {
    one(layers::prelu(&x, &weight))
}

/// LeakyReLU with random slopes in training.
#[napi(catch_unwind)]
pub fn rrelu(
    x: TensorHandle,
    lower: f64,
    upper: f64,
    training: bool,
    g: Option<GeneratorHandle>,
) -> Result<TensorHandle> {
    one(with(&g, |g| layers::rrelu(&x, lower, upper, training, g)))
}

/// The same in place.
#[napi(catch_unwind, js_name = "rrelu_")]
pub fn rrelu_in_place(
    x: TensorHandle,
    lower: f64,
    upper: f64,
    training: bool,
    g: Option<GeneratorHandle>,
) -> Result<()> {
    coded(with(&g, |g| layers::rrelu_(&x, lower, upper, training, g)))
}

/// Probabilities along a dimension.
#[napi(catch_unwind)]
pub fn softmax(x: TensorHandle, d: Int, to: Option<Dtype>) -> Result<TensorHandle> {
    one(layers::softmax(&x, d.0, dtype(to)))
}

/// Log-probabilities along a dimension.
#[napi(catch_unwind)]
pub fn log_softmax(x: TensorHandle, d: Int, to: Option<Dtype>) -> Result<TensorHandle> {
    one(layers::log_softmax(&x, d.0, dtype(to)))
}

/// The gradient of softmax by its input.
#[napi(catch_unwind)]
pub fn softmax_backward_data(gy: TensorHandle, y: TensorHandle, d: Int, to: Dtype) -> Result<TensorHandle> {
    one(layers::softmax_backward_data(&gy, &y, d.0, to.0))
}

/// Samples of classes, soft or hard.
#[napi(catch_unwind)]
pub fn gumbel_softmax(
    x: TensorHandle,
    tau: f64,
    hard: bool,
    d: Int,
    g: Option<GeneratorHandle>,
) -> Result<TensorHandle> {
    one(with(&g, |g| layers::gumbel_softmax(&x, tau, hard, d.0, g)))
}

/// Drops elements or channels (`feature`) with probability p; `alpha` keeps mean and variance after SELU.
#[napi(catch_unwind)]
pub fn dropout(
    x: TensorHandle,
    p: f64,
    feature: bool,
    alpha: bool,
    g: Option<GeneratorHandle>,
) -> Result<TensorHandle> {
    one(with(&g, |g| layers::dropout(&x, DropoutKind { feature, alpha }, p, true, g)))
}

/// The same in place.
#[napi(catch_unwind, js_name = "dropout_")]
pub fn dropout_in_place(x: TensorHandle, p: f64, feature: bool, alpha: bool, g: Option<GeneratorHandle>) -> Result<()> {
    coded(with(&g, |g| layers::dropout_(&x, DropoutKind { feature, alpha }, p, true, g)))
}

/// grad * mask * scale
#[napi(catch_unwind)]
pub fn native_dropout_backward(gy: TensorHandle, mask: TensorHandle, scale: f64) -> Result<TensorHandle> {
    one(layers::dropout_backward(&gy, &mask, scale))
}
