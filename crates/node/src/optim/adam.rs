//! Adam and its kin.

use super::OptimizerSlots;
use crate::error::{Result, argument, coded};
use candlewick_optim::{Adam, Adamax, Decay, NAdam, RAdam};
use napi_derive::napi;

/// Options of the steps of Adam's kin.
#[napi(object)]
pub struct AdamOptions {
    pub lr: f64,
    pub beta1: f64,
    pub beta2: f64,
    pub eps: f64,
    pub weight_decay: f64,
    pub maximize: bool,
    /// The decay multiplies the parameters, as AdamW's.
    pub decoupled: bool,
}

impl AdamOptions {
    fn betas(&self) -> [f64; 2] {
        [self.beta1, self.beta2]
    }

    fn decay(&self) -> Decay {
        Decay::new(self.weight_decay, self.decoupled, self.maximize, self.lr)
    }
}

/// One step of Adam or AdamW; the states are the mean of the gradient, of its square and with amsgrad the largest of those.
#[napi(catch_unwind, js_name = "adam_")]
pub fn adam_step(slots: OptimizerSlots, o: AdamOptions) -> Result<()> {
    let (all, steps) = slots.read("adam")?;
    let rule = |i: usize| Adam::new(o.lr, o.betas(), o.eps, o.decay(), steps[i]);
    coded(if all.states.len() == 3 { all.step("adam", 3, rule) } else { all.step("adam", 2, rule) })
}

/// One step of NAdam; the states are the means of the gradient and of its square. `products` are each parameter's product
/// of momenta, and the next step's are given back.
#[napi(catch_unwind, js_name = "nadam_")]
pub fn nadam_step(slots: OptimizerSlots, products: Vec<f64>, momentum_decay: f64, o: AdamOptions) -> Result<Vec<f64>> {
    let (all, steps) = slots.read("nadam")?;
    if products.len() != steps.len() {
        return argument("nadam: expected a product of momenta for each parameter");
    }
    let mut products: Vec<f32> = products.iter().map(|&x| x as f32).collect();
    let rule = |i: usize| NAdam::new(o.lr, o.betas(), o.eps, o.decay(), momentum_decay, steps[i], &mut products[i]);
    coded(all.step("nadam", 2, rule))?;
    Ok(products.into_iter().map(f64::from).collect())
}

/// One step of RAdam; the states are the means of the gradient and of its square.
#[napi(catch_unwind, js_name = "radam_")]
pub fn radam_step(slots: OptimizerSlots, o: AdamOptions) -> Result<()> {
    let (all, steps) = slots.read("radam")?;
    coded(all.step("radam", 2, |i| RAdam::new(o.lr, o.betas(), o.eps, o.decay(), steps[i])))
}

/// One step of Adamax; the states are the mean of the gradient and its infinity norm.
#[napi(catch_unwind, js_name = "adamax_")]
pub fn adamax_step(slots: OptimizerSlots, o: AdamOptions) -> Result<()> {
    let (all, steps) = slots.read("adamax")?;
    coded(all.step("adamax", 2, |i| Adamax::new(o.lr, o.betas(), o.eps, o.decay(), steps[i])))
}
