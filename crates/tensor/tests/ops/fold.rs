//! Gradients of products, norms, distances and quantiles against differences.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_tensor::Tensor;
use candlewick_tensor::ops::{Interpolation, cdist, logsumexp, norm, prod, quantile};

#[test]
fn gradients_agree_with_differences() {
    let x = [leaf(wave(&[2, 3, 4], 0.1))];
    gradcheck(&x, |v| prod(&v[0], Some(1), false, None));
    gradcheck(&x, |v| prod(&v[0], None, false, None));
    gradcheck(&x, |v| logsumexp(&v[0], Some(&[0, 2]), false));
    gradgradcheck(&x, |v| prod(&v[0], Some(2), true, None));
    gradgradcheck(&x, |v| logsumexp(&v[0], Some(&[1]), true));
    for p in [0.5, 1.0, 2.0, 3.0, f64::INFINITY] {
        gradcheck(&x, |v| norm(&v[0], p, Some(&[1]), false, None));
    }
    gradgradcheck(&x, |v| norm(&v[0], 2.0, Some(&[1]), false, None));
    let ab = [leaf(wave(&[3, 4], 0.1)), leaf(wave(&[2, 4], 0.4))];
    gradcheck(&ab, |v| cdist(&v[0], &v[1], 2.0));
    let q = Tensor::from_vec(vec![0.2, 0.7], &[2]);
    gradcheck(&x, |v| quantile(&v[0], &q, Some(1), false, Interpolation::Linear, false));
}
