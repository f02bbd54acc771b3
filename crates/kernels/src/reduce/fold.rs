//! The loops of a reduction, generic over the reducer.

use super::walk::Walk;
use crate::element::Element;
use crate::simd::Kernel;

/// How one reduction folds elements. `i` counts them in row-major order of the reduced dimensions.
pub(super) trait Reducer<T>: Copy + Sync {
    type Acc: Copy;
    type Out: Element;
    fn start(self) -> Self::Acc;
    fn step(self, acc: Self::Acc, x: T, i: usize) -> Self::Acc;
    fn finish(self, acc: Self::Acc, n: usize) -> Self::Out;
    /// Folds a run of consecutive elements; overridden where several accumulators are faster than one.
    #[inline(always)]
    fn run(self, acc: Self::Acc, xs: &[T], i: usize) -> Self::Acc
    where
        T: Copy,
    {
        xs.iter().enumerate().fold(acc, |acc, (j, &x)| self.step(acc, x, i + j))
    }
}

/// Results that are folded together when they lie side by side.
const SIDE: usize = 128;

/// Some consecutive results.
pub(super) struct Piece<'a, T, R: Reducer<T>> {
    pub walk: &'a Walk,
    pub all: &'a [T],
    pub first: usize,
    pub out: &'a mut [R::Out],
    pub reducer: R,
}

impl<T: Element, R: Reducer<T>> Kernel for Piece<'_, T, R> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        self.fold();
    }
}

impl<T: Element, R: Reducer<T>> Piece<'_, T, R> {
    #[inline(always)]
    pub fn fold(self) {
        if self.walk.count() == 0 {
            return self.out.fill(self.reducer.finish(self.reducer.start(), 0)); // nothing is read
        }
        let side_by_side = self.walk.step != 1 && matches!(self.walk.kept.last(), Some((n, 1)) if *n > 1);
        if side_by_side { self.columns() } else { self.each() }
    }

    #[inline(always)]
    fn each(self) {
        let Piece { walk: w, all, first, out, reducer } = self;
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

    /// Neighbouring results are folded together, a block at a time, so that memory is read along rows.
    #[inline(always)]
    fn columns(self) {
        let Piece { walk: w, all, first, out, reducer } = self;
        let width = w.kept[w.kept.len() - 1].0;
        let mut o = 0;
        while o < out.len() {
            let n = SIDE.min(out.len() - o).min(width - (first + o) % width);
            let base = w.at(first + o);
            let mut acc = [reducer.start(); SIDE];
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
