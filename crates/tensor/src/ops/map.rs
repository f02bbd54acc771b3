//! The machinery of element-wise operations: an operation is a type with an inlined `apply`; these loops are compiled for
//! each dtype and each SIMD level.

use super::copy::to_dtype;
use crate::element::dispatch;
use crate::error::shape;
use crate::iter::{GRAIN, Lane, Plan, pieces, vectorised};
use crate::layout::{broadcast, list};
use crate::{Bool, DType, Element, Float, Layout, Number, Result, Tensor, memory, result_type};
use candlewick_kernels::simd::Kernel;

/// x -> y on floats.
pub(crate) trait FloatOp {
    fn apply<T: Float>(x: T) -> T;
}
/// x -> y on any number.
pub(crate) trait NumberOp {
    fn apply<T: Number>(x: T) -> T;
}
/// x -> true or false.
pub(crate) trait TestOp {
    fn apply<T: Number>(x: T) -> bool;
}
/// (a, b) -> y on any number.
pub(crate) trait BinaryOp {
    fn apply<T: Number>(a: T, b: T) -> T;
}
/// (a, b) -> true or false.
pub(crate) trait CompareOp {
    fn apply<T: Number>(a: T, b: T) -> bool;
}

/// A function of one element, as the loops want it.
pub(crate) trait Fn1<T, U>: Copy + Sync {
    fn call(self, x: T) -> U;
}
/// A function of two elements.
pub(crate) trait Fn2<T, U>: Copy + Sync {
    fn call(self, a: T, b: T) -> U;
}

/// Adapts an operation's type to the loops.
pub(crate) struct On<Op>(std::marker::PhantomData<fn(Op)>);
impl<Op> On<Op> {
    pub(crate) const NEW: Self = On(std::marker::PhantomData);
}
impl<Op> Clone for On<Op> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<Op> Copy for On<Op> {}

pub(crate) struct OfFloat<Op>(pub On<Op>);
pub(crate) struct OfTest<Op>(pub On<Op>);
impl<Op> Clone for OfFloat<Op> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<Op> Copy for OfFloat<Op> {}
impl<Op> Clone for OfTest<Op> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<Op> Copy for OfTest<Op> {}

impl<Op: NumberOp, T: Number> Fn1<T, T> for On<Op> {
    #[inline(always)]
    fn call(self, x: T) -> T {
        Op::apply(x)
    }
}
impl<Op: FloatOp, T: Float> Fn1<T, T> for OfFloat<Op> {
    #[inline(always)]
    fn call(self, x: T) -> T {
        Op::apply(x)
    }
}
impl<Op: TestOp, T: Number> Fn1<T, Bool> for OfTest<Op> {
    #[inline(always)]
    fn call(self, x: T) -> Bool {
        Op::apply(x).into()
    }
}
impl<Op: BinaryOp, T: Number> Fn2<T, T> for On<Op> {
    #[inline(always)]
    fn call(self, a: T, b: T) -> T {
        Op::apply(a, b)
    }
}
impl<Op: CompareOp, T: Number> Fn2<T, Bool> for OfTest<Op> {
    #[inline(always)]
    fn call(self, a: T, b: T) -> Bool {
        Op::apply(a, b).into()
    }
}

struct Run1<'a, T, U, F> {
    out: &'a mut [U],
    x: Lane<'a, T>,
    f: F,
}
impl<T: Copy, U, F: Fn1<T, U>> Kernel for Run1<'_, T, U, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        match self.x {
            Lane::Run(x) => self.out.iter_mut().zip(x).for_each(|(o, &x)| *o = self.f.call(x)),
            x => self.out.iter_mut().enumerate().for_each(|(i, o)| *o = self.f.call(x.get(i))),
        }
    }
}

struct Run2<'a, T, U, F> {
    out: &'a mut [U],
    a: Lane<'a, T>,
    b: Lane<'a, T>,
    f: F,
}
impl<T: Copy, U, F: Fn2<T, U>> Kernel for Run2<'_, T, U, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let (out, f) = (self.out, self.f);
        match (self.a, self.b) {
            (Lane::Run(a), Lane::Run(b)) => out.iter_mut().zip(a).zip(b).for_each(|((o, &a), &b)| *o = f.call(a, b)),
            (Lane::Run(a), Lane::Same(b)) => out.iter_mut().zip(a).for_each(|(o, &a)| *o = f.call(a, b)),
            (Lane::Same(a), Lane::Run(b)) => out.iter_mut().zip(b).for_each(|(o, &b)| *o = f.call(a, b)),
            (a, b) => out.iter_mut().enumerate().for_each(|(i, o)| *o = f.call(a.get(i), b.get(i))),
        }
    }
}

struct Update1<'a, T, F> {
    x: &'a mut [T],
    f: F,
}
impl<T: Copy, F: Fn1<T, T>> Kernel for Update1<'_, T, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        self.x.iter_mut().for_each(|x| *x = self.f.call(*x));
    }
}

struct Update2<'a, T, F> {
    a: &'a mut [T],
    b: Lane<'a, T>,
    f: F,
}
impl<T: Copy, F: Fn2<T, T>> Kernel for Update2<'_, T, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        match self.b {
            Lane::Run(b) => self.a.iter_mut().zip(b).for_each(|(a, &b)| *a = self.f.call(*a, b)),
            b => self.a.iter_mut().enumerate().for_each(|(i, a)| *a = self.f.call(*a, b.get(i))),
        }
    }
}

/// y[i] = f(x[i]), in the stride order of x.
pub(crate) fn map1<T: Element, U: Element>(x: &Tensor, f: impl Fn1<T, U>) -> Result<Tensor> {
    let layout = x.dense_layout();
    let all = x.storage().slice::<T>()?;
    let mut out = memory::alloc::<U>(layout.numel())?;
    Plan::new(&layout, [x.layout()]).fill(&mut out, |out, [at], [step]| {
        let x = Lane::of(all, at, step, out.len());
        vectorised::<T, _>(Run1 { out, x, f })
    });
    Ok(Tensor::with_layout(out, layout))
}

/// y[i] = f(a[i], b[i]) for operands of one dtype, broadcast, in the stride order of the first dense one of full shape.
pub(crate) fn map2<T: Element, U: Element>(a: &Tensor, b: &Tensor, f: impl Fn2<T, U>) -> Result<Tensor> {
    if a.shape() == b.shape() && a.numel() < GRAIN && a.is_contiguous() && b.is_contiguous() {
        // Most operations of a small network: no plan to make.
        let mut out = memory::alloc::<U>(a.numel())?;
        vectorised::<T, _>(Run2 { out: &mut out, a: Lane::Run(a.data()?), b: Lane::Run(b.data()?), f });
        return Ok(Tensor::from_vec(out, a.shape()));
    }
    let (all_a, all_b) = (a.storage().slice::<T>()?, b.storage().slice::<T>()?);
    let layout = result_layout(&[a, b])?;
    let mut out = memory::alloc::<U>(layout.numel())?;
    Plan::new(&layout, [a.layout(), b.layout()]).fill(&mut out, |out, [i, j], [si, sj]| {
        let (a, b) = (Lane::of(all_a, i, si, out.len()), Lane::of(all_b, j, sj, out.len()));
        vectorised::<T, _>(Run2 { out, a, b, f })
    });
    Ok(Tensor::with_layout(out, layout))
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

/// Applies a float operation; integers and bool become the default dtype.
pub(crate) fn float_map<Op: FloatOp>(op: &str, x: &Tensor) -> Result<Tensor> {
    let x = to_dtype(&x.detach(), x.dtype().to_float())?;
    dispatch!(float op, x.dtype(), T => map1::<T, T>(&x, OfFloat::<Op>(On::NEW)))
}

/// Applies an operation of any dtype.
pub(crate) fn number_map<Op: NumberOp>(x: &Tensor) -> Result<Tensor> {
    dispatch!(x.dtype(), T => map1::<T, T>(x, On::<Op>::NEW))
}

/// Applies a test.
pub(crate) fn test_map<Op: TestOp>(x: &Tensor) -> Result<Tensor> {
    dispatch!(x.dtype(), T => map1::<T, Bool>(x, OfTest::<Op>(On::NEW)))
}

/// Applies an operation to two operands in the dtype they promote to (or in `dtype`).
pub(crate) fn binary_map<Op: BinaryOp>(a: &Tensor, b: &Tensor, dtype: Option<DType>) -> Result<Tensor> {
    let (a, b) = promoted(a, b, dtype)?;
    dispatch!(a.dtype(), T => map2::<T, T>(&a, &b, On::<Op>::NEW))
}

/// Compares two operands in the dtype they promote to.
pub(crate) fn compare_map<Op: CompareOp>(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let (a, b) = promoted(a, b, None)?;
    dispatch!(a.dtype(), T => map2::<T, Bool>(&a, &b, OfTest::<Op>(On::NEW)))
}

/// Two operands in the dtype they promote to, or in `dtype`.
pub(crate) fn promoted(a: &Tensor, b: &Tensor, dtype: Option<DType>) -> Result<(Tensor, Tensor)> {
    let dtype = dtype.unwrap_or_else(|| if a.dtype() == b.dtype() { a.dtype() } else { result_type(&[a, b]) });
    let cast = |t: &Tensor| if t.dtype() == dtype { Ok(t.clone()) } else { to_dtype(&t.detach(), dtype) };
    Ok((cast(a)?, cast(b)?))
}

/// Two operands in the float dtype they promote to.
pub(crate) fn float_promoted(a: &Tensor, b: &Tensor) -> Result<(Tensor, Tensor)> {
    promoted(a, b, Some(result_type(&[a, b]).to_float()))
}

/// Applies a float operation in place.
pub(crate) fn float_update<Op: FloatOp>(op: &str, x: &Tensor) -> Result<()> {
    if !x.dtype().is_float() {
        return cast_error(x.dtype().to_float(), x.dtype());
    }
    dispatch!(float op, x.dtype(), T => update1::<T>(x, OfFloat::<Op>(On::NEW)))
}

/// Applies an operation of any dtype in place.
pub(crate) fn number_update<Op: NumberOp>(x: &Tensor) -> Result<()> {
    dispatch!(x.dtype(), T => update1::<T>(x, On::<Op>::NEW))
}

/// x[i] = f(x[i])
pub(crate) fn update1<T: Element>(x: &Tensor, f: impl Fn1<T, T>) -> Result<()> {
    let l = x.layout();
    if !l.is_dense() {
        return super::copy::write_strided(x, &map1::<T, T>(x, f)?);
    }
    x.bump_version();
    // SAFETY: nothing else of this storage is read.
    let all = unsafe { x.storage().slice_mut::<T>()? };
    pieces(&mut all[l.offset..l.offset + l.numel()], GRAIN, |_, x| vectorised::<T, _>(Update1 { x, f }));
    Ok(())
}

/// a = op(a, b) in place: the result's dtype must be a's category or below, its shape a's.
pub(crate) fn binary_update<Op: BinaryOp>(a: &Tensor, b: &Tensor, dtype: Option<DType>) -> Result<()> {
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
        let y = binary_map::<Op>(&a.detach(), b, dtype)?;
        return super::copy::write_strided(a, &to_dtype(&y, a.dtype())?);
    }
    super::copy::check_overlap(a, b)?;
    let b = to_dtype(&b.detach(), common)?;
    let b = if b.shares_storage(a) { super::copy::clone(&b)? } else { b };
    dispatch!(common, T => {
        let l = a.layout();
        a.bump_version();
        // SAFETY: b does not share this storage (cloned above if it did), and nothing else is read.
        let all = unsafe { a.storage().slice_mut::<T>()? };
        let all_b = b.storage().slice::<T>()?;
        let dense = Layout { offset: 0, ..l.clone() };
        Plan::new(&dense, [b.layout()]).fill(&mut all[l.offset..l.offset + l.numel()], |a, [at], [step]| {
            let b = Lane::of(all_b, at, step, a.len());
            vectorised::<T, _>(Update2 { a, b, f: On::<Op>::NEW })
        });
    });
    Ok(())
}

pub(crate) fn cast_error<T>(from: DType, to: DType) -> Result<T> {
    crate::error::dtype(format!("result type {} can't be cast to the desired output type {}", from.title(), to.title()))
}
