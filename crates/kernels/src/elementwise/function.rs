//! From a function of one or two elements to rows: the loops, and the macros that compile them here.

use crate::dtype::DType;
use crate::element::{Bool, Number};
use crate::real::Real;
use crate::simd::{Kernel, dispatch};

/// A function of a float.
pub(crate) trait Real1: Copy + Sync {
    fn call<T: Real>(self, x: T) -> T;
}
/// A function of two floats.
pub(crate) trait Real2: Copy + Sync {
    fn call<T: Real>(self, a: T, b: T) -> T;
}
/// A function of any number.
pub(crate) trait Number1: Copy + Sync {
    fn call<T: Number>(self, x: T) -> T;
}
/// A function of two numbers.
pub(crate) trait Number2: Copy + Sync {
    fn call<T: Number>(self, a: T, b: T) -> T;
}
/// A test of any number.
pub(crate) trait Test1: Copy + Sync {
    fn call<T: Number>(self, x: T) -> bool;
}
/// A test of two numbers.
pub(crate) trait Test2: Copy + Sync {
    fn call<T: Number>(self, a: T, b: T) -> bool;
}

/// What the loops call: one instance a function and a type.
trait Each1<T, U>: Copy {
    fn each(self, x: T) -> U;
}
trait Each2<T, U>: Copy {
    fn each(self, a: T, b: T) -> U;
}

#[derive(Clone, Copy)]
struct AsReal<F>(F);
#[derive(Clone, Copy)]
struct AsNumber<F>(F);
#[derive(Clone, Copy)]
struct AsTest<F>(F);

impl<F: Real1, T: Real> Each1<T, T> for AsReal<F> {
    #[inline(always)]
    fn each(self, x: T) -> T {
        self.0.call(x)
    }
}
impl<F: Real2, T: Real> Each2<T, T> for AsReal<F> {
    #[inline(always)]
    fn each(self, a: T, b: T) -> T {
        self.0.call(a, b)
    }
}
impl<F: Number1, T: Number> Each1<T, T> for AsNumber<F> {
    #[inline(always)]
    fn each(self, x: T) -> T {
        self.0.call(x)
    }
}
impl<F: Number2, T: Number> Each2<T, T> for AsNumber<F> {
    #[inline(always)]
    fn each(self, a: T, b: T) -> T {
        self.0.call(a, b)
    }
}
impl<F: Test1, T: Number> Each1<T, Bool> for AsTest<F> {
    #[inline(always)]
    fn each(self, x: T) -> Bool {
        self.0.call(x).into()
    }
}
impl<F: Test2, T: Number> Each2<T, Bool> for AsTest<F> {
    #[inline(always)]
    fn each(self, a: T, b: T) -> Bool {
        self.0.call(a, b).into()
    }
}

struct Loop1<'a, T, U, F>(&'a [T], &'a mut [U], F);
impl<T: Copy, U, F: Each1<T, U>> Kernel for Loop1<'_, T, U, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        self.1.iter_mut().zip(self.0).for_each(|(y, &x)| *y = self.2.each(x));
    }
}

struct Loop2<'a, T, U, F>(&'a [T], &'a [T], &'a mut [U], F);
impl<T: Copy, U, F: Each2<T, U>> Kernel for Loop2<'_, T, U, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        self.2.iter_mut().zip(self.0).zip(self.1).for_each(|((y, &a), &b)| *y = self.3.each(a, b));
    }
}

/// # Safety
/// Pointers as [`super::Map1::row`] asks, for elements of T and U.
#[inline(always)]
unsafe fn loop1<'a, T, U, F>(x: *const u8, y: *mut u8, n: usize, f: F) -> Loop1<'a, T, U, F> {
    // SAFETY: the caller's promises.
    unsafe { Loop1(std::slice::from_raw_parts(x.cast(), n), std::slice::from_raw_parts_mut(y.cast(), n), f) }
}
/// # Safety
/// As of [`loop1`], for both operands.
#[inline(always)]
unsafe fn loop2<'a, T, U, F>(a: *const u8, b: *const u8, y: *mut u8, n: usize, f: F) -> Loop2<'a, T, U, F> {
    // SAFETY: the caller's promises.
    unsafe {
        let (a, b) = (std::slice::from_raw_parts(a.cast(), n), std::slice::from_raw_parts(b.cast(), n));
        Loop2(a, b, std::slice::from_raw_parts_mut(y.cast(), n), f)
    }
}

// The rows of each kind of function. Those of f32, and of f64 in arithmetic, have an instance for every SIMD level where the
// loop becomes vector code; the others take the baseline.

/// # Safety
/// As of [`super::Map1::row`].
#[inline(always)]
pub(crate) unsafe fn real_row<F: Real1>(f: F, c: DType, x: *const u8, y: *mut u8, n: usize) {
    // SAFETY: the caller's promises, passed on.
    unsafe {
        match c {
            DType::F32 => dispatch(loop1::<f32, f32, _>(x, y, n, AsReal(f))),
            DType::F64 => loop1::<f64, f64, _>(x, y, n, AsReal(f)).run(),
            c => unsupported(c),
        }
    }
}
/// # Safety
/// As of [`super::Map2::row`].
#[inline(always)]
pub(crate) unsafe fn real_row2<F: Real2>(f: F, c: DType, a: *const u8, b: *const u8, y: *mut u8, n: usize) {
    // SAFETY: the caller's promises, passed on.
    unsafe {
        match c {
            DType::F32 => dispatch(loop2::<f32, f32, _>(a, b, y, n, AsReal(f))),
            DType::F64 => loop2::<f64, f64, _>(a, b, y, n, AsReal(f)).run(),
            c => unsupported(c),
        }
    }
}
/// # Safety
/// As of [`super::Map1::row`].
#[inline(always)]
pub(crate) unsafe fn number_row<F: Number1>(f: F, c: DType, x: *const u8, y: *mut u8, n: usize) {
    // SAFETY: the caller's promises, passed on.
    unsafe {
        match c {
            DType::F32 => dispatch(loop1::<f32, f32, _>(x, y, n, AsNumber(f))),
            DType::F64 => loop1::<f64, f64, _>(x, y, n, AsNumber(f)).run(),
            DType::I64 => loop1::<i64, i64, _>(x, y, n, AsNumber(f)).run(),
            c => unsupported(c),
        }
    }
}
/// # Safety
/// As of [`super::Map2::row`].
#[inline(always)]
pub(crate) unsafe fn number_row2<F: Number2>(f: F, c: DType, a: *const u8, b: *const u8, y: *mut u8, n: usize) {
    // SAFETY: the caller's promises, passed on.
    unsafe {
        match c {
            DType::F32 => dispatch(loop2::<f32, f32, _>(a, b, y, n, AsNumber(f))),
            DType::F64 => dispatch(loop2::<f64, f64, _>(a, b, y, n, AsNumber(f))),
            DType::I64 => loop2::<i64, i64, _>(a, b, y, n, AsNumber(f)).run(),
            c => unsupported(c),
        }
    }
}
/// # Safety
/// As of [`super::Map1::row`], with results of type bool.
#[inline(always)]
pub(crate) unsafe fn test_row<F: Test1>(f: F, c: DType, x: *const u8, y: *mut u8, n: usize) {
    // SAFETY: the caller's promises, passed on.
    unsafe {
        match c {
            DType::F32 => loop1::<f32, Bool, _>(x, y, n, AsTest(f)).run(),
            DType::F64 => loop1::<f64, Bool, _>(x, y, n, AsTest(f)).run(),
            DType::I64 => loop1::<i64, Bool, _>(x, y, n, AsTest(f)).run(),
            c => unsupported(c),
        }
    }
}
/// # Safety
/// As of [`super::Map2::row`], with results of type bool.
#[inline(always)]
pub(crate) unsafe fn test_row2<F: Test2>(f: F, c: DType, a: *const u8, b: *const u8, y: *mut u8, n: usize) {
    // SAFETY: the caller's promises, passed on.
    unsafe {
        match c {
            DType::F32 => dispatch(loop2::<f32, Bool, _>(a, b, y, n, AsTest(f))),
            DType::F64 => loop2::<f64, Bool, _>(a, b, y, n, AsTest(f)).run(),
            DType::I64 => loop2::<i64, Bool, _>(a, b, y, n, AsTest(f)).run(),
            c => unsupported(c),
        }
    }
}

#[cold]
fn unsupported(c: DType) -> ! {
    panic!("an element-wise function has no rows of {}", c.name())
}

/// Compiles the rows of a function of one element for its type: `rows1!(Exp: real_row)`.
macro_rules! rows1 {
    ($t:ty: $row:ident $(-> $result:expr)?) => {
        impl $crate::elementwise::Map1 for $t {
            $(fn result(&self, _: $crate::dtype::DType) -> $crate::dtype::DType { $result })?
            unsafe fn row(&self, c: $crate::dtype::DType, x: *const u8, y: *mut u8, n: usize) {
                // SAFETY: the caller's promises, passed on.
                unsafe { $crate::elementwise::function::$row(*self, c, x, y, n) }
            }
        }
    };
}
/// The same for two elements.
macro_rules! rows2 {
    ($t:ty: $row:ident $(-> $result:expr)?) => {
        impl $crate::elementwise::Map2 for $t {
            $(fn result(&self, _: $crate::dtype::DType) -> $crate::dtype::DType { $result })?
            unsafe fn row(&self, c: $crate::dtype::DType, a: *const u8, b: *const u8, y: *mut u8, n: usize) {
                // SAFETY: the caller's promises, passed on.
                unsafe { $crate::elementwise::function::$row(*self, c, a, b, y, n) }
            }
        }
    };
}
pub(crate) use {rows1, rows2};
