//! Gradients of reordered and diagonal elements against differences.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_tensor::ops::{diag_embed, diagonal, flip, roll, tril, unfold};

#[test]
fn gradients_agree_with_differences() {
    let x = [leaf(wave(&[3, 4, 5], 0.1))];
    gradcheck(&x, |v| flip(&v[0], &[0, 2]));
    gradcheck(&x, |v| roll(&v[0], &[2, -1], &[0, 2]));
    gradcheck(&x, |v| tril(&v[0], 1));
    gradcheck(&x, |v| diagonal(&v[0], -1, 0, 2));
    gradcheck(&x, |v| diag_embed(&v[0], 1, 0, -1));
    gradcheck(&x, |v| unfold(&v[0], 1, 3, 1));
    gradgradcheck(&x, |v| unfold(&v[0], 1, 3, 1));
}
