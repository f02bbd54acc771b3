//! Optimizer steps for one parameter. An optimizer is a `Rule` for one element, in PyTorch's order of operations; `step`
//! runs it over the parameter, its gradient and its states in one pass.

mod adadelta;
mod adagrad;
mod adam;
mod adamax;
mod asgd;
mod nadam;
mod radam;
mod rmsprop;
mod rprop;
mod sgd;

pub use adadelta::Adadelta;
pub use adagrad::Adagrad;
pub use adam::Adam;
pub use adamax::Adamax;
pub use asgd::Asgd;
pub use nadam::NAdam;
pub use radam::RAdam;
pub use rmsprop::RmsProp;
pub use rprop::Rprop;
pub use sgd::Sgd;

use crate::float::Float;
use crate::pool::chunks;
use crate::raw::Raw;
use crate::simd::{Kernel, dispatch};

/// Elements below which a pass stays on one thread.
const GRAIN: usize = 1 << 14;

/// One step of an optimizer over a parameter, its gradient and its states, in one pass that changes all but the gradient.
///
/// Panics if lengths differ, or for a number of states that the optimizer does not have.
pub trait Step<T> {
    /// The step. States come in the optimizer's order.
    fn step(&self, p: &mut [T], g: &[T], states: Vec<&mut [T]>);
}

/// Compiles the steps of a rule for each number of states that it takes.
macro_rules! steps {
    ($rule:ty: $($states:literal)*) => {
        $crate::optim::steps!(@for f32 $rule: $($states)*);
        $crate::optim::steps!(@for f64 $rule: $($states)*);
    };
    (@for $t:ident $rule:ty: $($states:literal)*) => {
        impl $crate::optim::Step<$t> for $rule {
            fn step(&self, p: &mut [$t], g: &[$t], states: Vec<&mut [$t]>) {
                match states.len() {
                    $($states => $crate::optim::step::<$t, $states>(p, g, states, *self),)*
                    n => panic!("optimizer step: {n} states"),
                }
            }
        }
    };
}
use steps;

/// The formula of an optimizer with `S` states. Mark `apply` `#[inline(always)]`: it becomes the body of a vector loop.
trait Rule<const S: usize>: Copy + Sync {
    /// The new parameter from the old one, its gradient and its states, which change in place.
    fn apply<T: Float>(&self, p: T, g: T, s: &mut [T; S]) -> T;
}

/// What most optimizers do first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decay {
    /// Whether to ascend: the gradient is negated.
    pub maximize: bool,
    /// Added to the gradient times the parameter.
    pub coupled: f64,
    /// Multiplies the parameter: 1 - lr * weight decay where the decay is decoupled, else 1.
    pub shrink: f64,
}

impl Decay {
    /// Of a weight decay that joins the gradient.
    pub fn coupled(weight_decay: f64, maximize: bool) -> Self {
        Decay { maximize, coupled: weight_decay, shrink: 1.0 }
    }

    /// Of a weight decay that may be `decoupled`: it then shrinks the parameter, as AdamW's.
    pub fn new(weight_decay: f64, decoupled: bool, maximize: bool, lr: f64) -> Self {
        match decoupled {
            true => Decay { maximize, coupled: 0.0, shrink: 1.0 - lr * weight_decay },
            false => Self::coupled(weight_decay, maximize),
        }
    }

    /// The parameter and the gradient that the formula goes on with.
    #[inline(always)]
    fn apply<T: Float>(&self, p: T, g: T) -> (T, T) {
        let g = if self.maximize { -g } else { g };
        let p = p * real(self.shrink);
        (p, if self.coupled != 0.0 { g + real::<T>(self.coupled) * p } else { g })
    }
}

/// A hyper-parameter in the type of the elements: computed in f64, as PyTorch does, then rounded.
#[inline(always)]
fn real<T: Float>(x: f64) -> T {
    T::from_f64(x)
}

/// a + w (b - a)
#[inline(always)]
fn lerp<T: Float>(a: T, b: T, w: f64) -> T {
    a + real::<T>(w) * (b - a)
}

/// The running mean of squares, v b + (1 - b) g².
#[inline(always)]
fn mean_square<T: Float>(v: T, g: T, b: f64) -> T {
    v * real(b) + real::<T>(1.0 - b) * g * g
}

/// 1 - beta^t, by which the mean of t numbers that starts at zero falls short.
fn correction(beta: f64, t: u64) -> f64 {
    1.0 - beta.powf(t as f64)
}

struct Pass<'a, T, const S: usize, R> {
    p: &'a mut [T],
    g: &'a [T],
    states: [&'a mut [T]; S],
    rule: R,
}

impl<T: Float, const S: usize, R: Rule<S>> Kernel for Pass<'_, T, S, R> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Pass { p, g, states, rule } = self;
        let n = p.len();
        let (g, states) = (&g[..n], states.map(|s| &mut s[..n]));
        for i in 0..n {
            let mut s: [T; S] = std::array::from_fn(|k| states[k][i]);
            p[i] = rule.apply(p[i], g[i], &mut s);
            for k in 0..S {
                states[k][i] = s[k];
            }
        }
    }
}

/// One step of a rule over a parameter.
fn step<T: Float, const S: usize>(p: &mut [T], g: &[T], states: Vec<&mut [T]>, rule: impl Rule<S>) {
    let len = p.len();
    let Ok(states): Result<[&mut [T]; S], _> = states.try_into() else { panic!("optimizer step: expected {S} states") };
    assert!(g.len() == len && states.iter().all(|s| s.len() == len), "optimizer step: lengths differ");
    let (p, states) = (Raw::new(p), states.map(|s| Raw::new(s)));
    chunks(len, GRAIN, &|r| {
        let (at, n) = (r.start, r.len());
        // SAFETY: ranges are disjoint and within the slices, whose lengths are equal.
        let (p, states) = unsafe { (p.slice(at, n), states.map(|s| s.slice(at, n))) };
        dispatch(Pass { p, g: &g[r], states, rule });
    });
}
