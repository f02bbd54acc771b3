//! Divergences: gradients against differences.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::{Reduction, gaussian_nll_loss, kl_div, poisson_nll_loss};
use candlewick_tensor::ops::abs;

#[test]
fn gradients_agree_with_differences() {
    let x = leaf(wave(&[4, 3], 0.1));
    let positive = |shape: &[usize], phase: f64| leaf(abs(&wave(shape, phase)).unwrap().detach());
    let xs = [x, positive(&[4, 3], 0.7)];
    for r in [Reduction::None, Reduction::Mean] {
        for log_target in [false, true] {
            gradcheck(&xs, |v| kl_div(&v[0], &v[1], r, log_target));
        }
        gradcheck(&xs, |v| poisson_nll_loss(&v[0], &v[1], true, true, 1e-8, r));
        gradcheck(&xs[1..], |v| poisson_nll_loss(&v[0], &wave(&[4, 3], 0.2), false, false, 1e-8, r));
        let with_var = [xs[0].clone(), leaf(wave(&[4, 3], 0.4)), positive(&[4, 1], 0.9)];
        gradcheck(&with_var, |v| gaussian_nll_loss(&v[0], &v[1], &v[2], true, 1e-6, r));
        gradgradcheck(&with_var, |v| gaussian_nll_loss(&v[0], &v[1], &v[2], true, 1e-6, r));
    }
    gradgradcheck(&xs, |v| kl_div(&v[0], &v[1], Reduction::Mean, false));
}
