//! Adam, AdamW and AMSGrad.   [Kingma & Ba 2015; Loshchilov & Hutter 2019; Reddi et al. 2018]

use super::{Decay, Rule, correction, lerp, mean_square, real, steps};
use crate::float::Float;

/// m += (1 - b1) (g - m);  v = b2 v + (1 - b2) g²;  p -= lr / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + eps).
/// A third state is AMSGrad's: the largest v so far, which then divides.
#[derive(Clone, Copy, Debug)]
pub struct Adam {
    beta1: f64,
    beta2: f64,
    eps: f64,
    decay: Decay,
    size: f64,
    root: f64,
}

impl Adam {
    /// For step `t`, counted from 1.
    pub fn new(lr: f64, [beta1, beta2]: [f64; 2], eps: f64, decay: Decay, t: u64) -> Self {
        Adam { beta1, beta2, eps, decay, size: lr / correction(beta1, t), root: correction(beta2, t).sqrt() }
    }

    #[inline(always)]
    fn move_by<T: Float>(&self, p: T, m: T, v: T) -> T {
        p + real::<T>(-self.size) * m / (v.sqrt() / real(self.root) + real(self.eps))
    }
}

steps!(Adam: 2 3);

impl Rule<2> for Adam {
    #[inline(always)]
    fn apply<T: Float>(&self, p: T, g: T, [m, v]: &mut [T; 2]) -> T {
        let (p, g) = self.decay.apply(p, g);
        (*m, *v) = (lerp(*m, g, 1.0 - self.beta1), mean_square(*v, g, self.beta2));
        self.move_by(p, *m, *v)
    }
}

impl Rule<3> for Adam {
    #[inline(always)]
    fn apply<T: Float>(&self, p: T, g: T, [m, v, largest]: &mut [T; 3]) -> T {
        let (p, g) = self.decay.apply(p, g);
        (*m, *v) = (lerp(*m, g, 1.0 - self.beta1), mean_square(*v, g, self.beta2));
        *largest = if *v > *largest || v.is_nan() { *v } else { *largest };
        self.move_by(p, *m, *largest)
    }
}
