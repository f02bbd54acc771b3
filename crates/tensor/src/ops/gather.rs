//! Elements by index tensors along one dimension: gather, scatter_add, index_select; and the indices of what is not zero.

use super::copy::{clone, to_dtype};
use super::map::Source;
use super::unary::int;
use super::view::{expand, reshape};
use crate::autograd::Tape;
use crate::element::dispatch;
use crate::error::{dtype, index as index_error, shape};
use crate::iter::{GRAIN, Plan};
use crate::layout::{Dims, Layout, list, wrap_dim};
use crate::sized;
use crate::{Bool, DType, Number, Result, Scalar, Tensor};
use candlewick_kernels::{cast, pool};

/// The indices of all elements that are not zero, one row each.
pub fn nonzero(x: &Tensor) -> Result<Tensor> {
    let x = super::ne(&x.detach(), &int(0))?.contiguous()?;
    let strides = crate::layout::contiguous_strides(x.shape());
    let mut out = vec![];
    for (at, _) in x.data::<Bool>()?.iter().enumerate().filter(|(_, b)| b.0 != 0) {
        out.extend((0..x.rank()).map(|d| (at / strides[d] % x.shape()[d]) as i64));
    }
    let rows = if x.rank() == 0 { x.item()?.to_i64() as usize } else { out.len() / x.rank() };
    Tensor::new(out, &[rows, x.rank()])
}

/// An index as int64; an empty one may have any dtype.
pub(crate) fn check_index(op: &str, index: &Tensor) -> Result<Tensor> {
    match index.dtype() {
        DType::I64 => Ok(index.clone()),
        DType::I32 => to_dtype(&index.detach(), DType::I64),
        _ if index.numel() == 0 => to_dtype(&index.detach(), DType::I64),
        _ => dtype(format!("{op}(): Expected dtype int32/int64 for index")),
    }
}

/// The rows `index` (int64, one-dimensional) of dimension `d`.
pub fn index_select(x: &Tensor, d: i64, index: &Tensor) -> Result<Tensor> {
    let d = wrap_dim(d, x.rank())?;
    if index.rank() > 1 {
        return index_error(format!(
            "index_select(): Index is supposed to be a vector, but got dim: {} with type: {} and size: {}",
            index.rank(),
            index.dtype().title(),
            list(index.shape())
        ));
    }
    if !matches!(index.dtype(), DType::I64 | DType::I32) {
        return dtype("index_select(): Expected dtype int32 or int64 for index");
    }
    let index = reshape(&to_dtype(&index.detach(), DType::I64)?, &[-1])?.contiguous()?;
    let source = x.detach().contiguous()?;
    let n = x.shape().get(d).copied().unwrap_or(1);
    let outer: usize = x.shape()[..d].iter().product();
    let inner: usize = x.shape().get(d + 1..).unwrap_or_default().iter().product();
    let rows = index.data::<i64>()?;
    if rows.iter().any(|&i| i < 0 || i >= n as i64) {
        return index_error("index out of range in self");
    }
    let mut dims: Dims = x.shape().into();
    if x.rank() > 0 {
        dims[d] = rows.len();
    }
    let y = Tensor::blank(Layout::contiguous(&dims), x.dtype())?;
    let (from, to, size) = (Source::of(&source)?, Source::of(&y)?, x.dtype().size());
    let start = source.layout().offset;
    let copied = outer * rows.len();
    pool::chunks(copied, (GRAIN / inner.max(1)).max(1), &|range| {
        for row in range {
            let place = row / rows.len() * n + rows[row % rows.len()] as usize;
            // SAFETY: the indices were checked above; each row of y is written by one thread.
            unsafe { cast::copy(size, from.at(start + place * inner), 1, to.at(row * inner), 1, inner) };
        }
    });
    let form: Dims = x.shape().into();
    Tape::of("IndexSelectBackward0", &[x]).keep(&index).record(y, move |c| {
        c.each(&[&|| {
            let gy = c.gy()?;
            let mut dims = vec![1i64; gy.rank().max(1)];
            dims[d] = -1;
            let wide: Vec<i64> = gy.shape().iter().map(|&n| n as i64).collect();
            let places = expand(&reshape(&c.saved(0)?, &dims[..gy.rank()])?, &wide)?;
            scatter_add(&Tensor::full(&form, Scalar::Int(0), gy.dtype())?, d as i64, &places, &gy)
        }])
    })
}

/// y[i][j] = x[index[i][j]][j] along dimension 0, and so on.
pub fn gather(x: &Tensor, d: i64, index: &Tensor) -> Result<Tensor> {
    let d = wrap_dim(d, x.rank())?;
    let index = &check_index("gather", index)?;
    if x.rank() + index.rank() == 1 {
        // A number and a vector of one element stand for each other.
        let y = gather(&reshape(x, &[-1])?, 0, &reshape(index, &[-1])?)?;
        return reshape(&y, &super::reduce::signed(index.shape()));
    }
    if index.numel() == 0 {
        let none = super::narrow(&reshape(x, &[-1])?, 0, 0, 0)?;
        return reshape(&none, &super::reduce::signed(index.shape()));
    }
    check_places(x, d, index, None)?;
    let y = Tensor::blank(Layout::contiguous(index.shape()), x.dtype())?;
    let mut next = 0;
    sized!(x.dtype(), T => {
        let all = x.storage().plain::<T>()?;
        // SAFETY: y was made just above; nothing else refers to its storage.
        let out = unsafe { y.storage().plain_mut::<T>()? };
        along(x, d, index, index, &mut |places| {
            out[next..next + places.len()].iter_mut().zip(places).for_each(|(o, p)| *o = all[p.at]);
            next += places.len();
        })
    })?;
    let form: Dims = x.shape().into();
    Tape::of("GatherBackward0", &[x]).keep(index).record(y, move |c| {
        c.each(&[&|| {
            let gy = c.gy()?;
            scatter_add(&Tensor::full(&form, Scalar::Int(0), gy.dtype())?, d as i64, &c.saved(0)?, &gy)
        }])
    })
}

/// x with `src` added at the places that `index` names along dimension `d`.
pub fn scatter_add(x: &Tensor, d: i64, index: &Tensor, src: &Tensor) -> Result<Tensor> {
    let d = wrap_dim(d, x.rank())?;
    let index = &check_index("scatter_add", index)?;
    check_places(x, d, index, Some(src))?;
    let src = &covered(src, index)?;
    let y = clone(&x.detach().contiguous()?)?;
    dispatch!(x.dtype(), T => {
        let from = src.storage().slice::<T>()?;
        // SAFETY: y was made just above; nothing else refers to its storage.
        let all = unsafe { y.storage().slice_mut::<T>()? };
        along(&y, d, index, src, &mut |places| {
            places.iter().for_each(|p| all[p.at] = Number::add(all[p.at], from[p.beside]));
        })?;
    });
    Tape::of("ScatterAddBackward0", &[x, src])
        .keep(index)
        .record(y, move |c| c.each(&[&|| c.gy(), &|| gather(&c.gy()?, d as i64, &c.saved(0)?)]))
}

/// The part of `src` that the index covers.
pub(crate) fn covered(src: &Tensor, index: &Tensor) -> Result<Tensor> {
    let mut part = src.clone();
    for (e, &n) in index.shape().iter().enumerate().filter(|(e, n)| **n != src.shape()[*e]) {
        part = super::narrow(&part, e as i64, 0, n as i64)?;
    }
    Ok(part)
}

pub(crate) fn check_places(x: &Tensor, d: usize, index: &Tensor, src: Option<&Tensor>) -> Result<()> {
    let than = if src.is_some() { "self" } else { "input" };
    for (name, t) in [(than, Some(x)), ("src", src)] {
        if t.is_some_and(|t| t.rank() != index.rank()) {
            return shape(format!("Index tensor must have the same number of dimensions as {name} tensor"));
        }
    }
    if let Some(s) = src
        && s.dtype() != x.dtype()
    {
        return dtype("scatter(): Expected self.dtype to be equal to src.dtype");
    }
    let fits =
        |e: usize| (e == d || index.shape()[e] <= x.shape()[e]) && src.is_none_or(|s| index.shape()[e] <= s.shape()[e]);
    if let Some(e) = (0..x.rank()).find(|&e| !fits(e)) {
        return shape(format!(
            "Size does not match at dimension {e} expected index {} to be no larger than self {} apart from dimension {d}",
            list(index.shape()),
            list(x.shape())
        ));
    }
    Ok(())
}

/// Where an element of an index points in the indexed tensor, and where it lies in the tensor beside it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Place {
    pub at: usize,
    pub beside: usize,
}

/// Visits the elements of `index` in row-major order, some at a time.
pub(crate) fn along(x: &Tensor, d: usize, index: &Tensor, beside: &Tensor, f: &mut dyn FnMut(&[Place])) -> Result<()> {
    let places = index.storage().slice::<i64>()?;
    let (n, stride) = (x.shape().get(d).copied().unwrap_or(1) as i64, x.strides().get(d).copied().unwrap_or(1));
    let clip = |t: &Tensor, zero: bool| {
        let mut l = Layout { shape: index.shape().into(), ..t.layout().clone() };
        if zero && d < l.rank() {
            l.strides[d] = 0;
        }
        l
    };
    let mut wrong = None;
    let mut block = [Place::default(); 256];
    let mut filled = 0;
    let order = Layout::contiguous(index.shape());
    Plan::new(&order, [index.layout(), &clip(x, true), &clip(beside, false)]).each(|len, at, step| {
        for i in 0..len {
            let p = places[at[0] + i * step[0]];
            if p < 0 || p >= n {
                wrong = Some(p);
                continue;
            }
            block[filled] = Place { at: at[1] + i * step[1] + p as usize * stride, beside: at[2] + i * step[2] };
            filled += 1;
            if filled == block.len() {
                f(&block);
                filled = 0;
            }
        }
    });
    f(&block[..filled]);
    match wrong {
        Some(p) => index_error(format!("index {p} is out of bounds for dimension {d} with size {n}")),
        None => Ok(()),
    }
}
