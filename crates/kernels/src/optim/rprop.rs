//! Rprop: steps by the sign of the gradient.   [Riedmiller & Braun 1993]

use super::{Rule, steps};
use crate::float::Float;

/// Each element has a step of its own, which grows while its gradient keeps its sign and shrinks, without a move, when the
/// sign changes. The states are the last gradient and the step.
#[derive(Clone, Copy, Debug)]
pub struct Rprop {
    /// The factors of a step: (0, 1) at a change of sign, above 1 else.
    pub etas: [f64; 2],
    /// The smallest and the largest step.
    pub step_sizes: [f64; 2],
    /// Ascends.
    pub maximize: bool,
}

steps!(Rprop: 2);

impl Rule<2> for Rprop {
    #[inline(always)]
    fn apply<T: Float>(&self, p: T, g: T, [previous, step]: &mut [T; 2]) -> T {
        let ([minus, plus], [least, most]) = (self.etas.map(T::from_f64), self.step_sizes.map(T::from_f64));
        let g = if self.maximize { -g } else { g };
        let same = g * *previous;
        let turned = same < T::ZERO;
        let size = *step
            * if same > T::ZERO {
                plus
            } else if turned {
                minus
            } else {
                T::ONE
            };
        let size = if size < least { least } else { size };
        *step = if size > most { most } else { size };
        *previous = if turned { T::ZERO } else { g };
        let moves = if *previous > T::ZERO { *step } else { -*step };
        if *previous == T::ZERO { p } else { p - moves }
    }
}
