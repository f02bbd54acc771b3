//! Instance normalisation: gradients against differences.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::{BatchNormConfig, Channels, instance_norm};
use candlewick_tensor::Tensor;

#[test]
fn gradients_agree_with_differences() {
    let c = BatchNormConfig { training: true, momentum: 0.1, eps: 1e-5 };
    let run = |v: &[Tensor]| {
        let m = wave(&[3], 0.5);
        instance_norm(
            &v[0],
            Channels { running_mean: Some(&m), weight: Some(&v[1]), bias: Some(&v[2]), running_var: None },
            &c,
        )
    };
    let xs = [leaf(wave(&[2, 3, 4], 0.1)), leaf(wave(&[3], 0.2)), leaf(wave(&[3], 0.3))];
    gradcheck(&xs, run);
    gradgradcheck(&xs, run);
}
