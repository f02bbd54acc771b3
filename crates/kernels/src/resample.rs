//! Planes [D, H, W] read at other places along each axis: by a list of indices (padding, nearest neighbours), or by weighted
//! sums (linear and cubic interpolation). One and two dimensions put ones in front.

pub mod bytes;
mod gather;
mod weights;

pub use gather::OUTSIDE;
pub(crate) use gather::{gather, scatter};
pub use weights::Weights;
pub(crate) use weights::resample;

/// Elements below which a pass stays on one thread.
const GRAIN: usize = 1 << 14;
