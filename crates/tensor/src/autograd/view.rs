//! Views in the graph: what they are views of, and what an in-place operation on one does to its base.

use super::node::{Ctx, Edge, Form, Formula, Grads, Kind, Node};
use super::saved::Saved;
use super::{is_grad_enabled, is_inference};
use crate::ops::{as_strided, as_strided_backward, clone, copy_, laid_out};
use crate::{Layout, Result, Scalar, Tensor};
use smallvec::SmallVec;

/// A view's base (never itself a view) and the storage's version when the view's node was made.
#[derive(Clone)]
pub(crate) struct View {
    pub(crate) base: Tensor,
    pub(crate) version: u32,
    /// Whether its operation gave several views: those must not be written in place.
    pub(crate) multi_output: bool,
    pub(crate) made_without_grad: bool,
}

impl View {
    pub(crate) fn of(x: &Tensor, multi_output: bool) -> View {
        let made_without_grad = !is_grad_enabled() && !is_inference();
        let (base, parent) = match x.view() {
            Some(v) => (v.base.clone(), Some(v)),
            None => (x.clone(), None),
        };
        let multi_output = multi_output || parent.as_ref().is_some_and(|v| v.multi_output);
        let made_without_grad = made_without_grad || parent.is_some_and(|v| v.made_without_grad);
        View { base, version: x.version(), multi_output, made_without_grad }
    }

    /// Whether the storage was written since: the view's node no longer tells its history.
    pub(crate) fn stale(&self, view: &Tensor) -> bool {
        view.version() != self.version && self.base.requires_grad()
    }

    /// The node of `view` as a strided view of its base as it is now.
    pub(crate) fn regenerate(&self, view: &Tensor) -> Result<Edge> {
        let base = &self.base;
        let (from, to) = (base.layout().clone(), view.layout().clone());
        let formula: Formula =
            Box::new(move |c: &Ctx| Ok(SmallVec::from_iter([Some(as_strided_backward(&c.gy()?, &from, &to)?)])));
        let outputs = SmallVec::from_elem(Form::of(view), 1);
        let node = Node::new(
            "AsStridedBackward0",
            Kind::Op(formula),
            vec![base.edge()?],
            vec![Form::of(base)],
            outputs,
            vec![],
        );
        Ok(Edge { node, slot: 0 })
    }
}

/// Continues the history of `base` after `target`, a view of it, was written by an operation with this formula. The
/// gradient of the base is split: the written part goes through the formula, the rest passes.
pub(crate) fn copy_slices(
    target: &Tensor,
    base: &Tensor,
    formula: Formula,
    mut edges: Vec<Option<Edge>>,
    mut inputs: Vec<Form>,
    saved: Vec<Saved>,
) -> Result<()> {
    let view = target.layout().clone();
    let base_layout = base.layout().clone();
    let slice_need = edges[0].is_some();
    edges[0] = base.edge()?;
    inputs[0] = Form::of(base);
    let formula: Formula = Box::new(move |c: &Ctx| {
        let rest = laid_out(&c.gy()?, &base_layout)?;
        let part_layout = Layout { offset: view.offset - base_layout.offset, ..view.clone() };
        let part = as_strided(&rest, &part_layout.shape, &part_layout.strides, Some(part_layout.offset))?;
        let gy = [Some(clone(&part)?)];
        let mut need = c.need.to_vec();
        need[0] = slice_need && need[0];
        let mut grads: Grads = formula(&Ctx { node: c.node, gys: &gy, need: &need, dispatch: c.dispatch })?;
        match grads.first_mut().and_then(Option::take) {
            Some(g) => copy_(&part, &g)?,
            None => copy_(&part, &Tensor::full(&[], Scalar::Int(0), part.dtype())?)?,
        }
        grads[0] = c.need[0].then_some(rest);
        Ok(grads)
    });
    let outputs = SmallVec::from_elem(Form::of(base), 1);
    let node = Node::new("CopySlices", Kind::Op(formula), edges, inputs, outputs, saved);
    base.set_edge(Edge { node, slot: 0 });
    Ok(())
}
