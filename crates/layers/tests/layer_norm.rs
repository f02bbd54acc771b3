//! Layer normalisation: gradients against differences, and refusals.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::{layer_norm, rms_norm};

#[test]
fn gradients_agree_with_differences() {
    let xs = [leaf(wave(&[3, 2, 4], 0.1)), leaf(wave(&[2, 4], 0.2)), leaf(wave(&[2, 4], 0.3))];
    gradcheck(&xs, |v| layer_norm(&v[0], &[2, 4], Some(&v[1]), Some(&v[2]), 1e-5));
    gradgradcheck(&xs, |v| layer_norm(&v[0], &[2, 4], Some(&v[1]), Some(&v[2]), 1e-5));
    gradcheck(&xs[..1], |v| layer_norm(&v[0], &[4], None, None, 0.5));
    gradgradcheck(&xs[..1], |v| layer_norm(&v[0], &[4], None, None, 0.5));
    gradcheck(&xs[..2], |v| rms_norm(&v[0], &[2, 4], Some(&v[1]), Some(1e-5)));
    gradgradcheck(&xs[..2], |v| rms_norm(&v[0], &[2, 4], Some(&v[1]), Some(1e-5)));
}

#[test]
fn a_wrong_shape_is_named() {
    let e = layer_norm(&wave(&[3, 4], 0.0), &[3], None, None, 1e-5).err().map(|e| e.to_string());
    assert_eq!(
        e.as_deref(),
        Some("Given normalized_shape=[3], expected input with shape [*, 3], but got input of size[3, 4]")
    );
}
