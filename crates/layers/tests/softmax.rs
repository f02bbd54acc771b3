//! Softmax against candle's operations, and its gradients against differences.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::{log_softmax, softmax};

#[test]
fn gradients_agree_with_differences() {
    let x = [leaf(wave(&[3, 4, 2], 0.1))];
    for d in [1, 2] {
        gradcheck(&x, |v| softmax(&v[0], d, None));
        gradgradcheck(&x, |v| softmax(&v[0], d, None));
        gradcheck(&x, |v| log_softmax(&v[0], d, None));
        gradgradcheck(&x, |v| log_softmax(&v[0], d, None));
    }
}

#[test]
fn candle_agrees() {
    let x = wave(&[5, 7], 0.4);
    let theirs = candle_core::Tensor::from_vec(x.to_f64_vec().unwrap(), (5, 7), &candle_core::Device::Cpu).unwrap();
    let softmax_of = |x: &candle_core::Tensor| {
        let e = x.broadcast_sub(&x.max_keepdim(1)?)?.exp()?;
        e.broadcast_div(&e.sum_keepdim(1)?)?.flatten_all()?.to_vec1::<f64>()
    };
    let theirs = softmax_of(&theirs).unwrap();
    let ours = softmax(&x, 1, None).unwrap().to_f64_vec().unwrap();
    assert!(ours.iter().zip(&theirs).all(|(a, b)| (a - b).abs() < 1e-12));
}
