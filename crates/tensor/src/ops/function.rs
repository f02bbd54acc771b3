//! Element-wise functions that carry numbers of their own (a slope, a threshold), for the layers: written once for float32
//! and float64; the half types compute in float32.

use super::map::{Fn1, Fn2, map1, map2, update1};
use crate::element::dispatch;
use crate::{Float, Result, Tensor};
use candlewick_kernels::{float, vmath};

/// f32 or f64, with the functions that activations and losses are made of.
pub trait Real: float::Float {
    /// e^x - 1
    fn expm1(self) -> Self;
    /// ln(1 + x)
    fn ln_1p(self) -> Self;
    /// The hyperbolic tangent.
    fn tanh(self) -> Self;
    /// 1 / (1 + e^-x)
    fn sigmoid(self) -> Self;
    /// The error function.
    fn erf(self) -> Self;
    /// |x|
    fn abs(self) -> Self;
}

macro_rules! real {
    ($($t:ident: $expm1:path, $ln_1p:path, $tanh:path, $sigmoid:expr, $erf:path;)*) => {$(
        impl Real for $t {
            #[inline(always)]
            fn expm1(self) -> Self { $expm1(self) }
            #[inline(always)]
            fn ln_1p(self) -> Self { $ln_1p(self) }
            #[inline(always)]
            fn tanh(self) -> Self { $tanh(self) }
            #[inline(always)]
            fn sigmoid(self) -> Self { $sigmoid(self) }
            #[inline(always)]
            fn erf(self) -> Self { $erf(self) }
            #[inline(always)]
            fn abs(self) -> Self { $t::abs(self) }
        }
    )*};
}
real! {
    f32: vmath::expm1, vmath::log1p, vmath::tanh, vmath::sigmoid, vmath::erf;
    f64: f64::exp_m1, f64::ln_1p, f64::tanh, |v: f64| 1.0 / (1.0 + (-v).exp()), libm::erf;
}

/// A function of one element.
pub trait Function: Copy + Sync {
    /// Its value. Mark it `#[inline(always)]`.
    fn call<R: Real>(self, x: R) -> R;
}

/// A function of two elements.
pub trait Function2: Copy + Sync {
    /// Its value. Mark it `#[inline(always)]`.
    fn call<R: Real>(self, a: R, b: R) -> R;
}

#[derive(Clone, Copy)]
struct Carried<F>(F);

impl<F: Function, T: Float> Fn1<T, T> for Carried<F> {
    #[inline(always)]
    fn call(self, x: T) -> T {
        x.with(|x| self.0.call(x), |x| self.0.call(x))
    }
}
impl<F: Function2, T: Float> Fn2<T, T> for Carried<F> {
    #[inline(always)]
    fn call(self, a: T, b: T) -> T {
        a.with2(b, |a, b| self.0.call(a, b), |a, b| self.0.call(a, b))
    }
}

/// y[i] = f(x[i]) for floats, without a gradient. `op` is named to other dtypes.
pub fn map(op: &str, x: &Tensor, f: impl Function) -> Result<Tensor> {
    dispatch!(float op, x.dtype(), T => map1::<T, T>(x, Carried(f)))
}

/// y[i] = f(a[i], b[i]) for floats of one dtype, broadcast, without a gradient.
pub fn zip(op: &str, a: &Tensor, b: &Tensor, f: impl Function2) -> Result<Tensor> {
    debug_assert_eq!(a.dtype(), b.dtype());
    dispatch!(float op, a.dtype(), T => map2::<T, T>(a, b, Carried(f)))
}

/// x[i] = f(x[i]) for floats, in place, without a gradient.
pub fn update(op: &str, x: &Tensor, f: impl Function) -> Result<()> {
    dispatch!(float op, x.dtype(), T => update1::<T>(x, Carried(f)))
}
