//! Losses of one prediction and one target, each with its slope.

use super::function::{Real2, rows2};
use crate::real::Real;

/// A loss l(x, t) and its slope dl/dx.
trait Loss: Copy + Sync {
    fn value<R: Real>(self, x: R, t: R) -> R;
    fn slope<R: Real>(self, x: R, t: R) -> R;
}

/// The slope dl/dx of a loss.
#[derive(Clone, Copy)]
pub struct Slope<L>(pub L);

macro_rules! losses {
    ($($t:ident)*) => {$(
        impl Real2 for $t {
            #[inline(always)]
            fn call<R: Real>(self, x: R, t: R) -> R { self.value(x, t) }
        }
        impl Real2 for Slope<$t> {
            #[inline(always)]
            fn call<R: Real>(self, x: R, t: R) -> R { self.0.slope(x, t) }
        }
        rows2!($t: real_row2);
        rows2!(Slope<$t>: real_row2);
    )*};
}
losses! { Squared SmoothL1 Huber BinaryEntropy LogitEntropy SoftMargin }

/// What keeps x (1 - x) away from 0 below a fraction.
pub const TINY: f64 = 1e-12;

/// (x - t)^2
#[derive(Clone, Copy)]
pub struct Squared;
impl Loss for Squared {
    #[inline(always)]
    fn value<R: Real>(self, x: R, t: R) -> R {
        (x - t) * (x - t)
    }
    #[inline(always)]
    fn slope<R: Real>(self, x: R, t: R) -> R {
        (x - t) * R::from_f64(2.0)
    }
}

/// |d| < beta: d^2 / (2 beta); else: |d| - beta / 2
#[derive(Clone, Copy)]
pub struct SmoothL1(pub f64);
impl Loss for SmoothL1 {
    #[inline(always)]
    fn value<R: Real>(self, x: R, t: R) -> R {
        let (z, beta, half) = ((x - t).abs(), R::from_f64(self.0), R::from_f64(0.5));
        if z < beta { half * z * z / beta } else { z - half * beta }
    }
    #[inline(always)]
    fn slope<R: Real>(self, x: R, t: R) -> R {
        let (d, beta) = (x - t, R::from_f64(self.0));
        let inside = if d >= beta { R::ONE } else { d / beta };
        if d <= -beta { -R::ONE } else { inside }
    }
}

/// |d| <= delta: d^2 / 2; else: delta (|d| - delta / 2)
#[derive(Clone, Copy)]
pub struct Huber(pub f64);
impl Loss for Huber {
    #[inline(always)]
    fn value<R: Real>(self, x: R, t: R) -> R {
        let (z, delta, half) = ((x - t).abs(), R::from_f64(self.0), R::from_f64(0.5));
        if z <= delta { half * z * z } else { delta * (z - half * delta) }
    }
    #[inline(always)]
    fn slope<R: Real>(self, x: R, t: R) -> R {
        let (d, delta) = (x - t, R::from_f64(self.0));
        let inside = if d > delta { delta } else { d };
        if d < -delta { -delta } else { inside }
    }
}

/// -(t ln x + (1 - t) ln(1 - x)), the logarithms kept above -100.
#[derive(Clone, Copy)]
pub struct BinaryEntropy;
impl Loss for BinaryEntropy {
    #[inline(always)]
    fn value<R: Real>(self, x: R, t: R) -> R {
        let floor = R::from_f64(-100.0);
        let kept = |v: R| if v < floor { floor } else { v };
        (t - R::ONE) * kept((-x).ln_1p()) - t * kept(x.ln())
    }
    #[inline(always)]
    fn slope<R: Real>(self, x: R, t: R) -> R {
        let (below, tiny) = ((R::ONE - x) * x, R::from_f64(TINY));
        (x - t) / if below < tiny { tiny } else { below }
    }
}

/// (1 - t) x - ln(sigmoid(x))
#[derive(Clone, Copy)]
pub struct LogitEntropy;
impl Loss for LogitEntropy {
    #[inline(always)]
    fn value<R: Real>(self, x: R, t: R) -> R {
        let low = if x < R::ZERO { x } else { R::ZERO };
        (R::ONE - t) * x - (low - (-x.abs()).exp().ln_1p())
    }
    #[inline(always)]
    fn slope<R: Real>(self, x: R, t: R) -> R {
        x.sigmoid() - t
    }
}

/// ln(1 + e^(-t x))
#[derive(Clone, Copy)]
pub struct SoftMargin;
impl Loss for SoftMargin {
    #[inline(always)]
    fn value<R: Real>(self, x: R, t: R) -> R {
        (-(t * x)).exp().ln_1p()
    }
    #[inline(always)]
    fn slope<R: Real>(self, x: R, t: R) -> R {
        -t * (-(t * x)).sigmoid()
    }
}
