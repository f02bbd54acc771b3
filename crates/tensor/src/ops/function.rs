//! Element-wise functions of floats that the layers bring: their kernels applied to tensors, without a gradient.

use super::map::{map1, map2, number_update};
use crate::error::dtype;
use crate::{Result, Tensor};
use candlewick_kernels::elementwise::{Map1, Map2};

fn check(op: &str, x: &Tensor) -> Result<()> {
    match x.dtype().is_float() {
        true => Ok(()),
        false => dtype(format!("\"{op}\" not implemented for '{}'", x.dtype().title())),
    }
}

/// y[i] = f(x[i]) for floats. `op` is named to other dtypes.
pub fn map(op: &str, x: &Tensor, f: &dyn Map1) -> Result<Tensor> {
    check(op, x)?;
    map1(f, x, x.dtype().computing(), x.dtype())
}

/// y[i] = f(a[i], b[i]) for floats of one dtype, broadcast.
pub fn zip(op: &str, a: &Tensor, b: &Tensor, f: &dyn Map2) -> Result<Tensor> {
    debug_assert_eq!(a.dtype(), b.dtype());
    check(op, a)?;
    map2(f, a, b, a.dtype().computing(), a.dtype())
}

/// x[i] = f(x[i]) for floats, in place.
pub fn update(op: &str, x: &Tensor, f: &dyn Map1) -> Result<()> {
    check(op, x)?;
    number_update(f, x)
}
