//! Optimiser steps for one parameter, each one fused pass, in PyTorch's order of operations.

mod adam;
mod sgd;

pub use adam::{AdamConfig, adam};
pub use sgd::{SgdConfig, sgd};

/// Elements below which a pass stays on one thread.
const GRAIN: usize = 1 << 14;
