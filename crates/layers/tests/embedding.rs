//! Embeddings: gradients against differences, padding, and rows that are shortened.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::{embedding, embedding_renorm_};
use candlewick_tensor::Tensor;
use candlewick_tensor::autograd::{grad, no_dispatch};

#[test]
fn gradients_agree_with_differences() {
    let w = [leaf(wave(&[5, 3], 0.1))];
    let indices = Tensor::from_vec(vec![0i64, 4, 4, 2], &[2, 2]);
    gradcheck(&w, |v| embedding(&v[0], &indices, None, false));
    gradgradcheck(&w, |v| embedding(&v[0], &indices, None, false));
    gradgradcheck(&w, |v| embedding(&v[0], &indices, Some(2), true));
}

#[test]
fn padding_and_frequency_change_the_gradient_only() {
    let indices = Tensor::from_vec(vec![1i64, 2, 2], &[3]);
    let w = leaf(wave(&[4, 1], 0.1));
    let y = embedding(&w, &indices, Some(1), true).unwrap();
    let table = w.to_f64_vec().unwrap();
    assert_eq!(y.to_f64_vec().unwrap(), [table[1], table[2], table[2]]);
    let ones = Tensor::from_vec(vec![1f64; 3], &[3, 1]);
    let g = grad(&[y], &[w], &[Some(ones)], false, false, false, &no_dispatch).unwrap();
    assert_eq!(g[0].as_ref().unwrap().to_f64_vec().unwrap(), [0.0, 0.0, 1.0, 0.0]);
}

#[test]
fn long_rows_are_shortened() {
    let w = Tensor::from_vec(vec![3f64, 4.0, 0.3, 0.4], &[2, 2]);
    embedding_renorm_(&w, &Tensor::from_vec(vec![0i64, 1, 0], &[3]), 1.0, 2.0).unwrap();
    let v = w.to_f64_vec().unwrap();
    assert!((v[0] - 0.6).abs() < 1e-6 && v[2] == 0.3);
}
