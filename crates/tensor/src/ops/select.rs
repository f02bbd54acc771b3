//! Choosing between values: `where` and masked filling.

use super::copy::{to_dtype, write_strided};
use super::map::{Source, result_layout};
use super::unary::int;
use crate::autograd::Tape;
use crate::error::dtype;
use crate::iter::Plan;
use crate::{DType, Result, Tensor, result_type};
use candlewick_kernels::elementwise::choose;

/// a where the condition holds, else b.
pub fn where_(condition: &Tensor, a: &Tensor, b: &Tensor) -> Result<Tensor> {
    if condition.dtype() != DType::Bool {
        return dtype(format!(
            "where expected condition to be a boolean tensor, but got a tensor with dtype {}",
            condition.dtype().title()
        ));
    }
    let common = result_type(&[a, b]);
    let y = Tensor::blank(result_layout(&[condition, a, b])?, common)?;
    let [of_mask, of_a, of_b, to] = [Source::of(condition)?, Source::of(a)?, Source::of(b)?, Source::of(&y)?];
    Plan::new(y.layout(), [condition.layout(), a.layout(), b.layout()]).rows(&|start, n, at, step| {
        let mask = of_mask.operand(at[0], step[0]);
        let (a, b) = (of_a.operand(at[1], step[1]), of_b.operand(at[2], step[2]));
        // SAFETY: the plan stays within the storages, and its runs of y are disjoint.
        unsafe { choose(mask, a, b, to.at(start), common, n) }
    });
    Tape::of("WhereBackward0", &[condition, a, b]).keep(condition).record(y, |c| {
        let m = c.saved(0)?;
        c.each(&[&|| c.gy(), &|| where_(&m, &c.gy()?, &int(0)), &|| where_(&m, &int(0), &c.gy()?)])
    })
}

/// x with `value` (of one element) where the mask holds.
pub fn masked_fill(x: &Tensor, mask: &Tensor, value: &Tensor) -> Result<Tensor> {
    check_mask(mask, value)?;
    let cast = to_dtype(value, x.dtype())?;
    let y = where_(mask, &cast.detach(), &x.detach())?;
    Tape::of("MaskedFillBackward0", &[x, value]).keep(mask).record(y, |c| {
        let m = c.saved(0)?;
        c.each(&[&|| where_(&m, &int(0), &c.gy()?), &|| where_(&m, &c.gy()?, &int(0))])
    })
}

/// Fills in place where the mask holds.
pub fn masked_fill_(x: &Tensor, mask: &Tensor, value: &Tensor) -> Result<()> {
    check_mask(mask, value)?;
    if x.layout().overlaps() {
        return fill_shared(x, mask, value);
    }
    x.check_inplace()?;
    let tape = Tape::of("MaskedFillBackward0", &[x, value]).keep(mask);
    let y = where_(mask, &to_dtype(&value.detach(), x.dtype())?, &x.detach())?;
    write_strided(x, &y)?;
    tape.record_inplace(x, |c| {
        let m = c.saved(0)?;
        c.each(&[&|| where_(&m, &int(0), &c.gy()?), &|| where_(&m, &c.gy()?, &int(0))])
    })
}

/// Fills the places of an expanded tensor of which any element is chosen.
fn fill_shared(x: &Tensor, mask: &Tensor, value: &Tensor) -> Result<()> {
    let mut mask = super::expand(mask, &super::reduce::signed(x.shape()))?;
    let mut places = x.clone();
    for d in 0..x.rank() {
        if x.strides()[d] == 0 && x.shape()[d] > 1 {
            places = super::narrow(&places, d as i64, 0, 1)?;
            mask = super::any(&mask, Some(&[d as i64]), true)?;
        }
    }
    masked_fill_(&places, &mask, value)
}

fn check_mask(mask: &Tensor, value: &Tensor) -> Result<()> {
    if value.rank() > 0 {
        return crate::error::shape(format!(
            "masked_fill_ only supports a 0-dimensional value tensor, but got tensor with {} dimension(s).",
            value.rank()
        ));
    }
    if mask.dtype() != DType::Bool {
        return dtype(format!(
            "masked_fill_ only supports boolean masks, but got mask with dtype {}",
            mask.dtype().name()
        ));
    }
    Ok(())
}
