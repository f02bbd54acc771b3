//! NAdam: Adam with Nesterov's momentum.   [Dozat 2016]

use super::{Decay, Rule, correction, lerp, mean_square, real, steps};
use crate::float::Float;

/// With mu_t = b1 (1 - 0.96^(t momentum decay) / 2) and M the product of mu_1 to mu_t:
/// p -= lr (1 - mu_t) / (1 - M) g / d + lr mu_t+1 / (1 - M mu_t+1) m / d, where d = sqrt(v / (1 - b2^t)) + eps.
#[derive(Clone, Copy, Debug)]
pub struct NAdam {
    beta1: f64,
    beta2: f64,
    eps: f64,
    decay: Decay,
    correction2: f64,
    by_gradient: f64,
    by_mean: f64,
}

impl NAdam {
    /// For step `t`, counted from 1; `product` is that of the momenta before, and becomes this step's.
    pub fn new(
        lr: f64,
        betas: [f64; 2],
        eps: f64,
        decay: Decay,
        momentum_decay: f64,
        t: u64,
        product: &mut f32,
    ) -> Self {
        let [beta1, beta2] = betas;
        let mu = |t: u64| beta1 * (1.0 - 0.5 * 0.96f64.powf(t as f64 * momentum_decay));
        *product *= mu(t) as f32;
        let (now, next) = (f64::from(*product), f64::from(*product) * mu(t + 1));
        NAdam {
            beta1,
            beta2,
            eps,
            decay,
            correction2: correction(beta2, t),
            by_gradient: -lr * (1.0 - mu(t)) / (1.0 - now),
            by_mean: -lr * mu(t + 1) / (1.0 - next),
        }
    }
}

steps!(NAdam: 2);

impl Rule<2> for NAdam {
    #[inline(always)]
    fn apply<T: Float>(&self, p: T, g: T, [m, v]: &mut [T; 2]) -> T {
        let (p, g) = self.decay.apply(p, g);
        (*m, *v) = (lerp(*m, g, 1.0 - self.beta1), mean_square(*v, g, self.beta2));
        let divisor = (*v / real(self.correction2)).sqrt() + real(self.eps);
        p + real::<T>(self.by_gradient) * g / divisor + real::<T>(self.by_mean) * *m / divisor
    }
}
