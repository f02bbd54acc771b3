//! Views of some elements. Each is a function of layouts, so that its gradient can replay it on a fresh buffer of zeros.

use super::map::Source;
use super::view::view_of;
use crate::autograd::Tape;
use crate::error::{argument, index, shape};
use crate::layout::{Layout, list, wrap_dim};
use crate::{Result, Tensor};
use candlewick_kernels::cast;

/// A view that picks some elements: its gradient puts them into zeros, at the places that `pick` gives on a row-major layout.
pub(crate) fn picked(
    name: &'static str,
    x: &Tensor,
    pick: impl Fn(&Layout) -> Layout + Send + Sync + 'static,
) -> Result<Tensor> {
    let base = Layout::contiguous(x.shape());
    view_of(name, x, pick(x.layout()), move |c| c.each(&[&|| as_strided_backward(&c.gy()?, &base, &pick(&base))]))
}

/// Index `i` of dimension `d`, which goes away.
pub fn select(x: &Tensor, d: i64, i: i64) -> Result<Tensor> {
    if x.rank() == 0 {
        return index("select() cannot be applied to a 0-dim tensor.");
    }
    let d = wrap_dim(d, x.rank())?;
    let n = x.shape()[d] as i64;
    if i < -n || i >= n {
        return index(format!(
            "select(): index {i} out of range for tensor of size {} at dimension {d}",
            list(x.shape())
        ));
    }
    let i = i.rem_euclid(n) as usize;
    picked("SelectBackward0", x, move |l| Layout { offset: l.offset + i * l.strides[d], ..l.without(d) })
}

/// Elements `start`, `start + step`, ... below `end` of dimension `d`; open ends and negative ones as in Python.
pub fn slice(x: &Tensor, d: i64, start: Option<i64>, end: Option<i64>, step: i64) -> Result<Tensor> {
    if x.rank() == 0 {
        return index("slice() cannot be applied to a 0-dim tensor.");
    }
    let d = wrap_dim(d, x.rank())?;
    if step <= 0 {
        return argument("slice step must be positive");
    }
    let n = x.shape()[d] as i64;
    let clip = |i: i64| (if i < 0 { i.saturating_add(n) } else { i }).clamp(0, n);
    let start = clip(start.unwrap_or(0));
    let end = clip(end.unwrap_or(i64::MAX)).max(start);
    let (start, step) = (start as usize, step as usize);
    let len = (end as usize - start).div_ceil(step);
    picked("SliceBackward0", x, move |l| {
        let mut l = l.clone();
        l.offset += if len == 0 { 0 } else { start * l.strides[d] };
        l.shape[d] = len;
        l.strides[d] *= step;
        l
    })
}

/// `len` elements of dimension `d` from `start`.
pub fn narrow(x: &Tensor, d: i64, start: i64, len: i64) -> Result<Tensor> {
    if x.rank() == 0 {
        return index("narrow() cannot be applied to a 0-dim tensor.");
    }
    let n = x.shape()[wrap_dim(d, x.rank())?] as i64;
    if len < 0 {
        return argument("narrow(): length must be non-negative.");
    }
    if start < -n || start > n {
        return index(format!("start out of range (expected to be in range of [{}, {n}], but got {start})", -n));
    }
    let first = if start < 0 { start + n } else { start };
    if first > n - len {
        return index(format!("start ({first}) + length ({len}) exceeds dimension size ({n})."));
    }
    slice(x, d, Some(first), Some(first + len), 1)
}

/// Consecutive pieces of dimension `d` with these sizes.
pub fn split_sizes(x: &Tensor, sizes: &[i64], d: i64) -> Result<Vec<Tensor>> {
    let wrapped = wrap_dim(d, x.rank())?;
    let n = x.shape().get(wrapped).copied().unwrap_or(1) as i64;
    if sizes.iter().sum::<i64>() != n || sizes.iter().any(|&s| s < 0) {
        return shape(format!(
            "split_with_sizes expects split_sizes to sum exactly to {n} (input tensor's size at dimension {wrapped}), but got split_sizes={sizes:?}"
        ));
    }
    pieces("SplitWithSizesBackward0", x, wrapped, sizes)
}

/// Consecutive pieces of dimension `d`, each of `size` but the last.
pub fn split(x: &Tensor, size: i64, d: i64) -> Result<Vec<Tensor>> {
    if size < 0 {
        return argument(format!("split expects split_size be non-negative, but got split_size={size}"));
    }
    if x.rank() == 0 {
        return index("split expects at least a 1-dimensional tensor");
    }
    let wrapped = wrap_dim(d, x.rank())?;
    let n = x.shape()[wrapped] as i64;
    if size == 0 && n > 0 {
        return argument(format!("split_size can only be 0 if dimension size is 0, but got dimension size of {n}"));
    }
    let size = size.max(1);
    check_count((n as usize).div_ceil(size as usize))?;
    let sizes: Vec<i64> =
        if n == 0 { vec![0] } else { (0..n).step_by(size as usize).map(|i| size.min(n - i)).collect() };
    pieces("SplitBackward0", x, wrapped, &sizes)
}

fn pieces(name: &'static str, x: &Tensor, d: usize, sizes: &[i64]) -> Result<Vec<Tensor>> {
    let mut start = 0;
    let mut picks = vec![];
    for &n in sizes {
        let first = start;
        start += n as usize;
        picks.push(move |l: &Layout| {
            let mut l = l.clone();
            l.offset += if n == 0 { 0 } else { first * l.strides[d] };
            l.shape[d] = n as usize;
            l
        });
    }
    many(name, x, picks)
}

/// The slices of dimension `d`, which goes away.
pub fn unbind(x: &Tensor, d: i64) -> Result<Vec<Tensor>> {
    if x.rank() == 0 {
        return index("Dimension specified as 0 but tensor has no dimensions");
    }
    let d = wrap_dim(d, x.rank())?;
    check_count(x.shape()[d])?;
    let pick = |i: usize| move |l: &Layout| Layout { offset: l.offset + i * l.strides[d], ..l.without(d) };
    many("UnbindBackward0", x, (0..x.shape()[d]).map(pick).collect())
}

/// More views than this are a mistake, and their list alone would fill the memory.
const MOST_VIEWS: usize = 1 << 24;

fn check_count(n: usize) -> Result<()> {
    if n > MOST_VIEWS {
        return argument(format!("expected at most {MOST_VIEWS} views, received a request for {n}"));
    }
    Ok(())
}

/// Several views in one node; their gradients are added into one buffer of zeros.
fn many<F: Fn(&Layout) -> Layout + Send + Sync + 'static>(
    name: &'static str,
    x: &Tensor,
    picks: Vec<F>,
) -> Result<Vec<Tensor>> {
    let base = Layout::contiguous(x.shape());
    let ys: Vec<Tensor> = picks.iter().map(|pick| x.with_view(pick(x.layout()))).collect();
    Tape::of(name, &[x]).record_views(x, &ys.iter().collect::<Vec<_>>(), move |c| {
        c.each(&[&|| {
            let mut sum: Option<Tensor> = None;
            for (i, pick) in picks.iter().enumerate() {
                if c.gys()[i].is_some() {
                    let part = as_strided_backward(&c.gy_at(i)?, &base, &pick(&base))?;
                    sum = Some(match sum {
                        Some(s) => super::add(&s, &part)?,
                        None => part,
                    });
                }
            }
            sum.map_or_else(|| c.gy_at(0), Ok)
        }])
    });
    Ok(ys)
}

/// Any layout over x's storage that stays inside it.
pub fn as_strided(x: &Tensor, dims: &[usize], strides: &[usize], offset: Option<usize>) -> Result<Tensor> {
    if dims.len() != strides.len() {
        return shape("mismatch in length of strides and shape");
    }
    let layout = Layout { shape: dims.into(), strides: strides.into(), offset: offset.unwrap_or(x.layout().offset) };
    crate::layout::checked_numel(dims)?;
    let end = dims
        .iter()
        .zip(strides)
        .try_fold(layout.offset, |end, (&n, &s)| end.checked_add(n.saturating_sub(1).checked_mul(s)?));
    if layout.numel() > 0 && end.is_none_or(|e| e >= x.storage().len()) {
        return shape(format!(
            "setStorage: sizes {}, strides {}, storage offset {}, and itemsize {} requiring a storage size of {} are out of bounds for storage of size {}",
            list(dims),
            list(strides),
            layout.offset,
            x.dtype().size(),
            end.map_or(usize::MAX, |e| (e + 1) * x.dtype().size()),
            x.storage().len() * x.dtype().size()
        ));
    }
    let (from, to) = (x.layout().clone(), layout.clone());
    view_of("AsStridedBackward0", x, layout, move |c| c.each(&[&|| as_strided_backward(&c.gy()?, &from, &to)]))
}

/// A copy of x with `src` in the place of a strided view. Like PyTorch's, the gradient of x is 0 outside of the view and passes
/// inside of it.
pub fn as_strided_scatter(
    x: &Tensor,
    src: &Tensor,
    dims: &[usize],
    strides: &[usize],
    offset: Option<usize>,
) -> Result<Tensor> {
    let (dims, strides) = (dims.to_vec(), strides.to_vec());
    let view = move |x: &Tensor| as_strided(x, &dims, &strides, offset);
    let y = super::clone(&x.detach())?;
    super::copy_(&view(&y)?, &src.detach())?;
    Tape::of("AsStridedScatterBackward0", &[x, src]).record(y.alias(), move |c| {
        let gy = c.gy()?.contiguous()?;
        c.each(&[
            &|| {
                let g = gy.detach().zeros_like()?;
                super::copy_(&view(&g)?, &view(&gy)?)?;
                Ok(g)
            },
            &|| view(&gy),
        ])
    })
}

/// The gradient of a strided view: `gy` added into zeros that lie as `base`, at the places of `view`.
pub(crate) fn as_strided_backward(gy: &Tensor, base: &Layout, view: &Layout) -> Result<Tensor> {
    let span = base.end() - base.offset;
    let back = Layout { offset: 0, ..base.clone() };
    let place = Layout { offset: view.offset - base.offset.min(view.offset), ..view.clone() };
    let source = gy.detach().contiguous()?;
    let y = Tensor::zeroed(span.max(place.end()), back, gy.dtype())?;
    let (from, to) = (Source::of(&source)?, Source::of(&y)?);
    let order = Layout::contiguous(&place.shape);
    crate::iter::Plan::new(&order, [&place, source.layout()]).each(|n, [target, at], [step, _]| {
        // SAFETY: both places lie in their storages; y was made just above. The source is read along its rows.
        unsafe { cast::add(gy.dtype(), from.at(at), to.at(target), step, n) };
    });
    let (base, place) = (base.clone(), place.clone());
    Tape::of("AsStridedScatterBackward0", &[gy]).record(y, move |c| {
        c.each(&[&|| {
            let g = c.gy()?;
            let g = if g.strides() == base.strides.as_slice() { g } else { laid_out(&g, &base)? };
            as_strided(&g, &place.shape, &place.strides, Some(g.layout().offset + place.offset))
        }])
    })
}

/// A copy of `x` with the strides of `like`.
pub(crate) fn laid_out(x: &Tensor, like: &Layout) -> Result<Tensor> {
    let y = Tensor::zeroed(like.end() - like.offset, Layout { offset: 0, ..like.clone() }, x.dtype())?;
    super::copy_(&y, x)?;
    Ok(y)
}
