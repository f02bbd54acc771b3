//! Borrowed buffers: nested, aligned, after a panic.

use candlewick_kernels::memory::{scratch, scratch2};

#[test]
fn nested_buffers_are_distinct_and_aligned() {
    for n in [1, 100, 5000] {
        scratch2::<f32, _>(n, 2 * n, |a, b| {
            a.fill(1.0);
            b.fill(2.0);
            assert!(a.iter().all(|&x| x == 1.0) && a.len() == n && b.len() == 2 * n);
            assert_eq!((a.as_ptr() as usize % 64, b.as_ptr() as usize % 64), (0, 0));
        });
    }
}

#[test]
fn a_panic_does_not_poison() {
    let _ = std::panic::catch_unwind(|| scratch::<f32, _>(10, |_| panic!()));
    scratch::<f64, _>(10, |b| b.fill(0.0));
}
