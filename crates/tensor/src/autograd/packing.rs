//! Checkpoints: inside of one, nodes keep no tensors but a place in its list; the list is made again when one is needed.

use super::node::bury_hooks;
use crate::Tensor;
use std::cell::RefCell;
use std::sync::Arc;

/// A checkpoint, known to JavaScript by its number until the last tensor saved in it is gone.
pub(crate) struct Checkpoint(pub(crate) u64);

impl Drop for Checkpoint {
    fn drop(&mut self) {
        bury_hooks(vec![self.0]);
    }
}

enum Mode {
    /// Saved tensors get the next place of this checkpoint's list.
    Packing { checkpoint: Arc<Checkpoint>, next: usize },
    /// Saved tensors are collected: the list of a checkpoint is made again.
    Collecting(Vec<Tensor>),
}

thread_local! { static MODES: RefCell<Vec<Mode>> = const { RefCell::new(vec![]) }; }

/// From here on saved tensors belong to a checkpoint.
pub fn begin_packing(checkpoint: u64) {
    MODES.with(|m| m.borrow_mut().push(Mode::Packing { checkpoint: Arc::new(Checkpoint(checkpoint)), next: 0 }));
}

/// From here on saved tensors are collected.
pub fn begin_collecting() {
    MODES.with(|m| m.borrow_mut().push(Mode::Collecting(vec![])));
}

/// Ends the innermost of the two; gives what was collected.
pub fn end_packing() -> Vec<Tensor> {
    match MODES.with(|m| m.borrow_mut().pop()) {
        Some(Mode::Collecting(list)) => list,
        _ => vec![],
    }
}

/// The place of a tensor that is being saved, if a checkpoint takes it. Leaves live without its help.
pub(super) fn place(t: &Tensor) -> Option<(Arc<Checkpoint>, usize)> {
    MODES.with(|m| {
        let mut modes = m.borrow_mut();
        let mode = modes.last_mut()?;
        if t.requires_grad() && t.is_leaf() {
            return None;
        }
        match mode {
            Mode::Packing { checkpoint, next } => {
                *next += 1;
                Some((checkpoint.clone(), *next - 1))
            }
            Mode::Collecting(list) => {
                list.push(t.alias());
                None
            }
        }
    })
}
