//! Activations of neural networks, each with its gradient.

use super::function::{Real1, Real2, rows1, rows2};
use crate::real::Real;
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI, SQRT_2};

/// An activation: as a function of one element its value, of two (x and gy) the gradient gy * f'(x).
trait Curve: Copy + Sync {
    fn value<R: Real>(self, x: R) -> R;
    fn gradient<R: Real>(self, x: R, gy: R) -> R;
}

macro_rules! curves {
    ($($t:ident)*) => {$(
        impl Real1 for $t {
            #[inline(always)]
            fn call<R: Real>(self, x: R) -> R { self.value(x) }
        }
        impl Real2 for $t {
            #[inline(always)]
            fn call<R: Real>(self, x: R, gy: R) -> R { self.gradient(x, gy) }
        }
        rows1!($t: real_row);
        rows2!($t: real_row2);
    )*};
}
curves! { Elu Celu Leaky Threshold Hardtanh Hardsigmoid Hardswish Hardshrink Softshrink Silu Mish Gelu GeluTanh Softplus LogSigmoid }

/// The normal density at 0.
pub const DENSITY: f64 = FRAC_2_SQRT_PI * FRAC_1_SQRT_2 * 0.5;
/// The factor of x in the approximation of GELU.
pub const RATE: f64 = SQRT_2 * FRAC_2_SQRT_PI * 0.5;
/// The factor of x^3 in the approximation of GELU.
pub const CUBE: f64 = 0.044715;

/// (e^2x + 2 e^x, e^x): tanh(softplus(x)) is the first divided by itself plus 2, and 1 where e^x is cut off.
#[inline(always)]
fn mish_parts<R: Real>(x: R) -> (R, R) {
    let top = R::from_f64(20.0);
    let x = if x > top { top } else { x };
    let e = x.exp();
    (e * (e + R::from_f64(2.0)), e)
}

/// scale x above 0, scale alpha (e^x - 1) below.
#[derive(Clone, Copy)]
pub struct Elu {
    /// The limit far below 0, before scaling.
    pub alpha: f64,
    /// What everything is multiplied by.
    pub scale: f64,
}
impl Curve for Elu {
    #[inline(always)]
    fn value<R: Real>(self, x: R) -> R {
        let below = x.expm1() * R::from_f64(self.alpha * self.scale);
        if x <= R::ZERO { below } else { x * R::from_f64(self.scale) }
    }
    #[inline(always)]
    fn gradient<R: Real>(self, x: R, gy: R) -> R {
        let below = x.exp() * R::from_f64(self.alpha * self.scale);
        gy * if x <= R::ZERO { below } else { R::from_f64(self.scale) }
    }
}

/// x above 0, alpha (e^(x / alpha) - 1) below.
#[derive(Clone, Copy)]
pub struct Celu(pub f64);
impl Curve for Celu {
    #[inline(always)]
    fn value<R: Real>(self, x: R) -> R {
        let below = (x * R::from_f64(1.0 / self.0)).expm1() * R::from_f64(self.0);
        if x <= R::ZERO { below } else { x }
    }
    #[inline(always)]
    fn gradient<R: Real>(self, x: R, gy: R) -> R {
        let below = (x * R::from_f64(1.0 / self.0)).exp();
        gy * if x <= R::ZERO { below } else { R::ONE }
    }
}

/// x above 0, slope x below.
#[derive(Clone, Copy)]
pub struct Leaky(pub f64);
impl Curve for Leaky {
    #[inline(always)]
    fn value<R: Real>(self, x: R) -> R {
        if x > R::ZERO { x } else { x * R::from_f64(self.0) }
    }
    #[inline(always)]
    fn gradient<R: Real>(self, x: R, gy: R) -> R {
        if x > R::ZERO { gy } else { gy * R::from_f64(self.0) }
    }
}

/// x above the threshold, else the value.
#[derive(Clone, Copy)]
pub struct Threshold {
    /// Where x takes over.
    pub threshold: f64,
    /// What stands at and below it.
    pub value: f64,
}
impl Curve for Threshold {
    #[inline(always)]
    fn value<R: Real>(self, x: R) -> R {
        if x <= R::from_f64(self.threshold) { R::from_f64(self.value) } else { x }
    }
    #[inline(always)]
    fn gradient<R: Real>(self, x: R, gy: R) -> R {
        if x <= R::from_f64(self.threshold) { R::ZERO } else { gy }
    }
}

/// x within [min, max].
#[derive(Clone, Copy)]
pub struct Hardtanh {
    /// The lower limit.
    pub min: f64,
    /// The upper limit.
    pub max: f64,
}
impl Curve for Hardtanh {
    #[inline(always)]
    fn value<R: Real>(self, x: R) -> R {
        let (min, max) = (R::from_f64(self.min), R::from_f64(self.max));
        let y = if x < min { min } else { x };
        if y > max { max } else { y }
    }
    #[inline(always)]
    fn gradient<R: Real>(self, x: R, gy: R) -> R {
        if x > R::from_f64(self.min) && x < R::from_f64(self.max) { gy } else { R::ZERO }
    }
}

/// x / 6 + 1 / 2 within [0, 1].
#[derive(Clone, Copy)]
pub struct Hardsigmoid;
impl Curve for Hardsigmoid {
    #[inline(always)]
    fn value<R: Real>(self, x: R) -> R {
        Hardtanh { min: 0.0, max: 6.0 }.value(x + R::from_f64(3.0)) / R::from_f64(6.0)
    }
    #[inline(always)]
    fn gradient<R: Real>(self, x: R, gy: R) -> R {
        if x > R::from_f64(-3.0) && x < R::from_f64(3.0) { gy / R::from_f64(6.0) } else { R::ZERO }
    }
}

/// x hardsigmoid(x)
#[derive(Clone, Copy)]
pub struct Hardswish;
impl Curve for Hardswish {
    #[inline(always)]
    fn value<R: Real>(self, x: R) -> R {
        x * Hardsigmoid.value(x)
    }
    #[inline(always)]
    fn gradient<R: Real>(self, x: R, gy: R) -> R {
        let three = R::from_f64(3.0);
        let inside = gy * (x / three + R::from_f64(0.5));
        let above = if x >= three { gy } else { inside };
        if x <= -three { R::ZERO } else { above }
    }
}

/// x outside of [-lambda, lambda], 0 inside.
#[derive(Clone, Copy)]
pub struct Hardshrink(pub f64);
impl Curve for Hardshrink {
    #[inline(always)]
    fn value<R: Real>(self, x: R) -> R {
        let l = R::from_f64(self.0);
        if x >= -l && x <= l { R::ZERO } else { x }
    }
    #[inline(always)]
    fn gradient<R: Real>(self, x: R, gy: R) -> R {
        let l = R::from_f64(self.0);
        if x > l || x < -l { gy } else { R::ZERO }
    }
}

/// x drawn towards 0 by lambda.
#[derive(Clone, Copy)]
pub struct Softshrink(pub f64);
impl Curve for Softshrink {
    #[inline(always)]
    fn value<R: Real>(self, x: R) -> R {
        let l = R::from_f64(self.0);
        let below = if x < -l { x + l } else { x * R::ZERO };
        if x > l { x - l } else { below }
    }
    #[inline(always)]
    fn gradient<R: Real>(self, x: R, gy: R) -> R {
        Hardshrink(self.0).gradient(x, gy)
    }
}

/// x sigmoid(x)
#[derive(Clone, Copy)]
pub struct Silu;
impl Curve for Silu {
    #[inline(always)]
    fn value<R: Real>(self, x: R) -> R {
        x * x.sigmoid()
    }
    #[inline(always)]
    fn gradient<R: Real>(self, x: R, gy: R) -> R {
        let s = x.sigmoid();
        gy * s * (R::ONE + x * (R::ONE - s))
    }
}

/// x tanh(softplus(x))
#[derive(Clone, Copy)]
pub struct Mish;
impl Curve for Mish {
    #[inline(always)]
    fn value<R: Real>(self, x: R) -> R {
        let (n, _) = mish_parts(x);
        x * (n / (n + R::from_f64(2.0)))
    }
    #[inline(always)]
    fn gradient<R: Real>(self, x: R, gy: R) -> R {
        let (n, e) = mish_parts(x);
        let (two, four) = (R::from_f64(2.0), R::from_f64(4.0));
        let m = n + two;
        // Where e^x is cut off the slope of tanh is 0; at infinity the product is NaN, as PyTorch's.
        let slope = if x > R::from_f64(20.0) { R::ZERO } else { four * (n + R::ONE) / (m * m) };
        gy * (n / m + x * (e / (e + R::ONE)) * slope)
    }
}

/// x times the normal distribution function of x.
#[derive(Clone, Copy)]
pub struct Gelu;
impl Curve for Gelu {
    #[inline(always)]
    fn value<R: Real>(self, x: R) -> R {
        x * R::from_f64(0.5) * (R::ONE + (x * R::from_f64(FRAC_1_SQRT_2)).erf())
    }
    #[inline(always)]
    fn gradient<R: Real>(self, x: R, gy: R) -> R {
        let half = R::from_f64(0.5);
        let below = half * (R::ONE + (x * R::from_f64(FRAC_1_SQRT_2)).erf());
        gy * (below + x * (x * x * -half).exp() * R::from_f64(DENSITY))
    }
}

/// The same, approximated by tanh(RATE (x + CUBE x^3)).
#[derive(Clone, Copy)]
pub struct GeluTanh;
impl Curve for GeluTanh {
    #[inline(always)]
    fn value<R: Real>(self, x: R) -> R {
        let inner = R::from_f64(RATE) * (x + R::from_f64(CUBE) * x * x * x);
        R::from_f64(0.5) * x * (R::ONE + inner.tanh())
    }
    #[inline(always)]
    fn gradient<R: Real>(self, x: R, gy: R) -> R {
        let (half, cube) = (R::from_f64(0.5), R::from_f64(CUBE));
        let t = (R::from_f64(RATE) * (x + cube * x * x * x)).tanh();
        let inner = R::from_f64(RATE) * (R::ONE + R::from_f64(3.0) * cube * x * x);
        gy * (half * (R::ONE + t) + half * x * (R::ONE - t * t) * inner)
    }
}

/// ln(1 + e^(beta x)) / beta; x where beta x lies above the threshold.
#[derive(Clone, Copy)]
pub struct Softplus {
    /// The steepness.
    pub beta: f64,
    /// Where x takes over.
    pub threshold: f64,
}
impl Curve for Softplus {
    #[inline(always)]
    fn value<R: Real>(self, x: R) -> R {
        let z = x * R::from_f64(self.beta);
        let bent = z.exp().ln_1p() / R::from_f64(self.beta); // before the choice, so that the loop has no branch
        if z > R::from_f64(self.threshold) { x } else { bent }
    }
    #[inline(always)]
    fn gradient<R: Real>(self, x: R, gy: R) -> R {
        let z = x * R::from_f64(self.beta);
        let bent = gy * z.sigmoid();
        if z > R::from_f64(self.threshold) { gy } else { bent }
    }
}

/// ln(sigmoid(x)), without overflow.
#[derive(Clone, Copy)]
pub struct LogSigmoid;
impl Curve for LogSigmoid {
    #[inline(always)]
    fn value<R: Real>(self, x: R) -> R {
        let low = if x < R::ZERO { x } else { R::ZERO };
        low - (-x.abs()).exp().ln_1p()
    }
    #[inline(always)]
    fn gradient<R: Real>(self, x: R, gy: R) -> R {
        gy * (-x).sigmoid()
    }
}

/// x above 0, weight x below: a function of x and the weight.
#[derive(Clone, Copy)]
pub struct Prelu;
impl Real2 for Prelu {
    #[inline(always)]
    fn call<R: Real>(self, x: R, w: R) -> R {
        if x > R::ZERO { x } else { x * w }
    }
}
rows2!(Prelu: real_row2);

/// a sigmoid(b): the gated linear unit of two halves.
#[derive(Clone, Copy)]
pub struct Gate;
impl Real2 for Gate {
    #[inline(always)]
    fn call<R: Real>(self, a: R, b: R) -> R {
        a * b.sigmoid()
    }
}
rows2!(Gate: real_row2);
