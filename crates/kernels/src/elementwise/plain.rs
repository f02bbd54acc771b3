//! Plain functions of float64 or int64 as rows: for the rarer operations, whose cost is the function's own.

use super::{Map1, Map2};
use crate::dtype::DType;

/// A function of a float64, computed in float64.
pub struct Double<'a>(pub &'a (dyn Fn(f64) -> f64 + Sync));
/// A function of two float64, computed in float64.
pub struct Double2(pub fn(f64, f64) -> f64);
/// A function of two int64, computed in int64.
pub struct Long2(pub fn(i64, i64) -> i64);

impl Map1 for Double<'_> {
    unsafe fn row(&self, c: DType, x: *const u8, y: *mut u8, n: usize) {
        assert!(c == DType::F64);
        let (x, y) = (x.cast::<f64>(), y.cast::<f64>());
        // SAFETY: the caller's promises.
        (0..n).for_each(|i| unsafe { *y.add(i) = (self.0)(*x.add(i)) });
    }
}

impl Map2 for Double2 {
    unsafe fn row(&self, c: DType, a: *const u8, b: *const u8, y: *mut u8, n: usize) {
        assert!(c == DType::F64);
        let (a, b, y) = (a.cast::<f64>(), b.cast::<f64>(), y.cast::<f64>());
        // SAFETY: the caller's promises.
        (0..n).for_each(|i| unsafe { *y.add(i) = (self.0)(*a.add(i), *b.add(i)) });
    }
}

impl Map2 for Long2 {
    unsafe fn row(&self, c: DType, a: *const u8, b: *const u8, y: *mut u8, n: usize) {
        assert!(c == DType::I64);
        let (a, b, y) = (a.cast::<i64>(), b.cast::<i64>(), y.cast::<i64>());
        // SAFETY: the caller's promises.
        (0..n).for_each(|i| unsafe { *y.add(i) = (self.0)(*a.add(i), *b.add(i)) });
    }
}
