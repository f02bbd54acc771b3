//! Connectionist temporal classification: gradients against differences, and impossible targets.

use crate::testing::{gradcheck, leaf, wave};
use candlewick_layers::{CtcConfig, Reduction, ctc_loss, log_softmax};
use candlewick_tensor::Tensor;

const PLAIN: CtcConfig = CtcConfig { blank: 0, zero_infinity: false };

#[test]
fn gradients_behind_a_log_softmax_agree_with_differences() {
    let x = [leaf(wave(&[5, 2, 4], 0.1))];
    let targets = Tensor::from_vec(vec![1i64, 1, 2, 3, 2, 0], &[2, 3]);
    for r in [Reduction::None, Reduction::Mean] {
        gradcheck(&x, |v| ctc_loss(&log_softmax(&v[0], 2, None)?, &targets, &[5, 4], &[3, 2], PLAIN, r));
    }
}

#[test]
fn one_step_and_one_label_is_its_probability() {
    let x = wave(&[1, 1, 3], 0.2);
    let y = ctc_loss(&x, &Tensor::from_vec(vec![2i64], &[1]), &[1], &[1], PLAIN, Reduction::Sum).unwrap();
    assert!((y.to_f64_vec().unwrap()[0] + x.to_f64_vec().unwrap()[2]).abs() < 1e-12);
}

#[test]
fn impossible_targets_cost_infinity_or_nothing() {
    let (x, t) = (wave(&[1, 1, 3], 0.2), Tensor::from_vec(vec![2i64, 1], &[2]));
    let run = |zero_infinity| {
        let c = CtcConfig { zero_infinity, ..PLAIN };
        ctc_loss(&x, &t, &[1], &[2], c, Reduction::Sum).unwrap().to_f64_vec().unwrap()[0]
    };
    assert_eq!((run(false), run(true)), (f64::INFINITY, 0.0));
}
