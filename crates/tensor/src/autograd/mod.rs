//! The tape: PyTorch's dynamic graph. Ops record a [`Node`] each; [`backward`] runs them from a heap, newest first.

mod engine;
mod meta;
mod mode;
mod node;
mod saved;
mod tape;
#[cfg(test)]
mod tests;
mod view;

pub use engine::{HookDispatch, backward, grad, no_dispatch};
pub(crate) use meta::Meta;
pub use mode::{is_grad_enabled, is_inference, no_grad, set_grad_enabled, set_inference, with_grad_mode};
pub use node::{Ctx, Grads, drain_hooks};
pub use tape::Tape;
