//! A node of the graph: one recorded operation, or the accumulator of a leaf.

use super::engine::HookDispatch;
use super::saved::Saved;
use crate::error::autograd;
use crate::layout::Dims;
use crate::tensor::Inner;
use crate::{DType, Error, Result, Tensor};
use smallvec::SmallVec;
use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// Gradients, one per input of a node; None where none is needed or it is zero.
pub type Grads = SmallVec<[Option<Tensor>; 4]>;
pub(crate) type Formula = Box<dyn Fn(&Ctx) -> Result<Grads> + Send + Sync>;

/// An input of a node: the output `slot` of an earlier one.
#[derive(Clone)]
pub(crate) struct Edge {
    pub(crate) node: Arc<Node>,
    pub(crate) slot: u32,
}

/// Shape and dtype of a gradient.
#[derive(Clone)]
pub(crate) struct Form {
    pub(crate) shape: Dims,
    pub(crate) dtype: DType,
}

impl Form {
    pub(crate) fn of(t: &Tensor) -> Form {
        Form { shape: t.shape().into(), dtype: t.dtype() }
    }
}

pub(crate) enum Hook {
    /// Calls the function that JavaScript keeps under `id`.
    Call { slot: u32, id: u64 },
    /// Called by the node's own formula; listed so that its function lives as long as the node.
    Own { id: u64 },
    /// The same for a checkpoint, which is over with the last tensor saved in it.
    Shared { id: u64 },
    /// Stores the gradient in `.grad` of a non-leaf.
    Retain { slot: u32, tensor: Weak<Inner> },
}

impl Hook {
    fn id(&self) -> Option<u64> {
        match self {
            Hook::Call { id, .. } | Hook::Own { id } | Hook::Shared { id } => Some(*id),
            Hook::Retain { .. } => None,
        }
    }
}

pub(crate) enum Kind {
    Leaf(Tensor),
    Op(Formula),
}

pub(crate) struct Node {
    /// Higher than those of all nodes before it: the order of backward.
    pub(crate) seq: u64,
    name: &'static str,
    pub(crate) kind: Kind,
    edges: Vec<Option<Edge>>,
    pub(crate) inputs: Vec<Form>,
    pub(crate) outputs: SmallVec<[Form; 1]>,
    saved: Mutex<Option<Vec<Saved>>>,
    hooks: Mutex<Vec<Hook>>,
    has_hooks: AtomicBool,
    /// The JavaScript stack of the call that made it, while anomalies are looked for.
    trace: Option<Arc<str>>,
    /// Hooks of earlier nodes: what keeps their functions alive in JavaScript while this graph lives.
    pub(crate) behind: Option<Arc<Vec<u64>>>,
}

fn next_seq() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Relaxed)
}

fn lock<T>(m: &Mutex<T>) -> MutexGuard<'_, T> {
    m.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Node {
    pub(crate) fn leaf(tensor: Tensor) -> Arc<Node> {
        Self::new("AccumulateGrad", Kind::Leaf(tensor), vec![], vec![], SmallVec::new(), vec![])
    }

    pub(crate) fn new(
        name: &'static str,
        kind: Kind,
        edges: Vec<Option<Edge>>,
        inputs: Vec<Form>,
        outputs: SmallVec<[Form; 1]>,
        saved: Vec<Saved>,
    ) -> Arc<Node> {
        let behind = hooks_behind(&edges);
        let mut checkpoints: Vec<u64> = saved.iter().filter_map(Saved::checkpoint).collect();
        checkpoints.dedup();
        let hooks: Vec<Hook> = checkpoints.into_iter().map(|id| Hook::Shared { id }).collect();
        let has_hooks = AtomicBool::new(!hooks.is_empty());
        let (saved, hooks) = (Mutex::new(Some(saved)), Mutex::new(hooks));
        Arc::new(Node {
            seq: next_seq(),
            name,
            kind,
            edges,
            inputs,
            outputs,
            saved,
            hooks,
            has_hooks,
            trace: super::anomaly::trace(),
            behind,
        })
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// The operation's name alone, as PyTorch's messages have it: `Exp` of `ExpBackward0`.
    pub(crate) fn operation(&self) -> &'static str {
        self.name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches("Backward")
    }

    pub(crate) fn trace(&self) -> Option<&str> {
        self.trace.as_deref()
    }

    pub(crate) fn edges(&self) -> &[Option<Edge>] {
        &self.edges
    }

    pub(crate) fn add_hook(&self, hook: Hook) {
        self.has_hooks.store(true, Relaxed);
        lock(&self.hooks).push(hook);
    }

    pub(crate) fn remove_hook(&self, id: u64) {
        lock(&self.hooks).retain(|h| !matches!(h, Hook::Call { id: i, .. } if *i == id));
    }

    fn hook_ids(&self) -> Vec<u64> {
        if !self.has_hooks.load(Relaxed) {
            return vec![];
        }
        lock(&self.hooks).iter().filter_map(Hook::id).collect()
    }

    /// The hooks that end with this node.
    fn last_rites(&self) {
        if self.has_hooks.load(Relaxed) {
            let over = |h: &Hook| if matches!(h, Hook::Shared { .. }) { None } else { h.id() };
            bury_hooks(lock(&self.hooks).iter().filter_map(over).collect());
        }
    }

    /// Own hooks and those of earlier nodes.
    pub(crate) fn hooks_reached(&self) -> Vec<u64> {
        let mut ids = self.hook_ids();
        ids.extend(self.behind.iter().flat_map(|b| b.iter()));
        ids
    }

    /// Runs the hooks of every output on its gradient, in the order of registration.
    pub(crate) fn run_hooks(&self, grads: &mut [Option<Tensor>], dispatch: &HookDispatch) -> Result<()> {
        if !self.has_hooks.load(Relaxed) {
            return Ok(());
        }
        let hooks: Vec<_> = lock(&self.hooks)
            .iter()
            .filter_map(|h| match h {
                Hook::Call { slot, id } => Some((*slot, Ok(*id))),
                Hook::Retain { slot, tensor } => Some((*slot, Err(tensor.clone()))),
                Hook::Own { .. } | Hook::Shared { .. } => None,
            })
            .collect();
        // A retained gradient is the one that the other hooks leave, whenever they were registered.
        let (calls, retains): (Vec<_>, Vec<_>) = hooks.into_iter().partition(|(_, h)| h.is_ok());
        for (slot, hook) in calls.into_iter().chain(retains) {
            let Some(Some(g)) = grads.get(slot as usize).cloned() else { continue };
            match hook {
                Ok(id) => {
                    let form = g.shape().to_vec();
                    if let Some(new) = dispatch(id, &[Some(g)])?.and_then(|mut v| v.pop().flatten()) {
                        if new.shape() != form.as_slice() {
                            return autograd("hook '<lambda>' has changed the size of value");
                        }
                        grads[slot as usize] = Some(new);
                    }
                }
                Err(weak) => {
                    if let Some(inner) = weak.upgrade() {
                        Tensor(inner).set_grad(Some(g))?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Forgets what was saved: the node cannot run again if it had saved anything.
    pub(crate) fn release(&self) {
        let saved = {
            let mut saved = lock(&self.saved);
            if saved.as_ref().is_some_and(|s| s.is_empty()) { None } else { saved.take() }
        };
        drop(saved);
        self.last_rites();
    }

    /// Unpacks the saved tensor `i`.
    fn unpack(self: &Arc<Self>, i: usize, dispatch: &HookDispatch) -> Result<Tensor> {
        let found = lock(&self.saved).as_ref().map(|list| list.get(i).map(Saved::share));
        match found {
            Some(Some(saved)) => saved.unpack(self, dispatch),
            Some(None) => Err(Error::Internal(format!("{} saved no tensor {i}", self.name))),
            None => autograd(
                "Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second time or if you need to access saved tensors after calling backward.",
            ),
        }
    }
}

fn hooks_behind(edges: &[Option<Edge>]) -> Option<Arc<Vec<u64>>> {
    let hooked = |n: &Node| n.behind.is_some() || n.has_hooks.load(Relaxed);
    if !edges.iter().flatten().any(|e| hooked(&e.node)) {
        return None;
    }
    let mut ids: Vec<u64> = edges.iter().flatten().flat_map(|e| e.node.hooks_reached()).collect();
    ids.sort_unstable();
    ids.dedup();
    (!ids.is_empty()).then(|| Arc::new(ids))
}

thread_local! {
    static DEAD_HOOKS: RefCell<Vec<u64>> = const { RefCell::new(vec![]) };
    static GRAVE: RefCell<Vec<(Vec<Option<Edge>>, Option<Vec<Saved>>)>> = const { RefCell::new(vec![]) };
    static DIGGING: Cell<bool> = const { Cell::new(false) };
}

pub(super) fn bury_hooks(ids: Vec<u64>) {
    if !ids.is_empty() {
        // At the end of a thread the list may be gone; so is whoever would read it.
        let _ = DEAD_HOOKS.try_with(|d| d.borrow_mut().extend(ids));
    }
}

/// The hooks of nodes that have run or were freed since the last call: their functions can go.
pub fn drain_hooks() -> Vec<u64> {
    DEAD_HOOKS.with(|d| std::mem::take(&mut *d.borrow_mut()))
}

impl Drop for Node {
    /// Takes apart chains of any length without recursion: inner drops only push, the outermost one works the list off.
    fn drop(&mut self) {
        self.last_rites();
        let parts =
            (std::mem::take(&mut self.edges), self.saved.get_mut().unwrap_or_else(PoisonError::into_inner).take());
        if parts.0.is_empty() && parts.1.is_none() {
            return;
        }
        let Ok(first) = GRAVE.try_with(|g| {
            g.borrow_mut().push(parts);
            !DIGGING.replace(true)
        }) else {
            return;
        };
        if first {
            while let Some(parts) = GRAVE.with(|g| g.borrow_mut().pop()) {
                drop(parts);
            }
            DIGGING.set(false);
        }
    }
}

/// What a gradient formula sees: the gradients of the node's outputs, what was saved, and which inputs need one.
pub struct Ctx<'a> {
    pub(crate) node: &'a Arc<Node>,
    pub(crate) gys: &'a [Option<Tensor>],
    pub(crate) need: &'a [bool],
    pub(crate) dispatch: &'a HookDispatch<'a>,
}

impl Ctx<'_> {
    /// The gradient of the only (or first) output.
    pub fn gy(&self) -> Result<Tensor> {
        self.gy_at(0)
    }

    /// The gradient of output `i`, zeros if nothing flowed to it.
    pub fn gy_at(&self, i: usize) -> Result<Tensor> {
        match &self.gys[i] {
            Some(g) => Ok(g.clone()),
            None => {
                let form = &self.node.outputs[i];
                Tensor::full(&form.shape, crate::Scalar::Int(0), form.dtype)
            }
        }
    }

    /// The gradients of all outputs as they came.
    pub fn gys(&self) -> &[Option<Tensor>] {
        self.gys
    }

    /// The saved tensor `i`; an error if it was changed since, or freed.
    pub fn saved(&self, i: usize) -> Result<Tensor> {
        self.node.unpack(i, self.dispatch)
    }

    /// Whether input `i` needs a gradient.
    pub fn needs(&self, i: usize) -> bool {
        self.need[i]
    }

    /// Calls a JavaScript hook with the gradients of the outputs.
    pub fn call_hook(&self, id: u64) -> Result<Option<Vec<Option<Tensor>>>> {
        (self.dispatch)(id, self.gys)
    }

    /// Calls a JavaScript function with tensors of the formula's choice.
    pub(crate) fn call_hook_with(&self, id: u64, given: &[Option<Tensor>]) -> Result<Option<Vec<Option<Tensor>>>> {
        (self.dispatch)(id, given)
    }

    /// One formula per input, evaluated for those that need it. Each may give the gradient in the shape and dtype of the
    /// output: the tape sums broadcast dimensions away and converts.
    pub fn each(&self, formulas: &[&dyn Fn() -> Result<Tensor>]) -> Result<Grads> {
        formulas.iter().zip(self.need).map(|(f, need)| if *need { f().map(Some) } else { Ok(None) }).collect()
    }
}
