//! Fractional pooling against PyTorch's windows, and its gradients.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::fractional_max_pool;
use candlewick_tensor::random::Generator;
use candlewick_tensor::{Tensor, ops};

#[test]
fn windows_begin_where_pytorch_s_do() {
    // torch.nn.functional.fractional_max_pool2d(arange(36).view(1, 6, 6), 2, 3, _random_samples=[[[0.3, 0.9]]])
    let x = Tensor::from_vec((0..36).map(f64::from).collect(), &[1, 6, 6]);
    let samples = Tensor::from_vec(vec![0.3, 0.9], &[1, 1, 2]);
    let (y, at) = fractional_max_pool(&x, &[2], &[3, 3], Some(&samples), &mut Generator::new(0)).unwrap();
    assert_eq!(y.to_f64_vec().unwrap(), [7.0, 9.0, 11.0, 19.0, 21.0, 23.0, 31.0, 33.0, 35.0]);
    assert_eq!(at.to_f64_vec().unwrap(), y.to_f64_vec().unwrap());
}

#[test]
fn gradients_agree_with_differences() {
    let x = [leaf(wave(&[2, 4, 5, 4], 0.1))];
    let samples = Tensor::from_vec(
        wave(&[2, 4, 3], 0.3).to_f64_vec().unwrap().iter().map(|v| v.abs() / 2.0).collect(),
        &[2, 4, 3],
    );
    let two = ops::narrow(&samples, 2, 0, 2).unwrap();
    let run = |x: &Tensor| Ok(fractional_max_pool(x, &[2, 3], &[3, 2], Some(&two), &mut Generator::new(0))?.0);
    gradcheck(&x, |v| run(&v[0]));
    gradgradcheck(&x, |v| run(&v[0]));
    let one = ops::narrow(&ops::narrow(&samples, 0, 0, 1).unwrap(), 1, 0, 2).unwrap();
    let cube = [leaf(wave(&[2, 4, 3, 4], 0.1))];
    gradcheck(&cube, |v| Ok(fractional_max_pool(&v[0], &[2], &[2, 1, 3], Some(&one), &mut Generator::new(0))?.0));
}
