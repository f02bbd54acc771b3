//! Shuffles undo each other; gradients against differences.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::{channel_shuffle, pixel_shuffle, pixel_unshuffle};

#[test]
fn each_is_undone() {
    let x = wave(&[2, 8, 3, 2], 0.1);
    let back = pixel_unshuffle(&pixel_shuffle(&x, 2).unwrap(), 2).unwrap();
    assert_eq!(back.to_f64_vec().unwrap(), x.to_f64_vec().unwrap());
    let back = channel_shuffle(&channel_shuffle(&x, 2).unwrap(), 4).unwrap();
    assert_eq!(back.to_f64_vec().unwrap(), x.to_f64_vec().unwrap());
    assert!(!channel_shuffle(&x, 1).unwrap().shares_storage(&x));
}

#[test]
fn gradients_agree_with_differences() {
    let x = [leaf(wave(&[4, 4, 2], 0.1))];
    gradcheck(&x, |v| pixel_shuffle(&v[0], 2));
    gradcheck(&x, |v| pixel_unshuffle(&v[0], 2));
    gradcheck(&x, |v| channel_shuffle(&v[0], 2));
    gradgradcheck(&x, |v| pixel_shuffle(&v[0], 2));
    gradgradcheck(&x, |v| channel_shuffle(&v[0], 2));
}
