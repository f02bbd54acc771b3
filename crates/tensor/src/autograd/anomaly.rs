//! Anomaly detection: every node remembers the JavaScript call that made it, and its gradients are searched for NaN.

use super::no_grad;
use super::node::{Grads, Node};
use crate::ops::{any, isnan};
use crate::{Error, Result};
use std::cell::{Cell, RefCell};
use std::sync::Arc;

thread_local! {
    static ON: Cell<bool> = const { Cell::new(false) };
    static CHECK_NAN: Cell<bool> = const { Cell::new(true) };
    static TRACE: RefCell<Option<Arc<str>>> = const { RefCell::new(None) };
}

/// Turns detection on or off for this isolate.
pub fn set_detect_anomaly(on: bool, check_nan: bool) {
    ON.set(on);
    CHECK_NAN.set(check_nan);
    TRACE.with(|t| t.replace(None));
}

/// Whether it is on, and whether gradients are searched for NaN.
pub fn detects_anomaly() -> (bool, bool) {
    (ON.get(), CHECK_NAN.get())
}

/// The stack of the call that is about to record nodes.
pub fn set_forward_trace(stack: &str) {
    TRACE.with(|t| t.replace(Some(stack.into())));
}

/// What a new node remembers.
pub(super) fn trace() -> Option<Arc<str>> {
    if ON.get() { TRACE.with(|t| t.borrow().clone()) } else { None }
}

/// The result of a node's formula, unless it holds a NaN; an error gets the forward call that it goes back to.
pub(super) fn examine(node: &Node, result: Result<Grads>) -> Result<Grads> {
    if !ON.get() {
        return result;
    }
    result.and_then(|grads| check(node, grads)).map_err(|e| match node.trace() {
        Some(stack) => Error::Autograd(format!(
            "{e}\n\nError detected in {}. Traceback of forward call that caused the error:\n{stack}",
            node.name()
        )),
        None => e,
    })
}

fn check(node: &Node, grads: Grads) -> Result<Grads> {
    for (i, g) in grads.iter().enumerate().filter(|_| CHECK_NAN.get()) {
        let Some(g) = g.as_ref().filter(|g| g.dtype().is_float()) else { continue };
        if no_grad(|| any(&isnan(g)?, None, false)?.item())?.to_i64() != 0 {
            let name = node.name();
            return Err(Error::Autograd(format!("Function '{name}' returned nan values in its {i}th output.")));
        }
    }
    Ok(grads)
}
