//! Batch normalisation against its definition, at every level.

use super::*;
use crate::check::{close, random, same_on_threads};
use crate::simd::{available, with_level};

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
                batch_stats(n, c, s, &x, &mut gm, &mut gv);
                normalize(n, c, s, &x, &inv, &w, &mut y);
            });
            close(&gm, &m, &what);
            close(&gv, &cast(&var), &what);
            let want: Vec<T> = (0..x.len()).map(|i| x[i] * inv[channel(i)] + w[channel(i)]).collect();
            close(&y, &want, &what);
            for training in [true, false] {
                let (mut dx, mut gw, mut gb) = (vec![T::ONE; x.len()], vec![T::ONE; c], vec![T::ONE; c]);
                with_level(l, || {
                    batch_norm_backward(n, c, s, &x, &dy, &m, &inv, Some(&w), training, Some(&mut dx), &mut gw, &mut gb)
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
        same_on_threads(c, |m: &mut [f32]| batch_stats(n, c, s, &x, m, &mut one.clone()));
        same_on_threads(n * c * s, |dx: &mut [f32]| {
            let (mut dw, mut db) = (one.clone(), one.clone());
            batch_norm_backward(n, c, s, &x, &dy, &one, &one, None, true, Some(dx), &mut dw, &mut db);
        });
    }
}
