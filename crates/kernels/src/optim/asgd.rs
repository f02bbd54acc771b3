//! Averaged stochastic gradient descent.   [Polyak & Juditsky 1992]

use super::{Decay, Rule, real, steps};
use crate::float::Float;

/// p = (1 - lambda eta) p - eta g;  a += mu (p - a), the average of the parameters.
#[derive(Clone, Copy, Debug)]
pub struct Asgd {
    /// How much each step shrinks the parameter.
    pub lambda: f64,
    /// The step's size.
    pub eta: f64,
    /// The weight of the new parameter in the average.
    pub mu: f64,
    /// Weight decay and direction.
    pub decay: Decay,
}

impl Asgd {
    /// The size and the weight of the step after step `t`.
    pub fn next(lr: f64, lambda: f64, alpha: f64, t0: f64, t: u64) -> (f32, f32) {
        let t = t as f64;
        ((lr / (1.0 + lambda * lr * t).powf(alpha)) as f32, (1.0 / (t - t0).max(1.0)) as f32)
    }
}

steps!(Asgd: 1);

impl Rule<1> for Asgd {
    #[inline(always)]
    fn apply<T: Float>(&self, p: T, g: T, [average]: &mut [T; 1]) -> T {
        let (p, g) = self.decay.apply(p, g);
        let p = p * real(1.0 - self.lambda * self.eta) + real::<T>(-self.eta) * g;
        *average = if self.mu == 1.0 { p } else { *average + (p - *average) * real(self.mu) };
        p
    }
}
