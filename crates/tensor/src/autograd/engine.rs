//! Backward: nodes from a heap by their number, newest first. A node's consumers are all newer than it, so when it comes up
//! its gradient is complete, and no recursion is ever needed.

use super::node::{Ctx, Edge, Kind, Node};
use super::{anomaly, is_grad_enabled, with_grad_mode};
use crate::error::{autograd, shape};
use crate::layout::list;
use crate::ops::{add, clone, sum_to};
use crate::{Result, Scalar, Tensor};
use smallvec::SmallVec;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::sync::Arc;

/// Calls the hook `id` with gradients; it may answer with others.
pub type HookDispatch<'a> = dyn Fn(u64, &[Option<Tensor>]) -> Result<Option<Vec<Option<Tensor>>>> + 'a;

/// For callers without hooks.
pub fn no_dispatch(_: u64, _: &[Option<Tensor>]) -> Result<Option<Vec<Option<Tensor>>>> {
    Ok(None)
}

type Buffer = SmallVec<[Option<Tensor>; 1]>;

/// Gradients on their way, by node.
#[derive(Default)]
struct Pending {
    heap: BinaryHeap<(u64, usize)>,
    buffers: HashMap<usize, (Arc<Node>, Buffer)>,
}

impl Pending {
    fn push(&mut self, edge: &Edge, grad: Tensor) -> Result<()> {
        let key = Arc::as_ptr(&edge.node) as usize;
        let (_, buffer) = self.buffers.entry(key).or_insert_with(|| {
            self.heap.push((edge.node.seq, key));
            (edge.node.clone(), Buffer::from_elem(None, edge.node.outputs.len().max(1)))
        });
        let slot = &mut buffer[edge.slot as usize];
        *slot = Some(match slot.take() {
            Some(sum) => add(&sum, &grad)?,
            None => grad,
        });
        Ok(())
    }

    fn pop(&mut self) -> Option<(Arc<Node>, Buffer)> {
        self.heap.pop().and_then(|(_, key)| self.buffers.remove(&key))
    }
}

/// What a run may touch: everything, or only what leads to given places.
struct Aim {
    /// Nodes on the way to the inputs; None: all nodes.
    useful: Option<HashSet<usize>>,
    /// (node, slot) to the input's number.
    captures: HashMap<(usize, u32), Vec<usize>>,
    accumulate: bool,
}

/// Accumulates the gradients of `roots` into the leaves (or only into `inputs`).
pub fn backward(
    roots: &[Tensor],
    grads: &[Option<Tensor>],
    retain: bool,
    create: bool,
    inputs: Option<&[Tensor]>,
    dispatch: &HookDispatch,
) -> Result<()> {
    let aim = match inputs {
        None => Aim { useful: None, captures: HashMap::new(), accumulate: true },
        Some(inputs) => {
            let mut edges = vec![];
            for x in inputs {
                edges.push(input_edge(x)?);
            }
            let captures = edges.iter().enumerate().filter(|(i, _)| !inputs[*i].is_leaf());
            let captures = captures.fold(HashMap::new(), |mut map: HashMap<_, Vec<usize>>, (i, e)| {
                map.entry((Arc::as_ptr(&e.node) as usize, e.slot)).or_default().push(i);
                map
            });
            Aim { useful: Some(useful(roots, &edges)?), captures, accumulate: true }
        }
    };
    let found = run(roots, grads, retain, create, &aim, inputs.map_or(0, <[_]>::len), dispatch)?;
    for (x, g) in inputs.unwrap_or_default().iter().zip(found) {
        if let Some(g) = g {
            accumulate(x, g)?;
        }
    }
    Ok(())
}

/// The gradients of `outputs` with respect to `inputs`, without touching any `.grad`.
pub fn grad(
    outputs: &[Tensor],
    inputs: &[Tensor],
    grads: &[Option<Tensor>],
    retain: bool,
    create: bool,
    allow_unused: bool,
    dispatch: &HookDispatch,
) -> Result<Vec<Option<Tensor>>> {
    let mut edges = vec![];
    let mut captures: HashMap<_, Vec<usize>> = HashMap::new();
    for (i, x) in inputs.iter().enumerate() {
        let edge = input_edge(x)?;
        captures.entry((Arc::as_ptr(&edge.node) as usize, edge.slot)).or_default().push(i);
        edges.push(edge);
    }
    let aim = Aim { useful: Some(useful(outputs, &edges)?), captures, accumulate: false };
    let found = run(outputs, grads, retain, create, &aim, inputs.len(), dispatch)?;
    if let (false, Some(i)) = (allow_unused, found.iter().position(Option::is_none)) {
        return autograd(format!(
            "The differentiated Tensor at index {i} appears to not have been used in the graph. Set allow_unused=True if this is the desired behavior."
        ));
    }
    Ok(found)
}

fn input_edge(x: &Tensor) -> Result<Edge> {
    match x.edge()? {
        Some(edge) => Ok(edge),
        None => autograd("One of the differentiated Tensors does not require grad"),
    }
}

/// The nodes from which one of `targets` can be reached.
fn useful(roots: &[Tensor], targets: &[Edge]) -> Result<HashSet<usize>> {
    let mut found: HashSet<usize> = targets.iter().map(|e| Arc::as_ptr(&e.node) as usize).collect();
    let mut seen = HashSet::new();
    let mut all = vec![];
    let mut stack: Vec<Arc<Node>> = vec![];
    for root in roots {
        stack.extend(root.edge()?.map(|e| e.node));
    }
    while let Some(node) = stack.pop() {
        if seen.insert(Arc::as_ptr(&node) as usize) {
            stack.extend(node.edges().iter().flatten().map(|e| e.node.clone()));
            all.push(node);
        }
    }
    all.sort_unstable_by_key(|n| n.seq); // oldest first: a node's inputs come before it
    for node in all {
        if node.edges().iter().flatten().any(|e| found.contains(&(Arc::as_ptr(&e.node) as usize))) {
            found.insert(Arc::as_ptr(&node) as usize);
        }
    }
    Ok(found)
}

fn run(
    roots: &[Tensor],
    grads: &[Option<Tensor>],
    retain: bool,
    create: bool,
    aim: &Aim,
    captured: usize,
    dispatch: &HookDispatch,
) -> Result<Vec<Option<Tensor>>> {
    let mut pending = Pending::default();
    for (root, grad) in roots.iter().zip(grads) {
        let Some(edge) = root.edge()? else {
            return autograd("element 0 of tensors does not require grad and does not have a grad_fn");
        };
        pending.push(&edge, root_gradient(root, grad.as_ref())?)?;
    }
    let mut found = vec![None; captured];
    with_grad_mode(create, || {
        while let Some((node, mut gys)) = pending.pop() {
            let key = Arc::as_ptr(&node) as usize;
            node.run_hooks(&mut gys, dispatch)?;
            if let Kind::Leaf(leaf) = &node.kind {
                run_leaf_hooks(leaf, &mut gys[0], dispatch)?;
            }
            for (slot, g) in gys.iter().enumerate() {
                for &i in aim.captures.get(&(key, slot as u32)).into_iter().flatten() {
                    found[i] = g.clone();
                }
            }
            if aim.useful.as_ref().is_some_and(|u| !u.contains(&key)) {
                continue;
            }
            match &node.kind {
                Kind::Leaf(leaf) => {
                    if let (true, Some(g)) = (aim.accumulate, gys[0].take()) {
                        accumulate(leaf, g)?;
                    }
                }
                Kind::Op(formula) => {
                    let wanted = |e: &Option<Edge>| {
                        e.as_ref().is_some_and(|e| {
                            aim.useful.as_ref().is_none_or(|u| u.contains(&(Arc::as_ptr(&e.node) as usize)))
                        })
                    };
                    let need: SmallVec<[bool; 4]> = node.edges().iter().map(wanted).collect();
                    if !need.contains(&true) {
                        continue;
                    }
                    let result = formula(&Ctx { node: &node, gys: &gys, need: &need, dispatch });
                    let out = anomaly::examine(&node, result)?;
                    drop(gys);
                    if !retain {
                        node.release();
                    }
                    for (i, g) in out.into_iter().enumerate() {
                        if let (Some(g), Some(Some(edge)), true) = (g, node.edges().get(i), need[i]) {
                            let form = &node.inputs[i];
                            let g = sum_to(&g, &form.shape)?;
                            pending.push(edge, if g.dtype() == form.dtype { g } else { g.to_dtype(form.dtype)? })?;
                        }
                    }
                }
            }
        }
        Ok(found)
    })
}

fn run_leaf_hooks(leaf: &Tensor, g: &mut Option<Tensor>, dispatch: &HookDispatch) -> Result<()> {
    for id in leaf.leaf_hooks() {
        if let Some(new) = dispatch(id, std::slice::from_ref(g))?.and_then(|mut v| v.pop().flatten()) {
            *g = Some(new);
        }
    }
    Ok(())
}

/// The gradient that a root starts with: what was given, or 1 for a scalar.
fn root_gradient(root: &Tensor, given: Option<&Tensor>) -> Result<Tensor> {
    match given {
        Some(g) if g.shape() != root.shape() => shape(format!(
            "Mismatch in shape: grad_output[0] has a shape of torch.Size({}) and output[0] has a shape of torch.Size({}).",
            list(g.shape()),
            list(root.shape())
        )),
        Some(g) => Ok(g.clone()),
        None if root.numel() != 1 => autograd("grad can be implicitly created only for scalar outputs"),
        None => root.full_like(Scalar::Int(1), root.dtype()),
    }
}

/// Adds a gradient to `.grad`. The first one is moved in if nobody else can see it, else copied; later ones are added in place.
fn accumulate(leaf: &Tensor, g: Tensor) -> Result<()> {
    let new = match leaf.grad() {
        Some(sum) if !is_grad_enabled() => return crate::ops::add_(&sum, &g),
        Some(sum) => add(&sum, &g)?,
        None if is_grad_enabled() => g,
        None => {
            let alone = Arc::strong_count(&g.0) == 1 && Arc::strong_count(g.storage()) == 1;
            let plain = g.layout().is_dense() && g.view().is_none() && !g.is_number();
            if alone && plain { g } else { clone(&g)? }
        }
    };
    leaf.set_grad(Some(new))
}
