//! RAdam: Adam whose step is rectified while the variance is uncertain.   [Liu et al. 2020]

use super::{Decay, Rule, correction, lerp, mean_square, real, steps};
use crate::float::Float;

/// p -= lr m / (1 - b1^t) r sqrt(1 - b2^t) / (sqrt(v) + eps), or without the part from r on while there is no r.
#[derive(Clone, Copy, Debug)]
pub struct RAdam {
    beta1: f64,
    beta2: f64,
    eps: f64,
    decay: Decay,
    size: f64,
    rectified: Option<f64>,
}

impl RAdam {
    /// For step `t`, counted from 1.
    pub fn new(lr: f64, [beta1, beta2]: [f64; 2], eps: f64, decay: Decay, t: u64) -> Self {
        let correction2 = correction(beta2, t);
        let longest = 2.0 / (1.0 - beta2) - 1.0;
        let rho = longest - 2.0 * t as f64 * (1.0 - correction2) / correction2;
        let rectify = || ((rho - 4.0) * (rho - 2.0) * longest / ((longest - 4.0) * (longest - 2.0) * rho)).sqrt();
        RAdam {
            beta1,
            beta2,
            eps,
            decay,
            size: -lr / correction(beta1, t),
            rectified: (rho > 5.0).then(|| rectify() * correction2.sqrt()),
        }
    }
}

steps!(RAdam: 2);

impl Rule<2> for RAdam {
    #[inline(always)]
    fn apply<T: Float>(&self, p: T, g: T, [m, v]: &mut [T; 2]) -> T {
        let (p, g) = self.decay.apply(p, g);
        (*m, *v) = (lerp(*m, g, 1.0 - self.beta1), mean_square(*v, g, self.beta2));
        let step = real::<T>(self.size) * *m;
        match self.rectified {
            Some(r) => p + step * (real::<T>(r) / (v.sqrt() + real(self.eps))),
            None => p + step,
        }
    }
}
