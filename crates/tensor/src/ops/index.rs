//! Indexing: `x[...]` with integers, slices, new axes, index tensors and masks in any mix, reading and writing.
//! Advanced indices are brought to the front, read, and brought back.

use super::copy::{clone, copy_, to_dtype};
use super::gather::nonzero;
use super::map::Source;
use super::slice::{select, slice};
use super::unary::int;
use super::view::{alias, expand, permute, reshape, unsqueeze};
use crate::autograd::Tape;
use crate::error::{dtype, index as index_error, shape};
use crate::iter::Plan;
use crate::layout::{Dims, Layout, broadcast, list};
use crate::{DType, Result, Scalar, Tensor};
use candlewick_kernels::cast;

/// One item between the brackets.
pub enum Item {
    /// An integer: the dimension goes away.
    At(i64),
    /// start:stop:step, open where None.
    Slice(Option<i64>, Option<i64>, i64),
    /// All dimensions that the other items do not name.
    Ellipsis,
    /// A new dimension of extent one.
    NewAxis,
    /// An index tensor or a mask.
    Tensor(Tensor),
    /// A mask of no dimensions: keeps everything in a new dimension, or nothing.
    Flag(bool),
}

/// `x[items]`: a view for integers, slices and new axes, else a copy.
pub fn index(x: &Tensor, items: &[Item]) -> Result<Tensor> {
    let (view, advanced) = basic(x, items)?;
    if advanced.iter().all(Option::is_none) && view.is(x) {
        return alias(x);
    }
    if advanced.iter().all(Option::is_none) { Ok(view) } else { Advanced::new(&view, &advanced)?.read(&view) }
}

/// `x[items] = value`, or `+=` where `accumulate`.
pub fn index_put_(x: &Tensor, items: &[Item], value: &Tensor, accumulate: bool) -> Result<()> {
    let (view, advanced) = basic(x, items)?;
    if advanced.iter().any(Option::is_some) {
        return Advanced::new(&view, &advanced)?.write(&view, value, accumulate);
    }
    let value = trimmed(value, view.rank())?;
    match accumulate {
        true => super::add_(&view, &value),
        false if value.rank() == 0 => super::fill_(&view, &value),
        false => copy_(&view, &value),
    }
}

/// Drops leading dimensions of extent one that the target does not have.
fn trimmed(value: &Tensor, rank: usize) -> Result<Tensor> {
    let lead = value.rank().saturating_sub(rank);
    if lead == 0 || value.shape()[..lead].iter().any(|&n| n != 1) {
        return Ok(value.clone());
    }
    reshape(value, &value.shape()[lead..].iter().map(|&n| n as i64).collect::<Vec<_>>())
}

/// Applies the items that give views; what is left are index tensors by dimension of the view.
fn basic(x: &Tensor, items: &[Item]) -> Result<(Tensor, Vec<Option<Tensor>>)> {
    let named = |i: &Item| match i {
        Item::Tensor(t) if matches!(t.dtype(), DType::Bool | DType::U8) => t.rank(),
        Item::At(_) | Item::Slice(..) | Item::Tensor(_) => 1,
        _ => 0,
    };
    let count: usize = items.iter().map(named).sum();
    if x.rank() == 0 && count > 0 {
        return index_error(
            "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to convert a 0-dim tensor to a number",
        );
    }
    if count > x.rank() {
        return index_error(format!("too many indices for tensor of dimension {}", x.rank()));
    }
    let mut view = x.clone();
    let mut advanced: Vec<Option<Tensor>> = vec![];
    let mut taken = 0; // dimensions of x that the items before have named
    for item in items {
        let d = advanced.len() as i64;
        match item {
            Item::At(i) => view = at(&view, d, *i, taken)?,
            // A zero-dimensional index is an integer: a view, not a copy.
            Item::Tensor(t) if t.rank() == 0 && matches!(t.dtype(), DType::I64 | DType::I32) => {
                view = at(&view, d, t.item()?.to_i64(), taken)?;
            }
            Item::Slice(a, b, step) => {
                if *step <= 0 {
                    return index_error("step must be greater than zero");
                }
                if (a.is_some() || b.is_some()) || *step != 1 {
                    view = slice(&view, d, *a, *b, *step)?;
                }
                advanced.push(None);
            }
            Item::Ellipsis => advanced.extend((0..x.rank() - count).map(|_| None)),
            Item::NewAxis => {
                view = unsqueeze(&view, d)?;
                advanced.push(None);
            }
            Item::Flag(keep) => {
                view = unsqueeze(&view, d)?;
                advanced.push(Some(Tensor::from_vec(vec![0i64; *keep as usize], &[*keep as usize])));
            }
            Item::Tensor(t) if matches!(t.dtype(), DType::Bool | DType::U8) => {
                let here = &view.shape()[d as usize..d as usize + t.rank()];
                if let Some(e) = (0..t.rank()).find(|&e| t.shape()[e] != here[e]) {
                    return index_error(format!(
                        "The shape of the mask {} at index {e} does not match the shape of the indexed tensor {} at index {}",
                        list(t.shape()),
                        list(view.shape()),
                        d as usize + e
                    ));
                }
                if t.rank() == 0 {
                    view = unsqueeze(&view, d)?;
                    let keep = t.item()?.to_i64() as usize;
                    advanced.push(Some(Tensor::from_vec(vec![0i64; keep], &[keep])));
                } else {
                    advanced.extend(super::unbind(&nonzero(t)?, 1)?.into_iter().map(Some));
                }
            }
            Item::Tensor(t) if matches!(t.dtype(), DType::I64 | DType::I32) => {
                advanced.push(Some(to_dtype(&t.detach(), DType::I64)?))
            }
            Item::Tensor(_) => return index_error("tensors used as indices must be long, int, byte or bool tensors"),
        }
        taken += if matches!(item, Item::Ellipsis) { x.rank() - count } else { named(item) };
    }
    advanced.resize(view.rank(), None);
    Ok((view, advanced))
}

/// One index of dimension `d` of the view, which is dimension `named` of the indexed tensor.
fn at(view: &Tensor, d: i64, i: i64, named: usize) -> Result<Tensor> {
    let n = view.shape()[d as usize] as i64;
    if i < -n || i >= n {
        return index_error(format!("index {i} is out of bounds for dimension {named} with size {n}"));
    }
    select(view, d, i)
}

/// Index tensors resolved against a view: where each combination lies, and what is copied there.
#[derive(Clone)]
struct Advanced {
    /// The indexed dimensions first, then the rest.
    order: Vec<i64>,
    /// Offsets of the index combinations, relative to the permuted view's start, in units of its own strides.
    picks: Vec<Vec<usize>>,
    /// The broadcast shape of the index tensors.
    heads: Dims,
    /// Where the index dimensions go in the result.
    place: usize,
}

impl Advanced {
    fn new(view: &Tensor, indices: &[Option<Tensor>]) -> Result<Advanced> {
        let at: Vec<usize> = (0..indices.len()).filter(|&d| indices[d].is_some()).collect();
        let adjacent = at.windows(2).all(|w| w[1] == w[0] + 1);
        let rest = (0..view.rank()).filter(|d| !at.contains(d));
        let order = at.iter().copied().chain(rest).map(|d| d as i64).collect();
        let mut heads = Dims::new();
        let shapes = || indices.iter().flatten().map(|t| list(t.shape())).collect::<Vec<_>>().join(", ");
        for t in indices.iter().flatten() {
            heads = match broadcast(&heads, t.shape()) {
                Ok(dims) => dims,
                Err(_) => {
                    return index_error(format!(
                        "shape mismatch: indexing tensors could not be broadcast together with shapes {}",
                        shapes()
                    ));
                }
            };
        }
        let wide: Vec<i64> = heads.iter().map(|&n| n as i64).collect();
        let mut picks = vec![];
        for &d in &at {
            let Some(t) = &indices[d] else { continue };
            let t = expand(&t.detach(), &wide)?.contiguous()?;
            let n = view.shape()[d] as i64;
            let mut column = Vec::with_capacity(t.numel());
            for &i in t.data::<i64>()? {
                if i < -n || i >= n {
                    return index_error(format!("index {i} is out of bounds for dimension {d} with size {n}"));
                }
                column.push(i.rem_euclid(n) as usize);
            }
            picks.push(column);
        }
        Ok(Advanced { order, picks, heads, place: if adjacent { at[0] } else { 0 } })
    }

    /// The offset of each index combination in the permuted view, and the layout of one entry.
    fn spread(&self, permuted: &Layout) -> (Vec<usize>, Layout) {
        let k = self.picks.len();
        let count = self.heads.iter().product();
        let offsets =
            (0..count).map(|p| permuted.offset + (0..k).map(|d| self.picks[d][p] * permuted.strides[d]).sum::<usize>());
        let entry = Layout { shape: permuted.shape[k..].into(), strides: permuted.strides[k..].into(), offset: 0 };
        (offsets.collect(), entry)
    }

    fn result_shape(&self, entry: &[usize]) -> Vec<usize> {
        self.heads.iter().chain(entry).copied().collect()
    }

    /// Moves the index dimensions of a result (first) to their place, or back.
    fn arrange(&self, y: &Tensor, back: bool) -> Result<Tensor> {
        let (h, p, r) = (self.heads.len(), self.place, y.rank());
        let to: Vec<i64> = match back {
            false => (h..h + p).chain(0..h).chain(h + p..r).map(|d| d as i64).collect(),
            true => (p..p + h).chain(0..p).chain(p + h..r).map(|d| d as i64).collect(),
        };
        permute(y, &to)
    }

    fn read(&self, view: &Tensor) -> Result<Tensor> {
        let permuted = permute(&view.detach(), &self.order)?;
        let (offsets, entry) = self.spread(permuted.layout());
        let width = entry.numel();
        let y = Tensor::blank(Layout::contiguous(&self.result_shape(&entry.shape)), view.dtype())?;
        let (from, to, size) = (Source::of(&permuted)?, Source::of(&y)?, y.dtype().size());
        let entries = Plan::new(&Layout::contiguous(&entry.shape), [&entry]);
        for (i, &at) in offsets.iter().enumerate() {
            let mut start = i * width;
            entries.each(|n, [place], [step]| {
                // SAFETY: the indices were checked; y has room for an entry an offset.
                unsafe { cast::copy(size, from.at(at + place), step, to.at(start), 1, n) };
                start += n;
            });
        }
        let y = self.arrange(&y, false)?.alias();
        let (this, form) = (self.clone(), Dims::from_slice(view.shape()));
        Tape::of("IndexBackward0", &[view]).record(y, move |c| {
            c.each(&[&|| {
                let gy = c.gy()?;
                let gx = Tensor::full(&form, Scalar::Int(0), gy.dtype())?;
                this.write(&gx, &gy, true)?;
                Ok(gx)
            }])
        })
    }

    fn write(&self, view: &Tensor, value: &Tensor, accumulate: bool) -> Result<()> {
        let permuted = permute(&view.detach(), &self.order)?;
        let (offsets, entry) = self.spread(permuted.layout());
        let front = self.result_shape(&entry.shape);
        let target = self.arrange(
            &Tensor::full(&[], Scalar::Int(0), DType::U8)?.with_view(Layout {
                shape: front.as_slice().into(),
                strides: Dims::from_elem(0, front.len()),
                offset: 0,
            }),
            false,
        )?;
        if value.dtype() != view.dtype() && !value.is_number() && value.rank() > 0 {
            return dtype(format!(
                "Index put requires the source and destination dtypes match, got {} for the destination and {} for the source.",
                view.dtype().title(),
                value.dtype().title()
            ));
        }
        let value = trimmed(value, target.rank())?;
        let dims: Vec<i64> = target.shape().iter().map(|&n| n as i64).collect();
        let wide = match expand(&value, &dims) {
            Ok(v) => v,
            Err(_) => {
                return shape(format!(
                    "shape mismatch: value tensor of shape {} cannot be broadcast to indexing result of shape {}",
                    list(value.shape()),
                    list(target.shape())
                ));
            }
        };
        if value.rank() == 0 && !accumulate {
            view.check_fill()?
        } else {
            view.check_inplace()?
        }
        let tape = Tape::of("IndexPutBackward0", &[view, &wide]);
        let source = self.arrange(&to_dtype(&wide.detach(), view.dtype())?, true)?.contiguous()?;
        let source = if source.shares_storage(view) { clone(&source)? } else { source };
        view.bump_version();
        let width = entry.numel();
        let (from, to, size) = (Source::of(&source)?, Source::of(view)?, view.dtype().size());
        let entries = Plan::new(&Layout::contiguous(&entry.shape), [&entry]);
        for (i, &at) in offsets.iter().enumerate() {
            let mut start = source.layout().offset + i * width;
            entries.each(|n, [place], [step]| {
                let (v, o) = (from.at(start), to.at(at + place));
                // SAFETY: the indices were checked; the source has its own storage (cloned above if not).
                unsafe {
                    match accumulate {
                        true => cast::add(view.dtype(), v, o, step, n),
                        false => cast::copy(size, v, 1, o, step, n),
                    }
                }
                start += n;
            });
        }
        let this = self.clone();
        tape.record_inplace(view, move |c| {
            c.each(&[
                &|| {
                    let gx = clone(&c.gy()?)?;
                    if !accumulate {
                        this.write(&gx, &int(0), false)?;
                    }
                    Ok(gx)
                },
                &|| this.read(&c.gy()?),
            ])
        })
    }
}
