//! Batch normalisation against its definition, at every level.

use crate::check::{close, random, same_on_threads};
use candlewick_kernels::entries::Kernels;
use candlewick_kernels::float::Float;
use candlewick_kernels::norm::{RowAffine, RowStats};
use candlewick_kernels::simd::{available, with_level};

const SHAPES: [(usize, usize, usize); 6] =
    [(1, 1, 2), (3, 5, 7), (100, 33, 1), (4, 3, 1024), (2, 2, 5001), (9, 70, 16)];

fn cast<T: Float>(x: &[f64]) -> Vec<T> {
    x.iter().map(|&x| T::from_f64(x)).collect()
}

fn twin<T: Float>() {
    for (n, c, s) in SHAPES {
        // A mean far from zero shows cancellation.
        let x: Vec<T> = random::<T>(n * c * s, 1).into_iter().map(|e| e + T::from_f64(3.0)).collect();
        let (dy, w) = (random::<T>(n * c * s, 2), random::<T>(c, 3));
        let at = |i: usize, ch: usize| (0..s).map(move |k| (i * c + ch) * s + k);
        let members = |ch: usize| (0..n).flat_map(move |i| at(i, ch));
        let count = (n * s) as f64;
        let mean: Vec<f64> = (0..c).map(|ch| members(ch).map(|i| x[i].to_f64()).sum::<f64>() / count).collect();
        let var: Vec<f64> =
            (0..c).map(|ch| members(ch).map(|i| (x[i].to_f64() - mean[ch]).powi(2)).sum::<f64>() / count).collect();
        let (m, inv): (Vec<T>, Vec<T>) =
            (cast(&mean), var.iter().map(|v| T::from_f64(1.0 / (v + 1e-5).sqrt())).collect());
        let channel = |i: usize| i / s % c;
        let hat = |i: usize| (x[i].to_f64() - m[channel(i)].to_f64()) * inv[channel(i)].to_f64();
        let db: Vec<f64> = (0..c).map(|ch| members(ch).map(|i| dy[i].to_f64()).sum()).collect();
        let dw: Vec<f64> = (0..c).map(|ch| members(ch).map(|i| dy[i].to_f64() * hat(i)).sum()).collect();
        for l in available() {
            let what = format!("{l:?} {n}x{c}x{s}");
            let (mut gm, mut gv, mut y) = (vec![T::ZERO; c], vec![T::ZERO; c], vec![T::ZERO; x.len()]);
            with_level(l, || {
                T::batch_stats(n, c, s, &x, &mut gm, &mut gv);
                T::normalize(n, c, s, &x, &inv, &w, &mut y);
            });
            close(&gm, &m, &what);
            close(&gv, &cast(&var), &what);
            let want: Vec<T> = (0..x.len()).map(|i| x[i] * inv[channel(i)] + w[channel(i)]).collect();
            close(&y, &want, &what);
            for training in [true, false] {
                let (mut dx, mut gw, mut gb) = (vec![T::ONE; x.len()], vec![T::ONE; c], vec![T::ONE; c]);
                with_level(l, || {
                    T::batch_norm_backward(
                        n,
                        c,
                        s,
                        &x,
                        &dy,
                        &m,
                        &inv,
                        Some(&w),
                        training,
                        Some(&mut dx),
                        &mut gw,
                        &mut gb,
                    )
                });
                close(&gw, &cast(&dw), &what);
                close(&gb, &cast(&db), &what);
                let t = if training { 1.0 } else { 0.0 };
                let want: Vec<f64> = (0..x.len())
                    .map(|i| {
                        let ch = channel(i);
                        let centred = dy[i].to_f64() - t * (db[ch] + hat(i) * dw[ch]) / count;
                        w[ch].to_f64() * inv[ch].to_f64() * centred
                    })
                    .collect();
                // With few elements the terms nearly cancel: compare on the scale of dy.
                let scale = T::from_f64(inv.iter().fold(1.0, |m: f64, v| m.max(v.to_f64())));
                let (mut a, mut b) = (dx.clone(), cast::<T>(&want));
                a.push(scale);
                b.push(scale);
                close(&a, &b, &what);
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
fn same_bits_on_any_number_of_threads() {
    for (n, c, s) in [(100, 600, 1), (16, 33, 784)] {
        let (x, dy, one) = (random::<f32>(n * c * s, 1), random::<f32>(n * c * s, 2), vec![1f32; c]);
        same_on_threads(c, |m: &mut [f32]| f32::batch_stats(n, c, s, &x, m, &mut one.clone()));
        same_on_threads(n * c * s, |dx: &mut [f32]| {
            let (mut dw, mut db) = (one.clone(), one.clone());
            f32::batch_norm_backward(n, c, s, &x, &dy, &one, &one, None, true, Some(dx), &mut dw, &mut db);
        });
    }
}

/// Rows of `cols` with a mean far from zero, their gradients and weights.
fn rows_case<T: Float>(rows: usize, cols: usize) -> [Vec<T>; 3] {
    let x = random::<T>(rows * cols, 1).into_iter().map(|e| e + T::from_f64(3.0)).collect();
    [x, random::<T>(rows * cols, 2), random::<T>(cols, 3)]
}

fn rows_twin<T: Float>() {
    for (rows, cols) in [(1, 2), (3, 7), (65, 33), (2, 5001), (40, 130)] {
        let [x, dy, w] = rows_case::<T>(rows, cols);
        for centred in [true, false] {
            let row = |r: usize| &x[r * cols..][..cols];
            let mean =
                |r: usize| if centred { row(r).iter().map(|v| v.to_f64()).sum::<f64>() / cols as f64 } else { 0.0 };
            let rstd = |r: usize| {
                let m = mean(r);
                1.0 / (row(r).iter().map(|v| (v.to_f64() - m).powi(2)).sum::<f64>() / cols as f64 + 1e-5).sqrt()
            };
            let (means, rstds): (Vec<f64>, Vec<f64>) = (0..rows).map(|r| (mean(r), rstd(r))).unzip();
            let hat = |i: usize| (x[i].to_f64() - means[i / cols]) * rstds[i / cols];
            let want: Vec<f64> = (0..x.len()).map(|i| hat(i) * w[i % cols].to_f64() + w[i % cols].to_f64()).collect();
            let g = |i: usize| dy[i].to_f64() * w[i % cols].to_f64();
            let average =
                |r: usize, f: &dyn Fn(usize) -> f64| (r * cols..(r + 1) * cols).map(f).sum::<f64>() / cols as f64;
            let dx: Vec<f64> = (0..x.len())
                .map(|i| {
                    let r = i / cols;
                    let a = if centred { average(r, &g) } else { 0.0 };
                    rstds[r] * (g(i) - a - hat(i) * average(r, &|i| g(i) * hat(i)))
                })
                .collect();
            let column = |j: usize, f: &dyn Fn(usize) -> f64| (0..rows).map(|r| f(r * cols + j)).sum::<f64>();
            let dw: Vec<f64> = (0..cols).map(|j| column(j, &|i| dy[i].to_f64() * hat(i))).collect();
            let db: Vec<f64> = (0..cols).map(|j| column(j, &|i| dy[i].to_f64())).collect();
            for l in available() {
                let what = format!("{l:?} {rows}x{cols} {centred}");
                let (mut y, mut m, mut s) = (x.clone(), vec![T::ZERO; rows], vec![T::ZERO; rows]);
                let (mut gx, mut gw, mut gb) = (x.clone(), w.clone(), w.clone());
                with_level(l, || {
                    let affine = RowAffine { weight: Some(&w), bias: Some(&w) };
                    T::normalize_rows(cols, &x, 1e-5, affine, &mut y, centred.then_some(&mut m), &mut s);
                    let stats = RowStats { mean: centred.then_some(&m), rstd: &s };
                    T::normalize_rows_backward(cols, &x, &dy, stats, Some(&w), &mut gx);
                    T::normalize_rows_sums(cols, &x, &dy, stats, &mut gw, &mut gb);
                });
                // Few or nearly equal elements cancel: compare on the scale of the statistics.
                let scale = T::from_f64(rstds.iter().fold(3.0, |m: f64, &v| m.max(v)));
                let on_scale = |v: &[T]| [v, &[scale]].concat();
                for (got, want) in [(&y, &want), (&gx, &dx), (&gw, &dw), (&gb, &db)] {
                    close(&on_scale(got), &on_scale(&cast(want)), &what);
                }
            }
        }
    }
}

#[test]
fn rows_meet_their_naive_twin() {
    rows_twin::<f32>();
    rows_twin::<f64>();
}

#[test]
fn rows_and_groups_have_the_same_bits_on_any_number_of_threads() {
    let [x, dy, w] = rows_case::<f32>(999, 130);
    let stats = RowStats { mean: None, rstd: &vec![0.7; 999] };
    same_on_threads(x.len(), |y: &mut [f32]| {
        let affine = RowAffine { weight: Some(&w), bias: None };
        f32::normalize_rows(130, &x, 1e-5, affine, y, None, &mut vec![0.0; 999]);
    });
    same_on_threads(x.len(), |dx: &mut [f32]| f32::normalize_rows_backward(130, &x, &dy, stats, Some(&w), dx));
    same_on_threads(130, |dw: &mut [f32]| f32::normalize_rows_sums(130, &x, &dy, stats, dw, &mut w.clone()));
    let (mean, rstd) = (vec![3.0; 9 * 37], vec![0.6; 9 * 37]);
    same_on_threads(x.len(), |dx: &mut [f32]| {
        let (mut dw, mut db) = (vec![0.0; 111], vec![0.0; 111]);
        f32::group_norm_backward([9, 111, 130], 37, &x, &dy, (&mean, &rstd), None, Some(dx), &mut dw, &mut db);
    });
}
