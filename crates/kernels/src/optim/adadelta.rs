//! Adadelta.   [Zeiler 2012]

use super::{Decay, Rule, mean_square, real, steps};
use crate::float::Float;

/// v = rho v + (1 - rho) g²;  d = sqrt(u + eps) / sqrt(v + eps) g;  u = rho u + (1 - rho) d²;  p -= lr d.
#[derive(Clone, Copy, Debug)]
pub struct Adadelta {
    /// Learning rate.
    pub lr: f64,
    /// How slowly the averages move.
    pub rho: f64,
    /// Added below the roots.
    pub eps: f64,
    /// Weight decay and direction.
    pub decay: Decay,
}

steps!(Adadelta: 2);

impl Rule<2> for Adadelta {
    #[inline(always)]
    fn apply<T: Float>(&self, p: T, g: T, [v, u]: &mut [T; 2]) -> T {
        let (p, g) = self.decay.apply(p, g);
        let eps: T = real(self.eps);
        *v = mean_square(*v, g, self.rho);
        let delta = (*u + eps).sqrt() / (*v + eps).sqrt() * g;
        *u = mean_square(*u, delta, self.rho);
        p + real::<T>(-self.lr) * delta
    }
}
