//! Likelihoods of classes: gradients against differences, and refusals.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::{Reduction, cross_entropy, nll_loss};
use candlewick_tensor::Tensor;

fn classes(v: Vec<i64>, shape: &[usize]) -> Tensor {
    Tensor::from_vec(v, shape)
}

#[test]
fn gradients_agree_with_differences() {
    let x = [leaf(wave(&[4, 3], 0.1))];
    let (t, w) = (classes(vec![2, 0, -100, 1], &[4]), Tensor::from_vec(vec![0.5, 1.0, 2.0], &[3]));
    for reduction in [Reduction::None, Reduction::Mean, Reduction::Sum] {
        for smoothing in [0.0, 0.2] {
            gradcheck(&x, |v| cross_entropy(&v[0], &t, Some(&w), -100, reduction, smoothing));
        }
    }
    gradgradcheck(&x, |v| cross_entropy(&v[0], &t, Some(&w), -100, Reduction::Mean, 0.0));
    let images = [leaf(wave(&[2, 3, 2], 0.4))];
    gradcheck(&images, |v| nll_loss(&v[0], &classes(vec![0, 1, 2, 1], &[2, 2]), None, -100, Reduction::Mean));
}

#[test]
fn classes_out_of_range_are_named() {
    let e = nll_loss(&wave(&[1, 3], 0.0), &classes(vec![3], &[1]), None, -100, Reduction::Mean);
    assert_eq!(e.err().map(|e| e.to_string()).as_deref(), Some("Target 3 is out of bounds."));
}
