//! Adagrad.   [Duchi et al. 2011]

use super::{Decay, Rule, real, steps};
use crate::float::Float;

/// sum += g²;  p -= lr / (1 + (t - 1) lr decay) g / (sqrt(sum) + eps).
#[derive(Clone, Copy, Debug)]
pub struct Adagrad {
    eps: f64,
    decay: Decay,
    size: f64,
}

impl Adagrad {
    /// For step `t`, counted from 1.
    pub fn new(lr: f64, lr_decay: f64, eps: f64, decay: Decay, t: u64) -> Self {
        Adagrad { eps, decay, size: -lr / (1.0 + (t as f64 - 1.0) * lr_decay) }
    }
}

steps!(Adagrad: 1);

impl Rule<1> for Adagrad {
    #[inline(always)]
    fn apply<T: Float>(&self, p: T, g: T, [sum]: &mut [T; 1]) -> T {
        let (p, g) = self.decay.apply(p, g);
        *sum += g * g;
        p + real::<T>(self.size) * g / (sum.sqrt() + real(self.eps))
    }
}
