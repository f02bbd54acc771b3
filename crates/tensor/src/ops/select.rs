//! Choosing between values: `where` and masked filling.

use super::copy::{to_dtype, write_strided};
use super::map::result_layout;
use super::unary::int;
use crate::autograd::Tape;
use crate::element::dispatch;
use crate::error::dtype;
use crate::iter::{Lane, Plan};
use crate::{Bool, DType, Result, Tensor, memory, result_type};

/// a where the condition holds, else b.
pub fn where_(condition: &Tensor, a: &Tensor, b: &Tensor) -> Result<Tensor> {
    if condition.dtype() != DType::Bool {
        return dtype(format!(
            "where expected condition to be a boolean tensor, but got a tensor with dtype {}",
            condition.dtype().title()
        ));
    }
    let common = result_type(&[a, b]);
    let (xa, xb) = (to_dtype(&a.detach(), common)?, to_dtype(&b.detach(), common)?);
    let layout = result_layout(&[condition, &xa, &xb])?;
    let y = dispatch!(common, T => {
        let mut out = memory::alloc::<T>(layout.numel())?;
        let (mask, all_a, all_b) = (condition.storage().slice::<Bool>()?, xa.storage().slice::<T>()?, xb.storage().slice::<T>()?);
        Plan::new(&layout, [condition.layout(), xa.layout(), xb.layout()]).fill(&mut out, |out, at, step| {
            let n = out.len();
            let (m, a, b) = (Lane::of(mask, at[0], step[0], n), Lane::of(all_a, at[1], step[1], n), Lane::of(all_b, at[2], step[2], n));
            out.iter_mut().enumerate().for_each(|(i, o)| *o = if m.get(i).0 != 0 { a.get(i) } else { b.get(i) });
        });
        Tensor::with_layout(out, layout)
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
    x.check_inplace()?;
    let tape = Tape::of("MaskedFillBackward0", &[x, value]).keep(mask);
    let y = where_(mask, &to_dtype(&value.detach(), x.dtype())?, &x.detach())?;
    write_strided(x, &y)?;
    tape.record_inplace(x, |c| {
        let m = c.saved(0)?;
        c.each(&[&|| where_(&m, &int(0), &c.gy()?), &|| where_(&m, &c.gy()?, &int(0))])
    })
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
