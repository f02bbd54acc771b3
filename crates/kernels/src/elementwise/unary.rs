//! Functions and tests of one number.

use super::function::{Number1, Real1, Test1, rows1};
use crate::dtype::DType;
use crate::element::Number;
use crate::real::Real;

macro_rules! functions {
    ($kind:ident<$T:ident: $bound:ident> -> $out:ty, $rows:tt;
     $($(#[$doc:meta])* $name:ident: |$x:ident| $body:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $name;
        impl $kind for $name {
            #[inline(always)]
            fn call<$T: $bound>(self, $x: $T) -> $out { $body }
        }
        functions!(@rows $name $rows);
    )*};
    (@rows $name:ident ($($rows:tt)*)) => { rows1!($name: $($rows)*); };
}

functions! { Real1<T: Real> -> T, (real_row);
    /// e^x
    Exp: |x| x.exp();
    /// The natural logarithm.
    Log: |x| x.ln();
    /// ln(1 + x)
    Log1p: |x| x.ln_1p();
    /// The logarithm to base 2.
    Log2: |x| x.with(f32::log2, f64::log2);
    /// The logarithm to base 10.
    Log10: |x| x.with(f32::log10, f64::log10);
    /// e^x - 1
    Expm1: |x| x.expm1();
    /// The square root.
    Sqrt: |x| x.sqrt();
    /// 1 / sqrt(x)
    Rsqrt: |x| T::ONE / x.sqrt();
    /// 1 / x
    Reciprocal: |x| T::ONE / x;
    /// The sine.
    Sin: |x| x.sin();
    /// The cosine.
    Cos: |x| x.cos();
    /// The tangent.
    Tan: |x| x.with(f32::tan, f64::tan);
    /// The hyperbolic tangent.
    Tanh: |x| x.tanh();
    /// 1 / (1 + e^-x)
    Sigmoid: |x| x.sigmoid();
    /// The error function.
    Erf: |x| x.erf();
    /// The largest integer not above x.
    Floor: |x| x.with(f32::floor, f64::floor);
    /// The smallest integer not below x.
    Ceil: |x| x.with(f32::ceil, f64::ceil);
    /// The nearest integer, halves to even.
    Round: |x| x.with(f32::round_ties_even, f64::round_ties_even);
    /// The integer part.
    Trunc: |x| x.with(f32::trunc, f64::trunc);
}

functions! { Number1<T: Number> -> T, (number_row);
    /// -x
    Neg: |x| x.neg();
    /// |x|
    Abs: |x| x.abs();
    /// x * x
    Square: |x| x.mul(x);
    /// max(x, 0)
    Relu: |x| if x < T::default() { T::default() } else { x };
    /// -1, 0 or 1; of NaN 0.
    Sign: |x| if x > T::default() {
        T::from_i64(1)
    } else if x < T::default() {
        T::from_i64(-1)
    } else {
        T::default()
    };
    /// Every bit inverted, of integers.
    BitNot: |x| T::from_i64(!x.to_i64());
}

functions! { Test1<T: Number> -> bool, (test_row -> DType::Bool);
    /// Whether x is not a number.
    IsNan: |x| x.is_nan();
    /// Whether x is infinite.
    IsInf: |x| T::DTYPE.is_float() && x.to_f64().is_infinite();
    /// Whether x is neither infinite nor NaN.
    IsFinite: |x| !T::DTYPE.is_float() || x.to_f64().is_finite();
    /// Whether the sign bit is set.
    SignBit: |x| if T::DTYPE.is_float() { x.to_f64().is_sign_negative() } else { x.to_i64() < 0 };
}
