//! Layer functions: each checks its arguments, runs a fused kernel, and records a gradient that can itself be
//! differentiated. No state: parameters come as tensors, names live in TypeScript.

mod activation;
mod avg_pool;
mod bags;
mod batch_norm;
mod bilinear;
mod conv;
mod distance;
mod dropout;
mod embedding;
mod embedding_bag;
mod group_norm;
mod instance_norm;
mod layer_norm;
mod linear;
mod loss;
mod max_pool;
mod one_hot;
mod softmax;
#[cfg(test)]
use candlewick_tensor::testing;
mod wide;

pub use activation::*;
pub use avg_pool::{AvgPoolConfig, adaptive_avg_pool2d, avg_pool2d};
pub use batch_norm::{BatchNormConfig, Channels, batch_norm, batch_norm_with_stats};
pub use bilinear::bilinear;
pub use conv::{ConvConfig, conv};
pub use distance::{cosine_similarity, normalize, pairwise_distance, pdist};
pub use dropout::{DropoutKind, dropout, dropout_, dropout_backward};
pub use embedding::{embedding, embedding_renorm_};
pub use embedding_bag::{BagConfig, BagMode, embedding_bag};
pub use group_norm::{group_norm, group_norm_with_stats};
pub use instance_norm::instance_norm;
pub use layer_norm::{layer_norm, layer_norm_with_stats, rms_norm};
pub use linear::linear;
pub use loss::*;
pub use max_pool::{MaxPoolConfig, max_pool2d};
pub use one_hot::one_hot;
pub use softmax::{gumbel_softmax, log_softmax, softmax, softmax_backward_data};
