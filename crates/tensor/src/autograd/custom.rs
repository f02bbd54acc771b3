//! Operations whose gradient is a JavaScript function.

use super::is_grad_enabled;
use super::node::{Edge, Form, Grads, Hook, Kind, Node};
use super::saved::Saved;
use crate::error::autograd;
use crate::{Result, Tensor};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// What the forward function of such an operation left.
pub struct Custom<'a> {
    /// The node's name.
    pub name: &'a str,
    /// The number under which JavaScript keeps the backward function.
    pub id: u64,
    /// The tensors that went in.
    pub inputs: &'a [Tensor],
    /// The tensors that came out, made without recording.
    pub outputs: &'a [Tensor],
    /// Which of them have a gradient.
    pub differentiable: &'a [bool],
    /// Which of them are inputs that were written in place.
    pub dirty: &'a [bool],
    /// What backward gets, behind the gradients of the outputs.
    pub saved: &'a [Tensor],
    /// Whether backward gets zeros in the place of absent gradients.
    pub materialize: bool,
}

/// Records the operation and gives its outputs; the outputs as they are where nothing is recorded.
pub fn custom_function(f: &Custom) -> Result<Vec<Tensor>> {
    if !is_grad_enabled() || !f.inputs.iter().any(Tensor::requires_grad) {
        return Ok(f.outputs.to_vec());
    }
    for y in marked(f.outputs, f.dirty) {
        y.check_inplace()?;
        if y.view().is_some() {
            return autograd("mark_dirty: expected a tensor that is no view; write into a copy of it");
        }
    }
    let edges = f.inputs.iter().map(Tensor::edge).collect::<Result<Vec<_>>>()?;
    // Outputs get an identity of their own: an input that is returned as it is stays what it was.
    let fresh = |(i, y): (usize, &Tensor)| if f.dirty.get(i) == Some(&true) { y.clone() } else { y.alias() };
    let outputs: Vec<Tensor> = f.outputs.iter().enumerate().map(fresh).collect();
    let save = |t: &Tensor| match f.outputs.iter().position(|y| y.is(t)) {
        Some(slot) => Saved::output(t, slot as u32),
        None => Saved::input(t),
    };
    let (id, count, materialize) = (f.id, f.saved.len(), f.materialize);
    let wanted = f.inputs.len();
    let formula = move |c: &super::Ctx| {
        let mut given: Vec<Option<Tensor>> = vec![];
        for (i, g) in c.gys().iter().enumerate() {
            given.push(if materialize { Some(c.gy_at(i)?) } else { g.clone() });
        }
        for i in 0..count {
            given.push(Some(c.saved(i)?));
        }
        match c.call_hook_with(id, &given)? {
            Some(grads) if grads.len() == wanted => Ok(Grads::from_vec(grads)),
            found => autograd(format!(
                "function returned an incorrect number of gradients (expected {wanted}, got {})",
                found.map_or(0, |g| g.len())
            )),
        }
    };
    let node = Node::new(
        interned(f.name),
        Kind::Op(Box::new(formula)),
        edges,
        f.inputs.iter().map(Form::of).collect(),
        outputs.iter().map(Form::of).collect(),
        f.saved.iter().map(save).collect(),
    );
    node.add_hook(Hook::Own { id });
    for (slot, y) in outputs.iter().enumerate() {
        if f.differentiable.get(slot) == Some(&true) {
            y.set_edge(Edge { node: node.clone(), slot: slot as u32 });
        }
    }
    Ok(outputs)
}

fn marked<'a>(ts: &'a [Tensor], marks: &'a [bool]) -> impl Iterator<Item = &'a Tensor> {
    ts.iter().zip(marks).filter(|(_, on)| **on).map(|(t, _)| t)
}

/// Names of nodes live as long as the process; each class of JavaScript has one.
fn interned(name: &str) -> &'static str {
    static NAMES: Mutex<Option<HashMap<String, &'static str>>> = Mutex::new(None);
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    let names = names.get_or_insert_default();
    if let Some(known) = names.get(name) {
        return known;
    }
    let made: &'static str = Box::leak(name.to_string().into_boxed_str());
    names.insert(name.into(), made);
    made
}
