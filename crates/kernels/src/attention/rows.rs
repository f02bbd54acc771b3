//! What happens to rows of scores between the matrix products.

use crate::float::Float;
use crate::simd::Kernel;
use crate::softmax::{row_max, row_sum};

/// Rows of scores to probabilities that are yet to be multiplied by `factor`; a row of nothing but minus infinity becomes
/// zero. Keeps ln sum exp of each row.
pub(super) struct Softmax<'a, T> {
    pub(super) x: &'a mut [T],
    pub(super) lse: &'a mut [T],
    pub(super) factor: &'a mut [T],
    pub(super) cols: usize,
}

impl<T: Float> Kernel for Softmax<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        for (row, (lse, factor)) in self.x.chunks_exact_mut(self.cols).zip(self.lse.iter_mut().zip(self.factor)) {
            let m = row_max(row);
            if m == T::NEG_INFINITY {
                row.fill(T::ZERO);
                (*lse, *factor) = (m, T::ONE);
                continue;
            }
            row.iter_mut().for_each(|x| *x = (*x - m).exp());
            let sum = row_sum(row.len(), |i| row[i]);
            (*lse, *factor) = (m + sum.ln(), T::ONE / sum);
        }
    }
}

/// Rows times one factor each.
pub(super) struct Scaled<'a, T> {
    pub(super) x: &'a mut [T],
    pub(super) factor: &'a [T],
    pub(super) cols: usize,
}

impl<T: Float> Kernel for Scaled<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        for (row, &k) in self.x.chunks_exact_mut(self.cols).zip(self.factor) {
            row.iter_mut().for_each(|x| *x *= k);
        }
    }
}

/// Rows of scores to the probabilities they were, by the kept logarithms; then `d`, the gradient of the probabilities,
/// to the gradient of the unscaled products.
pub(super) struct Gradient<'a, T> {
    pub(super) p: &'a mut [T],
    pub(super) d: &'a mut [T],
    pub(super) lse: &'a [T],
    /// The outputs and their gradients.
    pub(super) out: &'a [T],
    pub(super) dout: &'a [T],
    pub(super) scale: T,
    pub(super) cols: usize,
    pub(super) value: usize,
}

impl<T: Float> Kernel for Gradient<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let rows = self.p.chunks_exact_mut(self.cols).zip(self.d.chunks_exact_mut(self.cols));
        for (r, ((p, d), &lse)) in rows.zip(self.lse).enumerate() {
            if lse == T::NEG_INFINITY {
                p.fill(T::ZERO);
                d.fill(T::ZERO);
                continue;
            }
            // The sum of the row's probabilities times their gradients.
            let (o, g) = (&self.out[r * self.value..][..self.value], &self.dout[r * self.value..][..self.value]);
            let dot = row_sum(self.value, |i| o[i] * g[i]);
            for (p, d) in p.iter_mut().zip(d) {
                *p = (*p - lse).exp();
                *d = *p * (*d - dot) * self.scale;
            }
        }
    }
}
