//! Distances: gradients against differences, and at zero.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::{cosine_similarity, normalize, pairwise_distance, pdist};
use candlewick_tensor::Tensor;
use candlewick_tensor::autograd::{grad, no_dispatch};

#[test]
fn gradients_agree_with_differences() {
    let xs = [leaf(wave(&[4, 3], 0.1)), leaf(wave(&[4, 3], 0.8))];
    for p in [0.5, 1.0, 1.5, 2.0, 3.0, f64::INFINITY, f64::NEG_INFINITY] {
        gradcheck(&xs, |v| pairwise_distance(&v[0], &v[1], p, 1e-6, false));
        gradgradcheck(&xs, |v| pairwise_distance(&v[0], &v[1], p, 1e-6, true));
        gradcheck(&xs[..1], |v| normalize(&v[0], p, &[0, 1], 1e-12));
    }
    gradcheck(&xs, |v| cosine_similarity(&v[0], &v[1], 1, 1e-8));
    gradgradcheck(&xs, |v| cosine_similarity(&v[0], &v[1], 0, 1e-8));
    gradcheck(&xs[..1], |v| pdist(&v[0], 2.0));
    gradgradcheck(&xs[..1], |v| pdist(&v[0], 3.0));
}

#[test]
fn at_zero_the_gradient_is_zero() {
    let zeros = || Tensor::from_vec(vec![0.0f64; 3], &[1, 3]);
    let x = leaf(zeros());
    for p in [1.0, 2.0, 3.0] {
        let y = pairwise_distance(&x, &zeros(), p, 0.0, false).unwrap();
        let g = grad(&[y], std::slice::from_ref(&x), &[None], false, true, false, &no_dispatch).unwrap();
        assert!(g[0].as_ref().unwrap().to_f64_vec().unwrap().iter().all(|&v| v == 0.0));
    }
}
