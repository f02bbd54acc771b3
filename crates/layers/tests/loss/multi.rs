//! Losses with margins over several classes: gradients against differences, and refusals.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::{Reduction, multi_margin_loss, multilabel_margin_loss};
use candlewick_tensor::Tensor;

#[test]
fn gradients_agree_with_differences() {
    let (x, w) = ([leaf(wave(&[3, 4], 0.1))], wave(&[4], 1.0));
    let classes = Tensor::from_vec(vec![0i64, 3, 1], &[3]);
    let labels = Tensor::from_vec(vec![1i64, 3, -1, 0, 2, -1, 0, 0, 0, 1, 2, -1], &[3, 4]);
    for r in [Reduction::None, Reduction::Mean] {
        for p in [1, 2] {
            gradcheck(&x, |v| multi_margin_loss(&v[0], &classes, p, 0.9, Some(&w), r));
            gradgradcheck(&x, |v| multi_margin_loss(&v[0], &classes, p, 0.9, Some(&w), r));
        }
        gradcheck(&x, |v| multilabel_margin_loss(&v[0], &labels, r));
        gradgradcheck(&x, |v| multilabel_margin_loss(&v[0], &labels, r));
    }
}

#[test]
fn targets_out_of_range_are_refused() {
    let t = Tensor::from_vec(vec![4i64], &[1]);
    let e = multi_margin_loss(&wave(&[1, 4], 0.0), &t, 1, 1.0, None, Reduction::Mean);
    assert_eq!(e.err().map(|e| e.to_string()).as_deref(), Some("target out of range"));
}
