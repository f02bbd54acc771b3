//! Padding against PyTorch's borders, gradients against differences, refusals.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::{PadMode, pad};
use candlewick_tensor::Tensor;

const COPIES: [PadMode; 3] = [PadMode::Reflect, PadMode::Replicate, PadMode::Circular];

fn row(pads: &[i64], mode: PadMode) -> Vec<f64> {
    let x = Tensor::from_vec(vec![1.0f64, 2.0, 3.0, 4.0], &[1, 4]);
    pad(&x, pads, mode).unwrap().to_f64_vec().unwrap()
}

#[test]
fn borders_are_pytorch_s() {
    assert_eq!(row(&[2, 1], PadMode::Constant(9.into())), [9.0, 9.0, 1.0, 2.0, 3.0, 4.0, 9.0]);
    assert_eq!(row(&[2, 1], PadMode::Reflect), [3.0, 2.0, 1.0, 2.0, 3.0, 4.0, 3.0]);
    assert_eq!(row(&[2, 1], PadMode::Replicate), [1.0, 1.0, 1.0, 2.0, 3.0, 4.0, 4.0]);
    assert_eq!(row(&[2, 1], PadMode::Circular), [3.0, 4.0, 1.0, 2.0, 3.0, 4.0, 1.0]);
    for mode in COPIES {
        assert_eq!(row(&[-1, -2], mode), [2.0]);
    }
    assert_eq!(row(&[-1, 2], PadMode::Circular), [2.0, 3.0, 4.0, 2.0, 3.0]);
}

#[test]
fn gradients_agree_with_differences() {
    let x = [leaf(wave(&[2, 3, 4, 3], 0.1))];
    for mode in COPIES.into_iter().chain([PadMode::Constant(0.5.into())]) {
        for pads in [&[2i64, 1][..], &[1, -1, 0, 3], &[2, 1, -1, 2, 1, 1]] {
            let x = if pads.len() == 2 { [leaf(wave(&[2, 3, 4], 0.1))] } else { x.clone() };
            gradcheck(&x, |v| pad(&v[0], pads, mode));
            gradgradcheck(&x, |v| pad(&v[0], pads, mode));
        }
    }
    gradcheck(&x, |v| pad(&v[0], &[1, 0, 0, -1, 2, 1, -1, 2], PadMode::Constant(2.into())));
}

#[test]
fn what_cannot_be_is_named() {
    let text =
        |pads: &[i64], mode| pad(&wave(&[2, 3, 8], 0.0), pads, mode).err().map(|e| e.to_string()).unwrap_or_default();
    assert_eq!(
        text(&[20, 1], PadMode::Reflect),
        "Argument #4: Padding size should be less than the corresponding input dimension, but got: padding (20, 1) at dimension 2 of input [2, 3, 8]"
    );
    assert_eq!(text(&[-6, -4], PadMode::Replicate), "input (W: 8) is too small. Calculated output W: -2");
    assert_eq!(text(&[1], PadMode::Circular), "Padding length must be divisible by 2");
    assert!(PadMode::parse("foo", None).is_err() && PadMode::parse("reflect", Some(3.into())).is_err());
}
