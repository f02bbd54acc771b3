//! Maxima of windows: gradients against differences, unpooling, refusals.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::{PoolConfig, adaptive_max_pool, max_pool, max_pool_backward, max_unpool};

fn config(kernel: &[usize], stride: &[usize], padding: &[usize], dilation: &[usize], ceil_mode: bool) -> PoolConfig {
    PoolConfig {
        kernel: kernel.into(),
        stride: stride.into(),
        padding: padding.into(),
        dilation: dilation.into(),
        ceil_mode,
    }
}

#[test]
fn gradients_agree_with_differences() {
    let run = |spatial: usize, shape: &[usize], c: PoolConfig| {
        let x = [leaf(wave(shape, 0.1))];
        gradcheck(&x, |v| Ok(max_pool(&v[0], spatial, &c)?.0));
        gradgradcheck(&x, |v| Ok(max_pool(&v[0], spatial, &c)?.0));
    };
    run(1, &[2, 3, 7], config(&[3], &[], &[1], &[2], true));
    run(2, &[2, 2, 6, 5], config(&[3, 2], &[2, 1], &[1, 0], &[1, 2], true));
    run(3, &[2, 4, 3, 5], config(&[2, 3, 2], &[1, 2, 2], &[1, 1, 0], &[1], false));
    let x = [leaf(wave(&[2, 6, 5], 0.1))];
    gradcheck(&x, |v| Ok(adaptive_max_pool(&v[0], &[Some(4), None])?.0));
    gradgradcheck(&x, |v| Ok(adaptive_max_pool(&v[0], &[Some(4)])?.0));
}

#[test]
fn unpooling_has_a_gradient() {
    let c = config(&[2], &[], &[0], &[1], false);
    let (y, at) = max_pool(&wave(&[2, 2, 4, 6], 0.1), 2, &c).unwrap();
    let y = [leaf(y)];
    gradcheck(&y, |v| max_unpool(&v[0], &at, &[5, 5]));
    gradgradcheck(&y, |v| max_unpool(&v[0], &at, &[5, 5]));
    let e = max_unpool(&y[0], &at, &[2, 2]).err().map(|e| e.to_string());
    assert_eq!(e.as_deref(), Some("Found an invalid max index: 11 (output volumes are of size 2x2)"));
    let x = wave(&[2, 2, 4, 6], 0.1);
    gradcheck(&y, |v| max_pool_backward(&v[0], &x, 2, &c, &at));
}

#[test]
fn a_window_without_room_is_named() {
    let e = max_pool(&wave(&[1, 3, 2, 2], 0.0), 2, &config(&[3], &[], &[0], &[1], false)).err();
    assert_eq!(
        e.map(|e| e.to_string()).as_deref(),
        Some("Given input size: (3x2x2). Calculated output size: (3x0x0). Output size is too small")
    );
}
