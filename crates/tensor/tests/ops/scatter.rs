//! Gradients of scattering against differences.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_tensor::ops::{Combine, index_add, index_copy, index_fill, scatter, scatter_reduce};
use candlewick_tensor::{Scalar, Tensor};

#[test]
fn gradients_agree_with_differences() {
    let at = Tensor::from_vec(vec![0i64, 2, 2, 1, 0, 0], &[3, 2]);
    let xs = [leaf(wave(&[4, 3], 0.1)), leaf(wave(&[3, 2], 0.7))];
    gradcheck(&xs, |v| scatter(&v[0], 0, &Tensor::from_vec(vec![0i64, 2, 3, 1], &[2, 2]), &v[1]));
    for how in [Combine::Sum, Combine::Prod, Combine::Mean, Combine::Max, Combine::Min] {
        for include in [true, false] {
            gradcheck(&xs, |v| scatter_reduce(&v[0], 0, &at, &v[1], how, include));
        }
    }
    gradgradcheck(&xs, |v| scatter_reduce(&v[0], 0, &at, &v[1], Combine::Prod, true));
    let rows = [leaf(wave(&[4, 3], 0.1)), leaf(wave(&[2, 3], 0.7))];
    let i = Tensor::from_vec(vec![3i64, 0], &[2]);
    gradcheck(&rows, |v| index_add(&v[0], 0, &i, &v[1], Scalar::Float(1.5)));
    gradcheck(&rows, |v| index_copy(&v[0], 0, &i, &v[1]));
    gradcheck(&rows[..1], |v| index_fill(&v[0], 0, &i, &Tensor::number(Scalar::Int(2))));
}
