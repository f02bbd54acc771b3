//! Bilinear maps: gradients against differences.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::bilinear;

#[test]
fn gradients_agree_with_differences() {
    let xs = [leaf(wave(&[4, 3], 0.1)), leaf(wave(&[4, 2], 0.4)), leaf(wave(&[5, 3, 2], 0.3))];
    gradcheck(&xs, |v| bilinear(&v[0], &v[1], &v[2], Some(&wave(&[5], 0.1))));
    gradgradcheck(&xs, |v| bilinear(&v[0], &v[1], &v[2], None));
}
