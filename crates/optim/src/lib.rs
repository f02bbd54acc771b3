//! One step of an optimizer for all its parameters at once, in place. Names, groups and state dicts live in TypeScript.

mod adam;
mod sgd;
mod slices;

pub use adam::{AdamState, adam};
pub use candlewick_kernels::optim::{AdamConfig, SgdConfig};
pub use sgd::sgd;
