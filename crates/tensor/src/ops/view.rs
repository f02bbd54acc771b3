//! Views of all elements: other shapes, other orders of the dimensions, repeated dimensions.

use crate::autograd::{Ctx, Grads, Tape};
use crate::error::{argument, shape};
use crate::layout::{Dims, Layout, list, wrap_dim};
use crate::{Error, Result, Tensor};

pub(crate) fn view_of(
    name: &'static str,
    x: &Tensor,
    layout: Layout,
    formula: impl Fn(&Ctx) -> Result<Grads> + Send + Sync + 'static,
) -> Result<Tensor> {
    Tape::of(name, &[x]).record_view(x, x.with_view(layout), formula)
}

/// All of x as a view.
pub fn alias(x: &Tensor) -> Result<Tensor> {
    view_of("AliasBackward0", x, x.layout().clone(), |c| c.each(&[&|| c.gy()]))
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
        Some(_) if known == 0 && n == 0 => {
            return shape(format!(
                "cannot reshape tensor of {n} elements into shape {} because the unspecified dimension size -1 can be any value and is ambiguous",
                text()
            ));
        }
        Some(i) if known > 0 && n.is_multiple_of(known) => dims[i] = n / known,
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
            let to: Vec<i64> = dims.iter().map(|&d| d as i64).collect();
            unsafe_view(&x.contiguous()?, &to)
        }
    }
}

/// Another shape of a contiguous tensor that nobody else will see: no view to autograd.
pub fn unsafe_view(x: &Tensor, to: &[i64]) -> Result<Tensor> {
    let y = x.with_view(Layout::contiguous(&infer_shape(x, to)?));
    let from = Dims::from_slice(x.shape());
    Tape::of("UnsafeViewBackward0", &[x]).record(y, move |c| c.each(&[&|| back_to(&c.gy()?, &from)]))
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

/// Dimension `from` moved to the place `to`; the others keep their order.
pub fn movedim(x: &Tensor, from: i64, to: i64) -> Result<Tensor> {
    let (from, to) = (wrap_dim(from, x.rank())?, wrap_dim(to, x.rank())?);
    let mut order: Dims = (0..x.rank()).filter(|&d| d != from).collect();
    if x.rank() > 0 {
        order.insert(to, from);
    }
    permuted("PermuteBackward0", x, order)
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
