//! Layer functions: each checks its arguments, runs a fused kernel, and records a gradient that can itself be
//! differentiated. No state: parameters come as tensors, names live in TypeScript.

mod attention;
mod avg_pool;
mod batch_norm;
mod composed;
mod conv;
mod dropout;
mod fold;
mod fractional_pool;
mod grid_sample;
mod interpolate;
mod linear;
mod local_response_norm;
mod loss;
mod max_pool;
mod recurrent;
mod pad;
mod reindex;
mod shuffle;
mod softmax;
mod spatial;
#[cfg(test)]
use candlewick_tensor::testing;
mod wide;
mod window;

pub use attention::{
    AttentionConfig, MultiHeadConfig, MultiHeadWeights, causal_mask, is_causal_mask, multi_head_attention,
    scaled_dot_product_attention,
};
pub use avg_pool::{AvgPoolConfig, adaptive_avg_pool, avg_pool, lp_pool};
pub use batch_norm::{BatchNormConfig, Channels, batch_norm};
pub use conv::{ConvConfig, conv, conv_transpose};
pub use dropout::{dropout, feature_dropout};
pub use fold::{FoldConfig, fold, unfold};
pub use fractional_pool::fractional_max_pool;
pub use grid_sample::{GridConfig, affine_grid, grid_sample};
pub use interpolate::{InterpolateConfig, interpolate};
pub use linear::linear;
pub use local_response_norm::local_response_norm;
pub use loss::{Reduction, cross_entropy, mse_loss, nll_loss};
pub use recurrent::{Cell, RecurrentConfig, recurrent, recurrent_cell};
pub use max_pool::{adaptive_max_pool, max_pool, max_pool_backward, max_unpool};
pub use pad::{PadMode, pad};
pub use shuffle::{channel_shuffle, pixel_shuffle, pixel_unshuffle};
pub use softmax::{log_softmax, softmax};
pub use window::PoolConfig;
