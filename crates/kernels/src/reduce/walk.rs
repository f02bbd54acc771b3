//! Where the reduced elements of each result lie.

use std::ops::Range;

/// The geometry of a reduction: which elements of a storage belong to which result.
pub struct Walk {
    /// Kept dimensions, outermost first: (size, step).
    pub(super) kept: Vec<(usize, usize)>,
    /// Reduced dimensions around the rows, outermost first: (size, step).
    around: Vec<(usize, usize)>,
    /// The length of a row of reduced elements, and the step within it.
    pub(super) len: usize,
    pub(super) step: usize,
    start: usize,
}

impl Walk {
    /// Of an array of this shape and these strides, whose first element lies at `start`, reduced over the dimensions given.
    pub fn new(shape: &[usize], strides: &[usize], start: usize, reduced: &[usize]) -> Walk {
        let mut dims: Vec<(usize, usize)> = vec![];
        for d in (0..shape.len()).filter(|d| reduced.contains(d) && shape[*d] != 1) {
            match dims.last_mut() {
                Some((n, s)) if *s == shape[d] * strides[d] => (*n, *s) = (*n * shape[d], strides[d]),
                _ => dims.push((shape[d], strides[d])),
            }
        }
        let (len, step) = dims.pop().unwrap_or((1, 1));
        let kept = (0..shape.len()).filter(|d| !reduced.contains(d)).map(|d| (shape[d], strides[d])).collect();
        Walk { kept, around: dims, len, step, start }
    }

    /// Reduced elements of one result.
    pub fn count(&self) -> usize {
        self.around.iter().fold(self.len, |n, d| n.saturating_mul(d.0))
    }

    /// One past the last element of the storage that is read; 0 if none is.
    pub fn end(&self) -> usize {
        let dims = || self.kept.iter().chain(&self.around).copied().chain([(self.len, self.step)]);
        if dims().any(|(n, _)| n == 0) {
            return 0;
        }
        self.start + dims().map(|(n, step)| (n - 1) * step).sum::<usize>() + 1
    }

    /// The place of result `o`'s first element.
    pub(super) fn at(&self, mut o: usize) -> usize {
        let mut at = self.start;
        for &(n, s) in self.kept.iter().rev() {
            at += o % n * s;
            o /= n;
        }
        at
    }

    /// The rows, counted and not stored: a small array may be expanded to many.
    pub(super) fn rows(&self) -> Rows<'_> {
        let count: usize = self.around.iter().map(|d| d.0).product();
        Rows { around: &self.around, left: 0..count }
    }
}

/// The places of the rows relative to a result's first element, in row-major order.
pub(super) struct Rows<'a> {
    around: &'a [(usize, usize)],
    left: Range<usize>,
}

impl Iterator for Rows<'_> {
    type Item = usize;
    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        let mut row = self.left.next()?;
        if let [(_, step)] = self.around {
            return Some(row * step); // nearly always: no division
        }
        let mut at = 0;
        for &(n, step) in self.around.iter().rev() {
            at += row % n * step;
            row /= n;
        }
        Some(at)
    }
}
