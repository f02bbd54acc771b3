//! The two element types of the kernels, f32 and f64.

use crate::entries::Kernels;
use crate::memory::Pod;
use crate::vector::Visit;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// f32 or f64.
pub trait Float:
    Pod
    + Send
    + Sync
    + Default
    + PartialOrd
    + std::fmt::Debug
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + FloatVectors
    + Kernels<Self>
{
    /// 0
    const ZERO: Self;
    /// 1
    const ONE: Self;
    /// Minus infinity.
    const NEG_INFINITY: Self;
    /// Rounded to this type.
    fn from_f64(x: f64) -> Self;
    /// Widened.
    fn to_f64(self) -> f64;
    /// e^x, branch-free for f32.
    fn exp(self) -> Self;
    /// The natural logarithm, branch-free for f32.
    fn ln(self) -> Self;
    /// The square root.
    fn sqrt(self) -> Self;
    /// self * a + b, rounded once.
    fn mul_add(self, a: Self, b: Self) -> Self;
    /// Whether this is a NaN.
    fn is_nan(self) -> bool;
}

/// Picks the vector type of the level in use.
pub trait FloatVectors: Sized {
    /// Runs `v` with it.
    #[doc(hidden)]
    #[allow(private_bounds)]
    fn visit<K: Visit<Self>>(k: K)
    where
        Self: Float;
}

macro_rules! float {
    ($t:ident, $exp:path, $ln:path) => {
        impl Float for $t {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const NEG_INFINITY: Self = $t::NEG_INFINITY;
            #[inline(always)]
            fn from_f64(x: f64) -> Self {
                x as $t
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                self as f64
            }
            #[inline(always)]
            fn exp(self) -> Self {
                $exp(self)
            }
            #[inline(always)]
            fn ln(self) -> Self {
                $ln(self)
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                $t::sqrt(self)
            }
            #[inline(always)]
            fn mul_add(self, a: Self, b: Self) -> Self {
                $t::mul_add(self, a, b)
            }
            #[inline(always)]
            fn is_nan(self) -> bool {
                $t::is_nan(self)
            }
        }
    };
}
float!(f32, crate::vmath::exp, crate::vmath::ln);
float!(f64, f64::exp, f64::ln);
