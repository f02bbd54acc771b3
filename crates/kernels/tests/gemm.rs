//! The product against its naive twin, at every level.

use crate::check::{close, naive_gemm, random};
use candlewick_kernels::entries::Kernels;
use candlewick_kernels::float::Float;
use candlewick_kernels::gemm::Mat;
use candlewick_kernels::simd::{available, with_level};

fn twin<T: Float>() {
    let shapes =
        [(1, 1, 1), (3, 5, 7), (7, 1, 40), (1, 33, 65), (100, 10, 120), (15, 49, 257), (64, 311, 576), (129, 49, 700)];
    for l in available() {
        for (m, n, k) in shapes {
            for t in 0..8 {
                let (a, b) = (random::<T>(m * k, 1), random::<T>(k * n, 2));
                let a = if t & 1 == 0 { Mat { data: &a, row: k, col: 1 } } else { Mat { data: &a, row: 1, col: m } };
                let b = if t & 2 == 0 { Mat { data: &b, row: n, col: 1 } } else { Mat { data: &b, row: 1, col: k } };
                let ldc = n + t % 3;
                let start = random::<T>(m * ldc, 3);
                let mut c = start.clone();
                with_level(l, || T::gemm(m, n, k, a, b, &mut c, ldc, t & 4 != 0));
                let mut want = start.clone();
                naive_gemm(m, n, k, a, b, &mut want, ldc, t & 4 != 0);
                close(&c, &want, &format!("{l:?} {m}x{n}x{k} case {t}"));
            }
        }
    }
}

#[test]
fn f32_meets_its_naive_twin() {
    twin::<f32>();
}

#[test]
fn f64_meets_its_naive_twin() {
    twin::<f64>();
}

#[test]
fn strided_by_both() {
    let (m, n, k) = (13, 21, 34);
    let (a, b) = (random::<f32>(m * k * 6, 1), random::<f32>(k * n * 6, 2));
    let a = Mat { data: &a, row: 2 * k * 3, col: 3 };
    let b = Mat { data: &b, row: 2, col: 2 * k * 3 };
    let (mut c, mut want) = (vec![0f32; m * n], vec![0f32; m * n]);
    f32::gemm(m, n, k, a, b, &mut c, n, false);
    naive_gemm(m, n, k, a, b, &mut want, n, false);
    close(&c, &want, "strided");
}

#[test]
fn no_k_gives_zeros_or_leaves_c() {
    let e = Mat { data: &[], row: 0, col: 0 };
    let mut c = [1f32; 6];
    f32::gemm(2, 3, 0, e, e, &mut c, 3, true);
    assert_eq!(c, [1.0; 6]);
    f32::gemm(2, 3, 0, e, e, &mut c, 3, false);
    assert_eq!(c, [0.0; 6]);
}

#[test]
fn same_bits_on_one_and_two_threads() {
    let (m, n, k) = (130, 211, 300);
    let (a, b) = (random::<f32>(m * k, 1), random::<f32>(k * n, 2));
    let (a, b) = (Mat { data: &a, row: k, col: 1 }, Mat { data: &b, row: n, col: 1 });
    crate::check::same_on_threads(m * n, |c: &mut [f32]| f32::gemm(m, n, k, a, b, c, n, false));
}

#[test]
fn batches() {
    let (batch, m, n, k) = (37, 5, 9, 6);
    let (a, b) = (random::<f32>(batch * m * k, 1), random::<f32>(k * n, 2));
    let (ma, mb) = (Mat { data: &a[..], row: k, col: 1 }, Mat { data: &b[..], row: n, col: 1 });
    let mut c = vec![0f32; batch * m * n];
    f32::gemm_batch(batch, m, n, k, ma, m * k, mb, 0, &mut c, m * n);
    let mut want = vec![0f32; batch * m * n];
    naive_gemm(batch * m, n, k, ma, mb, &mut want, n, false);
    close(&c, &want, "batch");
}

#[test]
#[should_panic(expected = "exceeds its slice")]
fn short_slices_are_refused() {
    let a = Mat { data: &[1f32; 5], row: 3, col: 1 };
    f32::gemm(2, 2, 3, a, Mat { data: &[1f32; 6], row: 2, col: 1 }, &mut [0.0; 4], 2, false);
}
