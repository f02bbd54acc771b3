//! One step of an optimizer for all its parameters at once, in place. The formulas are the rules of candlewick-kernels; names,
//! groups and state dicts live in TypeScript.

mod adafactor;
mod muon;
mod slots;

pub use adafactor::{AdafactorConfig, adafactor};
pub use candlewick_kernels::optim::{Adadelta, Adagrad, Adam, Adamax, Asgd, Decay, NAdam, RAdam, RmsProp, Rprop, Sgd};
pub use muon::{Adjust, MuonConfig, muon};
pub use slots::Slots;
