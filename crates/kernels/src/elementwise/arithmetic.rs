//! Functions of two numbers.

use super::function::{Number2, rows2};
use crate::element::Number;

macro_rules! functions {
    ($($(#[$doc:meta])* $name:ident: |$a:ident, $b:ident| $body:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $name;
        impl Number2 for $name {
            #[inline(always)]
            fn call<T: Number>(self, $a: T, $b: T) -> T { $body }
        }
        rows2!($name: number_row2);
    )*};
}

functions! {
    /// a + b
    Add: |a, b| a.add(b);
    /// a - b
    Sub: |a, b| a.sub(b);
    /// a * b
    Mul: |a, b| a.mul(b);
    /// a / b; of integers rounded towards zero.
    Div: |a, b| a.div(b);
    /// a / b rounded down.
    DivFloor: |a, b| a.div_floor(b);
    /// The remainder with the sign of b.
    Remainder: |a, b| a.rem(b);
    /// The remainder with the sign of a.
    FMod: |a, b| if T::DTYPE.is_float() {
        T::from_f64(a.to_f64() % b.to_f64())
    } else {
        T::from_i64(a.to_i64().checked_rem(b.to_i64()).unwrap_or(0))
    };
    /// a to the power of b.
    Pow: |a, b| a.pow(b);
    /// The larger one; NaN wins.
    Maximum: |a, b| if a.is_nan() || a > b { a } else { b };
    /// The smaller one; NaN wins.
    Minimum: |a, b| if a.is_nan() || a < b { a } else { b };
    /// The larger one; NaN loses.
    FMax: |a, b| if b.is_nan() || a >= b { a } else { b };
    /// The smaller one; NaN loses.
    FMin: |a, b| if b.is_nan() || a <= b { a } else { b };
    /// Bits set in both, of integers.
    BitAnd: |a, b| T::from_i64(a.to_i64() & b.to_i64());
    /// Bits set in either, of integers.
    BitOr: |a, b| T::from_i64(a.to_i64() | b.to_i64());
    /// Bits set in one only, of integers.
    BitXor: |a, b| T::from_i64(a.to_i64() ^ b.to_i64());
}
