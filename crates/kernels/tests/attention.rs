//! Attention against its formula.

use crate::check::{close, random, same_on_threads};
use candlewick_kernels::attention::{Attention, Heads, Mask};
use candlewick_kernels::entries::Kernels;

/// Heads side by side in [rows, heads, width], as a projection leaves them.
fn starts(heads: usize, width: usize) -> Vec<usize> {
    (0..heads).map(|h| h * width).collect()
}

#[test]
fn meets_its_naive_twin() {
    for (rows, cols, heads, group, causal) in [(5, 7, 2, 1, false), (70, 66, 4, 2, true), (130, 3, 1, 1, false)] {
        let (width, value, keys) = (6, 5, heads / group);
        let q = random::<f64>(rows * heads * width, 1);
        let (k, v) = (random::<f64>(cols * keys * width, 2), random::<f64>(cols * keys * value, 3));
        let bias = random::<f64>(rows * cols, 4);
        let (qs, ks, vs, ms) = (starts(heads, width), starts(keys, width), starts(keys, value), vec![0; heads]);
        let a = Attention {
            q: Heads { data: &q, starts: &qs, row: heads * width },
            k: Heads { data: &k, starts: &ks, row: keys * width },
            v: Heads { data: &v, starts: &vs, row: keys * value },
            mask: Some(Mask { data: &bias, starts: &ms, row: cols, col: 1 }),
            causal,
            scale: 0.5,
            rows,
            cols,
            width,
            value,
        };
        let mut want = vec![];
        for h in 0..heads {
            for r in 0..rows {
                let product = |c: usize| {
                    let dot: f64 = (0..width)
                        .map(|e| q[(r * heads + h) * width + e] * k[(c * keys + h / group) * width + e])
                        .sum();
                    0.5 * dot + bias[r * cols + c]
                };
                let seen = if causal { cols.min(r + 1) } else { cols };
                let p: Vec<f64> = (0..seen).map(|c| product(c).exp()).collect();
                let sum: f64 = p.iter().sum();
                for e in 0..value {
                    let at = |c: usize| v[(c * keys + h / group) * value + e];
                    want.push((0..seen).map(|c| p[c] / sum * at(c)).sum());
                }
            }
        }
        let (mut out, mut lse) = (vec![0.0; want.len()], vec![0.0; heads * rows]);
        f64::attention(&a, &mut out, &mut lse);
        close(&out, &want, "attention");
        same_on_threads(want.len(), |out: &mut [f64]| f64::attention(&a, out, &mut vec![0.0; heads * rows]));
    }
}

#[test]
fn a_row_that_sees_nothing_is_zero() {
    let (x, bias, zero) = ([1.0f32, 2.0], [f32::NEG_INFINITY], [0]);
    let heads = Heads { data: &x[..1], starts: &zero, row: 1 };
    let mask = Some(Mask { data: &bias, starts: &zero, row: 0, col: 0 });
    let [rows, cols, width, value] = [1; 4];
    let a = Attention { q: heads, k: heads, v: heads, mask, causal: false, scale: 1.0, rows, cols, width, value };
    let (mut out, mut lse) = ([5.0], [5.0]);
    f32::attention(&a, &mut out, &mut lse);
    let (mut dq, mut dk, mut dv) = ([5.0], [5.0], [5.0]);
    f32::attention_backward(&a, &out, &lse, &[1.0], &mut dq, &mut dk, &mut dv);
    assert_eq!((out, dq, dk, dv), ([0.0], [0.0], [0.0], [0.0]));
}
