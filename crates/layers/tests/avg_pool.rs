//! Means of windows: gradients against differences, and integers.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::{AvgPoolConfig, PoolConfig, adaptive_avg_pool, avg_pool, lp_pool};
use candlewick_tensor::Tensor;

fn config(kernel: &[usize], stride: &[usize], padding: &[usize], ceil_mode: bool) -> PoolConfig {
    PoolConfig { kernel: kernel.into(), stride: stride.into(), padding: padding.into(), dilation: vec![1], ceil_mode }
}

#[test]
fn gradients_agree_with_differences() {
    let run = |spatial: usize, shape: &[usize], c: PoolConfig, count_include_pad: bool, divisor: Option<i64>| {
        let (x, a) = ([leaf(wave(shape, 0.1))], AvgPoolConfig { count_include_pad, divisor });
        gradcheck(&x, |v| avg_pool(&v[0], spatial, &c, &a));
        gradgradcheck(&x, |v| avg_pool(&v[0], spatial, &c, &a));
    };
    run(1, &[2, 3, 7], config(&[3], &[2], &[1], true), false, None);
    run(2, &[2, 2, 5, 6], config(&[3, 2], &[2], &[1, 0], false), true, None);
    run(2, &[2, 2, 5, 6], config(&[3, 2], &[2], &[1, 0], true), true, Some(-3));
    run(3, &[2, 4, 3, 4], config(&[2], &[], &[1, 0, 1], true), true, None);
    let x = [leaf(wave(&[2, 2, 5, 6], 0.1))];
    gradcheck(&x, |v| adaptive_avg_pool(&v[0], &[Some(3), None]));
    gradgradcheck(&x, |v| adaptive_avg_pool(&v[0], &[Some(2), Some(4), Some(3)]));
}

#[test]
fn power_means_have_gradients() {
    let x = [leaf(wave(&[2, 5, 6], 0.1))];
    for (p, spatial) in [(2.0, 2), (4.0, 1)] {
        gradcheck(&x, |v| lp_pool(&v[0], p, spatial, &config(&[2], &[], &[0], false)));
        gradgradcheck(&x, |v| lp_pool(&v[0], p, spatial, &config(&[2], &[], &[0], false)));
    }
}

#[test]
fn integers_round_towards_zero() {
    let x = Tensor::from_vec(vec![-1i64, -2, 3, 4], &[1, 2, 2]);
    let a = AvgPoolConfig { count_include_pad: true, divisor: None };
    let y = avg_pool(&x, 2, &config(&[1, 2], &[], &[0], false), &a).unwrap();
    assert_eq!(y.data::<i64>().unwrap(), [-1, 3]);
}
