//! Arithmetic of half precision.

use candlewick_tensor::ops::{add, div, eq, floor_divide, mul, mul_, pow, remainder};
use candlewick_tensor::{DType, Scalar, Tensor};

fn half(values: &[f64]) -> Tensor {
    Tensor::from_vec(values.to_vec(), &[values.len()]).to_dtype(DType::F16).unwrap()
}
fn number(v: f64) -> Tensor {
    Tensor::number(Scalar::Float(v))
}
/// The values as PyTorch 2.15 prints them.
fn near(x: &Tensor, want: &[f64]) {
    assert_eq!(x.dtype(), DType::F16);
    let got = x.to_f64_vec().unwrap();
    assert!(got.iter().zip(want).all(|(g, w)| (g - w).abs() <= 1e-5 * w.abs()), "{got:?} is not {want:?}");
}

#[test]
fn numbers_beside_half_precision_are_not_rounded_first() {
    near(&mul(&half(&[0.01]), &number(65536.0)).unwrap(), &[655.5]);
    near(&div(&half(&[40000.0]), &number(65536.0)).unwrap(), &[0.610_351_562_5]);
    near(&mul(&half(&[3.0]), &number(0.1)).unwrap(), &[0.300_048_828_125]);
    near(&floor_divide(&half(&[3.0, 0.1, -7.0]), &number(0.1)).unwrap(), &[29.0, 0.0, -70.0]);
    let x = half(&[0.01]);
    mul_(&x, &number(65536.0)).unwrap();
    near(&x, &[655.5]);
}

#[test]
fn sums_and_remainders_round_numbers_to_half_precision() {
    near(&add(&half(&[0.3]), &number(0.1)).unwrap(), &[0.399_902_343_75]);
    near(&remainder(&half(&[1.0]), &number(0.1)).unwrap(), &[0.000_244_140_625]);
    near(&div(&number(0.1), &half(&[-2.5])).unwrap(), &[-0.039_978_027_343_75]);
    near(&pow(&half(&[-1.0]), &number(1e-8)).unwrap(), &[1.0]);
}

#[test]
fn comparisons_round_numbers_to_half_precision() {
    let same = eq(&half(&[1.0]), &number(1.0001)).unwrap();
    assert_eq!(same.item().unwrap(), Scalar::Bool(true));
}
