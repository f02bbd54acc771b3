//! Bags of embeddings: gradients against differences, and offsets.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::{BagConfig, BagMode, embedding_bag};
use candlewick_tensor::Tensor;

const SUM: BagConfig = BagConfig { mode: BagMode::Sum, by_frequency: false, include_last_offset: false, padding: None };

fn ints(v: &[i64]) -> Tensor {
    Tensor::from_vec(v.to_vec(), &[v.len()])
}

#[test]
fn gradients_agree_with_differences() {
    let xs = [leaf(wave(&[5, 3], 0.1)), leaf(wave(&[4], 0.4))];
    let (indices, offsets) = (ints(&[0, 4, 4, 2]), ints(&[0, 1, 1]));
    for mode in [BagMode::Sum, BagMode::Mean, BagMode::Max] {
        for padding in [None, Some(-1)] {
            let c = BagConfig { mode, padding, ..SUM };
            let run = |v: &[Tensor]| embedding_bag(&v[0], &indices, &offsets, None, c);
            gradgradcheck(&xs[..1], run);
            if padding.is_none() {
                gradcheck(&xs[..1], run);
            }
        }
    }
    gradcheck(&xs, |v| embedding_bag(&v[0], &indices, &offsets, Some(&v[1]), SUM));
    gradgradcheck(&xs, |v| embedding_bag(&v[0], &indices, &offsets, Some(&v[1]), SUM));
}

#[test]
fn the_last_offset_may_end_the_last_bag() {
    let w = wave(&[5, 2], 0.0);
    let c = BagConfig { include_last_offset: true, ..SUM };
    let y = embedding_bag(&w, &ints(&[1, 2, 3]), &ints(&[0, 2]), None, c).unwrap();
    assert_eq!(y.shape(), [1, 2]);
}

#[test]
fn offsets_are_checked() {
    let e = embedding_bag(&wave(&[5, 2], 0.0), &ints(&[1]), &ints(&[0, 2]), None, SUM).err().map(|e| e.to_string());
    assert_eq!(e.as_deref(), Some("offsets[-1] can not be greater than input's length 1 but got offsets[-1] of 2"));
}
