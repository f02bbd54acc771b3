//! Orthonormal columns against their definition.

use crate::testing::wave;
use candlewick_tensor::ops::{mm, orthonormal_columns, t};

#[test]
fn columns_are_orthonormal_and_r_is_upper_with_a_positive_diagonal() {
    let a = wave(&[7, 4], 0.3);
    let q = orthonormal_columns(&a).unwrap();
    let gram = mm(&t(&q).unwrap(), &q).unwrap().to_f64_vec().unwrap();
    let r = mm(&t(&q).unwrap(), &a).unwrap().to_f64_vec().unwrap();
    for i in 0..4 {
        for j in 0..4 {
            assert!((gram[i * 4 + j] - f64::from(u8::from(i == j))).abs() < 1e-12);
            assert!(if i > j { r[i * 4 + j].abs() < 1e-12 } else { i != j || r[i * 4 + j] > 0.0 });
        }
    }
    let e = orthonormal_columns(&wave(&[2, 3], 0.0)).err().map(|e| e.to_string());
    assert_eq!(e.as_deref(), Some("expected at least as many rows as columns, received [2, 3]"));
}
