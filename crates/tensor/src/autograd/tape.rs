//! Recording: how an operation writes its gradient beside its result.
//!
//! ```text
//! let y = map::<Exp>(x)?;
//! Tape::of("ExpBackward0", &[x]).keep_output(&y).record(y, |c| c.each([&|| mul(&c.gy()?, &c.saved(0)?)]))
//! ```

use super::is_grad_enabled;
use super::node::{Ctx, Edge, Form, Formula, Grads, Kind, Node};
use super::saved::Saved;
use super::view::{View, copy_slices};
use crate::error::autograd;
use crate::{Result, Tensor};
use smallvec::SmallVec;

/// A node in the making. Does nothing at all where no input needs a gradient.
pub struct Tape {
    name: &'static str,
    graph: Option<Box<Graph>>,
}

struct Graph {
    edges: Vec<Option<Edge>>,
    inputs: Vec<Form>,
    saved: Vec<Saved>,
    /// A tensor of inference mode was to be saved.
    refused: bool,
}

impl Tape {
    /// Begins the node of an operation on these inputs.
    pub fn of(name: &'static str, inputs: &[&Tensor]) -> Tape {
        if !is_grad_enabled() || !inputs.iter().any(|t| t.requires_grad()) {
            return Tape { name, graph: None };
        }
        // An edge can only fail to be made when a view's base was changed in a way that already raised.
        let edges = inputs.iter().map(|t| t.edge().ok().flatten()).collect();
        let inputs = inputs.iter().map(|t| Form::of(t)).collect();
        Tape { name, graph: Some(Box::new(Graph { edges, inputs, saved: vec![], refused: false })) }
    }

    /// Whether anything will be recorded.
    pub fn active(&self) -> bool {
        self.graph.is_some()
    }

    /// Whether input `i` needs a gradient.
    pub fn needs(&self, i: usize) -> bool {
        self.graph.as_ref().is_some_and(|g| g.edges[i].is_some())
    }

    /// Saves a tensor; the formula reads it by its place, `c.saved(0)` the first.
    pub fn keep(mut self, t: &Tensor) -> Tape {
        if let Some(g) = &mut self.graph {
            g.refused |= t.is_inference();
            g.saved.push(Saved::input(t));
        }
        self
    }

    /// Saves output 0 itself.
    pub fn keep_output(mut self, t: &Tensor) -> Tape {
        if let Some(g) = &mut self.graph {
            g.saved.push(Saved::output(t, 0));
        }
        self
    }

    /// Finishes: `y` is the result and `formula` its gradient.
    pub fn record(self, y: Tensor, formula: impl Fn(&Ctx) -> Result<Grads> + Send + Sync + 'static) -> Result<Tensor> {
        self.check_saved()?;
        self.connect(&[&y], formula);
        Ok(y)
    }

    /// Finishes an operation with several differentiable results.
    pub fn record_many(self, ys: &[&Tensor], formula: impl Fn(&Ctx) -> Result<Grads> + Send + Sync + 'static) {
        self.connect(ys, formula);
    }

    /// Finishes a view of `base` (an input of this node): remembers what it is a view of, recorded or not.
    pub fn record_view(
        self,
        base: &Tensor,
        y: Tensor,
        formula: impl Fn(&Ctx) -> Result<Grads> + Send + Sync + 'static,
    ) -> Result<Tensor> {
        y.set_view(View::of(base, false));
        self.record(y, formula)
    }

    /// Finishes an operation that returns several views.
    pub fn record_views(
        self,
        base: &Tensor,
        ys: &[&Tensor],
        formula: impl Fn(&Ctx) -> Result<Grads> + Send + Sync + 'static,
    ) {
        for y in ys {
            y.set_view(View::of(base, true));
        }
        self.connect(ys, formula);
    }

    /// Finishes an operation that has just written `target`, its first input, in place: its history continues here, or,
    /// if it is a view, its base's does.
    pub fn record_inplace(
        self,
        target: &Tensor,
        formula: impl Fn(&Ctx) -> Result<Grads> + Send + Sync + 'static,
    ) -> Result<()> {
        self.check_saved()?;
        let Some(graph) = self.graph else { return Ok(()) };
        let formula: Formula = Box::new(formula);
        match target.view() {
            Some(view) => copy_slices(target, &view.base, formula, graph.edges, graph.inputs, graph.saved),
            None => {
                let outputs = SmallVec::from_elem(Form::of(target), 1);
                let node = Node::new(self.name, Kind::Op(formula), graph.edges, graph.inputs, outputs, graph.saved);
                target.set_edge(Edge { node, slot: 0 });
                Ok(())
            }
        }
    }

    fn check_saved(&self) -> Result<()> {
        if self.graph.as_ref().is_some_and(|g| g.refused) {
            return autograd(
                "Inference tensors cannot be saved for backward. Please do not use Tensors created in inference mode in computation tracked by autograd. To work around this, you can make a clone to get a normal tensor and use it in autograd, or use `torch.no_grad()` instead of `torch.inference_mode()`.",
            );
        }
        Ok(())
    }

    fn connect(self, ys: &[&Tensor], formula: impl Fn(&Ctx) -> Result<Grads> + Send + Sync + 'static) {
        let Some(graph) = self.graph else { return };
        let outputs = ys.iter().map(|y| Form::of(y)).collect();
        let node = Node::new(self.name, Kind::Op(Box::new(formula)), graph.edges, graph.inputs, outputs, graph.saved);
        for (slot, y) in ys.iter().enumerate() {
            y.set_edge(Edge { node: node.clone(), slot: slot as u32 });
        }
    }
}
