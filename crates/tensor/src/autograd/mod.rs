//! The tape: PyTorch's dynamic graph. Ops record a [`Node`] each; [`backward`] runs them from a heap, newest first.

mod anomaly;
mod custom;
mod engine;
mod meta;
mod mode;
mod node;
mod packing;
mod saved;
mod tape;
mod view;

pub use anomaly::{detects_anomaly, set_detect_anomaly, set_forward_trace};
pub use custom::{Custom, custom_function};
pub use engine::{HookDispatch, backward, grad, no_dispatch};
pub(crate) use meta::Meta;
pub use mode::{is_grad_enabled, is_inference, no_grad, set_grad_enabled, set_inference, with_grad_mode};
pub use node::{Ctx, Grads, drain_hooks};
pub use packing::{begin_collecting, begin_packing, end_packing};
pub use saved::saved_tensors;
pub use tape::Tape;
