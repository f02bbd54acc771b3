//! Losses of regression: gradients against differences.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::{Reduction, huber_loss, l1_loss, mse_loss, smooth_l1_loss};
use candlewick_tensor::{Result, Tensor};

fn check(xs: &[Tensor; 2], f: impl Fn(&Tensor, &Tensor, Reduction) -> Result<Tensor> + Copy) {
    for reduction in [Reduction::None, Reduction::Mean, Reduction::Sum] {
        gradcheck(xs, |v| f(&v[0], &v[1], reduction));
    }
    gradgradcheck(xs, |v| f(&v[0], &v[1], Reduction::Mean));
}

#[test]
fn gradients_agree_with_differences() {
    let xs = [leaf(wave(&[4, 3], 0.1)), leaf(wave(&[4, 3], 1.3))];
    let broadcast = [xs[0].clone(), leaf(wave(&[3], 0.3))];
    check(&broadcast, |x, t, r| mse_loss(x, t, None, r));
    check(&xs, |x, t, r| mse_loss(x, t, Some(&wave(&[4, 3], 2.0)), r));
    check(&xs, |x, t, r| l1_loss(x, t, None, r));
    check(&xs, |x, t, r| smooth_l1_loss(x, t, 0.8, r));
    check(&xs, |x, t, r| huber_loss(x, t, 0.8, None, r));
}
