//! Interpolation: gradients against differences, and refusals.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::{InterpolateConfig, interpolate};
use candlewick_tensor::Tensor;

fn config<'a>(mode: &'a str, size: &[i64]) -> InterpolateConfig<'a> {
    InterpolateConfig {
        size: Some(size.to_vec()),
        scale: None,
        positions: None,
        mode,
        align_corners: None,
        recompute: None,
        antialias: false,
    }
}

#[test]
fn gradients_agree_with_differences() {
    let x = [leaf(wave(&[1, 2, 4, 3], 0.1))];
    for mode in ["nearest", "nearest-exact", "area", "bilinear", "bicubic"] {
        for size in [[3, 5], [6, 2]] {
            gradcheck(&x, |v| interpolate(&v[0], &config(mode, &size)));
            gradgradcheck(&x, |v| interpolate(&v[0], &config(mode, &size)));
            if mode.starts_with("bi") {
                let smooth = InterpolateConfig { antialias: true, ..config(mode, &size) };
                gradcheck(&x, |v| interpolate(&v[0], &smooth));
                let corners = InterpolateConfig { align_corners: Some(true), ..config(mode, &size) };
                gradcheck(&x, |v| interpolate(&v[0], &corners));
            }
        }
    }
    gradgradcheck(&[leaf(wave(&[1, 2, 3], 0.1))], |v| interpolate(&v[0], &config("linear", &[5])));
    gradgradcheck(&[leaf(wave(&[1, 1, 2, 3, 2], 0.1))], |v| interpolate(&v[0], &config("trilinear", &[3, 2, 4])));
}

#[test]
fn what_cannot_be_is_named() {
    let x = wave(&[2, 4, 8, 8], 0.0);
    let text = |c: &InterpolateConfig| interpolate(&x, c).err().map(|e| e.to_string()).unwrap_or_default();
    assert_eq!(text(&config("linear", &[5])), "Got 4D input, but linear mode needs 3D input");
    assert_eq!(
        text(&config("nearest", &[0])),
        "Input and output sizes should be greater than 0, but got input (H: 8, W: 8) output (H: 0, W: 0)"
    );
    assert!(text(&config("nearest", &[5, 5, 5])).contains("[8, 8] and output size of (5, 5, 5). Please"));
}

/// PyTorch 2.15's answers; only the kernel of small images and linear interpolation go by the sizes.
#[test]
fn axes_that_keep_or_double_their_size() {
    let firsts = |shape: &[usize], scale: &[f64], mode: &str| {
        let (n, width) = (shape[2], shape[3..].iter().product::<usize>());
        let x = Tensor::from_vec((0..n * width).map(|i| (i / width) as f32).collect(), shape);
        let c = InterpolateConfig { size: None, scale: Some(scale.to_vec()), ..config(mode, &[]) };
        let y = interpolate(&x, &c).unwrap();
        let step: usize = y.shape()[3..].iter().product();
        y.to_f64_vec().unwrap().into_iter().step_by(step).collect::<Vec<f64>>()
    };
    let same = [0.0, 1.0, 2.0, 3.0, 4.0];
    assert_eq!(firsts(&[1, 1, 5], &[1.1], "linear"), same);
    assert_eq!(firsts(&[1, 1, 5, 7], &[1.1, 2.0], "bilinear"), same);
    assert_eq!(firsts(&[1, 1, 5, 5, 5], &[1.1, 1.0, 1.0], "trilinear"), same);
    assert_eq!(firsts(&[1, 1, 5], &[1.1], "nearest"), [0.0, 0.0, 1.0, 2.0, 3.0]);
    assert_eq!(firsts(&[1, 1, 5, 5], &[1.1, 1.0], "nearest"), same);
    assert_eq!(firsts(&[1, 1, 5, 200], &[1.1, 1.0], "nearest"), [0.0, 0.0, 1.0, 2.0, 3.0]);
    assert_eq!(firsts(&[1, 1, 3], &[2.05], "nearest"), [0.0, 0.0, 0.0, 1.0, 1.0, 2.0]);
    assert_eq!(firsts(&[1, 1, 3, 3], &[2.05, 1.0], "nearest"), [0.0, 0.0, 1.0, 1.0, 2.0, 2.0]);
    assert_eq!(firsts(&[1, 1, 3, 3], &[2.05, 1.0], "nearest-exact"), [0.0, 0.0, 1.0, 1.0, 2.0, 2.0]);
}
