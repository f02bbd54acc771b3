//! Many products of one shape.

use super::{Mat, SMALL, gemm};
use crate::float::Float;
use crate::pool;
use crate::raw::Raw;
use crate::sizes::{product, span};

/// `C[i] = A[i] B[i]` for `batch` products, whose matrices start `stride_a`, `stride_b` and `stride_c` elements apart.
/// C is contiguous in itself (row stride n); a stride of zero shares A or B.
pub(crate) fn gemm_batch<T: Float>(
    batch: usize,
    m: usize,
    n: usize,
    k: usize,
    a: Mat<T>,
    stride_a: usize,
    b: Mat<T>,
    stride_b: usize,
    c: &mut [T],
    stride_c: usize,
) {
    if batch == 0 || m == 0 || n == 0 {
        return;
    }
    assert!(
        stride_c >= product(&[m, n]) && c.len() >= span(batch, product(&[m, n]), stride_c, 1),
        "gemm_batch: C exceeds its slice"
    );
    let one = |i: usize, c: &mut [T]| gemm(m, n, k, a.shift(i * stride_a), b.shift(i * stride_b), c, n, false);
    if m * n * k >= SMALL {
        for i in 0..batch {
            one(i, &mut c[i * stride_c..]);
        }
        return;
    }
    let out = Raw::new(c);
    pool::chunks(batch, (SMALL / (m * n * k).max(1)).max(1), &|r| {
        for i in r {
            // SAFETY: checked above to lie in `c`; products do not overlap, and each belongs to one task.
            one(i, unsafe { out.slice(i * stride_c, m * n) });
        }
    });
}
