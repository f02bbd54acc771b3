//! Stochastic gradient descent with momentum and Nesterov's variant.   [Sutskever et al. 2013]

use super::{Decay, Rule, real, steps};
use crate::float::Float;

/// p -= lr (nesterov ? g + momentum buffer : buffer), where buffer = momentum buffer + (1 - dampening) g.
/// Without a buffer: p -= lr g.
#[derive(Clone, Copy, Debug)]
pub struct Sgd {
    /// Learning rate.
    pub lr: f64,
    /// Weight of the previous step in the buffer.
    pub momentum: f64,
    /// The new gradient enters the buffer times 1 - dampening.
    pub dampening: f64,
    /// Steps along gradient + momentum * buffer.
    pub nesterov: bool,
    /// Weight decay and direction.
    pub decay: Decay,
    /// The buffer is fresh: it becomes the gradient.
    pub first: bool,
}

steps!(Sgd: 0 1);

impl Rule<0> for Sgd {
    #[inline(always)]
    fn apply<T: Float>(&self, p: T, g: T, _: &mut [T; 0]) -> T {
        let (p, g) = self.decay.apply(p, g);
        p + real::<T>(-self.lr) * g
    }
}

impl Rule<1> for Sgd {
    #[inline(always)]
    fn apply<T: Float>(&self, p: T, g: T, [buffer]: &mut [T; 1]) -> T {
        let (p, g) = self.decay.apply(p, g);
        let momentum: T = real(self.momentum);
        *buffer = if self.first { g } else { *buffer * momentum + real::<T>(1.0 - self.dampening) * g };
        p + real::<T>(-self.lr) * if self.nesterov { g + momentum * *buffer } else { *buffer }
    }
}
