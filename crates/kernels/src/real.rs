//! f32 and f64 with the functions that activations and losses are made of.

use crate::float::Float;
use crate::vmath;

/// f32 or f64. The functions of f32 have no branches, so that loops over them become vector code.
pub trait Real: Float {
    /// e^x - 1
    fn expm1(self) -> Self;
    /// ln(1 + x)
    fn ln_1p(self) -> Self;
    /// The sine.
    fn sin(self) -> Self;
    /// The cosine.
    fn cos(self) -> Self;
    /// The hyperbolic tangent.
    fn tanh(self) -> Self;
    /// 1 / (1 + e^-x)
    fn sigmoid(self) -> Self;
    /// The error function.
    fn erf(self) -> Self;
    /// |x|
    fn abs(self) -> Self;
    /// Applies a function given in both precisions.
    fn with(self, single: impl Fn(f32) -> f32, double: impl Fn(f64) -> f64) -> Self;
}

macro_rules! real {
    ($($t:ident ($single:ident, $double:ident -> $chosen:ident): $expm1:path, $ln_1p:path, $sin:path, $cos:path, $tanh:path, $sigmoid:expr, $erf:path;)*) => {$(
        impl Real for $t {
            #[inline(always)]
            fn expm1(self) -> Self { $expm1(self) }
            #[inline(always)]
            fn ln_1p(self) -> Self { $ln_1p(self) }
            #[inline(always)]
            fn sin(self) -> Self { $sin(self) }
            #[inline(always)]
            fn cos(self) -> Self { $cos(self) }
            #[inline(always)]
            fn tanh(self) -> Self { $tanh(self) }
            #[inline(always)]
            fn sigmoid(self) -> Self { $sigmoid(self) }
            #[inline(always)]
            fn erf(self) -> Self { $erf(self) }
            #[inline(always)]
            fn abs(self) -> Self { $t::abs(self) }
            #[inline(always)]
            fn with(self, $single: impl Fn(f32) -> f32, $double: impl Fn(f64) -> f64) -> Self { $chosen(self) }
        }
    )*};
}
real! {
    f32 (single, _double -> single): vmath::expm1, vmath::log1p, vmath::sin, vmath::cos, vmath::tanh, vmath::sigmoid, vmath::erf;
    f64 (_single, double -> double): f64::exp_m1, f64::ln_1p, f64::sin, f64::cos, f64::tanh, |v: f64| 1.0 / (1.0 + (-v).exp()), libm::erf;
}
