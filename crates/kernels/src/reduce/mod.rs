//! Reductions over some dimensions of a strided array: sums, products, norms, truth, extrema, variance. Floats accumulate in
//! float64, integers in int64. Folds are compiled for f32, f64 and i64, the frequent ones for every type.

mod fold;
mod reducers;
mod walk;

pub use walk::Walk;

use crate::dtype::DType::{self, *};
use crate::element::{Element, Number};
use crate::pool;
use crate::simd;
use fold::{Piece, Reducer};
use reducers::{Best, IntSum, Norm, Product, Sum, Truth, Variance};

/// What becomes of the reduced elements.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fold {
    /// Their sum.
    Sum,
    /// Their sum divided by their count.
    Mean,
    /// Their product.
    Product,
    /// (sum |x|^p)^(1/p); how many are not 0 for p = 0.
    Norm(f64),
    /// Whether all (true) or any (false) are not zero.
    Truth(bool),
    /// The largest (true) or the smallest; NaN wins.
    Extremum(bool),
    /// The place of the largest (true) or of the smallest, counted in row-major order; of equal ones the first.
    Place(bool),
    /// The squared deviation from the mean, divided by their count less this correction.
    Variance(f64),
}

impl Fold {
    /// The type that elements of `dtype` are read as: their own for the frequent folds, with bool as bytes; else a computing type.
    pub fn reads(self, dtype: DType) -> DType {
        match (self, dtype) {
            (Fold::Sum | Fold::Mean | Fold::Truth(_) | Fold::Extremum(_) | Fold::Place(_), Bool) => U8,
            (Fold::Sum | Fold::Mean | Fold::Truth(_) | Fold::Extremum(_) | Fold::Place(_), dtype) => dtype,
            (_, dtype) => dtype.computing(),
        }
    }

    /// The type of the results where elements are read as `c`.
    pub fn gives(self, c: DType) -> DType {
        match self {
            Fold::Truth(_) => Bool,
            Fold::Place(_) => I64,
            Fold::Sum if !c.is_float() => I64,
            _ => c,
        }
    }
}

/// Folds the elements of type `c = fold.reads(..)` that the walk names into `outputs` results of type `fold.gives(c)`.
///
/// # Safety
/// `all` points to a storage of at least `walk.end()` aligned elements of type `c`, `out` to room for the results; they do not
/// overlap.
pub unsafe fn reduce(fold: Fold, c: DType, walk: &Walk, all: *const u8, out: *mut u8, outputs: usize) {
    let job = Job { walk, all, out, outputs };
    // SAFETY: the types are those that `reads` and `gives` name.
    unsafe {
        match (c, fold) {
            (F32, Fold::Sum) => job.vectors::<f32, _>(Sum { mean: false }),
            (F32, Fold::Mean) => job.vectors::<f32, _>(Sum { mean: true }),
            (F32, Fold::Extremum(true)) => job.vectors::<f32, _>(Best::<f32, true, false>::NEW),
            (F32, Fold::Extremum(false)) => job.vectors::<f32, _>(Best::<f32, false, false>::NEW),
            (F32, fold) => job.plain::<f32>(fold),
            (F64, Fold::Sum) => job.vectors::<f64, _>(Sum { mean: false }),
            (F64, Fold::Mean) => job.vectors::<f64, _>(Sum { mean: true }),
            (F64, fold) => job.plain::<f64>(fold),
            (I64, fold) => job.plain::<i64>(fold),
            (I32, fold) => job.frequent::<i32>(fold),
            (I16, fold) => job.frequent::<i16>(fold),
            (I8, fold) => job.frequent::<i8>(fold),
            (U8, fold) => job.frequent::<u8>(fold),
            (F16, fold) => job.frequent::<half::f16>(fold),
            (BF16, fold) => job.frequent::<half::bf16>(fold),
            (Bool, fold) => panic!("{fold:?} of bool, which is read as bytes"),
        }
    }
}

struct Job<'a> {
    walk: &'a Walk,
    all: *const u8,
    out: *mut u8,
    outputs: usize,
}
// SAFETY: only pointers; `pieces` gives each thread results of its own.
unsafe impl Sync for Job<'_> {}

impl Job<'_> {
    /// The folds of types that compute.
    unsafe fn plain<T: Number>(&self, fold: Fold) {
        // SAFETY: the caller's promises.
        unsafe {
            match fold {
                Fold::Product => self.run::<T, _>(Product),
                Fold::Norm(p) => self.run::<T, _>(Norm(p)),
                Fold::Variance(correction) => self.run::<T, _>(Variance { correction }),
                fold => self.frequent::<T>(fold),
            }
        }
    }

    /// The folds that read every type.
    unsafe fn frequent<T: Number>(&self, fold: Fold) {
        // SAFETY: the caller's promises.
        unsafe {
            match fold {
                Fold::Sum if T::DTYPE.is_float() => self.run::<T, _>(Sum { mean: false }),
                Fold::Sum => self.run::<T, _>(IntSum),
                Fold::Mean => self.run::<T, _>(Sum { mean: true }),
                Fold::Truth(all) => self.run::<T, _>(Truth { all }),
                Fold::Extremum(true) => self.run::<T, _>(Best::<T, true, false>::NEW),
                Fold::Extremum(false) => self.run::<T, _>(Best::<T, false, false>::NEW),
                Fold::Place(true) => self.run::<T, _>(Best::<T, true, true>::NEW),
                Fold::Place(false) => self.run::<T, _>(Best::<T, false, true>::NEW),
                fold => panic!("{fold:?} of {}", T::DTYPE.name()),
            }
        }
    }

    /// Runs the reducer with the compiler's baseline instructions.
    unsafe fn run<T: Element, R: Reducer<T>>(&self, reducer: R) {
        // SAFETY: the caller's promises.
        self.pieces(&|first, n| unsafe { self.piece::<T, R>(reducer, first, n).fold() });
    }

    /// Runs the reducer with the vector instructions in use.
    unsafe fn vectors<T: Element, R: Reducer<T>>(&self, reducer: R) {
        // SAFETY: the caller's promises.
        self.pieces(&|first, n| unsafe { simd::dispatch(self.piece::<T, R>(reducer, first, n)) });
    }

    /// # Safety
    /// As of [`reduce`]; nobody else has a piece with these results.
    unsafe fn piece<T: Element, R: Reducer<T>>(&self, reducer: R, first: usize, n: usize) -> Piece<'_, T, R> {
        // SAFETY: the caller's promises.
        unsafe {
            let all = std::slice::from_raw_parts(self.all.cast::<T>(), self.walk.end());
            let out = std::slice::from_raw_parts_mut(self.out.cast::<R::Out>().add(first), n);
            Piece { walk: self.walk, all, first, out, reducer }
        }
    }

    /// Shares the results among the threads, in pieces of enough elements.
    fn pieces(&self, f: &(dyn Fn(usize, usize) + Sync)) {
        let grain = (GRAIN / self.walk.count().max(1)).max(1);
        pool::chunks(self.outputs, grain, &|r| f(r.start, r.len()));
    }
}

/// Elements below which a piece is not worth a second thread.
const GRAIN: usize = 1 << 15;
