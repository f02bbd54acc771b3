//! Batch normalisation: gradients against differences, and refusals.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::{BatchNormConfig, Channels, batch_norm};
use candlewick_tensor::{DType, Scalar, Tensor};

#[test]
fn gradients_agree_with_differences() {
    for training in [true, false] {
        let c = BatchNormConfig { training, momentum: 0.1, eps: 1e-5 };
        let run = |v: &[Tensor]| {
            let (m, s) = (wave(&[3], 0.5), Tensor::full(&[3], Scalar::Float(1.5), DType::F64)?);
            batch_norm(
                &v[0],
                Channels { running_mean: Some(&m), running_var: Some(&s), weight: Some(&v[1]), bias: Some(&v[2]) },
                &c,
            )
        };
        let xs = [leaf(wave(&[4, 3, 2, 2], 0.1)), leaf(wave(&[3], 0.2)), leaf(wave(&[3], 0.3))];
        gradcheck(&xs, run);
        gradgradcheck(&xs, run);
    }
}

#[test]
fn one_value_per_channel_cannot_train() {
    let c = BatchNormConfig { training: true, momentum: 0.1, eps: 1e-5 };
    let e = batch_norm(&wave(&[1, 3], 0.0), Channels::default(), &c).err().map(|e| e.to_string());
    assert_eq!(
        e.as_deref(),
        Some("Expected more than 1 value per channel when training, got input size torch.Size([1, 3])")
    );
}
