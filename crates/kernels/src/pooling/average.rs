//! Average pooling and its adaptive form.

use super::{Pool2d, grain};
use crate::float::Float;
use crate::pool::chunks;
use crate::raw::Raw;
use crate::sizes::product;

/// The rows or columns start..end under an averaging window, and its length with padding.
fn average_window(i: usize, v: &Pool2d, axis: usize) -> (usize, usize, usize) {
    let (p, len) = (v.padding[axis], v.input[axis]);
    let start = i * v.stride[axis];
    let end = (start + v.kernel[axis]).min(len + 2 * p);
    (start.saturating_sub(p).min(len), end.saturating_sub(p).min(len), end - start)
}

/// Calls `f(output, rows, columns, divisor)` for every window.
fn average_windows(
    v: &Pool2d,
    pad: bool,
    divisor: Option<usize>,
    mut f: impl FnMut(usize, (usize, usize), (usize, usize), usize),
) {
    for i in 0..v.output[0] {
        let (r0, r1, rn) = average_window(i, v, 0);
        for j in 0..v.output[1] {
            let (c0, c1, cn) = average_window(j, v, 1);
            let inside = (r1 - r0) * (c1 - c0);
            f(i * v.output[1] + j, (r0, r1), (c0, c1), divisor.unwrap_or(if pad { rn * cn } else { inside }));
        }
    }
}

/// y = the mean of each window: divided by `divisor` if given, else by the window's size within the padded input
/// (`count_include_pad`) or within the input. Dilation must be 1.
pub fn avg_forward<T: Float>(v: &Pool2d, count_include_pad: bool, divisor: Option<usize>, x: &[T], y: &mut [T]) {
    v.check(x.len(), y.len());
    let (hw, w, area) = (v.input[0] * v.input[1], v.input[1], v.output[0] * v.output[1]);
    let out = Raw::new(y);
    chunks(v.planes, grain(hw), |planes| {
        for p in planes {
            // SAFETY: each plane belongs to one task, lengths are checked.
            let (x, y) = (&x[p * hw..][..hw], unsafe { out.slice(p * area, area) });
            average_windows(v, count_include_pad, divisor, |o, rows, cols, n| y[o] = mean(x, w, rows, cols, n));
        }
    });
}

fn mean<T: Float>(x: &[T], w: usize, (r0, r1): (usize, usize), (c0, c1): (usize, usize), n: usize) -> T {
    if r0 >= r1 || c0 >= c1 {
        return T::ZERO;
    }
    let mut sum = T::ZERO;
    for r in r0..r1 {
        for &e in &x[r * w + c0..r * w + c1] {
            sum += e;
        }
    }
    sum / T::from_f64(n as f64)
}

fn spread<T: Float>(dx: &mut [T], w: usize, (r0, r1): (usize, usize), (c0, c1): (usize, usize), g: T) {
    for r in r0..r1 {
        for e in &mut dx[r * w + c0..r * w + c1] {
            *e += g;
        }
    }
}

/// dx = the gradient of `avg_forward`.
pub fn avg_backward<T: Float>(v: &Pool2d, count_include_pad: bool, divisor: Option<usize>, dy: &[T], dx: &mut [T]) {
    v.check(dx.len(), dy.len());
    let (hw, w, area) = (v.input[0] * v.input[1], v.input[1], v.output[0] * v.output[1]);
    let out = Raw::new(dx);
    chunks(v.planes, grain(hw), |planes| {
        for p in planes {
            // SAFETY: each plane belongs to one task, lengths are checked.
            let (dy, dx) = (&dy[p * area..][..area], unsafe { out.slice(p * hw, hw) });
            dx.fill(T::ZERO);
            average_windows(v, count_include_pad, divisor, |o, rows, cols, n| {
                spread(dx, w, rows, cols, dy[o] / T::from_f64(n as f64));
            });
        }
    });
}

/// Calls `f(output, rows, columns)` for every adaptive window: from floor(i in / out) to ceil((i + 1) in / out).
fn adaptive_windows(
    [h, w]: [usize; 2],
    [oh, ow]: [usize; 2],
    mut f: impl FnMut(usize, (usize, usize), (usize, usize)),
) {
    let range = |i: usize, len: usize, out: usize| (i * len / out, ((i + 1) * len).div_ceil(out));
    for i in 0..oh {
        for j in 0..ow {
            f(i * ow + j, range(i, h, oh), range(j, w, ow));
        }
    }
}

/// y = the mean of each adaptive window.
pub fn adaptive_avg_forward<T: Float>(planes: usize, input: [usize; 2], output: [usize; 2], x: &[T], y: &mut [T]) {
    let (hw, area) = (input[0] * input[1], output[0] * output[1]);
    assert_eq!(
        (x.len(), y.len()),
        (product(&[planes, input[0], input[1]]), product(&[planes, output[0], output[1]])),
        "pooling: lengths of input and output"
    );
    let out = Raw::new(y);
    chunks(planes, grain(hw), |range| {
        for p in range {
            // SAFETY: each plane belongs to one task, lengths are checked.
            let (x, y) = (&x[p * hw..][..hw], unsafe { out.slice(p * area, area) });
            adaptive_windows(input, output, |o, rows, cols| {
                y[o] = mean(x, input[1], rows, cols, (rows.1 - rows.0) * (cols.1 - cols.0));
            });
        }
    });
}

/// dx = the gradient of `adaptive_avg_forward`.
pub fn adaptive_avg_backward<T: Float>(planes: usize, input: [usize; 2], output: [usize; 2], dy: &[T], dx: &mut [T]) {
    let (hw, area) = (input[0] * input[1], output[0] * output[1]);
    assert_eq!(
        (dx.len(), dy.len()),
        (product(&[planes, input[0], input[1]]), product(&[planes, output[0], output[1]])),
        "pooling: lengths of input and output"
    );
    let out = Raw::new(dx);
    chunks(planes, grain(hw), |range| {
        for p in range {
            // SAFETY: each plane belongs to one task, lengths are checked.
            let (dy, dx) = (&dy[p * area..][..area], unsafe { out.slice(p * hw, hw) });
            dx.fill(T::ZERO);
            adaptive_windows(input, output, |o, rows, cols| {
                let n = (rows.1 - rows.0) * (cols.1 - cols.0);
                spread(dx, input[1], rows, cols, dy[o] / T::from_f64(n as f64));
            });
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{close, random};

    fn pool(input: [usize; 2], kernel: [usize; 2], stride: usize, padding: usize, output: [usize; 2]) -> Pool2d {
        Pool2d { planes: 1, input, kernel, stride: [stride; 2], padding: [padding; 2], dilation: [1; 2], output }
    }

    #[test]
    fn divisors_are_pytorch_s() {
        // torch.nn.functional.avg_pool2d(torch.ones(1, 1, 4, 4), 3, 2, 1, ceil_mode=True, ...)
        let v = pool([4, 4], [3, 3], 2, 1, [3, 3]);
        let mut y = [0f32; 9];
        avg_forward(&v, true, None, &[1.0; 16], &mut y);
        let row = [4.0 / 9.0, 6.0 / 9.0, 2.0 / 6.0];
        let mid = [6.0 / 9.0, 1.0, 3.0 / 6.0];
        close(&y, &[row[0], row[1], row[2], mid[0], mid[1], mid[2], 2.0 / 6.0, 3.0 / 6.0, 1.0 / 4.0], "padded");
        avg_forward(&v, false, None, &[1.0; 16], &mut y);
        close(&y, &[1.0; 9], "inside");
        avg_forward(&v, true, Some(2), &[1.0; 16], &mut y);
        close(&y, &[2.0, 3.0, 1.0, 3.0, 4.5, 1.5, 1.0, 1.5, 0.5], "divisor");
    }

    /// The gradient is the transpose: <y, A x> = <A' y, x>.
    fn adjoint(x: &[f64], dy: &[f64], y: &[f64], dx: &[f64]) {
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        assert!((dot(y, dy) - dot(dx, x)).abs() < 1e-12);
    }

    #[test]
    fn backward_is_the_transpose_of_forward() {
        let v = Pool2d { planes: 3, ..pool([7, 9], [3, 2], 2, 1, [4, 5]) };
        let (x, dy) = (random::<f64>(3 * 63, 1), random::<f64>(3 * 20, 2));
        let (mut y, mut dx) = (vec![0.0; 60], vec![9.0; 189]);
        for (pad, divisor) in [(true, None), (false, None), (true, Some(5))] {
            avg_forward(&v, pad, divisor, &x, &mut y);
            avg_backward(&v, pad, divisor, &dy, &mut dx);
            adjoint(&x, &dy, &y, &dx);
        }
        for out in [[1, 1], [5, 6], [7, 9], [10, 4]] {
            let n = 3 * out[0] * out[1];
            let (dy, mut y) = (random::<f64>(n, 3), vec![0.0; n]);
            adaptive_avg_forward(3, [7, 9], out, &x, &mut y);
            adaptive_avg_backward(3, [7, 9], out, &dy, &mut dx);
            adjoint(&x, &dy, &y, &dx);
        }
    }

    #[test]
    fn adaptive_windows_overlap_where_sizes_do_not_divide() {
        let mut y = [0f32; 3];
        adaptive_avg_forward(1, [1, 5], [1, 3], &[1.0, 2.0, 3.0, 4.0, 5.0], &mut y);
        assert_eq!(y, [1.5, 3.0, 4.5]);
    }
}
