//! Means of windows against PyTorch's divisors, and their transpose.

use crate::check::{close, random};
use candlewick_kernels::entries::{Kernels, Pooled};
use candlewick_kernels::pooling::{Axis, Divisor};

#[test]
fn divisors_are_pytorch_s() {
    // torch.nn.functional.avg_pool2d(torch.ones(1, 1, 4, 4), 3, 2, 1, ceil_mode=True, ...)
    let side = Axis::sliding(4, 3, 2, 1, 1, 3);
    let axes = [Axis::adaptive(1, 1), side.clone(), side];
    let mut y = [0f32; 9];
    f32::avg_pool(1, &axes, Divisor::Window, &[1.0; 16], &mut y);
    let row = [4.0 / 9.0, 6.0 / 9.0, 2.0 / 6.0];
    let mid = [6.0 / 9.0, 1.0, 3.0 / 6.0];
    close(&y, &[row[0], row[1], row[2], mid[0], mid[1], mid[2], 2.0 / 6.0, 3.0 / 6.0, 1.0 / 4.0], "padded");
    f32::avg_pool(1, &axes, Divisor::Inside, &[1.0; 16], &mut y);
    close(&y, &[1.0; 9], "inside");
    f32::avg_pool(1, &axes, Divisor::Fixed(2), &[1.0; 16], &mut y);
    close(&y, &[2.0, 3.0, 1.0, 3.0, 4.5, 1.5, 1.0, 1.5, 0.5], "divisor");
    let mut whole = [0i64; 9];
    i64::avg_pool(1, &axes, Divisor::Inside, &[-3; 16], &mut whole);
    assert_eq!(whole, [-3; 9]);
}

#[test]
fn backward_is_the_transpose_of_forward() {
    // <y, A x> = <A' y, x>
    let x = random::<f64>(3 * 2 * 63, 1);
    let mut shapes =
        vec![[Axis::sliding(2, 2, 1, 1, 1, 3), Axis::sliding(7, 3, 2, 1, 1, 4), Axis::sliding(9, 2, 2, 0, 1, 4)]];
    for [rows, columns] in [[1, 1], [5, 6], [7, 9], [10, 4]] {
        shapes.push([Axis::adaptive(2, 1), Axis::adaptive(7, rows), Axis::adaptive(9, columns)]);
    }
    for axes in shapes {
        let n = 3 * axes.iter().map(|a| a.spans().len()).product::<usize>();
        let (dy, mut y, mut dx) = (random::<f64>(n, 3), vec![0.0; n], vec![9.0; x.len()]);
        for divisor in [Divisor::Window, Divisor::Inside, Divisor::Fixed(-5)] {
            f64::avg_pool(3, &axes, divisor, &x, &mut y);
            f64::avg_pool_backward(3, &axes, divisor, &dy, &mut dx);
            let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
            assert!((dot(&y, &dy) - dot(&dx, &x)).abs() < 1e-12);
        }
    }
}

#[test]
fn adaptive_windows_overlap_where_sizes_do_not_divide() {
    let axes = [Axis::adaptive(1, 1), Axis::adaptive(1, 1), Axis::adaptive(5, 3)];
    let mut y = [0f32; 3];
    f32::avg_pool(1, &axes, Divisor::Inside, &[1.0, 2.0, 3.0, 4.0, 5.0], &mut y);
    assert_eq!(y, [1.5, 3.0, 4.5]);
}
