//! RMSprop.   [Hinton 2012; centred: Graves 2013]

use super::{Decay, Rule, lerp, mean_square, real, steps};
use crate::float::Float;

/// v = alpha v + (1 - alpha) g²;  d = g / (sqrt(v) + eps);  p -= lr d, or with momentum b = momentum b + d; p -= lr b.
/// Centred: v - mean(g)² below the root. The states are v, the mean of g if centred, b with momentum.
#[derive(Clone, Copy, Debug)]
pub struct RmsProp {
    /// Learning rate.
    pub lr: f64,
    /// How slowly the averages move.
    pub alpha: f64,
    /// Added to the divisor.
    pub eps: f64,
    /// Weight of the previous step; zero for no buffer.
    pub momentum: f64,
    /// Whether the variance divides instead of the mean square.
    pub centered: bool,
    /// Weight decay and direction.
    pub decay: Decay,
}

steps!(RmsProp: 1 2 3);

impl<const S: usize> Rule<S> for RmsProp {
    #[inline(always)]
    fn apply<T: Float>(&self, p: T, g: T, s: &mut [T; S]) -> T {
        let (p, g) = self.decay.apply(p, g);
        s[0] = mean_square(s[0], g, self.alpha);
        let mut square = s[0];
        if self.centered {
            let mean = &mut s[1 % S];
            *mean = lerp(*mean, g, 1.0 - self.alpha);
            square -= *mean * *mean;
        }
        let divisor = square.sqrt() + real(self.eps);
        if self.momentum > 0.0 {
            let buffer = &mut s[S - 1];
            *buffer = *buffer * real(self.momentum) + g / divisor;
            return p + real::<T>(-self.lr) * *buffer;
        }
        p + real::<T>(-self.lr) * g / divisor
    }
}
