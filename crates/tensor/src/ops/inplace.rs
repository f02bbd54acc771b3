//! The in-place form of any operation: compute beside, then write over.

use super::copy::{clone, to_dtype, write_strided};
use crate::autograd::{Tape, is_grad_enabled};
use crate::error::cast_error;
use crate::error::shape;
use crate::layout::list;
use crate::{DType, Result, Tensor};

/// Whether x may be changed in place at all.
pub fn check_inplace(x: &Tensor) -> Result<()> {
    x.check_inplace()
}

/// What an operation reads in place of `x` when its result will be written over x: x itself, or while gradients are
/// recorded a copy, because the operation may save it.
pub fn before_overwrite(x: &Tensor) -> Result<Tensor> {
    x.check_inplace()?;
    if is_grad_enabled() { clone(x) } else { Ok(x.detach()) }
}

/// Writes y, computed from [`before_overwrite`], over x and continues x's history with y's.
/// Errors: a shape other than x's, a dtype that does not fit in x's.
pub fn overwrite(x: &Tensor, y: &Tensor) -> Result<()> {
    if y.shape() != x.shape() {
        return shape(format!(
            "output with shape {} doesn't match the broadcast shape {}",
            list(x.shape()),
            list(y.shape())
        ));
    }
    let (from, to) = (y.dtype(), x.dtype());
    if from != to && !(to.is_float() || !from.is_float() && (to != DType::Bool)) {
        return cast_error(from, to);
    }
    x.check_inplace()?;
    let tape = Tape::of("CopyBackwards", &[x, y]);
    let plain = to_dtype(&y.detach(), to)?;
    let plain = if plain.shares_storage(x) { clone(&plain)? } else { plain };
    write_strided(&x.detach(), &plain)?;
    if tape.active() && x.view().is_none() && from == to && !y.is_leaf() {
        return x.continue_from(y);
    }
    tape.record_inplace(x, |c| c.each(&[&|| c.gy()?.zeros_like(), &|| c.gy()]))
}
