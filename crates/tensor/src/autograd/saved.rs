//! What a node keeps for its gradient: a tensor and the version it had.

use super::is_grad_enabled;
use super::node::{Edge, Node};
use crate::error::autograd;
use crate::{Result, Tensor};
use std::sync::Arc;

/// An input, or (by `output`) the node's own output, kept without its graph so that the two do not hold each other.
pub(crate) struct Saved {
    tensor: Tensor,
    version: u32,
    output: Option<u32>,
}

impl Saved {
    pub(crate) fn input(t: &Tensor) -> Saved {
        Saved { tensor: t.clone(), version: t.version(), output: None }
    }

    pub(crate) fn output(t: &Tensor, slot: u32) -> Saved {
        Saved { tensor: t.alias(), version: t.version(), output: Some(slot) }
    }

    /// The tensor as it was saved; with gradients on, an output gets its node back.
    pub(crate) fn unpack(&self, node: &Arc<Node>) -> Result<Tensor> {
        let now = self.tensor.version();
        if now != self.version {
            let form = crate::layout::list(self.tensor.shape());
            let origin = match (self.output, self.tensor.edge()?) {
                (Some(slot), _) => format!(", which is output {slot} of {},", node.operation()),
                (None, Some(e)) if !self.tensor.is_leaf() => {
                    format!(", which is output {} of {},", e.slot, e.node.operation())
                }
                _ => String::new(),
            };
            return autograd(format!(
                "one of the variables needed for gradient computation has been modified by an inplace operation: \
                 [torch.{}Tensor {form}]{origin} is at version {now}; expected version {} instead. Hint: enable anomaly \
                 detection to find the operation that failed to compute its gradient, with \
                 torch.autograd.set_detect_anomaly(True, check_nan=False).",
                self.tensor.dtype().title(),
                self.version
            ));
        }
        Ok(match self.output {
            Some(slot) if is_grad_enabled() => {
                let t = self.tensor.alias();
                t.set_edge(Edge { node: node.clone(), slot });
                t
            }
            _ => self.tensor.clone(),
        })
    }
}
