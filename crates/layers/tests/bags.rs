//! Which bag an index is in, and which indices count, as sums and means of bags show.

use candlewick_layers::{BagConfig, BagMode, embedding_bag};
use candlewick_tensor::Tensor;

/// The sum and the mean of every bag of the indices 3, 1, 3 into a table of powers of ten.
fn bags(offsets: &[i64], include_last_offset: bool, padding: Option<i64>) -> [Vec<f64>; 2] {
    let table = Tensor::from_vec(vec![1.0, 10.0, 100.0, 1000.0], &[4, 1]);
    let ints = |v: &[i64]| Tensor::from_vec(v.to_vec(), &[v.len()]);
    [BagMode::Sum, BagMode::Mean].map(|mode| {
        let c = BagConfig { mode, by_frequency: false, include_last_offset, padding };
        embedding_bag(&table, &ints(&[3, 1, 3]), &ints(offsets), None, c).unwrap().to_f64_vec().unwrap()
    })
}

#[test]
fn bags_may_be_empty_and_indices_may_not_count() {
    assert_eq!(bags(&[0, 2, 2], false, Some(1)), [[1000.0, 0.0, 1000.0], [1000.0, 0.0, 1000.0]]);
    assert_eq!(bags(&[0, 2, 2], false, None), [[1010.0, 0.0, 1000.0], [505.0, 0.0, 1000.0]]);
    // What lies behind the end of the last bag is in none.
    assert_eq!(bags(&[0, 2], true, None), [[1010.0], [505.0]]);
}
