//! Layer functions: each checks its arguments, runs a fused kernel, and records a gradient that can itself be
//! differentiated. No state: parameters come as tensors, names live in TypeScript.

mod activation;
mod attention;
mod avg_pool;
mod bags;
mod batch_norm;
mod bilinear;
mod composed;
mod conv;
mod distance;
mod dropout;
mod embedding;
mod embedding_bag;
mod fold;
mod fractional_pool;
mod grid_sample;
mod group_norm;
mod instance_norm;
mod interpolate;
mod layer_norm;
mod linear;
mod local_response_norm;
mod loss;
mod max_pool;
mod one_hot;
mod pad;
mod recurrent;
mod reindex;
mod shuffle;
mod softmax;
mod spatial;
mod wide;
mod window;

pub use activation::*;
pub use attention::{
    AttentionConfig, MultiHeadConfig, MultiHeadWeights, causal_mask, is_causal_mask, multi_head_attention,
    scaled_dot_product_attention,
};
pub use avg_pool::{AvgPoolConfig, adaptive_avg_pool, avg_pool, lp_pool};
pub use batch_norm::{BatchNormConfig, Channels, batch_norm, batch_norm_with_stats};
pub use bilinear::bilinear;
pub use conv::{ConvConfig, conv, conv_transpose};
pub use distance::{cosine_similarity, normalize, pairwise_distance, pdist};
pub use dropout::{DropoutKind, dropout, dropout_, dropout_backward};
pub use embedding::{embedding, embedding_renorm_};
pub use embedding_bag::{BagConfig, BagMode, embedding_bag};
pub use fold::{FoldConfig, fold, unfold};
pub use fractional_pool::fractional_max_pool;
pub use grid_sample::{GridConfig, affine_grid, grid_sample};
pub use group_norm::{group_norm, group_norm_with_stats};
pub use instance_norm::instance_norm;
pub use interpolate::{InterpolateConfig, interpolate};
pub use layer_norm::{layer_norm, layer_norm_with_stats, rms_norm};
pub use linear::linear;
pub use local_response_norm::local_response_norm;
pub use loss::*;
pub use max_pool::{adaptive_max_pool, max_pool, max_pool_backward, max_unpool};
pub use one_hot::one_hot;
pub use pad::{PadMode, pad};
pub use recurrent::{Cell, RecurrentConfig, recurrent, recurrent_cell};
pub use shuffle::{channel_shuffle, pixel_shuffle, pixel_unshuffle};
pub use softmax::{gumbel_softmax, log_softmax, softmax, softmax_backward_data};
pub use window::PoolConfig;
