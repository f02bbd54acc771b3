//! Comparisons and logic: bool results, no gradient.

use super::map::{CompareOp, compare_map};
use crate::{Bool, Number, Result, Tensor};

macro_rules! comparison {
    ($($(#[$doc:meta])* $name:ident $op:ident: |$a:ident, $b:ident| $body:expr;)*) => {$(
        struct $op;
        impl CompareOp for $op {
            #[inline(always)]
            fn apply<T: Number>($a: T, $b: T) -> bool { $body }
        }
        $(#[$doc])*
        pub fn $name(a: &Tensor, b: &Tensor) -> Result<Tensor> {
            compare_map::<$op>(a, b)
        }
    )*};
}
comparison! {
    /// a == b
    eq Eq: |a, b| a == b;
    /// a != b
    ne Ne: |a, b| a != b;
    /// a < b
    lt Lt: |a, b| a < b;
    /// a <= b
    le Le: |a, b| a <= b;
    /// a > b
    gt Gt: |a, b| a > b;
    /// a >= b
    ge Ge: |a, b| a >= b;
    /// Both not zero.
    logical_and And: |a, b| (a != T::default()) & (b != T::default());
    /// One or both not zero.
    logical_or Or: |a, b| (a != T::default()) | (b != T::default());
    /// Exactly one not zero.
    logical_xor Xor: |a, b| (a != T::default()) ^ (b != T::default());
}

/// Same shape and all elements equal.
pub fn equal(a: &Tensor, b: &Tensor) -> Result<bool> {
    if a.shape() != b.shape() {
        return Ok(false);
    }
    let same = eq(&a.detach(), &b.detach())?;
    Ok(same.storage().slice::<Bool>()?.iter().all(|b| b.0 != 0))
}
