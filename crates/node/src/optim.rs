//! Optimizer steps: one call for all parameters of a group.

mod adam;
mod matrices;
mod squares;

use crate::error::{Result, argument, coded};
use crate::handle::{TensorHandle, tensors};
use candlewick_optim::{Asgd, Decay, Rprop, Sgd, Slots};
use napi_derive::napi;

/// What a step works on: `states[k][i]` is state k of parameter i, and `steps[i]` counts its steps, this one included.
#[napi(object, object_to_js = false)]
pub struct OptimizerSlots {
    pub params: Vec<TensorHandle>,
    pub grads: Vec<TensorHandle>,
    pub states: Vec<Vec<TensorHandle>>,
    pub steps: Vec<f64>,
}

impl OptimizerSlots {
    fn read(self, op: &str) -> Result<(Slots, Vec<u64>)> {
        if self.steps.len() != self.params.len() {
            return argument(format!("{op}: expected as many steps as parameters"));
        }
        let steps = self.steps.iter().map(|&s| s as u64).collect();
        let states = self.states.into_iter().map(tensors).collect();
        Ok((Slots { params: tensors(self.params), grads: tensors(self.grads), states }, steps))
    }
}

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

/// One step of SGD; the state is the momentum buffer, none without momentum, which a parameter's first step fills.
#[napi(catch_unwind, js_name = "sgd_")]
pub fn sgd_step(slots: OptimizerSlots, o: SgdOptions) -> Result<()> {
    let (all, steps) = slots.read("sgd")?;
    let SgdOptions { lr, momentum, dampening, nesterov, .. } = o;
    let decay = Decay::coupled(o.weight_decay, o.maximize);
    let rule = |i: usize| Sgd { lr, momentum, dampening, nesterov, decay, first: steps[i] == 1 };
    coded(if all.states.is_empty() { all.step("sgd", 0, rule) } else { all.step("sgd", 1, rule) })
}

/// Options of `asgd_`.
#[napi(object)]
pub struct AsgdOptions {
    pub lr: f64,
    pub lambd: f64,
    pub alpha: f64,
    pub t0: f64,
    pub weight_decay: f64,
    pub maximize: bool,
}

/// One step of ASGD; the state is the average. `etas` and `mus` are each parameter's, and the next step's are given back.
#[napi(catch_unwind, js_name = "asgd_")]
pub fn asgd_step(slots: OptimizerSlots, etas: Vec<f64>, mus: Vec<f64>, o: AsgdOptions) -> Result<Vec<Vec<f64>>> {
    let (all, steps) = slots.read("asgd")?;
    if etas.len() != steps.len() || mus.len() != steps.len() {
        return argument("asgd: expected an eta and a mu for each parameter");
    }
    let decay = Decay::coupled(o.weight_decay, o.maximize);
    coded(all.step("asgd", 1, |i| Asgd { lambda: o.lambd, eta: etas[i], mu: mus[i], decay }))?;
    let next = |&t| Asgd::next(o.lr, o.lambd, o.alpha, o.t0, t);
    let (etas, mus) = steps.iter().map(next).map(|(eta, mu)| (f64::from(eta), f64::from(mu))).unzip();
    Ok(vec![etas, mus])
}

/// Options of `rprop_`.
#[napi(object)]
pub struct RpropOptions {
    pub eta_minus: f64,
    pub eta_plus: f64,
    pub least: f64,
    pub most: f64,
    pub maximize: bool,
}

/// One step of Rprop; the states are the last gradient and the step size.
#[napi(catch_unwind, js_name = "rprop_")]
pub fn rprop_step(slots: OptimizerSlots, o: RpropOptions) -> Result<()> {
    let (all, _) = slots.read("rprop")?;
    let rule = Rprop { etas: [o.eta_minus, o.eta_plus], step_sizes: [o.least, o.most], maximize: o.maximize };
    coded(all.step("rprop", 2, |_| rule))
}
