//! Gradients of running sums, products and maxima against differences.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_tensor::Tensor;
use candlewick_tensor::ops::{cummax, cumprod, cumsum, logcumsumexp};

#[test]
fn gradients_agree_with_differences() {
    let x = [leaf(wave(&[2, 4, 3], 0.1))];
    gradcheck(&x, |v| cumsum(&v[0], 1, None));
    gradcheck(&x, |v| cumprod(&v[0], 1, None));
    gradcheck(&x, |v| logcumsumexp(&v[0], 1));
    gradcheck(&x, |v| Ok(cummax(&v[0], 1)?.0));
    gradgradcheck(&x, |v| cumprod(&v[0], -1, None));
    gradgradcheck(&x, |v| logcumsumexp(&v[0], 0));
}

#[test]
fn products_with_zeros_have_exact_gradients() {
    let x = [leaf(Tensor::from_vec(vec![2.0, 0.0, 3.0, 0.0, 5.0], &[5]))];
    gradcheck(&x, |v| cumprod(&v[0], 0, None));
    gradgradcheck(&x, |v| cumprod(&v[0], 0, None));
}
