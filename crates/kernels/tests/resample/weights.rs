//! Resampling against the product of its matrices, and its transpose.

use crate::check::{close, random, same_on_threads};
use candlewick_kernels::entries::Kernels;
use candlewick_kernels::resample::Weights;

type Rows = Vec<Vec<(usize, f64)>>;

/// The sparse rows of the three matrices, which read 2, 5 and 7 elements.
fn rows() -> [Rows; 3] {
    let pairs = |n: usize, to: usize| -> Rows {
        (0..to).map(|i| vec![(i % n, 0.25 + i as f64), ((i + 1) % n, -0.5)]).collect()
    };
    [pairs(2, 3), pairs(5, 4), vec![vec![(0, 1.0), (6, 2.0), (3, -1.0)], vec![], vec![(2, 0.5)]]]
}

fn axes() -> [Weights; 3] {
    let [depth, height, width] = rows();
    let of = |inputs: usize, rows: Rows| Weights::new(inputs, &mut rows.into_iter());
    [of(2, depth), of(5, height), of(7, width)]
}

#[test]
fn it_is_the_product_of_its_matrices() {
    let (rows, axes) = (rows(), axes());
    let x = random::<f64>(3 * 70, 1);
    let (mut y, mut want) = (vec![9.0; 3 * 36], vec![0.0; 3 * 36]);
    for (at, want) in want.iter_mut().enumerate() {
        let (p, i, j, k) = (at / 36, at / 12 % 3, at / 3 % 4, at % 3);
        for &(a, u) in &rows[0][i] {
            for &(b, v) in &rows[1][j] {
                for &(c, w) in &rows[2][k] {
                    *want += u * v * w * x[((p * 2 + a) * 5 + b) * 7 + c];
                }
            }
        }
    }
    f64::resample(3, axes.each_ref(), &x, &mut y);
    close(&y, &want, "resample");
    same_on_threads(y.len(), |y| f64::resample(3, axes.each_ref(), &x, y));
    let flat = [&Weights::identity(10), &Weights::identity(1), &axes[2]];
    let mut y = vec![9.0; 90];
    f64::resample(3, flat, &x, &mut y);
    assert!((y[3] - (x[7] + 2.0 * x[13] - x[10])).abs() < 1e-12 && y[4] == 0.0);
}

#[test]
fn the_transpose_is_the_gradient() {
    let axes = axes();
    let back = axes.each_ref().map(Weights::transposed);
    let (x, dy) = (random::<f64>(70, 1), random::<f64>(36, 2));
    let (mut y, mut dx) = (vec![0.0; 36], vec![0.0; 70]);
    f64::resample(1, axes.each_ref(), &x, &mut y);
    f64::resample(1, back.each_ref(), &dy, &mut dx);
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    assert!((dot(&y, &dy) - dot(&dx, &x)).abs() < 1e-12);
}
