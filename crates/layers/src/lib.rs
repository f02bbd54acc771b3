//! Layer functions: each checks its arguments, runs a fused kernel, and records a gradient that can itself be
//! differentiated. No state: parameters come as tensors, names live in TypeScript.

mod attention;
mod avg_pool;
mod batch_norm;
mod composed;
mod conv;
mod dropout;
mod linear;
mod loss;
mod max_pool;
mod recurrent;
mod softmax;
#[cfg(test)]
use candlewick_tensor::testing;
mod wide;

pub use attention::{
    AttentionConfig, MultiHeadConfig, MultiHeadWeights, causal_mask, is_causal_mask, multi_head_attention,
    scaled_dot_product_attention,
};
pub use avg_pool::{AvgPoolConfig, adaptive_avg_pool2d, avg_pool2d};
pub use batch_norm::{BatchNormConfig, Channels, batch_norm};
pub use conv::{ConvConfig, conv};
pub use dropout::{dropout, feature_dropout};
pub use linear::linear;
pub use loss::{Reduction, cross_entropy, mse_loss, nll_loss};
pub use max_pool::{MaxPoolConfig, max_pool2d};
pub use recurrent::{Cell, RecurrentConfig, recurrent, recurrent_cell};
pub use softmax::{log_softmax, softmax};
