//! Element-wise operations: operands are broadcast and promoted here; the functions are rows in candlewick-kernels, which read
//! and write any dtype. One walk serves all of them.

use super::copy::to_dtype;
use crate::dtype::float_dtype;
use crate::error::{cast_error, shape};
use crate::iter::{GRAIN, Plan};
use crate::layout::{broadcast, list};
use crate::{DType, Layout, Result, Tensor, result_type};
use candlewick_kernels::elementwise::{self, Map1, Map2, Operand};
use std::borrow::Cow;

/// How the walk reads a tensor: where its storage starts, and its dtype.
#[derive(Clone, Copy)]
pub(crate) struct Source {
    first: *mut u8,
    dtype: DType,
}
// SAFETY: a pointer; whoever reads or writes through it says why no two threads touch the same elements.
unsafe impl Sync for Source {}

impl Source {
    pub(crate) fn of(x: &Tensor) -> Result<Source> {
        Ok(Source { first: x.storage().bytes()?, dtype: x.dtype() })
    }
    /// Element `i` of the storage.
    pub(crate) fn at(&self, i: usize) -> *mut u8 {
        self.first.wrapping_add(i * self.dtype.size())
    }
    /// Elements from `i`, `step` apart.
    pub(crate) fn operand(&self, i: usize, step: usize) -> Operand {
        Operand { ptr: self.at(i), step, dtype: self.dtype }
    }
}

/// y[i] = f(x[i]) in the stride order of x, computed in type `c` and stored as `to`.
pub(crate) fn map1(f: &dyn Map1, x: &Tensor, c: DType, to: DType) -> Result<Tensor> {
    let y = Tensor::blank(x.dense_layout(), to)?;
    fill1(f, x, c, &y)?;
    Ok(y)
}

/// y[i] = f(x[i]) into a dense tensor y, which may be x itself.
fn fill1(f: &dyn Map1, x: &Tensor, c: DType, y: &Tensor) -> Result<()> {
    let (from, to) = (Source::of(x)?, Source::of(y)?);
    let offset = y.layout().offset;
    Plan::new(y.layout(), [x.layout()]).rows(&|start, n, [at], [step]| {
        // SAFETY: the plan stays within both storages, and its runs of y are disjoint.
        unsafe { elementwise::map1(f, c, from.operand(at, step), to.at(offset + start), y.dtype(), n) }
    });
    Ok(())
}

/// y[i] = f(a[i], b[i]), broadcast, in the stride order of the first dense operand of full shape; computed in type `c` and
/// stored as `to`.
pub(crate) fn map2(f: &dyn Map2, a: &Tensor, b: &Tensor, c: DType, to: DType) -> Result<Tensor> {
    if a.shape() == b.shape() && a.numel() < GRAIN && a.is_contiguous() && b.is_contiguous() {
        // Most operations of a small network: no plan to make.
        let y = Tensor::blank(Layout::contiguous(a.shape()), to)?;
        let (a, b) = (Source::of(a)?.operand(a.layout().offset, 1), Source::of(b)?.operand(b.layout().offset, 1));
        // SAFETY: all three have numel elements in a row.
        unsafe { elementwise::map2(f, c, a, b, y.storage().bytes()?, to, y.numel()) };
        return Ok(y);
    }
    let y = Tensor::blank(result_layout(&[a, b])?, to)?;
    fill2(f, a, b, c, &y)?;
    Ok(y)
}

/// y[i] = f(a[i], b[i]) into a dense tensor y, which may be a itself.
fn fill2(f: &dyn Map2, a: &Tensor, b: &Tensor, c: DType, y: &Tensor) -> Result<()> {
    let (from_a, from_b, to) = (Source::of(a)?, Source::of(b)?, Source::of(y)?);
    let (la, lb, ly) = (a.layout(), b.layout(), y.layout());
    Plan::new(ly, [la, lb]).rows(&|start, n, [i, j], [si, sj]| {
        let (a, b) = (from_a.operand(i, si), from_b.operand(j, sj));
        // SAFETY: as in `fill1`.
        unsafe { elementwise::map2(f, c, a, b, to.at(ly.offset + start), y.dtype(), n) }
    });
    Ok(())
}

/// The dense layout of an element-wise result: the broadcast shape in the stride order of the first dense operand that
/// has it.
pub(crate) fn result_layout(operands: &[&Tensor]) -> Result<Layout> {
    let mut dims = crate::Dims::from_slice(operands[0].shape());
    for t in &operands[1..] {
        if t.shape() != dims.as_slice() {
            dims = broadcast(&dims, t.shape())?;
        }
    }
    let model = operands.iter().find(|t| t.shape() == dims.as_slice() && t.layout().is_dense());
    Ok(model.map_or_else(|| Layout::contiguous(&dims), |t| t.dense_layout()))
}

/// Applies a function of floats; integers and bool become the default dtype.
pub(crate) fn float_map(f: &dyn Map1, x: &Tensor) -> Result<Tensor> {
    let to = float_dtype(x.dtype());
    map1(f, x, to.computing(), to)
}

/// Applies a function of any number.
pub(crate) fn number_map(f: &dyn Map1, x: &Tensor) -> Result<Tensor> {
    map1(f, x, x.dtype().computing(), x.dtype())
}

/// Applies a test.
pub(crate) fn test_map(f: &dyn Map1, x: &Tensor) -> Result<Tensor> {
    map1(f, x, x.dtype().computing(), DType::Bool)
}

/// Applies a function to two operands in the dtype they promote to (or in `dtype`).
pub(crate) fn binary_map(f: &dyn Map2, a: &Tensor, b: &Tensor, dtype: Option<DType>) -> Result<Tensor> {
    let common = dtype.unwrap_or_else(|| common_dtype(a, b));
    map2(f, &*readable(a, common)?, &*readable(b, common)?, common.computing(), common)
}

/// The same of a product or a quotient, whose second operand PyTorch does not round to half precision if it is a number.
pub(crate) fn factor_map(f: &dyn Map2, a: &Tensor, b: &Tensor, dtype: Option<DType>) -> Result<Tensor> {
    let common = dtype.unwrap_or_else(|| common_dtype(a, b));
    map2(f, &*readable(a, common)?, &*factor(b, common)?, common.computing(), common)
}

fn factor(x: &Tensor, common: DType) -> Result<Cow<'_, Tensor>> {
    if x.rank() == 0 && common.is_float() { Ok(Cow::Borrowed(x)) } else { readable(x, common) }
}

/// Compares two operands in the dtype they promote to.
pub(crate) fn compare_map(f: &dyn Map2, a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let common = common_dtype(a, b);
    map2(f, &*readable(a, common)?, &*readable(b, common)?, common.computing(), DType::Bool)
}

fn common_dtype(a: &Tensor, b: &Tensor) -> DType {
    if a.dtype() == b.dtype() { a.dtype() } else { result_type(&[a, b]) }
}

/// An operand as the rows may read it: they convert to the computing type by themselves, so only a narrower common dtype needs
/// a conversion of its own.
fn readable(x: &Tensor, common: DType) -> Result<Cow<'_, Tensor>> {
    match x.dtype() == common || common == common.computing() {
        true => Ok(Cow::Borrowed(x)),
        false => Ok(Cow::Owned(to_dtype(&x.detach(), common)?)),
    }
}

/// Two operands in the dtype they promote to, or in `dtype`.
pub(crate) fn promoted(a: &Tensor, b: &Tensor, dtype: Option<DType>) -> Result<(Tensor, Tensor)> {
    let dtype = dtype.unwrap_or_else(|| common_dtype(a, b));
    Ok((to_dtype(&a.detach(), dtype)?, to_dtype(&b.detach(), dtype)?))
}

/// Applies a function of floats in place.
pub(crate) fn float_update(f: &dyn Map1, x: &Tensor) -> Result<()> {
    match x.dtype().is_float() {
        true => number_update(f, x),
        false => cast_error(float_dtype(x.dtype()), x.dtype()),
    }
}

/// Applies a function of any number in place.
pub(crate) fn number_update(f: &dyn Map1, x: &Tensor) -> Result<()> {
    if !x.layout().is_dense() {
        return super::copy::write_strided(x, &number_map(f, x)?);
    }
    x.bump_version();
    fill1(f, x, x.dtype().computing(), x)
}

/// a = f(a, b) in place: the result's dtype must be a's category or below, its shape a's.
pub(crate) fn binary_update(f: &dyn Map2, a: &Tensor, b: &Tensor, dtype: Option<DType>) -> Result<()> {
    update2(f, a, b, dtype, readable)
}

/// The same of a product or a quotient: see [`factor_map`].
pub(crate) fn factor_update(f: &dyn Map2, a: &Tensor, b: &Tensor, dtype: Option<DType>) -> Result<()> {
    update2(f, a, b, dtype, factor)
}

type Reading = for<'a> fn(&'a Tensor, DType) -> Result<Cow<'a, Tensor>>;

fn update2(f: &dyn Map2, a: &Tensor, b: &Tensor, dtype: Option<DType>, second: Reading) -> Result<()> {
    let common = dtype.unwrap_or_else(|| result_type(&[a, b]));
    let castable = common == a.dtype() || (a.dtype().is_float() || !common.is_float()) && a.dtype() != DType::Bool;
    if !castable {
        return cast_error(common, a.dtype());
    }
    let wide = broadcast(a.shape(), b.shape())?;
    if wide.as_slice() != a.shape() {
        return shape(format!(
            "output with shape {} doesn't match the broadcast shape {}",
            list(a.shape()),
            list(&wide)
        ));
    }
    if common != a.dtype() || !a.layout().is_dense() {
        let y = map2(f, &*readable(&a.detach(), common)?, &*second(b, common)?, common.computing(), common)?;
        return super::copy::write_strided(a, &to_dtype(&y, a.dtype())?);
    }
    super::copy::check_overlap(a, b)?;
    let b = second(b, common)?;
    let same_place = |b: &Tensor| b.layout() == a.layout() && b.dtype() == a.dtype();
    let b = if b.shares_storage(a) && !same_place(&b) { Cow::Owned(super::copy::clone(&b.detach())?) } else { b };
    a.bump_version();
    fill2(f, a, &b, common.computing(), a)
}
