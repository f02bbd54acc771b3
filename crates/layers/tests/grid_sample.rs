//! Sampling on grids: gradients against differences, and the identity.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::{GridConfig, affine_grid, grid_sample};
use candlewick_tensor::Tensor;

#[test]
fn gradients_agree_with_differences() {
    let (x, grid) = (leaf(wave(&[2, 2, 3, 4], 0.1)), leaf(wave(&[2, 2, 2, 2], 0.4)));
    for mode in ["bilinear", "nearest", "bicubic"] {
        for padding in ["zeros", "border", "reflection"] {
            let c = GridConfig::parse(mode, padding, padding == "border").unwrap();
            gradcheck(&[x.clone(), grid.clone()], |v| grid_sample(&v[0], &v[1], &c));
            gradgradcheck(&[x.clone(), grid.clone()], |v| grid_sample(&v[0], &v[1], &c));
        }
    }
    let (x, grid) = (leaf(wave(&[1, 2, 2, 3, 2], 0.1)), leaf(wave(&[1, 1, 2, 1, 3], 0.4)));
    let c = GridConfig::parse("bilinear", "reflection", false).unwrap();
    gradcheck(&[x.clone(), grid.clone()], |v| grid_sample(&v[0], &v[1], &c));
    gradgradcheck(&[x, grid], |v| grid_sample(&v[0], &v[1], &c));
    let theta = [leaf(wave(&[2, 2, 3], 0.1))];
    gradcheck(&theta, |v| affine_grid(&v[0], &[2, 1, 3, 2], false));
    gradgradcheck(&theta, |v| affine_grid(&v[0], &[2, 1, 3, 2], true));
}

#[test]
fn the_identity_gives_the_image_back() {
    let x = wave(&[1, 2, 3, 4, 5], 0.2);
    let one = |i: usize| if i.is_multiple_of(5) { 1.0 } else { 0.0 };
    let theta = Tensor::from_vec((0..12).map(one).collect::<Vec<f64>>(), &[1, 3, 4]);
    for corners in [true, false] {
        let c = GridConfig::parse("bilinear", "border", corners).unwrap();
        let y = grid_sample(&x, &affine_grid(&theta, &[1, 2, 3, 4, 5], corners).unwrap(), &c).unwrap();
        let (got, want) = (y.to_f64_vec().unwrap(), x.to_f64_vec().unwrap());
        assert!(got.iter().zip(&want).all(|(a, b)| (a - b).abs() < 1e-12));
    }
}
