//! Interpolation: gradients against differences, and refusals.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::{InterpolateConfig, interpolate};

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
