//! One-hot rows, inferred and checked.

use candlewick_layers::one_hot;
use candlewick_tensor::Tensor;

#[test]
fn classes_are_inferred_and_checked() {
    let x = Tensor::from_vec(vec![1i64, 0], &[2]);
    assert_eq!(one_hot(&x, -1).unwrap().to_f64_vec().unwrap(), [0.0, 1.0, 1.0, 0.0]);
    assert_eq!(one_hot(&x, 3).unwrap().shape(), [2, 3]);
    let e = one_hot(&x, 1).err().map(|e| e.to_string());
    assert_eq!(e.as_deref(), Some("Class values must be smaller than num_classes."));
}
