//! Comparisons and logic: bool results, no gradient.

use super::map::compare_map;
use crate::{Bool, Result, Tensor};
use candlewick_kernels::elementwise::compare as kernel;

/// a == b
pub fn eq(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    compare_map(&kernel::Eq, a, b)
}
/// a != b
pub fn ne(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    compare_map(&kernel::Ne, a, b)
}
/// a < b
pub fn lt(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    compare_map(&kernel::Lt, a, b)
}
/// a <= b
pub fn le(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    compare_map(&kernel::Le, a, b)
}
/// a > b
pub fn gt(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    compare_map(&kernel::Gt, a, b)
}
/// a >= b
pub fn ge(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    compare_map(&kernel::Ge, a, b)
}
/// Both not zero.
pub fn logical_and(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    compare_map(&kernel::And, a, b)
}
/// One or both not zero.
pub fn logical_or(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    compare_map(&kernel::Or, a, b)
}
/// Exactly one not zero.
pub fn logical_xor(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    compare_map(&kernel::Xor, a, b)
}

/// Same shape and all elements equal.
pub fn equal(a: &Tensor, b: &Tensor) -> Result<bool> {
    if a.shape() != b.shape() {
        return Ok(false);
    }
    let same = eq(&a.detach(), &b.detach())?;
    Ok(same.storage().slice::<Bool>()?.iter().all(|b| b.0 != 0))
}
