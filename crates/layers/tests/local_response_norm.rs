//! Local response normalisation: gradients against differences.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::local_response_norm;

#[test]
fn gradients_agree_with_differences() {
    for size in [2, 3] {
        let x = [leaf(wave(&[2, 4, 2, 2], 0.1))];
        gradcheck(&x, |v| local_response_norm(&v[0], size, 0.3, 0.75, 1.0));
        gradgradcheck(&x, |v| local_response_norm(&v[0], size, 0.3, 0.75, 1.0));
    }
}
