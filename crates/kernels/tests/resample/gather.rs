//! Gathering along three axes against its definition, and its transpose.

use crate::check::{bits, moved, random, same_on_threads};
use candlewick_kernels::entries::{Kernels, Moved};
use candlewick_kernels::resample::OUTSIDE;

fn maps() -> [Vec<usize>; 3] {
    let wide = [OUTSIDE, 3, 2, 1, 0].into_iter().chain(0..20).chain([19, 18, OUTSIDE, OUTSIDE]).collect();
    [vec![1, 0, 0], vec![0, 0, OUTSIDE, 2, 1], wide]
}

#[test]
fn elements_come_from_their_indices() {
    let maps = maps();
    let refs = maps.each_ref().map(Vec::as_slice);
    let x = random::<f64>(2 * 2 * 3 * 20, 1);
    let mut y = vec![0.0; 2 * 3 * 5 * maps[2].len()];
    let run = |y: &mut [f64]| moved(y, |y| u64::gather(2, [2, 3, 20], refs, 7f64.to_bits(), &bits(&x), y));
    run(&mut y);
    let mut got = y.iter();
    for p in 0..2 {
        for &i in &maps[0] {
            for &j in &maps[1] {
                for &k in &maps[2] {
                    let outside = [i, j, k].contains(&OUTSIDE);
                    let want = if outside { 7.0 } else { x[((p * 2 + i) * 3 + j) * 20 + k] };
                    assert_eq!(got.next(), Some(&want));
                }
            }
        }
    }
    same_on_threads(y.len(), run);
}

#[test]
fn scatter_is_the_transpose() {
    let maps = maps();
    let refs = maps.each_ref().map(Vec::as_slice);
    let n = 2 * 3 * 5 * maps[2].len();
    let (x, dy) = (random::<f64>(2 * 2 * 3 * 20, 1), random::<f64>(n, 2));
    let (mut y, mut dx) = (vec![0.0; n], vec![5.0; x.len()]);
    moved(&mut y, |y| u64::gather(2, [2, 3, 20], refs, 0, &bits(&x), y));
    f64::resample_scatter(2, [2, 3, 20], refs, &dy, &mut dx);
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    assert!((dot(&y, &dy) - dot(&dx, &x)).abs() < 1e-12);
}
