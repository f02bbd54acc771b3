//! Maximum pooling with indices.

use super::two::halve;
use super::{Pool2d, grain};
use crate::float::Float;
use crate::pool::chunks;
use crate::raw::Raw;
use crate::sizes::product;

/// y = the maximum of each window, `indices` = its position in the H*W plane. The first maximum in row-major order
/// wins, and NaN wins over everything.
pub fn max_forward<T: Float>(v: &Pool2d, x: &[T], y: &mut [T], indices: &mut [i64]) {
    v.check(x.len(), y.len());
    assert_eq!(y.len(), indices.len(), "pooling: one index for each output");
    let ([h, w], [oh, ow]) = (v.input, v.output);
    let (y, indices) = (Raw::new(y), Raw::new(indices));
    let plain = v.padding == [0; 2] && v.dilation == [1; 2];
    let halves = plain && v.kernel == [2; 2] && v.stride == [2; 2] && 2 * oh <= h && 2 * ow <= w;
    chunks(v.planes, grain(h * w), |planes| {
        for p in planes {
            // SAFETY: each plane belongs to one task, lengths are checked.
            let (y, indices) = unsafe { (y.slice(p * oh * ow, oh * ow), indices.slice(p * oh * ow, oh * ow)) };
            let x = &x[p * h * w..][..h * w];
            if halves { halve(x, w, ow, y, indices) } else { max_plane(v, x, y, indices) }
        }
    });
}

fn max_plane<T: Float>(v: &Pool2d, x: &[T], y: &mut [T], indices: &mut [i64]) {
    let [h, w] = v.input;
    let [oh, ow] = v.output;
    for i in 0..oh {
        let rows = window(i, v, 0, h);
        for j in 0..ow {
            let cols = window(j, v, 1, w);
            let mut best = T::NEG_INFINITY;
            let mut at = rows.clone().next().unwrap_or(0) * w + cols.clone().next().unwrap_or(0);
            for r in rows.clone() {
                for c in cols.clone() {
                    let e = x[r * w + c];
                    if e > best || e.is_nan() {
                        best = e;
                        at = r * w + c;
                    }
                }
            }
            y[i * ow + j] = best;
            indices[i * ow + j] = at as i64;
        }
    }
}

/// The input positions under window `i` along `axis`.
fn window(i: usize, v: &Pool2d, axis: usize, len: usize) -> std::iter::StepBy<std::ops::Range<usize>> {
    let (d, p) = (v.dilation[axis], v.padding[axis]);
    let start = i * v.stride[axis];
    let end = (start + (v.kernel[axis] - 1) * d + 1).saturating_sub(p).min(len);
    let first = if start >= p { start - p } else { (d - (p - start) % d) % d };
    (first.min(end)..end).step_by(d)
}

/// dx = dy sent to the positions that won; `in_plane` and `out_plane` are elements of a plane.
///
/// Panics if an index lies outside its plane.
pub fn max_backward<T: Float>(
    planes: usize,
    in_plane: usize,
    out_plane: usize,
    dy: &[T],
    indices: &[i64],
    dx: &mut [T],
) {
    assert_eq!(
        (dx.len(), dy.len(), indices.len()),
        (product(&[planes, in_plane]), product(&[planes, out_plane]), dy.len()),
        "pooling: lengths"
    );
    let out = Raw::new(dx);
    chunks(planes, grain(in_plane), |range| {
        for p in range {
            // SAFETY: each plane belongs to one task, lengths are checked.
            let dx = unsafe { out.slice(p * in_plane, in_plane) };
            dx.fill(T::ZERO);
            for (&g, &i) in dy[p * out_plane..][..out_plane].iter().zip(&indices[p * out_plane..]) {
                dx[usize::try_from(i).expect("pooling: negative index")] += g;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::random;
    use crate::simd::{available, with_level};

    fn naive(v: &Pool2d, x: &[f32]) -> (Vec<f32>, Vec<i64>) {
        let ([h, w], [oh, ow]) = (v.input.map(|l| l as isize), v.output);
        let (mut y, mut at) = (vec![], vec![]);
        for p in 0..v.planes * oh * ow {
            let (plane, i, j) = (p / (oh * ow), p / ow % oh, p % ow);
            let (mut best, mut index) = (f32::NEG_INFINITY, None);
            for k in 0..v.kernel[0] * v.kernel[1] {
                let r = (i * v.stride[0] + k / v.kernel[1] * v.dilation[0]) as isize - v.padding[0] as isize;
                let c = (j * v.stride[1] + k % v.kernel[1] * v.dilation[1]) as isize - v.padding[1] as isize;
                if r < 0 || c < 0 || r >= h || c >= w {
                    continue;
                }
                let e = x[plane * (h * w) as usize + (r * w + c) as usize];
                if index.is_none() || e > best || e.is_nan() {
                    (best, index) = (e, Some((r * w + c) as i64));
                }
            }
            y.push(best);
            at.push(index.unwrap());
        }
        (y, at)
    }

    fn pool(planes: usize, input: [usize; 2], k: usize, s: usize, p: usize, d: usize, ceil: bool) -> Pool2d {
        let output = input.map(|l| {
            let room = l + 2 * p - d * (k - 1) - 1;
            let n = if ceil { room.div_ceil(s) } else { room / s } + 1;
            if ceil && (n - 1) * s >= l + p { n - 1 } else { n }
        });
        Pool2d { planes, input, kernel: [k; 2], stride: [s; 2], padding: [p; 2], dilation: [d; 2], output }
    }

    #[test]
    fn forward_meets_its_naive_twin() {
        let mut shapes = vec![
            pool(3, [9, 11], 3, 2, 1, 1, false),
            pool(3, [9, 11], 3, 2, 1, 1, true),
            pool(2, [10, 13], 3, 1, 1, 2, false),
            pool(2, [6, 5], 2, 3, 0, 1, true),
            pool(40, [28, 28], 2, 2, 0, 1, false),
            pool(2, [7, 9], 2, 2, 0, 1, true),
            pool(1, [112, 112], 3, 2, 1, 1, false),
        ];
        for w in 2..40 {
            shapes.push(pool(3, [5, w], 2, 2, 0, 1, false));
        }
        for v in shapes {
            let mut x = random::<f32>(v.planes * v.input[0] * v.input[1], 1);
            // Ties, NaN, infinities.
            x.iter_mut().for_each(|e| *e = (*e * 4.0).round());
            x.iter_mut().step_by(7).for_each(|e| *e = if *e > 3.0 { f32::NAN } else { *e });
            x.iter_mut().step_by(5).for_each(|e| *e = if *e < 0.0 { f32::NEG_INFINITY } else { *e });
            let (want, want_at) = naive(&v, &x);
            for l in available() {
                let (mut y, mut at) = (vec![0f32; want.len()], vec![0; want.len()]);
                with_level(l, || max_forward(&v, &x, &mut y, &mut at));
                assert!(y.iter().zip(&want).all(|(a, b)| a == b || a.is_nan() && b.is_nan()), "{l:?} {v:?}");
                assert_eq!(at, want_at, "{l:?} {v:?}");
            }
            let x: Vec<f64> = x.iter().map(|&e| e as f64).collect();
            let (mut y, mut at) = (vec![0f64; want.len()], vec![0; want.len()]);
            max_forward(&v, &x, &mut y, &mut at);
            assert_eq!(at, want_at, "f64 {v:?}");
        }
    }

    #[test]
    fn backward_adds_where_windows_share_a_winner() {
        let mut dx = [7f32; 8];
        max_backward(2, 4, 3, &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0], &[1, 1, 3, 0, 2, 2], &mut dx);
        assert_eq!(dx, [0.0, 3.0, 0.0, 4.0, 8.0, 0.0, 48.0, 0.0]);
    }
}
