//! Writing to places that an index tensor names along a dimension.

use super::binary::{add, div, mul};
use super::compare::eq;
use super::copy::{clone, to_dtype};
use super::gather::{along, check_index, check_places, covered, gather, scatter_add};
use super::scan::product_of_others;
use super::select::where_;
use super::unary::int;
use super::view::{expand, reshape};
use crate::autograd::Tape;
use crate::element::computing;
use crate::error::{argument, dtype, index as index_error, shape};
use crate::layout::{list, wrap_dim};
use crate::sized;
use crate::{Element, Number, Result, Scalar, Tensor, memory};

/// How several values at one place become one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Combine {
    /// Their sum.
    Sum,
    /// Their product.
    Prod,
    /// Their mean.
    Mean,
    /// The largest.
    Max,
    /// The smallest.
    Min,
}

/// x with `src` at the places that `index` names along dimension `d`; of several for one place the last wins.
pub fn scatter(x: &Tensor, d: i64, index: &Tensor, src: &Tensor) -> Result<Tensor> {
    let d = wrap_dim(d, x.rank())?;
    let index = &check_index("scatter", index)?;
    let fill = src.is_number();
    let src =
        &if fill { expand(&src.to_dtype(x.dtype())?, &super::reduce::signed(index.shape()))? } else { src.clone() };
    check_places(x, d, index, Some(src))?;
    let src = &covered(src, index)?;
    let y = clone(&x.detach().contiguous()?)?;
    sized!(x.dtype(), T => {
        let from = src.storage().plain::<T>()?;
        // SAFETY: y was made just above; nothing else refers to its storage.
        let all = unsafe { y.storage().plain_mut::<T>()? };
        along(&y, d, index, src, &mut |places| places.iter().for_each(|p| all[p.at] = from[p.beside]))?;
    });
    let name = if fill { "ScatterBackward1" } else { "ScatterBackward0" };
    Tape::of(name, &[x, src]).keep(index).record(y, move |c| {
        c.each(&[&|| scatter(&c.gy()?, d as i64, &c.saved(0)?, &int(0)), &|| gather(&c.gy()?, d as i64, &c.saved(0)?)])
    })
}

/// x combined with `src` at the places that `index` names along `d`; without `include` x's own values there do not count.
pub fn scatter_reduce(x: &Tensor, d: i64, index: &Tensor, src: &Tensor, how: Combine, include: bool) -> Result<Tensor> {
    if x.rank() == 0 {
        let line = |t: &Tensor| reshape(t, &[t.numel() as i64]);
        let y = scatter_reduce(&line(x)?, d, &line(index)?, &line(src)?, how, include)?;
        return reshape(&y, &[]);
    }
    let d = wrap_dim(d, x.rank())?;
    let index = &check_index("scatter_reduce", index)?;
    check_places(x, d, index, Some(src))?;
    let src = &covered(src, index)?;
    let computing = x.dtype().computing();
    let y = clone(&to_dtype(&x.detach().contiguous()?, computing)?)?;
    let from = to_dtype(&src.detach(), computing)?;
    let mut count = memory::filled::<i64>(y.numel(), include as i64)?;
    computing!(computing, T => {
        // SAFETY: y was made just above; nothing else refers to its storage.
        let all = unsafe { y.storage().slice_mut::<T>()? };
        combine::<T>(&y, d, index, &from, how, all, &mut count)?;
    });
    let mut y = to_dtype(&y, x.dtype())?.alias();
    if how == Combine::Mean {
        y = to_dtype(&divided(&y, &count)?, x.dtype())?.alias(); // of the sum as x's dtype holds it
    }
    let counts = Tensor::from_vec(count, y.shape());
    let name = "ScatterReduceBackward0";
    Tape::of(name, &[x, src]).keep(x).keep(index).keep(src).keep(&counts).keep_output(&y).record(y, move |c| {
        let (x, index, src, counts, y) = (c.saved(0)?, c.saved(1)?, c.saved(2)?, c.saved(3)?, c.saved(4)?);
        let at = d as i64;
        let here = |t: &Tensor| gather(t, at, &index);
        // Where nothing was written, x passes; where it was and x does not count, it gets nothing.
        let untouched = eq(&counts, &int(include as i64))?;
        let gy = c.gy()?;
        let own = |g: Tensor| where_(&untouched, &gy, &if include { g } else { int(0) });
        match how {
            Combine::Sum => c.each(&[&|| own(gy.clone()), &|| here(&gy)]),
            Combine::Mean => {
                let share = div(&gy, &super::maximum(&counts, &int(1))?)?;
                c.each(&[&|| own(share.clone()), &|| here(&share)])
            }
            Combine::Prod => product_gradient(c, &x, at, &index, &src, include, &untouched),
            Combine::Max | Combine::Min => {
                let mine = eq(&x.detach(), &y.detach())?.to_dtype(gy.dtype())?;
                let hits = eq(&src.detach(), &here(&y.detach())?)?.to_dtype(gy.dtype())?;
                // PyTorch counts x among the ties whether it counts or not, and where nothing is a tie the share is NaN.
                let share = div(&gy, &scatter_add(&mine, at, &index, &hits)?)?;
                let kept = if include { None } else { Some(&untouched) };
                c.each(&[
                    &|| {
                        let g = mul(&share, &mine)?;
                        kept.map_or(Ok(g.clone()), |kept| where_(kept, &g, &int(0)))
                    },
                    &|| mul(&here(&share)?, &hits),
                ])
            }
        }
    })
}

/// Combines `src` into `all`, the elements of y; `count` says how many values each place has had.
fn combine<T: Number>(
    y: &Tensor,
    d: usize,
    index: &Tensor,
    src: &Tensor,
    how: Combine,
    all: &mut [T],
    count: &mut [i64],
) -> Result<()> {
    let from = src.storage().slice::<T>()?;
    along(y, d, index, src, &mut |places| {
        for p in places {
            let (old, v) = (all[p.at], from[p.beside]);
            all[p.at] = match how {
                _ if count[p.at] == 0 => v,
                Combine::Sum | Combine::Mean => old.add(v),
                Combine::Prod => old.mul(v),
                Combine::Max => {
                    if v.is_nan() || v > old {
                        v
                    } else {
                        old
                    }
                }
                Combine::Min => {
                    if v.is_nan() || v < old {
                        v
                    } else {
                        old
                    }
                }
            };
            count[p.at] += 1;
        }
    })?;
    Ok(())
}

/// y with each element divided by its count, of integers rounded down.
fn divided(y: &Tensor, count: &[i64]) -> Result<Tensor> {
    let y = clone(&to_dtype(y, y.dtype().computing())?)?;
    computing!(y.dtype(), T => {
        // SAFETY: y was made just above; nothing else refers to its storage.
        let all = unsafe { y.storage().slice_mut::<T>()? };
        all.iter_mut().zip(count).filter(|(_, n)| **n > 1).for_each(|(v, &n)| {
            *v = if T::DTYPE.is_float() {
                <T as Element>::from_f64(Element::to_f64(*v) / n as f64)
            } else {
                Number::div_floor(*v, <T as Element>::from_i64(n))
            }
        });
    });
    Ok(y)
}

/// The gradient of a product: each factor's is the product of the others. The factors of one place are found by sorting them
/// behind each other; exact with zeros.
fn product_gradient(
    c: &crate::autograd::Ctx,
    x: &Tensor,
    d: i64,
    index: &Tensor,
    src: &Tensor,
    include: bool,
    untouched: &Tensor,
) -> Result<crate::autograd::Grads> {
    let gy = c.gy()?;
    // others[i] = product over all j != i with index[j] == index[i]: a table [n_src, n_src] along d.
    let rows = |t: &Tensor| super::movedim(t, d, -1);
    let (at, v) = (rows(index)?, rows(src)?);
    let same = eq(&super::unsqueeze(&at, -1)?, &super::unsqueeze(&at, -2)?)?;
    let table = where_(&same, &super::unsqueeze(&v, -2)?, &Tensor::full(&[], Scalar::Int(1), v.dtype())?)?;
    let others = product_of_others(&table, table.rank() - 1)?;
    let others = super::movedim(&super::diagonal(&others, 0, -2, -1)?, -1, d)?;
    let zero = Tensor::full(x.shape(), Scalar::Int(1), x.dtype())?;
    let all = scatter_reduce(&zero, d, index, src, Combine::Prod, true)?;
    c.each(&[&|| where_(untouched, &gy, &if include { mul(&gy, &all)? } else { int(0) }), &|| {
        let factor = if include { mul(&gather(x, d, index)?, &others)? } else { others.clone() };
        mul(&gather(&gy, d, index)?, &factor)
    }])
}

/// An index of dimension `d` as one for scattering slices like `like`.
fn slices_index(op: &str, x: &Tensor, d: usize, index: &Tensor, like: &Tensor) -> Result<Tensor> {
    if index.rank() > 1 {
        return index_error(format!("{op}_(): Index is supposed to be a vector, but got dim: {}", index.rank()));
    }
    if !matches!(index.dtype(), crate::DType::I64 | crate::DType::I32) {
        return dtype(format!("{op}_(): Expected dtype int32/int64 for index but got: {}", index.dtype().title()));
    }
    let n = index.numel();
    if x.rank() == 0 {
        return reshape(&index.detach().to_dtype(crate::DType::I64)?, &[]); // a number is its own only slice
    }
    let fits = like.rank() == x.rank()
        && (0..x.rank()).all(|e| if e == d { like.shape()[e] == n } else { like.shape()[e] == x.shape()[e] });
    if !fits {
        return shape(format!(
            "source tensor shape must match self tensor shape, excluding the specified dimension. Got self.shape = {} source.shape = {}",
            list(x.shape()),
            list(like.shape())
        ));
    }
    let at = index.detach().to_dtype(crate::DType::I64)?;
    let size = x.shape().get(d).copied().unwrap_or(1) as i64;
    let at = where_(&super::lt(&at, &int(0))?, &add(&at, &int(size))?, &at)?;
    let mut dims = vec![1; x.rank()];
    if let Some(n) = dims.get_mut(d) {
        *n = -1;
    }
    expand(&reshape(&at, &dims)?, &super::reduce::signed(like.shape()))
}

/// A number spread over the slices that an index names, or the source itself.
fn slices(x: &Tensor, d: usize, index: &Tensor, src: &Tensor) -> Result<Tensor> {
    if src.rank() > 0 || x.rank() == 0 {
        return Ok(src.clone());
    }
    let mut dims = super::reduce::signed(x.shape());
    dims[d] = index.numel() as i64;
    expand(&src.to_dtype(x.dtype())?, &dims)
}

/// x with alpha * src added to the slices that `index` names along `d`.
pub fn index_add(x: &Tensor, d: i64, index: &Tensor, src: &Tensor, alpha: Scalar) -> Result<Tensor> {
    let at = wrap_dim(d, x.rank())?;
    let src = super::scaled(x, &slices(x, at, index, src)?, alpha)?;
    scatter_add(x, d, &slices_index("index_add", x, at, index, &src)?, &src)
}
/// x with the slices that `index` names along `d` replaced by those of `src`.
pub fn index_copy(x: &Tensor, d: i64, index: &Tensor, src: &Tensor) -> Result<Tensor> {
    let at = wrap_dim(d, x.rank())?;
    let src = slices(x, at, index, src)?;
    scatter(x, d, &slices_index("index_copy", x, at, index, &src)?, &src)
}
/// x with `value` in the slices that `index` names along `d`.
pub fn index_fill(x: &Tensor, d: i64, index: &Tensor, value: &Tensor) -> Result<Tensor> {
    let at = wrap_dim(d, x.rank())?;
    if value.rank() != 0 {
        return shape(format!(
            "index_fill_ only supports a 0-dimensional value tensor, but got tensor with {} dimension(s).",
            value.rank()
        ));
    }
    // Through a mask: a slice named twice is filled once, which the value's gradient counts.
    let mask = Tensor::full(x.shape(), Scalar::Bool(false), crate::DType::Bool)?;
    let mut slice = x.shape().to_vec();
    if let Some(n) = slice.get_mut(at) {
        *n = index.numel();
    }
    let set = Tensor::full(&slice, Scalar::Bool(true), crate::DType::Bool)?;
    let mask = index_copy(&mask, d, index, &set)?;
    where_(&mask, &value.to_dtype(x.dtype())?, x)
}
/// x combined with src in the slices that `index` names along `d`.
pub fn index_reduce(x: &Tensor, d: i64, index: &Tensor, src: &Tensor, how: Combine, include: bool) -> Result<Tensor> {
    let at = wrap_dim(d, x.rank())?;
    if how == Combine::Sum {
        return argument("index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got sum.");
    }
    scatter_reduce(x, d, &slices_index("index_reduce", x, at, index, src)?, src, how, include)
}

/// x with the elements where the mask holds replaced by those of `src`, one after the other.
pub fn masked_scatter(x: &Tensor, mask: &Tensor, src: &Tensor) -> Result<Tensor> {
    if mask.dtype() != crate::DType::Bool {
        return dtype(format!(
            "masked_scatter_ only supports boolean masks, but got mask with dtype {}",
            mask.dtype().title()
        ));
    }
    if src.dtype() != x.dtype() {
        return dtype(format!(
            "masked_scatter: expected self and source to have same dtypes but got {} and {}",
            x.dtype().title(),
            src.dtype().title()
        ));
    }
    let wide = super::reduce::signed(&crate::layout::broadcast(x.shape(), mask.shape())?);
    let (x, mask) = (expand(x, &wide)?, expand(mask, &wide)?);
    let order = super::cumsum(&reshape(&mask.detach(), &[-1])?, 0, None)?;
    let wanted = if order.numel() == 0 { 0 } else { super::select(&order, 0, -1)?.item()?.to_i64() };
    if wanted > src.numel() as i64 {
        return shape("Number of elements of source < number of ones in mask");
    }
    if src.numel() == 0 {
        return clone(&x);
    }
    let places = super::clamp(&super::sub(&order, &int(1))?, Some(Scalar::Int(0)), None)?;
    let places = super::clamp(&places, None, Some(Scalar::Int(src.numel() as i64 - 1)))?;
    let spread = super::index_select(&reshape(src, &[-1])?, 0, &places)?;
    where_(&mask, &reshape(&spread, &wide)?, &x)
}
