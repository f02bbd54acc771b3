//! Group normalisation of x [N, C, S]: statistics over a group of channels, weight and bias by channel.

use super::few::{self, FEW};
use super::rows::moments;
use super::{GRAIN, lane_sums};
use crate::float::Float;
use crate::pool::chunks;
use crate::raw::Raw;
use crate::simd::{Kernel, dispatch};
use crate::sizes::product;

struct Moments<'a, T>(&'a [T]);
impl<T: Float> Kernel for Moments<'_, T> {
    type Output = (T, T);
    #[inline(always)]
    fn run(self) -> (T, T) {
        moments(self.0, true)
    }
}

/// Mean and 1 / sqrt(variance + eps) of each row of `cols`.
pub(crate) fn row_stats<T: Float>(cols: usize, x: &[T], eps: f64, mean: &mut [T], rstd: &mut [T]) {
    let rows = mean.len();
    assert_eq!((x.len(), rstd.len()), (product(&[rows, cols]), rows), "row_stats: lengths");
    let (mean, rstd) = (Raw::new(mean), Raw::new(rstd));
    chunks(rows, GRAIN / cols.max(1) + 1, &|range| {
        for r in range {
            let (m, variance) = dispatch(Moments(&x[r * cols..][..cols]));
            let s = T::from_f64(1.0 / (variance.to_f64() + eps).sqrt());
            // SAFETY: one element a row, each of one task.
            unsafe {
                *mean.at(r) = m;
                *rstd.at(r) = s;
            }
        }
    });
}

/// One group of one sample: sums by channel, and dx.
struct Group<'a, T> {
    x: &'a [T],
    dy: &'a [T],
    s: usize,
    mean: T,
    rstd: T,
    weight: Option<&'a [T]>,
    products: &'a mut [f64],
    sums: &'a mut [f64],
    dx: Option<&'a mut [T]>,
}

impl<T: Float> Kernel for Group<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let (s, mean, rstd) = (self.s, self.mean, self.rstd);
        let weight = |c: usize| self.weight.map_or(T::ONE, |w| w[c]);
        let (mut product, mut sum) = (0.0, 0.0);
        for c in 0..self.sums.len() {
            let (x, dy) = (&self.x[c * s..][..s], &self.dy[c * s..][..s]);
            let [plain, dot] = lane_sums(s, |i| [dy[i], dy[i] * (x[i] - mean)]);
            (self.sums[c], self.products[c]) = (plain, dot * rstd.to_f64());
            product += dot * weight(c).to_f64();
            sum += plain * weight(c).to_f64();
        }
        let Some(dx) = self.dx else { return };
        if self.x.len() <= FEW {
            return few::group_gradient(self.x, self.dy, s, (mean, rstd), self.weight, dx);
        }
        let (count, inv) = (self.x.len() as f64, rstd.to_f64());
        let (a, b) = (T::from_f64(sum / count), T::from_f64(product * inv * inv / count));
        for c in 0..self.sums.len() {
            let (x, dy) = (&self.x[c * s..][..s], &self.dy[c * s..][..s]);
            let (dx, w) = (&mut dx[c * s..][..s], weight(c));
            for i in 0..s {
                dx[i] = (dy[i] * w - a - (x[i] - mean) * b) * rstd;
            }
        }
    }
}

/// Gradients of group normalisation of x [n, c, s] by `groups` groups with these statistics [n, groups].
pub(crate) fn group_norm_backward<T: Float>(
    [n, c, s]: [usize; 3],
    groups: usize,
    x: &[T],
    dy: &[T],
    (mean, rstd): (&[T], &[T]),
    weight: Option<&[T]>,
    dx: Option<&mut [T]>,
    dw: &mut [T],
    db: &mut [T],
) {
    let w = weight.map_or(c, <[T]>::len);
    assert_eq!(
        (x.len(), dy.len(), mean.len(), rstd.len(), w, dw.len(), db.len()),
        (product(&[n, c, s]), x.len(), n * groups, n * groups, c, c, c),
        "group_norm_backward: lengths"
    );
    assert!(dx.as_ref().is_none_or(|d| d.len() == x.len()) && c.is_multiple_of(groups), "group_norm_backward");
    let per = c / groups;
    let (mut products, mut sums) = (vec![0.0; n * c], vec![0.0; n * c]);
    let (to_products, to_sums, dx) = (Raw::new(&mut products), Raw::new(&mut sums), dx.map(Raw::new));
    chunks(n * groups, GRAIN / (per * s).max(1) + 1, &|range| {
        for r in range {
            let (at, len, first) = (r * per * s, per * s, r * per);
            // SAFETY: each group and its sums belong to one task, lengths are checked.
            let (products, sums, dx) =
                unsafe { (to_products.slice(first, per), to_sums.slice(first, per), dx.map(|d| d.slice(at, len))) };
            let weight = weight.map(|w| &w[first % c..][..per]);
            let (x, dy) = (&x[at..at + len], &dy[at..at + len]);
            dispatch(Group { x, dy, s, mean: mean[r], rstd: rstd[r], weight, products, sums, dx });
        }
    });
    for ch in 0..c {
        let total = |v: &[f64]| T::from_f64((0..n).map(|i| v[i * c + ch]).sum::<f64>());
        (dw[ch], db[ch]) = (total(&products), total(&sums));
    }
}
