//! Optimizers that look at a matrix as a whole.

use super::OptimizerSlots;
use crate::error::{Result, argument, coded};
use candlewick_optim::{AdafactorConfig, Adjust, MuonConfig, adafactor, muon};
use napi_derive::napi;

/// Options of `adafactor_`.
#[napi(object)]
pub struct AdafactorOptions {
    pub lr: f64,
    pub beta2_decay: f64,
    pub eps1: Option<f64>,
    pub eps2: f64,
    pub d: f64,
    pub weight_decay: f64,
    pub maximize: bool,
}

/// One step of Adafactor; the states are the second moments of rows and of columns, both the whole one's for a vector.
#[napi(catch_unwind, js_name = "adafactor_")]
pub fn adafactor_step(slots: OptimizerSlots, o: AdafactorOptions) -> Result<()> {
    let (all, steps) = slots.read("adafactor")?;
    let [rows, cols] = &all.states[..] else { return argument("adafactor: expected two states") };
    let c = AdafactorConfig {
        lr: o.lr,
        beta2_decay: o.beta2_decay,
        eps1: o.eps1,
        eps2: o.eps2,
        clip: o.d,
        weight_decay: o.weight_decay,
        maximize: o.maximize,
    };
    coded(adafactor(&all.params, &all.grads, rows, cols, &steps, &c))
}

/// Options of `muon_`. `nsCoefficients` are three.
#[napi(object)]
pub struct MuonOptions {
    pub lr: f64,
    pub weight_decay: f64,
    pub momentum: f64,
    pub nesterov: bool,
    pub ns_coefficients: Vec<f64>,
    pub eps: f64,
    pub ns_steps: u32,
    pub adjust_lr_fn: String,
}

/// One step of Muon; the state is the momentum buffer.
#[napi(catch_unwind, js_name = "muon_")]
pub fn muon_step(slots: OptimizerSlots, o: MuonOptions) -> Result<()> {
    let (all, _) = slots.read("muon")?;
    let [buffers] = &all.states[..] else { return argument("muon: expected one state") };
    let Ok(coefficients) = <[f64; 3]>::try_from(o.ns_coefficients) else {
        return argument("Coefficients must be a tuple of exactly 3 values");
    };
    let adjust = match &o.adjust_lr_fn[..] {
        "original" => Adjust::Original,
        "match_rms_adamw" => Adjust::MatchRmsAdamw,
        "spectral_unclamped" => Adjust::SpectralUnclamped,
        other => return argument(format!("Adjust learning rate function {other} is not supported")),
    };
    let c = MuonConfig {
        lr: o.lr,
        weight_decay: o.weight_decay,
        momentum: o.momentum,
        nesterov: o.nesterov,
        coefficients,
        eps: o.eps,
        steps: o.ns_steps,
        adjust,
    };
    coded(muon(&all.params, &all.grads, buffers, &c))
}
