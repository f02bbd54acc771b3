//! The steps against their formulas.

use crate::check::{close, random};
use candlewick_kernels::entries::Kernels;
use candlewick_kernels::simd::{available, with_level};

#[test]
fn an_lstm_step_meets_its_formula() {
    let n = 7;
    let (gates, cell) = (random::<f32>(2 * 4 * n, 1), random::<f32>(2 * n, 2));
    let s = |x: f64| 1.0 / (1.0 + (-x).exp());
    let (mut cells, mut outs) = (vec![], vec![]);
    for r in 0..2 {
        for j in 0..n {
            let gate = |k: usize| gates[r * 4 * n + k * n + j] as f64;
            let c = s(gate(1)) * cell[r * n + j] as f64 + s(gate(0)) * gate(2).tanh();
            cells.push(c as f32);
            outs.push((s(gate(3)) * c.tanh()) as f32);
        }
    }
    for l in available() {
        let (mut g, mut c, mut out) = (gates.clone(), cell.clone(), vec![0.0; 2 * n]);
        with_level(l, || f32::lstm_step(&mut g, &mut c, &mut out, n));
        close(&c, &cells, "cell");
        close(&out, &outs, "output");
    }
}

#[test]
fn a_gru_step_meets_its_formula() {
    let n = 5;
    let (gates, part, state) = (random::<f64>(3 * n, 1), random::<f64>(3 * n, 2), random::<f64>(n, 3));
    let s = |x: f64| 1.0 / (1.0 + (-x).exp());
    let want: Vec<f64> = (0..n)
        .map(|j| {
            let (r, z) = (s(gates[j] + part[j]), s(gates[n + j] + part[n + j]));
            let c = (gates[2 * n + j] + r * part[2 * n + j]).tanh();
            (1.0 - z) * c + z * state[j]
        })
        .collect();
    let (mut g, mut h) = (gates, state);
    f64::gru_step(&mut g, &part, &mut h, n);
    close(&h, &want, "state");
}
