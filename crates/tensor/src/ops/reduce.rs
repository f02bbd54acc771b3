//! Reductions over dimensions: sum, mean, all, any. Floats accumulate in float64, integers in int64.

use super::binary::div;
use super::unary::{int, num};
use super::view::reshape;
use crate::autograd::Tape;
use crate::element::dispatch;
use crate::error::dtype;
use crate::iter::{pieces, vectorised};
use crate::layout::{Dims, wrap_dims};
use crate::{Bool, DType, Element, Number, Result, Tensor, memory};
use candlewick_kernels::simd::Kernel;

/// How one reduction folds elements. `i` counts them in row-major order of the reduced dimensions.
pub(crate) trait Reducer<T: Element>: Copy + Sync {
    type Acc: Copy;
    type Out: Element;
    fn start(self) -> Self::Acc;
    fn step(self, acc: Self::Acc, x: T, i: usize) -> Self::Acc;
    fn finish(self, acc: Self::Acc, n: usize) -> Self::Out;
    /// Folds a run of consecutive elements; overridden where several accumulators are faster than one.
    #[inline(always)]
    fn run(self, acc: Self::Acc, xs: &[T], i: usize) -> Self::Acc {
        xs.iter().enumerate().fold(acc, |acc, (j, &x)| self.step(acc, x, i + j))
    }
}

/// Where the reduced elements of an output lie, and where the outputs do.
struct Walk {
    /// Kept dimensions, outermost first: (size, step).
    kept: Vec<(usize, usize)>,
    /// Reduced dimensions around the rows, outermost first: (size, step); and the length and step within a row.
    around: Dims2,
    len: usize,
    step: usize,
    start: usize,
}

/// Sizes and steps of some dimensions.
type Dims2 = smallvec::SmallVec<[(usize, usize); 4]>;

/// Counts through the rows of a [`Walk`].
struct Rows<'a> {
    around: &'a [(usize, usize)],
    index: Dims,
    at: usize,
    left: usize,
}

impl Iterator for Rows<'_> {
    type Item = usize;
    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        self.left = self.left.checked_sub(1)?;
        let here = self.at;
        for (&(n, step), i) in self.around.iter().zip(&mut self.index).rev() {
            *i += 1;
            self.at += step;
            if *i < n {
                break;
            }
            self.at -= n * step;
            *i = 0;
        }
        Some(here)
    }
}

/// Outputs that are folded together when they lie side by side.
const BLOCK: usize = 128;

impl Walk {
    fn new(x: &Tensor, reduced: &[usize]) -> Walk {
        let l = x.layout();
        let mut dims: Vec<(usize, usize)> = vec![];
        for d in (0..l.rank()).filter(|d| reduced.contains(d) && l.shape[*d] != 1) {
            match dims.last_mut() {
                Some((n, s)) if *s == l.shape[d] * l.strides[d] => (*n, *s) = (*n * l.shape[d], l.strides[d]),
                _ => dims.push((l.shape[d], l.strides[d])),
            }
        }
        let (len, step) = dims.pop().unwrap_or((1, 1));
        let around = dims.into_iter().collect();
        let kept = (0..l.rank()).filter(|d| !reduced.contains(d)).map(|d| (l.shape[d], l.strides[d])).collect();
        Walk { kept, around, len, step, start: l.offset }
    }

    /// The offset of output `o`'s first element.
    fn at(&self, mut o: usize) -> usize {
        let mut at = self.start;
        for &(n, s) in self.kept.iter().rev() {
            at += o % n * s;
            o /= n;
        }
        at
    }

    /// The offsets of the rows, in row-major order: counted, not stored, for a small tensor may be expanded to many.
    fn rows(&self) -> Rows<'_> {
        let left = self.around.iter().map(|d| d.0).product();
        Rows { around: &self.around, index: Dims::from_elem(0, self.around.len()), at: 0, left }
    }

    fn count(&self) -> usize {
        self.around.iter().fold(self.len, |n, d| n.saturating_mul(d.0))
    }
}

/// One piece of the outputs.
struct Fold<'a, T: Element, R: Reducer<T>> {
    walk: &'a Walk,
    all: &'a [T],
    first: usize,
    out: &'a mut [R::Out],
    reducer: R,
}

impl<T: Element, R: Reducer<T>> Kernel for Fold<'_, T, R> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let side_by_side = self.walk.step != 1 && matches!(self.walk.kept.last(), Some((n, 1)) if *n > 1);
        if side_by_side { self.columns() } else { self.each() }
    }
}

impl<T: Element, R: Reducer<T>> Fold<'_, T, R> {
    #[inline(always)]
    fn each(self) {
        let Fold { walk: w, all, first, out, reducer } = self;
        for (o, y) in out.iter_mut().enumerate() {
            let base = w.at(first + o);
            let (mut acc, mut i) = (reducer.start(), 0);
            for row in w.rows() {
                let at = base + row;
                if w.step == 1 {
                    acc = reducer.run(acc, &all[at..at + w.len], i);
                } else {
                    acc = (0..w.len).fold(acc, |acc, j| reducer.step(acc, all[at + j * w.step], i + j));
                }
                i += w.len;
            }
            *y = reducer.finish(acc, i);
        }
    }

    /// Neighbouring outputs are folded together, a block at a time, so that memory is read along rows.
    #[inline(always)]
    fn columns(self) {
        let Fold { walk: w, all, first, out, reducer } = self;
        let width = w.kept[w.kept.len() - 1].0;
        let mut o = 0;
        while o < out.len() {
            let n = BLOCK.min(out.len() - o).min(width - (first + o) % width);
            let base = w.at(first + o);
            let mut acc = [reducer.start(); BLOCK];
            let mut i = 0;
            for row in w.rows() {
                for j in 0..w.len {
                    let xs = &all[base + row + j * w.step..][..n];
                    acc[..n].iter_mut().zip(xs).for_each(|(a, &x)| *a = reducer.step(*a, x, i + j));
                }
                i += w.len;
            }
            out[o..o + n].iter_mut().zip(&acc).for_each(|(y, &a)| *y = reducer.finish(a, i));
            o += n;
        }
    }
}

/// Runs a reducer over `reduced` dimensions; the result is contiguous.
pub(crate) fn reduce<T: Element, R: Reducer<T>>(
    x: &Tensor,
    reduced: &[usize],
    keepdim: bool,
    reducer: R,
) -> Result<Tensor> {
    let dims = reduced_shape(x.shape(), reduced, keepdim);
    let mut out = memory::alloc::<R::Out>(dims.iter().product())?;
    if x.numel() == 0 {
        let n = reduced.iter().map(|&d| x.shape()[d]).product();
        out.iter_mut().for_each(|y| *y = reducer.finish(reducer.start(), n));
        return Ok(Tensor::from_vec(out, &dims));
    }
    let walk = Walk::new(x, reduced);
    let all = x.storage().slice::<T>()?;
    let grain = (crate::iter::GRAIN / walk.count()).max(1);
    pieces(&mut out, grain, |first, out| vectorised::<T, _>(Fold { walk: &walk, all, first, out, reducer }));
    Ok(Tensor::from_vec(out, &dims))
}

/// The shape that is left.
pub(crate) fn reduced_shape(shape: &[usize], reduced: &[usize], keepdim: bool) -> Dims {
    let all = shape.iter().enumerate();
    all.filter(|(d, _)| keepdim || !reduced.contains(d))
        .map(|(d, &n)| if reduced.contains(&d) { 1 } else { n })
        .collect()
}

#[derive(Clone, Copy)]
struct FloatSum {
    mean: bool,
}
impl<T: Number> Reducer<T> for FloatSum {
    type Acc = f64;
    type Out = T;
    #[inline(always)]
    fn start(self) -> f64 {
        0.0
    }
    #[inline(always)]
    fn step(self, acc: f64, x: T, _: usize) -> f64 {
        acc + x.to_f64()
    }
    #[inline(always)]
    fn finish(self, acc: f64, n: usize) -> T {
        T::from_f64(if self.mean { acc / n as f64 } else { acc })
    }
    #[inline(always)]
    fn run(self, acc: f64, xs: &[T], _: usize) -> f64 {
        let mut lanes = [0.0; 16];
        let mut chunks = xs.chunks_exact(16);
        for c in &mut chunks {
            (0..16).for_each(|i| lanes[i] += c[i].to_f64());
        }
        let tail: f64 = chunks.remainder().iter().map(|x| x.to_f64()).sum();
        acc + lanes.iter().sum::<f64>() + tail
    }
}

#[derive(Clone, Copy)]
struct IntSum;
impl<T: Number> Reducer<T> for IntSum {
    type Acc = i64;
    type Out = i64;
    #[inline(always)]
    fn start(self) -> i64 {
        0
    }
    #[inline(always)]
    fn step(self, acc: i64, x: T, _: usize) -> i64 {
        acc.wrapping_add(x.to_i64())
    }
    #[inline(always)]
    fn finish(self, acc: i64, _: usize) -> i64 {
        acc
    }
}

#[derive(Clone, Copy)]
struct Truth {
    all: bool,
}
impl<T: Number> Reducer<T> for Truth {
    type Acc = bool;
    type Out = Bool;
    #[inline(always)]
    fn start(self) -> bool {
        self.all
    }
    #[inline(always)]
    fn step(self, acc: bool, x: T, _: usize) -> bool {
        let x = x != T::default();
        if self.all { acc & x } else { acc | x }
    }
    #[inline(always)]
    fn finish(self, acc: bool, _: usize) -> Bool {
        acc.into()
    }
}

/// Large contiguous sums are taken in chunks of this length, which threads share; the same bits on any number of them.
const CHUNK: usize = 1 << 16;

fn plain_sum(x: &Tensor, dims: &[usize], keepdim: bool, mean: bool) -> Result<Tensor> {
    if !x.dtype().is_float() {
        return dispatch!(x.dtype(), T => reduce::<T, _>(x, dims, keepdim, IntSum));
    }
    if dims.len() == x.rank() && x.is_contiguous() && x.numel() >= 2 * CHUNK && x.numel().is_multiple_of(CHUNK) {
        let n = x.numel();
        let rows = reshape(&x.detach(), &[(n / CHUNK) as i64, CHUNK as i64])?;
        let parts =
            plain_sum(&super::to_dtype(&plain_sum(&rows, &[1], false, false)?, x.dtype())?, &[0], false, false)?;
        let total = if mean { super::to_dtype(&div(&parts, &num(n as f64))?, x.dtype())? } else { parts };
        return reshape(&total, &reduced_shape(x.shape(), dims, keepdim).iter().map(|&d| d as i64).collect::<Vec<_>>());
    }
    dispatch!(float "sum", x.dtype(), T => reduce::<T, _>(x, dims, keepdim, FloatSum { mean }))
}

/// The sum over `dims` (None: all). Integers and bool give int64, unless `to` says otherwise.
pub fn sum(x: &Tensor, dims: Option<&[i64]>, keepdim: bool, to: Option<DType>) -> Result<Tensor> {
    let to = to.unwrap_or(if x.dtype().is_float() { x.dtype() } else { DType::I64 });
    let wrapped = wrap_dims(dims, x.rank())?;
    let x = if x.dtype() == to || !to.is_float() { x.clone() } else { x.to_dtype(to)? };
    let y = plain_sum(&x.detach(), &wrapped, keepdim, false)?.to_dtype(to)?;
    let name = if dims.is_none() { "SumBackward0" } else { "SumBackward1" };
    let form: Dims = x.shape().into();
    Tape::of(name, &[&x]).record(y, move |c| c.each(&[&|| spread(&c.gy()?, &form, &wrapped, keepdim)]))
}

/// The gradient of a sum: every summed element gets its output's.
pub(crate) fn spread(gy: &Tensor, form: &[usize], dims: &[usize], keepdim: bool) -> Result<Tensor> {
    let kept = if keepdim { gy.clone() } else { reshape(gy, &signed(&reduced_shape(form, dims, true)))? };
    super::expand(&kept, &signed(form))
}

pub(crate) fn signed(dims: &[usize]) -> Vec<i64> {
    dims.iter().map(|&d| d as i64).collect()
}

/// The mean over `dims` (None: all).
pub fn mean(x: &Tensor, dims: Option<&[i64]>, keepdim: bool, to: Option<DType>) -> Result<Tensor> {
    let x = match to {
        Some(to) => x.to_dtype(to)?,
        None => x.clone(),
    };
    if !x.dtype().is_float() {
        let which = if to.is_some() { "Optional" } else { "Input" };
        return dtype(format!(
            "mean(): could not infer output dtype. {which} dtype must be either a floating point or complex dtype. Got: {}",
            x.dtype().title()
        ));
    }
    let wrapped = wrap_dims(dims, x.rank())?;
    let y = plain_sum(&x.detach(), &wrapped, keepdim, true)?;
    let name = if dims.is_none() { "MeanBackward0" } else { "MeanBackward1" };
    let form: Dims = x.shape().into();
    let n = wrapped.iter().map(|&d| x.shape()[d]).product::<usize>();
    Tape::of(name, &[&x])
        .record(y, move |c| c.each(&[&|| div(&spread(&c.gy()?, &form, &wrapped, keepdim)?, &int(n as i64))]))
}

/// Whether all elements along `dims` are not zero.
pub fn all(x: &Tensor, dims: Option<&[i64]>, keepdim: bool) -> Result<Tensor> {
    truth(x, dims, keepdim, true)
}
/// Whether any element along `dims` is not zero.
pub fn any(x: &Tensor, dims: Option<&[i64]>, keepdim: bool) -> Result<Tensor> {
    truth(x, dims, keepdim, false)
}
fn truth(x: &Tensor, dims: Option<&[i64]>, keepdim: bool, all: bool) -> Result<Tensor> {
    let wrapped = wrap_dims(dims, x.rank())?;
    let y = dispatch!(x.dtype(), T => reduce::<T, _>(x, &wrapped, keepdim, Truth { all }))?;
    if x.dtype() == DType::U8 { y.to_dtype(DType::U8) } else { Ok(y) }
}
pub(crate) fn any_true(x: &Tensor) -> Result<bool> {
    Ok(any(x, None, false)?.item()?.to_i64() != 0)
}

/// Sums a gradient over what was broadcast from `to`.
pub fn sum_to(g: &Tensor, to: &[usize]) -> Result<Tensor> {
    if g.shape() == to {
        return Ok(g.clone());
    }
    let lead = g.rank() - to.len();
    let dims: Vec<i64> =
        (0..g.rank()).filter(|&d| d < lead || to[d - lead] == 1 && g.shape()[d] != 1).map(|d| d as i64).collect();
    let y = if dims.is_empty() { g.clone() } else { sum(g, Some(&dims), true, None)? };
    reshape(&y, &signed(to))
}
