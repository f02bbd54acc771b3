//! Views: other layouts over the same storage. Each is a function of layouts, so that its gradient can replay it on a fresh
//! buffer of zeros.

use crate::autograd::{Ctx, Grads, Tape};
use crate::element::dispatch;
use crate::error::{argument, index, shape};
use crate::layout::{Dims, Layout, list, wrap_dim};
use crate::{Error, Number, Result, Tensor, memory};

fn view_of(
    name: &'static str,
    x: &Tensor,
    layout: Layout,
    formula: impl Fn(&Ctx) -> Result<Grads> + Send + Sync + 'static,
) -> Result<Tensor> {
    Tape::of(name, &[x]).record_view(x, x.with_view(layout), formula)
}

/// The same tensor under a new identity, still a view of the same base.
pub(crate) fn alias_view(x: &Tensor) -> Tensor {
    x.alias()
}

/// A view that picks some elements: its gradient puts them into zeros, at the places that `pick` gives on a row-major layout.
fn picked(name: &'static str, x: &Tensor, pick: impl Fn(&Layout) -> Layout + Send + Sync + 'static) -> Result<Tensor> {
    let base = Layout::contiguous(x.shape());
    view_of(name, x, pick(x.layout()), move |c| c.each(&[&|| as_strided_backward(&c.gy()?, &base, &pick(&base))]))
}

/// Resolves one -1 and checks the number of elements.
fn infer_shape(x: &Tensor, to: &[i64]) -> Result<Dims> {
    let text = || format!("[{}]", to.iter().map(|d| d.to_string()).collect::<Vec<_>>().join(", "));
    let mut known = 1usize;
    let mut hole = None;
    for (i, &d) in to.iter().enumerate() {
        match d {
            -1 if hole.is_some() => return argument("only one dimension can be inferred"),
            -1 => hole = Some(i),
            d if d < 0 => return shape(format!("invalid shape dimension {d}")),
            d => known = known.saturating_mul(d as usize),
        }
    }
    let mut dims: Dims = to.iter().map(|&d| d.max(0) as usize).collect();
    let n = x.numel();
    match hole {
        Some(_) if known == 0 => {
            return shape(format!(
                "cannot reshape tensor of {n} elements into shape {} because the unspecified dimension size -1 can be any value and is ambiguous",
                text()
            ));
        }
        Some(i) if n.is_multiple_of(known) => dims[i] = n / known,
        None if n == known => {}
        _ => return shape(format!("shape '{}' is invalid for input of size {n}", text())),
    }
    Ok(dims)
}

/// Another shape over the same elements; an error where that needs a copy.
pub fn view(x: &Tensor, to: &[i64]) -> Result<Tensor> {
    let dims = infer_shape(x, to)?;
    match x.layout().view_as(&dims) {
        Some(layout) => reshaped("ViewBackward0", x, layout),
        None => shape(
            "view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous subspaces). Use .reshape(...) instead.",
        ),
    }
}

/// Another shape: a view where possible, else a copy.
pub fn reshape(x: &Tensor, to: &[i64]) -> Result<Tensor> {
    let dims = infer_shape(x, to)?;
    match x.layout().view_as(&dims) {
        Some(layout) => reshaped("ViewBackward0", x, layout),
        None => {
            let copy = x.contiguous()?;
            let y = copy.with_view(Layout::contiguous(&dims));
            let from = Layout::contiguous(x.shape());
            Tape::of("UnsafeViewBackward0", &[&copy]).record(y, move |c| c.each(&[&|| back_to(&c.gy()?, &from.shape)]))
        }
    }
}

fn reshaped(name: &'static str, x: &Tensor, layout: Layout) -> Result<Tensor> {
    let from: Dims = x.shape().into();
    view_of(name, x, layout, move |c| c.each(&[&|| back_to(&c.gy()?, &from)]))
}

fn back_to(gy: &Tensor, dims: &[usize]) -> Result<Tensor> {
    reshape(gy, &dims.iter().map(|&d| d as i64).collect::<Vec<_>>())
}

/// Merges dimensions `start..=end` into one.
pub fn flatten(x: &Tensor, start: i64, end: i64) -> Result<Tensor> {
    let (start, end) = (wrap_dim(start, x.rank())?, wrap_dim(end, x.rank())?);
    if start > end {
        return shape("flatten() has invalid args: start_dim cannot come after end_dim");
    }
    if x.rank() == 0 {
        return reshape(x, &[1]);
    }
    if start == end {
        return Ok(x.clone());
    }
    let s = x.shape();
    let merged = s[start..=end].iter().product::<usize>() as i64;
    let before = s[..start].iter().map(|&d| d as i64);
    let after = s[end + 1..].iter().map(|&d| d as i64);
    reshape(x, &before.chain([merged]).chain(after).collect::<Vec<_>>())
}

/// Splits dimension `d` into `sizes`.
pub fn unflatten(x: &Tensor, d: i64, sizes: &[i64]) -> Result<Tensor> {
    let d = wrap_dim(d, x.rank())?;
    let part = x.detach().with_view(Layout {
        shape: Dims::from_elem(x.shape()[d], 1),
        strides: Dims::from_elem(0, 1),
        offset: x.layout().offset,
    });
    let sizes = infer_shape(&part, sizes).map_err(|_| {
        let text = sizes.iter().map(|d| d.to_string()).collect::<Vec<_>>().join(", ");
        Error::Shape(format!(
            "unflatten: Provided sizes [{text}] don't multiply up to the size of dim {d} ({}) in the input tensor",
            x.shape()[d]
        ))
    })?;
    let s = x.shape();
    let to: Vec<i64> = s[..d].iter().chain(&sizes).chain(&s[d + 1..]).map(|&n| n as i64).collect();
    view(x, &to)
}

/// Repeats dimensions of extent one without copying; -1 keeps an extent.
pub fn expand(x: &Tensor, to: &[i64]) -> Result<Tensor> {
    if to.len() < x.rank() {
        return shape(format!(
            "expand({}, size={to:?}): the number of sizes provided ({}) must be greater or equal to the number of dimensions in the tensor ({})",
            described(x),
            to.len(),
            x.rank()
        ));
    }
    let lead = to.len() - x.rank();
    let mut dims = Dims::new();
    for (d, &n) in to.iter().enumerate() {
        let have = d.checked_sub(lead).map(|i| x.shape()[i]);
        dims.push(match (n, have) {
            (-1, Some(h)) => h,
            (-1, None) => return shape(format!("expand({}, size={to:?}): the expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension {d}", described(x))),
            (n, None | Some(1)) if n >= 0 => n as usize,
            (n, Some(h)) if n == h as i64 => h,
            (n, h) => return shape(format!(
                "The expanded size of the tensor ({n}) must match the existing size ({}) at non-singleton dimension {d}.  Target sizes: {to:?}.  Tensor sizes: {}",
                h.unwrap_or(1), list(x.shape())
            )),
        });
    }
    // The tape sums the gradient back to the shape of x.
    view_of("ExpandBackward0", x, x.layout().broadcast_to(&dims), |c| c.each(&[&|| c.gy()]))
}

fn described(x: &Tensor) -> String {
    format!("torch.{}Tensor{{{}}}", x.dtype().title(), list(x.shape()))
}

/// The dimensions in another order.
pub fn permute(x: &Tensor, dims: &[i64]) -> Result<Tensor> {
    if dims.len() != x.rank() {
        return shape(format!(
            "permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired ordering of dimensions i.e. input.dim() = {} is not equal to len(dims) = {}",
            x.rank(),
            dims.len()
        ));
    }
    let mut order = Dims::new();
    for &d in dims {
        let d = wrap_dim(d, x.rank())?;
        if order.contains(&d) {
            return shape("permute(): duplicate dims are not allowed.");
        }
        order.push(d);
    }
    permuted("PermuteBackward0", x, order)
}

fn permuted(name: &'static str, x: &Tensor, order: Dims) -> Result<Tensor> {
    let l = x.layout();
    let layout = Layout {
        shape: order.iter().map(|&d| l.shape[d]).collect(),
        strides: order.iter().map(|&d| l.strides[d]).collect(),
        offset: l.offset,
    };
    view_of(name, x, layout, move |c| {
        let mut inverse = Dims::from_elem(0, order.len());
        order.iter().enumerate().for_each(|(i, &d)| inverse[d] = i);
        c.each(&[&|| permuted("PermuteBackward0", &c.gy()?, inverse.clone())])
    })
}

/// Two dimensions exchanged.
pub fn transpose(x: &Tensor, a: i64, b: i64) -> Result<Tensor> {
    let (a, b) = (wrap_dim(a, x.rank())?, wrap_dim(b, x.rank())?);
    let mut order: Dims = (0..x.rank()).collect();
    if x.rank() > 0 {
        order.swap(a, b);
    }
    permuted("TransposeBackward0", x, order)
}

/// x^T of a matrix: the name that PyTorch's `t()` and `addmm` give it.
pub fn t(x: &Tensor) -> Result<Tensor> {
    if x.rank() > 2 {
        return shape(format!("t() expects a tensor with <= 2 dimensions, but self is {}D", x.rank()));
    }
    let order: Dims = (0..x.rank()).rev().collect();
    permuted("TBackward0", x, order)
}

/// Drops dimensions of extent one: all of them, or those named.
pub fn squeeze(x: &Tensor, dims: Option<&[i64]>) -> Result<Tensor> {
    let mut drop = vec![false; x.rank()];
    match dims {
        None => drop.iter_mut().zip(x.shape()).for_each(|(d, &n)| *d = n == 1),
        Some(dims) => {
            for &d in dims {
                let d = wrap_dim(d, x.rank())?;
                if x.rank() > 0 {
                    drop[d] = x.shape()[d] == 1;
                }
            }
        }
    }
    let name = match dims {
        None => "SqueezeBackward0",
        Some([_]) => "SqueezeBackward1",
        Some(_) => "SqueezeBackward2",
    };
    let keep = |v: &Dims| -> Dims { v.iter().zip(&drop).filter(|(_, d)| !**d).map(|(v, _)| *v).collect() };
    let l = x.layout();
    reshaped(name, x, Layout { shape: keep(&l.shape), strides: keep(&l.strides), offset: l.offset })
}

/// A new dimension of extent one.
pub fn unsqueeze(x: &Tensor, d: i64) -> Result<Tensor> {
    let d = wrap_dim(d, x.rank() + 1)?;
    let mut l = x.layout().clone();
    let stride = if d < x.rank() { l.strides[d] * l.shape[d] } else { 1 };
    l.shape.insert(d, 1);
    l.strides.insert(d, stride);
    reshaped("UnsqueezeBackward0", x, l)
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
    if size <= 0 {
        return argument(format!("split expects split_size be non-negative, but got split_size={size}"));
    }
    if x.rank() == 0 {
        return index("split expects at least a 1-dimensional tensor");
    }
    let wrapped = wrap_dim(d, x.rank())?;
    let n = x.shape()[wrapped] as i64;
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
    let pick = |i: usize| move |l: &Layout| Layout { offset: l.offset + i * l.strides[d], ..l.without(d) };
    many("UnbindBackward0", x, (0..x.shape()[d]).map(pick).collect())
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

/// The gradient of a strided view: `gy` added into zeros that lie as `base`, at the places of `view`.
pub(crate) fn as_strided_backward(gy: &Tensor, base: &Layout, view: &Layout) -> Result<Tensor> {
    let span = base.end() - base.offset;
    let back = Layout { offset: 0, ..base.clone() };
    let place = Layout { offset: view.offset - base.offset.min(view.offset), ..view.clone() };
    let source = gy.detach();
    let y = dispatch!(gy.dtype(), T => {
        let mut out = memory::filled(span.max(place.end()), T::default())?;
        let all = source.storage().slice::<T>()?;
        let order = Layout::contiguous(&place.shape);
        crate::iter::Plan::new(&order, [&place, source.layout()]).each(|n, [to, at], [step_to, step]| {
            for i in 0..n {
                let o = &mut out[to + i * step_to];
                *o = Number::add(*o, all[at + i * step]);
            }
        });
        Tensor::with_layout(out, back)
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
    let y = dispatch!(x.dtype(), T => Tensor::with_layout(memory::filled(like.end() - like.offset, T::default())?, Layout { offset: 0, ..like.clone() }));
    super::copy_(&y, x)?;
    Ok(y)
}
