//! Convolution: gradients against differences, exact integers, refusals.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::{ConvConfig, conv, conv_transpose};
use candlewick_tensor::{DType, Result, Tensor};

fn config(stride: &[usize], padding: &[usize], dilation: &[usize], groups: usize) -> ConvConfig {
    ConvConfig { stride: stride.into(), padding: padding.into(), dilation: dilation.into(), groups }
}

#[test]
fn gradients_agree_with_differences_in_every_dimension() {
    let b = leaf(wave(&[4], 0.3));
    let run = |spatial: usize, x: &[usize], w: &[usize], c: ConvConfig| {
        let xs = [leaf(wave(x, 0.1)), leaf(wave(w, 0.2)), b.clone()];
        gradcheck(&xs, |v| conv(&v[0], &v[1], Some(&v[2]), spatial, &c));
    };
    run(1, &[2, 4, 7], &[4, 2, 3], config(&[2], &[1], &[1], 2));
    run(2, &[2, 2, 5, 6], &[4, 2, 3, 2], config(&[2, 1], &[1, 0], &[1, 2], 1));
    run(3, &[1, 2, 3, 4, 3], &[4, 2, 2, 2, 3], config(&[1], &[1], &[1], 1));
    run(2, &[2, 5, 6], &[4, 2, 3, 2], config(&[1], &[0], &[1], 1));
}

#[test]
fn transposed_gradients_agree_with_differences() {
    let b = leaf(wave(&[4], 0.3));
    let run = |spatial: usize, x: &[usize], w: &[usize], c: ConvConfig, extra: &[usize]| {
        let xs = [leaf(wave(x, 0.1)), leaf(wave(w, 0.2)), b.clone()];
        gradcheck(&xs, |v| conv_transpose(&v[0], &v[1], Some(&v[2]), spatial, &c, extra));
        gradgradcheck(&xs, |v| conv_transpose(&v[0], &v[1], Some(&v[2]), spatial, &c, extra));
    };
    run(1, &[2, 4, 3], &[4, 2, 3], config(&[2], &[1], &[1], 2), &[1]);
    run(2, &[1, 2, 2, 3], &[2, 4, 3, 2], config(&[2, 1], &[1, 0], &[1, 3], 1), &[1, 2]);
    run(3, &[2, 2, 1, 2], &[2, 4, 2, 1, 2], config(&[1, 2, 1], &[0], &[1], 1), &[0, 1, 0]);
}

#[test]
fn the_gradient_has_a_gradient() {
    let xs = [leaf(wave(&[1, 2, 4, 4], 0.1)), leaf(wave(&[2, 2, 3, 3], 0.2))];
    let c = config(&[1], &[1], &[1], 1);
    gradgradcheck(&xs, |v| conv(&v[0], &v[1], None, 2, &c));
}

#[test]
fn integers_are_exact() {
    let whole = |shape: &[usize], phase: f64| {
        let v = wave(shape, phase).to_f64_vec().unwrap();
        Tensor::from_vec(v.iter().map(|v| (v * 9.0).round()).collect::<Vec<f64>>(), shape)
    };
    let (x, w, b) = (whole(&[2, 4, 5, 6], 0.1), whole(&[4, 2, 3, 2], 0.2), whole(&[4], 0.3));
    let c = config(&[2, 1], &[1, 0], &[1, 2], 2);
    let run = |to: DType| -> [Vec<f64>; 2] {
        let [x, w, b] = [&x, &w, &b].map(|t| t.to_dtype(to).unwrap());
        let forward = conv(&x, &w, Some(&b), 2, &c).unwrap();
        let back = conv_transpose(&x, &w, Some(&b), 2, &c, &[1, 0]).unwrap();
        assert_eq!((forward.dtype(), back.dtype()), (to, to));
        [forward, back].map(|t| t.to_f64_vec().unwrap())
    };
    assert_eq!(run(DType::I64), run(DType::F64));
    assert_eq!(run(DType::I16), run(DType::F64));
}

#[test]
fn what_cannot_be_is_named() {
    let text = |r: Result<Tensor>| r.err().map(|e| e.to_string()).unwrap_or_default();
    let (x, w) = (wave(&[8, 1, 9, 9], 0.0), wave(&[4, 3, 7, 7], 0.0));
    let c = config(&[1], &[0], &[1], 1);
    assert_eq!(
        text(conv(&x, &w, None, 2, &c)),
        "Given groups=1, weight of size [4, 3, 7, 7], expected input[8, 1, 9, 9] to have 3 channels, but got 1 channels instead"
    );
    assert_eq!(
        text(conv_transpose(&x, &w, None, 2, &c, &[0])),
        "Given transposed=1, weight of size [4, 3, 7, 7], expected input[8, 1, 9, 9] to have 4 channels, but got 1 channels instead"
    );
    let x = wave(&[8, 4, 9, 9], 0.0);
    assert_eq!(
        text(conv_transpose(&x, &w, None, 2, &c, &[1])),
        "output padding must be smaller than either stride or dilation, but got output_padding_height: 1 output_padding_width: 1 stride_height: 1 stride_width: 1 dilation_height: 1 dilation_width: 1"
    );
}
