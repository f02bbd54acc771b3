//! Optimizers that divide by running squares of the gradient.

use super::OptimizerSlots;
use crate::error::{Result, coded};
use candlewick_optim::{Adadelta, Adagrad, Decay, RmsProp};
use napi_derive::napi;

/// Options of `adagrad_`.
#[napi(object)]
pub struct AdagradOptions {
    pub lr: f64,
    pub lr_decay: f64,
    pub eps: f64,
    pub weight_decay: f64,
    pub maximize: bool,
}

/// One step of Adagrad; the state is the sum of squares.
#[napi(catch_unwind, js_name = "adagrad_")]
pub fn adagrad_step(slots: OptimizerSlots, o: AdagradOptions) -> Result<()> {
    let (all, steps) = slots.read("adagrad")?;
    let decay = Decay::coupled(o.weight_decay, o.maximize);
    coded(all.step("adagrad", 1, |i| Adagrad::new(o.lr, o.lr_decay, o.eps, decay, steps[i])))
}

/// Options of `adadelta_`.
#[napi(object)]
pub struct AdadeltaOptions {
    pub lr: f64,
    pub rho: f64,
    pub eps: f64,
    pub weight_decay: f64,
    pub maximize: bool,
}

/// One step of Adadelta; the states are the means of the squares of the gradient and of the step.
#[napi(catch_unwind, js_name = "adadelta_")]
pub fn adadelta_step(slots: OptimizerSlots, o: AdadeltaOptions) -> Result<()> {
    let (all, _) = slots.read("adadelta")?;
    let decay = Decay::coupled(o.weight_decay, o.maximize);
    coded(all.step("adadelta", 2, |_| Adadelta { lr: o.lr, rho: o.rho, eps: o.eps, decay }))
}

/// Options of `rmsprop_`.
#[napi(object)]
pub struct RmspropOptions {
    pub lr: f64,
    pub alpha: f64,
    pub eps: f64,
    pub weight_decay: f64,
    pub momentum: f64,
    pub centered: bool,
    pub maximize: bool,
}

/// One step of RMSprop; the states are the mean of squares, then the mean if centered, then the buffer with momentum.
#[napi(catch_unwind, js_name = "rmsprop_")]
pub fn rmsprop_step(slots: OptimizerSlots, o: RmspropOptions) -> Result<()> {
    let (all, _) = slots.read("rmsprop")?;
    let RmspropOptions { lr, alpha, eps, momentum, centered, .. } = o;
    let decay = Decay::coupled(o.weight_decay, o.maximize);
    let rule = |_| RmsProp { lr, alpha, eps, momentum, centered, decay };
    coded(match (centered, momentum > 0.0) {
        (false, false) => all.step("rmsprop", 1, rule),
        (true, true) => all.step("rmsprop", 3, rule),
        _ => all.step("rmsprop", 2, rule),
    })
}
