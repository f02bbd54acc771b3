//! Softmax, its logarithm and their gradients against their naive twins, at every level.

use crate::check::{close, random, same_on_threads};
use candlewick_kernels::entries::Kernels;
use candlewick_kernels::float::Float;
use candlewick_kernels::simd::{available, with_level};

fn twin<T: Float>() {
    for (rows, cols) in [(1, 1), (3, 2), (7, 10), (5, 17), (33, 1000), (2, 4099)] {
        let x: Vec<T> = random::<T>(rows * cols, 1).into_iter().map(|e| e * T::from_f64(20.0)).collect();
        let g = random::<T>(rows * cols, 2);
        let (mut soft, mut log, mut dsoft, mut dlog) = (vec![], vec![], vec![], vec![]);
        for (x, g) in x.chunks(cols).zip(g.chunks(cols)) {
            let lse = x.iter().map(|e| e.to_f64().exp()).sum::<f64>().ln();
            let p = |i: usize| (x[i].to_f64() - lse).exp();
            let dot: f64 = (0..cols).map(|i| p(i) * g[i].to_f64()).sum();
            let sum: f64 = g.iter().map(|e| e.to_f64()).sum();
            for i in 0..cols {
                soft.push(T::from_f64(p(i)));
                log.push(T::from_f64(x[i].to_f64() - lse));
                dsoft.push(T::from_f64((g[i].to_f64() - dot) * p(i)));
                dlog.push(T::from_f64(g[i].to_f64() - p(i) * sum));
            }
        }
        for l in available() {
            let (mut a, mut b, mut c, mut d) = (x.clone(), x.clone(), x.clone(), x.clone());
            with_level(l, || {
                T::softmax_rows(&x, cols, &mut a);
                T::log_softmax_rows(&x, cols, &mut b);
                T::softmax_backward_rows(&soft, &g, cols, &mut c);
                T::log_softmax_backward_rows(&log, &g, cols, &mut d);
            });
            for (got, want, what) in
                [(&a, &soft, "softmax"), (&b, &log, "log"), (&c, &dsoft, "gradient"), (&d, &dlog, "log gradient")]
            {
                // Probabilities are compared on the scale of one.
                let with_one = |v: &[T]| [v, &[T::ONE]].concat();
                close(&with_one(got), &with_one(want), &format!("{what} {l:?} {rows}x{cols}"));
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
fn infinities_and_nan() {
    let inf = f32::INFINITY;
    let mut y = [0f32; 3];
    f32::softmax_rows(&[1.0, -inf, 1.0], 3, &mut y);
    assert_eq!(y, [0.5, 0.0, 0.5]);
    f32::log_softmax_rows(&[0.0, -inf, -inf], 3, &mut y);
    assert_eq!(y, [0.0, -inf, -inf]);
    f32::softmax_rows(&[1.0, f32::NAN, 1.0], 3, &mut y);
    assert!(y.iter().all(|e| e.is_nan()));
}

#[test]
fn same_bits_on_any_number_of_threads() {
    let x = random::<f32>(999 * 37, 1);
    same_on_threads(x.len(), |y: &mut [f32]| f32::log_softmax_rows(&x, 37, y));
}
