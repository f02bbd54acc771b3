//! What a node keeps for its gradient: a tensor and the version it had, or its place in a checkpoint.

use super::engine::HookDispatch;
use super::node::{Edge, Node};
use super::packing::Checkpoint;
use super::{is_grad_enabled, packing};
use crate::error::autograd;
use crate::{Error, Result, Scalar, Tensor};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

static COUNT: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);

/// The tensors that graphs of the process keep for backward, and their bytes. One that several nodes keep counts for each.
pub fn saved_tensors() -> (u64, u64) {
    (COUNT.load(Relaxed), BYTES.load(Relaxed))
}

/// An input, or (by `output`) the node's own output, kept without its graph so that the two do not hold each other.
pub(crate) struct Saved {
    value: Value,
    output: Option<u32>,
}

#[derive(Clone)]
enum Value {
    Kept(Kept),
    /// Element `index` of what the checkpoint computes again; `edge` is where an input's gradient went.
    Packed {
        checkpoint: Arc<Checkpoint>,
        index: usize,
        edge: Option<Edge>,
    },
}

/// Counted as long as it is kept; clones, made to be read at once, are not.
struct Kept {
    tensor: Tensor,
    version: u32,
    counted: Option<u64>,
}

impl Clone for Kept {
    fn clone(&self) -> Kept {
        Kept { tensor: self.tensor.clone(), version: self.version, counted: None }
    }
}

impl Kept {
    fn of(tensor: Tensor) -> Value {
        let (version, bytes) = (tensor.version(), (tensor.numel() * tensor.dtype().size()) as u64);
        COUNT.fetch_add(1, Relaxed);
        BYTES.fetch_add(bytes, Relaxed);
        Value::Kept(Kept { tensor, version, counted: Some(bytes) })
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let Some(bytes) = self.counted {
            COUNT.fetch_sub(1, Relaxed);
            BYTES.fetch_sub(bytes, Relaxed);
        }
    }
}

impl Saved {
    pub(crate) fn input(t: &Tensor) -> Saved {
        let value = match packing::place(t) {
            // An edge can only fail to be made when a view's base was changed in a way that already raised.
            Some((checkpoint, index)) => Value::Packed { checkpoint, index, edge: t.edge().ok().flatten() },
            None => Kept::of(t.clone()),
        };
        Saved { value, output: None }
    }

    pub(crate) fn output(t: &Tensor, slot: u32) -> Saved {
        let value = match packing::place(t) {
            Some((checkpoint, index)) => Value::Packed { checkpoint, index, edge: None },
            None => Kept::of(t.alias()),
        };
        Saved { value, output: Some(slot) }
    }

    /// The checkpoint that it belongs to.
    pub(crate) fn checkpoint(&self) -> Option<u64> {
        match &self.value {
            Value::Packed { checkpoint, .. } => Some(checkpoint.0),
            Value::Kept(_) => None,
        }
    }

    /// A second reference, to unpack while the node's list is free.
    pub(crate) fn share(&self) -> Saved {
        Saved { value: self.value.clone(), output: self.output }
    }

    /// The tensor as it was saved; with gradients on, an output gets its node back.
    pub(crate) fn unpack(&self, node: &Arc<Node>, dispatch: &HookDispatch) -> Result<Tensor> {
        let (tensor, edge) = match &self.value {
            Value::Kept(kept) => {
                self.check_version(kept, node)?;
                (kept.tensor.clone(), None)
            }
            Value::Packed { checkpoint, index, edge } => (again(checkpoint.0, *index, dispatch)?, edge.clone()),
        };
        let edge = self.output.map(|slot| Edge { node: node.clone(), slot }).or(edge);
        Ok(match edge.filter(|_| is_grad_enabled()) {
            Some(edge) => {
                let t = tensor.alias();
                t.set_edge(edge);
                t
            }
            None => tensor,
        })
    }

    fn check_version(&self, kept: &Kept, node: &Arc<Node>) -> Result<()> {
        let now = kept.tensor.version();
        if now == kept.version {
            return Ok(());
        }
        let form = crate::layout::list(kept.tensor.shape());
        let origin = match (self.output, kept.tensor.edge()?) {
            (Some(slot), _) => format!(", which is output {slot} of {},", node.operation()),
            (None, Some(e)) if !kept.tensor.is_leaf() => {
                format!(", which is output {} of {},", e.slot, e.node.operation())
            }
            _ => String::new(),
        };
        autograd(format!(
            "one of the variables needed for gradient computation has been modified by an inplace operation: \
             [torch.{}Tensor {form}]{origin} is at version {now}; expected version {} instead. Hint: enable anomaly \
             detection to find the operation that failed to compute its gradient, with \
             torch.autograd.set_detect_anomaly(True, check_nan=False).",
            kept.tensor.dtype().title(),
            kept.version
        ))
    }
}

/// Asks JavaScript for one tensor of a checkpoint.
fn again(checkpoint: u64, index: usize, dispatch: &HookDispatch) -> Result<Tensor> {
    let place = Tensor::full(&[], Scalar::Int(index as i64), crate::DType::I64)?;
    let found = dispatch(checkpoint, &[Some(place)])?.and_then(|mut list| list.pop().flatten());
    found.ok_or_else(|| {
        Error::Autograd("checkpoint: the recomputation saved fewer tensors than the forward pass".into())
    })
}
