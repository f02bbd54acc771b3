//! Group normalisation: gradients against differences, and refusals.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::group_norm;

#[test]
fn gradients_agree_with_differences() {
    let xs = [leaf(wave(&[2, 6, 3], 0.1)), leaf(wave(&[6], 0.2)), leaf(wave(&[6], 0.3))];
    for groups in [1, 3] {
        gradcheck(&xs, |v| group_norm(&v[0], groups, Some(&v[1]), Some(&v[2]), 1e-5));
        gradgradcheck(&xs, |v| group_norm(&v[0], groups, Some(&v[1]), Some(&v[2]), 1e-5));
        gradcheck(&xs[..1], |v| group_norm(&v[0], groups, None, None, 1e-2));
    }
}

#[test]
fn channels_that_do_not_divide_are_named() {
    let e = group_norm(&wave(&[3, 4], 0.0), 3, None, None, 1e-5).err().map(|e| e.to_string());
    assert_eq!(
        e.as_deref(),
        Some(
            "Expected number of channels in input to be divisible by num_groups, but got input of shape [3, 4] and num_groups=3"
        )
    );
}
