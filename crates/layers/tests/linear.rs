//! The affine map: gradients against differences, and refusals.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::linear;

#[test]
fn gradients_agree_with_differences() {
    let xs = [leaf(wave(&[2, 3, 4], 0.1)), leaf(wave(&[5, 4], 0.2)), leaf(wave(&[5], 0.3))];
    gradcheck(&xs, |v| linear(&v[0], &v[1], Some(&v[2])));
    gradgradcheck(&xs[..2], |v| linear(&v[0], &v[1], None));
}

#[test]
fn a_wrong_width_is_named() {
    let (x, w) = (wave(&[64, 8], 0.0), wave(&[32, 512], 0.0));
    let e = linear(&x, &w, None).err().map(|e| e.to_string());
    assert_eq!(e.as_deref(), Some("mat1 and mat2 shapes cannot be multiplied (64x8 and 512x32)"));
}
