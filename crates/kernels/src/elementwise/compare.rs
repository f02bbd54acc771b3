//! Tests of two numbers.

use super::function::{Test2, rows2};
use crate::dtype::DType;
use crate::element::Number;

macro_rules! tests {
    ($($(#[$doc:meta])* $name:ident: |$a:ident, $b:ident| $body:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $name;
        impl Test2 for $name {
            #[inline(always)]
            fn call<T: Number>(self, $a: T, $b: T) -> bool { $body }
        }
        rows2!($name: test_row2 -> DType::Bool);
    )*};
}

tests! {
    /// a == b
    Eq: |a, b| a == b;
    /// a != b
    Ne: |a, b| a != b;
    /// a < b
    Lt: |a, b| a < b;
    /// a <= b
    Le: |a, b| a <= b;
    /// a > b
    Gt: |a, b| a > b;
    /// a >= b
    Ge: |a, b| a >= b;
    /// Both not zero.
    And: |a, b| (a != T::default()) & (b != T::default());
    /// One or both not zero.
    Or: |a, b| (a != T::default()) | (b != T::default());
    /// Exactly one not zero.
    Xor: |a, b| (a != T::default()) ^ (b != T::default());
}
