//! The norm of several tensors, and clipping by it.

use candlewick_tensor::Tensor;
use candlewick_tensor::ops::{clip_with_norm_, total_norm};

#[test]
fn norms_and_clipping() {
    let xs = [Tensor::from_vec(vec![3.0f32, 0.0], &[2]), Tensor::from_vec(vec![-4.0f32], &[1])];
    let value = |p: f64| total_norm(&xs, p).unwrap().item().unwrap().to_f64();
    assert_eq!([value(2.0), value(1.0), value(0.0), value(f64::INFINITY)], [5.0, 7.0, 2.0, 4.0]);
    clip_with_norm_(&xs, 1.0, &total_norm(&xs, 2.0).unwrap()).unwrap();
    let clipped = xs[1].to_f64_vec().unwrap()[0];
    assert!((clipped + 0.8).abs() < 1e-6);
    assert_eq!(total_norm(&[], 2.0).unwrap().item().unwrap().to_f64(), 0.0);
}
