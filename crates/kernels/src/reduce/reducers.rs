//! What the reductions do with an element.

use super::fold::Reducer;
use crate::element::{Bool, Element, Number};
use std::marker::PhantomData;

/// The sum of floats, or their mean.
#[derive(Clone, Copy)]
pub struct Sum {
    pub mean: bool,
}
impl<T: Number> Reducer<T> for Sum {
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

/// The sum of integers, which wraps.
#[derive(Clone, Copy)]
pub struct IntSum;
impl<T: Element> Reducer<T> for IntSum {
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

/// The product; of integers it wraps.
#[derive(Clone, Copy)]
pub struct Product;
impl<T: Number> Reducer<T> for Product {
    type Acc = (f64, i64);
    type Out = T;
    #[inline(always)]
    fn start(self) -> Self::Acc {
        (1.0, 1)
    }
    #[inline(always)]
    fn step(self, (f, i): Self::Acc, x: T, _: usize) -> Self::Acc {
        if T::DTYPE.is_float() { (f * x.to_f64(), i) } else { (f, i.wrapping_mul(x.to_i64())) }
    }
    #[inline(always)]
    fn finish(self, (f, i): Self::Acc, _: usize) -> T {
        if T::DTYPE.is_float() { T::from_f64(f) } else { T::from_i64(i) }
    }
}

/// The p-norm.
#[derive(Clone, Copy)]
pub struct Norm(pub f64);
impl<T: Number> Reducer<T> for Norm {
    type Acc = f64;
    type Out = T;
    #[inline(always)]
    fn start(self) -> f64 {
        0.0
    }
    #[inline(always)]
    fn step(self, acc: f64, x: T, _: usize) -> f64 {
        let a = x.to_f64().abs();
        acc + match self.0 {
            0.0 => (a != 0.0) as u8 as f64,
            1.0 => a,
            2.0 => a * a,
            p => a.powf(p),
        }
    }
    #[inline(always)]
    fn finish(self, acc: f64, _: usize) -> T {
        T::from_f64(match self.0 {
            0.0 | 1.0 => acc,
            2.0 => acc.sqrt(),
            p => acc.powf(1.0 / p),
        })
    }
}

/// Whether all or any are not zero.
#[derive(Clone, Copy)]
pub struct Truth {
    pub all: bool,
}
impl<T: Element> Reducer<T> for Truth {
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

/// The largest (`MAX`) or smallest element, or its `PLACE`; NaN wins, of equal ones the first.
#[derive(Clone, Copy)]
pub struct Best<T, const MAX: bool, const PLACE: bool>(PhantomData<fn(T)>);

impl<T: Number, const MAX: bool, const PLACE: bool> Best<T, MAX, PLACE> {
    pub const NEW: Self = Best(PhantomData);

    #[inline(always)]
    fn fold((best, at): (T, usize), x: T, i: usize) -> (T, usize) {
        let better = if MAX { x > best } else { x < best };
        let wins = at == usize::MAX || (!best.is_nan() && (x.is_nan() || better));
        if wins { (x, i) } else { (best, at) }
    }
}

impl<T: Number, const MAX: bool> Reducer<T> for Best<T, MAX, false> {
    type Acc = (T, usize);
    type Out = T;
    #[inline(always)]
    fn start(self) -> Self::Acc {
        (T::default(), usize::MAX)
    }
    #[inline(always)]
    fn step(self, acc: Self::Acc, x: T, i: usize) -> Self::Acc {
        Self::fold(acc, x, i)
    }
    #[inline(always)]
    fn finish(self, (best, _): Self::Acc, _: usize) -> T {
        best
    }
}
impl<T: Number, const MAX: bool> Reducer<T> for Best<T, MAX, true> {
    type Acc = (T, usize);
    type Out = i64;
    #[inline(always)]
    fn start(self) -> Self::Acc {
        (T::default(), usize::MAX)
    }
    #[inline(always)]
    fn step(self, acc: Self::Acc, x: T, i: usize) -> Self::Acc {
        Self::fold(acc, x, i)
    }
    #[inline(always)]
    fn finish(self, (_, at): Self::Acc, _: usize) -> i64 {
        at as i64
    }
}

/// Welford's running mean and squared deviation. [Welford 1962]
#[derive(Clone, Copy)]
pub struct Variance {
    pub correction: f64,
}
impl<T: Number> Reducer<T> for Variance {
    type Acc = (f64, f64, f64);
    type Out = T;
    #[inline(always)]
    fn start(self) -> Self::Acc {
        (0.0, 0.0, 0.0)
    }
    #[inline(always)]
    fn step(self, (n, mean, m2): Self::Acc, x: T, _: usize) -> Self::Acc {
        let (x, n) = (x.to_f64(), n + 1.0);
        let d = x - mean;
        let mean = mean + d / n;
        (n, mean, m2 + d * (x - mean))
    }
    #[inline(always)]
    fn finish(self, (_, _, m2): Self::Acc, n: usize) -> T {
        T::from_f64(m2 / (n as f64 - self.correction).max(0.0))
    }
}
