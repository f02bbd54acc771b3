//! Adamax: Adam with the infinity norm.   [Kingma & Ba 2015]

use super::{Decay, Rule, correction, lerp, real, steps};
use crate::float::Float;

/// m += (1 - b1) (g - m);  u = max(b2 u, |g| + eps);  p -= lr / (1 - b1^t) m / u.
#[derive(Clone, Copy, Debug)]
pub struct Adamax {
    beta1: f64,
    beta2: f64,
    eps: f64,
    decay: Decay,
    size: f64,
}

impl Adamax {
    /// For step `t`, counted from 1.
    pub fn new(lr: f64, [beta1, beta2]: [f64; 2], eps: f64, decay: Decay, t: u64) -> Self {
        Adamax { beta1, beta2, eps, decay, size: -lr / correction(beta1, t) }
    }
}

steps!(Adamax: 2);

impl Rule<2> for Adamax {
    #[inline(always)]
    fn apply<T: Float>(&self, p: T, g: T, [m, u]: &mut [T; 2]) -> T {
        let (p, g) = self.decay.apply(p, g);
        let (old, new) = (*u * real(self.beta2), (if g < T::ZERO { -g } else { g }) + real(self.eps));
        *m = lerp(*m, g, 1.0 - self.beta1);
        *u = if new > old || new.is_nan() { new } else { old };
        p + real::<T>(self.size) * *m / *u
    }
}
