//! Convolution and its gradients against the definition, at every level.

use crate::check::{close, random, same_on_threads};
use candlewick_kernels::conv::Conv;
use candlewick_kernels::entries::Kernels;
use candlewick_kernels::float::Float;
use candlewick_kernels::simd::{available, with_level};

/// Calls `f(x index, w index, y index)` for every product in the definition.
fn products(v: &Conv, mut f: impl FnMut(usize, usize, usize)) {
    let (c, o) = (v.channels / v.groups, v.out_channels / v.groups);
    let ([od, oh, ow], [kd, kh, kw], [d, h, w]) = (v.output(), v.kernel, v.input);
    let at = |i: usize, o: usize, k: usize| (o * v.stride[i] + k * v.dilation[i]).wrapping_sub(v.padding[i]);
    for no in 0..v.batch * v.out_channels {
        let (n, oc) = (no / v.out_channels, no % v.out_channels);
        for p in 0..od * oh * ow {
            for ct in 0..c * kd * kh * kw {
                let (ch, t) = (ct / (kd * kh * kw), ct % (kd * kh * kw));
                let (z, y, x) =
                    (at(0, p / (oh * ow), t / (kh * kw)), at(1, p / ow % oh, t / kw % kh), at(2, p % ow, t % kw));
                if z < d && y < h && x < w {
                    let xi = (((n * v.channels + oc / o * c + ch) * d + z) * h + y) * w + x;
                    f(xi, oc * c * kd * kh * kw + ct, no * od * oh * ow + p);
                }
            }
        }
    }
}

fn conv2d(n: usize, c: usize, o: usize, g: usize, hw: [usize; 2], k: usize, s: usize, p: usize, d: usize) -> Conv {
    Conv {
        batch: n,
        channels: c,
        out_channels: o,
        groups: g,
        input: [1, hw[0], hw[1]],
        kernel: [1, k, k],
        stride: [1, s, s],
        padding: [0, p, p],
        dilation: [1, d, d],
    }
}

/// (elements of x, of w, of y)
fn lengths(v: &Conv) -> (usize, usize, usize) {
    let elements = |channels: usize, size: [usize; 3]| v.batch * channels * size.iter().product::<usize>();
    let w = v.out_channels * (v.channels / v.groups) * v.kernel.iter().product::<usize>();
    (elements(v.channels, v.input), w, elements(v.out_channels, v.output()))
}

fn shapes() -> Vec<Conv> {
    let mut all = vec![
        conv2d(1, 1, 1, 1, [5, 5], 3, 1, 1, 1),
        conv2d(3, 5, 33, 1, [7, 7], 3, 1, 0, 1),
        conv2d(2, 32, 20, 1, [14, 14], 3, 1, 1, 1),
        conv2d(5, 40, 50, 1, [7, 7], 3, 1, 1, 1),
        conv2d(2, 3, 19, 1, [32, 32], 7, 2, 3, 1),
        conv2d(2, 10, 18, 1, [15, 14], 3, 2, 1, 1),
        conv2d(2, 10, 18, 1, [14, 15], 1, 2, 0, 1),
        conv2d(2, 20, 40, 1, [9, 9], 1, 1, 0, 1),
        conv2d(2, 4, 6, 1, [12, 12], 5, 1, 2, 1),
        conv2d(1, 2, 3, 1, [11, 11], 3, 3, 1, 1),
        conv2d(2, 3, 4, 1, [13, 11], 3, 1, 2, 2),
        conv2d(2, 3, 4, 1, [13, 12], 3, 2, 4, 3),
        conv2d(2, 8, 12, 4, [9, 10], 3, 1, 1, 1),
        conv2d(2, 6, 6, 6, [9, 10], 3, 2, 1, 1),
        conv2d(1, 4, 8, 4, [5, 6], 2, 1, 1, 1),
        conv2d(3, 5, 5, 5, [7, 7], 3, 1, 1, 1),
        conv2d(2, 4, 4, 4, [11, 14], 5, 2, 2, 1),
        conv2d(2, 4, 4, 4, [13, 12], 3, 3, 0, 2),
        conv2d(1, 2, 2, 2, [5, 4], 1, 2, 2, 1),
        conv2d(1, 2, 2, 2, [3, 5], 2, 1, 3, 1),
        conv2d(3, 33, 65, 1, [8, 37], 3, 1, 1, 1),
        conv2d(4, 2, 3, 1, [1, 2], 1, 1, 1, 1),
        conv2d(2, 3, 2, 1, [2, 2], 3, 1, 3, 1),
    ];
    let cube = Conv { input: [5, 6, 7], kernel: [3, 2, 3], ..conv2d(2, 4, 6, 2, [1, 1], 1, 1, 0, 1) };
    all.push(cube);
    all.push(Conv { stride: [2, 1, 3], padding: [1, 0, 2], dilation: [1, 2, 1], ..cube });
    all
}

fn twin<T: Float>() {
    for v in shapes() {
        let (lx, lw, ly) = lengths(&v);
        let (x, w, b, g) = (random::<T>(lx, 1), random::<T>(lw, 2), random::<T>(v.out_channels, 3), random::<T>(ly, 4));
        let area: usize = v.output().iter().product();
        let mut want: Vec<f64> = (0..ly).map(|i| b[i / area % v.out_channels].to_f64()).collect();
        let (mut want_dx, mut want_dw, mut want_db) = (vec![0.0; lx], vec![0.0; lw], vec![0.0; v.out_channels]);
        products(&v, |i, j, o| {
            want[o] += x[i].to_f64() * w[j].to_f64();
            want_dx[i] += g[o].to_f64() * w[j].to_f64();
            want_dw[j] += g[o].to_f64() * x[i].to_f64();
        });
        (0..ly).for_each(|i| want_db[i / area % v.out_channels] += g[i].to_f64());
        let cast = |v: &[f64]| v.iter().map(|&x| T::from_f64(x)).collect::<Vec<T>>();
        for l in available() {
            let what = |name| format!("{name} {l:?} {v:?}");
            let seven = T::from_f64(7.0);
            let (mut y, mut dx, mut dw, mut db) =
                (vec![seven; ly], vec![seven; lx], vec![seven; lw], vec![seven; v.out_channels]);
            with_level(l, || {
                T::conv_forward(&v, &x, &w, Some(&b), &mut y);
                T::conv_backward_data(&v, &g, &w, &mut dx);
                T::conv_backward_weights(&v, &x, &g, &mut dw);
                T::conv_backward_bias(&v, &g, &mut db);
            });
            close(&y, &cast(&want), &what("forward"));
            close(&dx, &cast(&want_dx), &what("backward_data"));
            close(&dw, &cast(&want_dw), &what("backward_weights"));
            close(&db, &cast(&want_db), &what("backward_bias"));
        }
    }
}

#[test]
fn f32_meets_its_naive_twin() {
    twin::<f32>();
}

#[test]
fn f64_meets_its_naive_twin() {
    twin::<f64>();
}

#[test]
fn same_bits_on_any_number_of_threads() {
    for v in [
        conv2d(20, 1, 32, 1, [28, 28], 3, 1, 1, 1),
        conv2d(33, 16, 24, 1, [14, 14], 3, 1, 0, 1),
        conv2d(9, 8, 8, 8, [15, 15], 3, 2, 1, 1),
    ] {
        let (lx, lw, ly) = lengths(&v);
        let (x, w, g) = (random::<f32>(lx, 1), random::<f32>(lw, 2), random::<f32>(ly, 3));
        same_on_threads(ly, |y: &mut [f32]| f32::conv_forward(&v, &x, &w, None, y));
        same_on_threads(lx, |dx: &mut [f32]| f32::conv_backward_data(&v, &g, &w, dx));
        same_on_threads(lw, |dw: &mut [f32]| f32::conv_backward_weights(&v, &x, &g, dw));
    }
}

#[test]
fn empty_input_gives_the_bias() {
    let v = conv2d(2, 0, 2, 1, [3, 3], 3, 1, 1, 1);
    let mut y = vec![7f32; 36];
    f32::conv_forward(&v, &[], &[], Some(&[1.0, 2.0]), &mut y);
    assert!(y.iter().enumerate().all(|(i, &e)| e == [1.0, 2.0][i / 9 % 2]));
}

#[test]
fn no_channels_or_no_images() {
    let v = conv2d(0, 3, 4, 1, [5, 5], 3, 1, 1, 1);
    let mut dw = vec![7f32; lengths(&v).1];
    f32::conv_backward_weights(&v, &[], &[], &mut dw);
    assert!(dw.iter().all(|&e| e == 0.0));
    f32::conv_forward(&v, &[], &dw, None, &mut []);
}

#[test]
#[should_panic(expected = "conv: lengths of x, w and y")]
fn short_slices_are_refused() {
    let v = conv2d(1, 3, 4, 1, [5, 5], 3, 1, 1, 1);
    f32::conv_forward(&v, &[0f32; 75], &[0f32; 107], None, &mut [0f32; 100]);
}
