//! What the kernels' tests share: random numbers, comparison, naive twins, one thread against several.

use candlewick_kernels::float::Float;
use candlewick_kernels::gemm::Mat;
use candlewick_kernels::pool;
use candlewick_kernels::simd::{available, with_level};

/// Uniform numbers in [-1, 1), the same for the same seed.
pub fn random<T: Float>(n: usize, seed: u64) -> Vec<T> {
    let mut s = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        s ^= s << 13;
        s ^= s >> 7;
        s ^= s << 17;
        T::from_f64((s >> 40) as f64 / (1u64 << 23) as f64 - 1.0)
    };
    (0..n).map(|_| next()).collect()
}

/// The same numbers as plain integers, which is how kernels that only move elements take them.
pub fn bits(x: &[f64]) -> Vec<u64> {
    x.iter().map(|v| v.to_bits()).collect()
}

/// Fills `y` by a kernel that moves elements.
pub fn moved(y: &mut [f64], kernel: impl Fn(&mut [u64])) {
    let mut plain = bits(y);
    kernel(&mut plain);
    y.iter_mut().zip(plain).for_each(|(y, v)| *y = f64::from_bits(v));
}

/// Asserts that the largest difference is within rounding of the largest value.
pub fn close<T: Float>(got: &[T], want: &[T], what: &str) {
    assert_eq!(got.len(), want.len());
    let tolerance = if size_of::<T>() == 4 { 2e-6 } else { 1e-13 };
    let scale = want.iter().fold(1e-30, |m: f64, x| m.max(x.to_f64().abs()));
    for (i, (g, w)) in got.iter().zip(want).enumerate() {
        let d = (g.to_f64() - w.to_f64()).abs();
        assert!(d <= tolerance * scale, "{what}: element {i} is {g:?}, expected {w:?}");
    }
}

/// Asserts that `f` writes the same bits on one thread and on several.
pub fn same_on_threads<T: Float>(len: usize, f: impl Fn(&mut [T])) {
    let bits = |threads: usize| -> Vec<u64> {
        pool::set_num_threads(threads);
        let mut out = vec![T::ONE; len];
        f(&mut out);
        out.iter().map(|x| x.to_f64().to_bits()).collect()
    };
    // Forcing a level also keeps other tests from forcing one meanwhile.
    let results = with_level(available()[0], || {
        let before = pool::num_threads();
        let results = [1, 2, 3].map(bits);
        pool::set_num_threads(before);
        results
    });
    assert!(results[0] == results[1] && results[0] == results[2], "the bits depend on the number of threads");
}

/// C (+)= A B, summed in f64.
pub fn naive_gemm<T: Float>(m: usize, n: usize, k: usize, a: Mat<T>, b: Mat<T>, c: &mut [T], ldc: usize, acc: bool) {
    for i in 0..m {
        for j in 0..n {
            let mut s = if acc { c[i * ldc + j].to_f64() } else { 0.0 };
            for p in 0..k {
                s += a.data[i * a.row + p * a.col].to_f64() * b.data[p * b.row + j * b.col].to_f64();
            }
            c[i * ldc + j] = T::from_f64(s);
        }
    }
}
