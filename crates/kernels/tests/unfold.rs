//! Columns of windows against their definition, and their transpose.

use crate::check::{bits, moved, random, same_on_threads};
use candlewick_kernels::entries::{Kernels, Moved};
use candlewick_kernels::unfold::Unfold;

/// (elements of the image, of the columns)
fn lengths(v: &Unfold) -> (usize, usize) {
    let elements = |sizes: &[usize]| v.planes * sizes.iter().product::<usize>();
    (elements(&v.input), elements(&[v.kernel, v.output].concat()))
}

fn shapes() -> [Unfold; 3] {
    let v = |input, kernel, stride, padding, dilation, output| Unfold {
        planes: 3,
        input,
        kernel,
        stride,
        padding,
        dilation,
        output,
    };
    [
        v([4, 5], [2, 3], [1, 1], [0, 0], [1, 1], [3, 3]),
        v([5, 7], [3, 2], [2, 3], [1, 2], [1, 2], [3, 3]),
        v([2, 2], [3, 3], [1, 2], [3, 3], [2, 1], [4, 3]),
    ]
}

#[test]
fn columns_hold_their_windows() {
    for v in shapes() {
        let (n, m) = lengths(&v);
        let x = random::<f64>(n, 1);
        let mut y = vec![9.0; m];
        let run = |y: &mut [f64]| moved(y, |y| u64::unfold(&v, &bits(&x), y));
        run(&mut y);
        for (at, got) in y.iter().enumerate() {
            let ([h, w], [kh, kw], [oh, ow]) = (v.input, v.kernel, v.output);
            let (p, i, j) = (at / (kh * kw * oh * ow), at / (kw * oh * ow) % kh, at / (oh * ow) % kw);
            let r = (at / ow % oh * v.stride[0] + i * v.dilation[0]) as isize - v.padding[0] as isize;
            let c = (at % ow * v.stride[1] + j * v.dilation[1]) as isize - v.padding[1] as isize;
            let inside = (0..h as isize).contains(&r) && (0..w as isize).contains(&c);
            assert_eq!(*got, if inside { x[(p * h + r as usize) * w + c as usize] } else { 0.0 }, "{v:?} {at}");
        }
        same_on_threads(m, run);
    }
}

#[test]
fn fold_is_the_transpose() {
    for v in shapes() {
        let (n, m) = lengths(&v);
        let (x, dy) = (random::<f64>(n, 1), random::<f64>(m, 2));
        let (mut y, mut dx) = (vec![0.0; m], vec![5.0; n]);
        moved(&mut y, |y| u64::unfold(&v, &bits(&x), y));
        f64::fold(&v, &dy, &mut dx);
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        assert!((dot(&y, &dy) - dot(&dx, &x)).abs() < 1e-12, "{v:?}");
    }
}
