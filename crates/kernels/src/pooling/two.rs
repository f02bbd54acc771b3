//! The commonest pooling, 2 x 2 windows side by side, as two loops that become vector code: pairs of columns over the
//! whole plane, then pairs of rows.

use super::max::Order;
use crate::memory::scratch;
use crate::simd::{Kernel, dispatch};

/// Maxima and indices of one plane whose rows have `w` elements; `ow` columns of windows. `y` has whole rows.
pub fn halve<T: Order>(x: &[T], w: usize, ow: usize, y: &mut [T], indices: &mut [i64]) {
    if ow == 0 {
        return;
    }
    let rows = 2 * (y.len() / ow);
    // A block may run over a row's end, into the next row or the slack.
    scratch(rows * ow + LANES, |best: &mut [T]| {
        scratch(rows * ow + LANES, |right: &mut [u32]| dispatch(Halve { x, w, ow, best, right, y, indices }));
    });
}

const LANES: usize = 16;

struct Halve<'a, T> {
    x: &'a [T],
    w: usize,
    ow: usize,
    best: &'a mut [T],
    right: &'a mut [u32],
    y: &'a mut [T],
    indices: &'a mut [i64],
}

impl<T: Order> Kernel for Halve<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Halve { x, w, ow, best, right, y, indices } = self;
        let rows = 2 * (y.len() / ow);
        if w == 2 * ow {
            columns(&x[..rows * w], best, right);
        } else {
            for r in 0..rows {
                columns(&x[r * w..][..2 * ow], &mut best[r * ow..], &mut right[r * ow..]);
            }
        }
        for (i, (y, indices)) in y.chunks_exact_mut(ow).zip(indices.chunks_exact_mut(ow)).enumerate() {
            for j in (0..ow).step_by(LANES) {
                let at = 2 * i * ow + j;
                let n = LANES.min(ow - j);
                let top = 2 * i * w + 2 * j;
                let (a, b) = (block(&best[at..]), block(&best[at + ow..]));
                let (ra, rb) = (block(&right[at..]), block(&right[at + ow..]));
                let mut m = [T::default(); LANES];
                let mut k = [0u32; LANES];
                for l in 0..LANES {
                    let lower = b[l] > a[l] || b[l].is_nan();
                    m[l] = if lower { b[l] } else { a[l] };
                    k[l] = if lower { rb[l] + w as u32 } else { ra[l] } + 2 * l as u32;
                }
                let at: [i64; LANES] = std::array::from_fn(|l| (top + k[l] as usize) as i64);
                if n == LANES {
                    y[j..j + LANES].copy_from_slice(&m);
                    indices[j..j + LANES].copy_from_slice(&at);
                } else {
                    y[j..].copy_from_slice(&m[..n]);
                    indices[j..].copy_from_slice(&at[..n]);
                }
            }
        }
    }
}

#[inline(always)]
fn block<T: Copy>(x: &[T]) -> [T; LANES] {
    *x.first_chunk().expect("the slack holds a block")
}

/// The larger of each pair and whether it is the right one.
#[inline(always)]
fn columns<T: Order>(x: &[T], best: &mut [T], right: &mut [u32]) {
    let (pairs, _) = x.as_chunks::<2>();
    for ((&[a, b], m), k) in pairs.iter().zip(best).zip(right) {
        let second = b > a || b.is_nan();
        *m = if second { b } else { a };
        *k = u32::from(second);
    }
}
