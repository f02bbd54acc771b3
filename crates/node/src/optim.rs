//! Optimizer steps: one call for all parameters.

use crate::error::{Result, argument, coded};
use crate::handle::{TensorHandle, tensors};
use candlewick_optim::{AdamConfig, AdamState, SgdConfig};
use napi_derive::napi;

/// Options of `sgd_`.
#[napi(object)]
pub struct SgdOptions {
    pub lr: f64,
    pub momentum: f64,
    pub dampening: f64,
    pub weight_decay: f64,
    pub nesterov: bool,
    pub maximize: bool,
}

/// One step of SGD. `momentumBuffers` is empty without momentum; `first[i]`: buffer i is fresh.
#[napi(catch_unwind, js_name = "sgd_")]
pub fn sgd_step(
    params: Vec<TensorHandle>,
    grads: Vec<TensorHandle>,
    momentum_buffers: Vec<TensorHandle>,
    first: Vec<bool>,
    o: SgdOptions,
) -> Result<()> {
    let n = params.len();
    if grads.len() != n || !(momentum_buffers.is_empty() || momentum_buffers.len() == n && first.len() == n) {
        return argument("sgd: expected as many gradients and buffers as parameters");
    }
    let c = SgdConfig {
        lr: o.lr,
        momentum: o.momentum,
        dampening: o.dampening,
        weight_decay: o.weight_decay,
        nesterov: o.nesterov,
        maximize: o.maximize,
    };
    coded(candlewick_optim::sgd(&tensors(params), &tensors(grads), &tensors(momentum_buffers), &first, &c))
}

/// Options of `adam_`.
#[napi(object)]
pub struct AdamOptions {
    pub lr: f64,
    pub beta1: f64,
    pub beta2: f64,
    pub eps: f64,
    pub weight_decay: f64,
    pub amsgrad: bool,
    pub maximize: bool,
    /// The decay multiplies the parameters, as AdamW's.
    pub decoupled: bool,
}

/// One step of Adam or AdamW. `steps[i]` counts this step; `maxExpAvgSqs` is empty without amsgrad.
#[napi(catch_unwind, js_name = "adam_")]
pub fn adam_step(
    params: Vec<TensorHandle>,
    grads: Vec<TensorHandle>,
    exp_avgs: Vec<TensorHandle>,
    exp_avg_sqs: Vec<TensorHandle>,
    max_exp_avg_sqs: Vec<TensorHandle>,
    steps: Vec<f64>,
    o: AdamOptions,
) -> Result<()> {
    let n = params.len();
    let largest = if o.amsgrad { n } else { 0 };
    if [grads.len(), exp_avgs.len(), exp_avg_sqs.len(), steps.len()] != [n; 4] || max_exp_avg_sqs.len() != largest {
        return argument("adam: expected as many gradients and states as parameters");
    }
    let c = AdamConfig {
        lr: o.lr,
        beta1: o.beta1,
        beta2: o.beta2,
        eps: o.eps,
        weight_decay: o.weight_decay,
        decoupled: o.decoupled,
        maximize: o.maximize,
    };
    let (means, squares, largest) = (tensors(exp_avgs), tensors(exp_avg_sqs), tensors(max_exp_avg_sqs));
    let steps: Vec<u64> = steps.iter().map(|&s| s as u64).collect();
    coded(candlewick_optim::adam(
        &tensors(params),
        &tensors(grads),
        &AdamState { means: &means, squares: &squares, largest: &largest, steps: &steps },
        &c,
    ))
}
