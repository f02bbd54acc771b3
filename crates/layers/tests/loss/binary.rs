//! Losses of two classes: gradients against differences, and the limit of the logarithm.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::{Reduction, binary_cross_entropy, binary_cross_entropy_with_logits, soft_margin_loss};
use candlewick_tensor::ops::sigmoid;
use candlewick_tensor::{Result, Tensor};

fn check(xs: &[Tensor; 2], f: impl Fn(&Tensor, &Tensor, Reduction) -> Result<Tensor> + Copy) {
    for reduction in [Reduction::None, Reduction::Mean] {
        gradcheck(xs, |v| f(&v[0], &v[1], reduction));
    }
    gradgradcheck(xs, |v| f(&v[0], &v[1], Reduction::Mean));
}

#[test]
fn gradients_agree_with_differences() {
    let xs = [leaf(wave(&[4, 3], 0.1)), leaf(wave(&[4, 3], 1.3))];
    check(&xs, |x, t, r| binary_cross_entropy_with_logits(x, t, None, None, r));
    let (w, p) = (wave(&[3], 2.0), wave(&[4, 3], 3.0));
    check(&xs, |x, t, r| binary_cross_entropy_with_logits(x, t, Some(&w), Some(&p), r));
    check(&xs, soft_margin_loss);
    let inside = |phase: f64| leaf(sigmoid(&wave(&[4, 3], phase)).unwrap().detach());
    check(&[inside(0.1), inside(0.7)], |x, t, r| binary_cross_entropy(x, t, Some(&w), r));
}

#[test]
fn certain_and_wrong_costs_a_hundred() {
    let (x, t) = (Tensor::from_vec(vec![0f32, 1.0], &[2]), Tensor::from_vec(vec![1f32, 1.0], &[2]));
    let y = binary_cross_entropy(&x, &t, None, Reduction::None).unwrap();
    assert_eq!(y.to_f64_vec().unwrap(), [100.0, 0.0]);
}
