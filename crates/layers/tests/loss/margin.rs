//! Losses with margins: gradients against differences.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::{
    Reduction, cosine_embedding_loss, hinge_embedding_loss, margin_ranking_loss, multilabel_soft_margin_loss,
    triplet_margin_loss,
};
use candlewick_tensor::Tensor;

#[test]
fn gradients_agree_with_differences() {
    let signs = Tensor::from_vec(vec![1.0, -1.0, 1.0, -1.0], &[4]);
    let (x, rows) = ([leaf(wave(&[4], 0.1))], [leaf(wave(&[4, 3], 0.1)), leaf(wave(&[4, 3], 0.8))]);
    gradcheck(&x, |v| hinge_embedding_loss(&v[0], &signs, 0.7, Reduction::Mean));
    let two = [leaf(wave(&[4], 0.1)), leaf(wave(&[4], 1.1))];
    gradcheck(&two, |v| margin_ranking_loss(&v[0], &v[1], &signs, 0.3, Reduction::Mean));
    gradcheck(&rows, |v| cosine_embedding_loss(&v[0], &v[1], &signs, 0.1, Reduction::None));
    gradgradcheck(&rows, |v| cosine_embedding_loss(&v[0], &v[1], &signs, 0.1, Reduction::Mean));
    let three = [rows[0].clone(), rows[1].clone(), leaf(wave(&[4, 3], 2.0))];
    for (p, swap) in [(2.0, true), (3.0, false)] {
        gradcheck(&three, |v| triplet_margin_loss([&v[0], &v[1], &v[2]], 1.0, p, 1e-6, swap, Reduction::Mean));
    }
    let labels = Tensor::from_vec((0..12).map(|i| (i % 2) as f64).collect(), &[4, 3]);
    let w = wave(&[3], 0.2);
    gradcheck(&rows[..1], |v| multilabel_soft_margin_loss(&v[0], &labels, Some(&w), Reduction::Mean));
}
