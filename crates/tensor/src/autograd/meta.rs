//! A tensor's place in the graph: its gradient, the node that made it, what it is a view of, its hooks.

use super::node::{Edge, Hook, Node};
use super::view::View;
use super::{is_grad_enabled, is_inference};
use crate::error::autograd;
use crate::{Result, Tensor};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// Autograd's part of a tensor. Empty, and one byte to look at, for tensors that have none.
#[derive(Default)]
pub(crate) struct Meta {
    tracked: AtomicBool,
    /// Whether inference mode made the elements.
    inference: bool,
    is_view: AtomicBool,
    state: Mutex<Option<Box<State>>>,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) grad: Option<Tensor>,
    pub(crate) edge: Option<Edge>,
    pub(crate) view: Option<View>,
    pub(crate) accumulator: Weak<Node>,
    /// Hooks of a leaf; those of a non-leaf are its node's.
    pub(crate) hooks: Vec<u64>,
    pub(crate) retains_grad: bool,
}

impl Meta {
    pub(crate) fn new(inference: bool) -> Meta {
        Meta { inference, ..Meta::default() }
    }

    /// The state, made at the first use.
    pub(crate) fn with<R>(&self, f: impl FnOnce(&mut State) -> R) -> R {
        f(self.lock().get_or_insert_default())
    }

    /// The state if there is one.
    pub(crate) fn peek<R>(&self, f: impl FnOnce(&mut State) -> R) -> Option<R> {
        self.lock().as_deref_mut().map(f)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Box<State>>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes over a leaf's requirement, gradient and hooks.
    pub(crate) fn adopt(&self, from: &Meta) {
        self.tracked.store(from.tracked.load(Relaxed), Relaxed);
        from.peek(|s| {
            let (grad, hooks, retains_grad) = (s.grad.clone(), s.hooks.clone(), s.retains_grad);
            self.with(|new| *new = State { grad, hooks, retains_grad, ..State::default() });
        });
    }
}

impl Tensor {
    fn meta(&self) -> &Meta {
        &self.0.meta
    }

    /// Whether gradients flow to this tensor: a leaf that asks for them, or the result of a recorded operation.
    pub fn requires_grad(&self) -> bool {
        self.meta().tracked.load(Relaxed) || self.is_tracked_view()
    }

    /// A view of a tensor that began to require gradients after the view was made.
    fn is_tracked_view(&self) -> bool {
        self.view().is_some_and(|v| v.stale(self))
    }

    /// Asks for gradients of a leaf, or no longer.
    pub fn set_requires_grad(&self, on: bool) -> Result<()> {
        if !on && !self.is_leaf() {
            return autograd(
                "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a subgraph that doesn't require differentiation use var_no_grad = var.detach().",
            );
        }
        if on && !self.dtype().is_float() {
            return autograd("only Tensors of floating point dtype can require gradients");
        }
        if on && self.is_inference() && !is_inference() {
            return autograd("Setting requires_grad=True on inference tensor outside InferenceMode is not allowed.");
        }
        if self.is_leaf() {
            self.meta().tracked.store(on, Relaxed);
        }
        Ok(())
    }

    /// Whether no recorded operation made it.
    pub fn is_leaf(&self) -> bool {
        !self.requires_grad() || (self.meta().peek(|s| s.edge.is_none()) != Some(false) && !self.is_tracked_view())
    }

    /// The gradient that backward left here.
    pub fn grad(&self) -> Option<Tensor> {
        self.meta().peek(|s| s.grad.clone()).flatten()
    }

    /// Replaces the gradient.
    pub fn set_grad(&self, grad: Option<Tensor>) -> Result<()> {
        if let Some(g) = &grad {
            if g.shape() != self.shape() {
                return autograd(format!(
                    "attempting to assign a gradient of size '{}' to a tensor of size '{}'. Please ensure that the gradient and the tensor are the same size",
                    crate::layout::list(g.shape()),
                    crate::layout::list(self.shape())
                ));
            }
            if g.dtype() != self.dtype() {
                return autograd(format!(
                    "assigned grad has data of a different type: expected {}, received {}",
                    self.dtype().name(),
                    g.dtype().name()
                ));
            }
        }
        let old = self.meta().with(|s| std::mem::replace(&mut s.grad, grad));
        drop(old);
        Ok(())
    }

    /// Keeps the gradient of a non-leaf when backward passes.
    pub fn retain_grad(&self) -> Result<()> {
        if !self.requires_grad() {
            return autograd("can't retain_grad on Tensor that has requires_grad=False");
        }
        if self.is_leaf() {
            return Ok(());
        }
        if let Some(edge) = self.edge()? {
            edge.node.add_hook(Hook::Retain { slot: edge.slot, tensor: Arc::downgrade(&self.0) });
        }
        self.meta().with(|s| s.retains_grad = true);
        Ok(())
    }

    /// Whether a non-leaf keeps its gradient.
    pub fn retains_grad(&self) -> bool {
        self.meta().peek(|s| s.retains_grad) == Some(true)
    }

    /// Registers a hook by its number; the caller keeps the function.
    pub fn register_hook(&self, id: u64) -> Result<()> {
        if !self.requires_grad() {
            return autograd("cannot register a hook on a tensor that doesn't require gradient");
        }
        match self.edge()? {
            Some(edge) if !self.is_leaf() => edge.node.add_hook(Hook::Call { slot: edge.slot, id }),
            _ => self.meta().with(|s| s.hooks.push(id)),
        }
        Ok(())
    }

    /// Says that the node which made it calls hook `id` by itself, so that the hook lives as long as the node.
    pub(crate) fn own_hook(&self, id: u64) {
        self.meta().peek(|s| {
            if let Some(e) = &s.edge {
                e.node.add_hook(Hook::Own { id })
            }
        });
    }

    /// The hooks of the graph behind it: what its wrapper in JavaScript must keep alive.
    pub fn hooks_behind(&self) -> Vec<u64> {
        self.meta().peek(|s| s.edge.as_ref().map(|e| e.node.hooks_reached())).flatten().unwrap_or_default()
    }

    /// Forgets a hook.
    pub fn remove_hook(&self, id: u64) {
        self.meta().peek(|s| {
            s.hooks.retain(|&h| h != id);
            if let Some(e) = &s.edge {
                e.node.remove_hook(id)
            }
        });
    }

    /// The name of the node that made it, as PyTorch prints it.
    pub fn grad_fn(&self) -> Option<String> {
        self.node_name().map(str::to_string)
    }
    pub(crate) fn node_name(&self) -> Option<&'static str> {
        if self.is_leaf() {
            return None;
        }
        self.edge().ok().flatten().map(|e| e.node.name())
    }

    /// The names of the nodes before the one that made it.
    pub fn next_functions(&self) -> Vec<String> {
        let edge = if self.is_leaf() { None } else { self.edge().ok().flatten() };
        edge.map_or(vec![], |e| e.node.edges().iter().flatten().map(|e| e.node.name().to_string()).collect())
    }

    /// Where this tensor's gradient goes: its node, or a leaf's accumulator. None if it needs none.
    pub(crate) fn edge(&self) -> Result<Option<Edge>> {
        if !self.requires_grad() {
            return Ok(None);
        }
        if let Some(view) = self.view()
            && view.stale(self)
        {
            let edge = view.regenerate(self)?;
            self.set_edge(edge);
        }
        Ok(Some(self.meta().with(|s| match &s.edge {
            Some(edge) => edge.clone(),
            None => {
                let node = s.accumulator.upgrade().unwrap_or_else(|| Node::leaf(self.clone()));
                s.accumulator = Arc::downgrade(&node);
                Edge { node, slot: 0 }
            }
        })))
    }

    /// Makes it the result of a node from now on.
    pub(crate) fn set_edge(&self, edge: Edge) {
        self.meta().tracked.store(true, Relaxed);
        let version = self.version();
        let old = self.meta().with(|s| {
            if let Some(v) = &mut s.view {
                v.version = version;
            }
            s.edge.replace(edge)
        });
        drop(old);
    }

    /// Takes over the history of `y`, a non-leaf whose values were written over this tensor.
    pub(crate) fn continue_from(&self, y: &Tensor) -> Result<()> {
        if let Some(edge) = y.edge()? {
            self.set_edge(edge);
        }
        Ok(())
    }

    pub(crate) fn set_view(&self, view: View) {
        self.meta().is_view.store(true, Relaxed);
        self.meta().with(|s| s.view = Some(view));
    }

    pub(crate) fn view(&self) -> Option<View> {
        if self.meta().is_view.load(Relaxed) { self.meta().peek(|s| s.view.clone()).flatten() } else { None }
    }

    /// The hooks of a leaf.
    pub(crate) fn leaf_hooks(&self) -> Vec<u64> {
        self.meta().peek(|s| s.hooks.clone()).unwrap_or_default()
    }

    /// Whether inference mode made it, or what it is a view of.
    pub(crate) fn is_inference(&self) -> bool {
        self.meta().inference
    }

    /// The same elements outside the graph; shares storage and version.
    pub fn detach(&self) -> Tensor {
        self.alias()
    }

    /// Takes the tensor out of the graph, in place.
    pub fn detach_(&self) -> Result<()> {
        if self.view().is_some() {
            return autograd(
                "Can't detach views in-place. Use detach() instead. If you are using DistributedDataParallel (DDP) for training, and gradient_as_bucket_view is set as True, gradients are views of DDP buckets, and hence detach_() cannot be called on these gradients.",
            );
        }
        self.meta().tracked.store(false, Relaxed);
        let old = self.meta().peek(|s| s.edge.take());
        drop(old);
        Ok(())
    }

    /// Refuses what autograd cannot follow: called by every in-place operation before it writes.
    pub fn check_inplace(&self) -> Result<()> {
        if self.layout().overlaps() {
            return autograd(
                "unsupported operation: more than one element of the written-to tensor refers to a single memory location. Please clone() the tensor before performing the operation.",
            );
        }
        self.check_fill()
    }
    /// The same for an operation that writes one value: elements may share a place.
    pub fn check_fill(&self) -> Result<()> {
        if !is_grad_enabled() {
            return Ok(());
        }
        if self.requires_grad() && self.is_leaf() {
            return autograd("a leaf Variable that requires grad is being used in an in-place operation.");
        }
        let Some(view) = self.view() else { return Ok(()) };
        if view.base.requires_grad() && view.base.is_leaf() {
            return autograd("a view of a leaf Variable that requires grad is being used in an in-place operation.");
        }
        if view.multi_output
            && let Some(edge) = self.edge()?
        {
            let name = edge.node.operation();
            return autograd(format!(
                "Output {} of {name} is a view and is being modified inplace. This view is the output of a function that returns multiple views. Such functions do not allow the output views to be modified inplace. You should replace the inplace operation by an out-of-place one.",
                edge.slot
            ));
        }
        if view.made_without_grad && view.base.requires_grad() {
            return autograd(
                "A view was created in no_grad mode and is being modified inplace with grad mode enabled. Given that this use case is ambiguous and error-prone, it is forbidden. You can clarify your code by moving both the view and the inplace either both inside the no_grad block (if you don't want the inplace to be tracked) or both outside (if you want the inplace to be tracked).",
            );
        }
        Ok(())
    }
}
