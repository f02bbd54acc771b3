//! Gradients at NaN, ties and bounds: PyTorch 2.15's.

use crate::testing::leaf;
use candlewick_tensor::autograd::{grad, no_dispatch};
use candlewick_tensor::ops::*;
use candlewick_tensor::{Result, Scalar, Tensor};

const NAN: f64 = f64::NAN;

fn gradients(xs: &[&[f64]], f: impl Fn(&[Tensor]) -> Result<Tensor>) -> Vec<Vec<f64>> {
    let xs: Vec<Tensor> = xs.iter().map(|x| leaf(Tensor::from_vec(x.to_vec(), &[x.len()]))).collect();
    let loss = sum(&f(&xs).unwrap(), None, false, None).unwrap();
    let grads = grad(&[loss], &xs, &[None], false, false, true, &no_dispatch).unwrap();
    grads.iter().map(|g| g.as_ref().unwrap().to_f64_vec().unwrap()).collect()
}

#[test]
fn nan_passes_where_pytorch_lets_it() {
    assert_eq!(gradients(&[&[NAN, 0.0, 1.0]], |v| relu(&v[0])), [[1.0, 0.0, 1.0]]);
    assert_eq!(gradients(&[&[NAN, 0.0, -1.0]], |v| abs(&v[0])), [[0.0, 0.0, -1.0]]);
    assert_eq!(gradients(&[&[NAN, 0.0, -1.0]], |v| norm(&v[0], 1.0, None, false, None)), [[0.0, 0.0, -1.0]]);
    let bounds = |v: &[Tensor]| clamp(&v[0], Some(Scalar::Int(0)), Some(Scalar::Int(1)));
    assert_eq!(gradients(&[&[NAN, 0.0, 1.0, 0.5]], bounds), [[0.0, 0.0, 0.0, 1.0]]);
    assert_eq!(gradients(&[&[NAN, 2.0, 1.0]], |v| max(&v[0])), [[1.0, 0.0, 0.0]]);
    assert_eq!(gradients(&[&[NAN, 2.0, 1.0]], |v| min(&v[0])), [[1.0, 0.0, 0.0]]);
}

#[test]
fn the_larger_and_the_smaller_of_two() {
    let (a, b) = ([NAN, 1.0, NAN, 2.0, 3.0], [1.0, NAN, NAN, 2.0, 4.0]);
    let run = |f: fn(&Tensor, &Tensor) -> Result<Tensor>| gradients(&[&a, &b], |v| f(&v[0], &v[1]));
    assert_eq!(run(maximum), [[1.0, 1.0, 1.0, 0.5, 0.0], [1.0, 1.0, 1.0, 0.5, 1.0]]);
    assert_eq!(run(minimum), [[1.0, 1.0, 1.0, 0.5, 1.0], [1.0, 1.0, 1.0, 0.5, 0.0]]);
    assert_eq!(run(fmax), [[0.0, 1.0, 1.0, 0.5, 0.0], [1.0, 0.0, 0.0, 0.5, 1.0]]);
    assert_eq!(run(fmin), [[0.0, 1.0, 1.0, 0.5, 1.0], [1.0, 0.0, 0.0, 0.5, 0.0]]);
}

#[test]
fn a_median_is_shared() {
    assert_eq!(gradients(&[&[3.0, 1.0, 3.0]], |v| median(&v[0], false)), [[0.5, 0.0, 0.5]]);
    assert_eq!(gradients(&[&[3.0, 1.0, 3.0]], |v| median(&v[0], true)), [[0.5, 0.0, 0.5]]);
    assert_eq!(gradients(&[&[3.0, NAN, NAN]], |v| median(&v[0], false)), [[0.0, 0.5, 0.5]]);
}
