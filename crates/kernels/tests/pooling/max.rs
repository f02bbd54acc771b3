//! Maxima of windows against their naive twin, and their gradient.

use crate::check::random;
use candlewick_kernels::entries::{Kernels, Moved, Pooled};
use candlewick_kernels::pooling::Axis;
use candlewick_kernels::simd::{available, with_level};

#[derive(Debug)]
struct Window {
    planes: usize,
    input: [usize; 2],
    k: usize,
    s: usize,
    p: usize,
    d: usize,
    output: [usize; 2],
}

impl Window {
    fn axes(&self) -> [Axis; 3] {
        let at = |i: usize| Axis::sliding(self.input[i], self.k, self.s, self.p, self.d, self.output[i]);
        [Axis::adaptive(1, 1), at(0), at(1)]
    }
}

fn naive(v: &Window, x: &[f32]) -> (Vec<f32>, Vec<i64>) {
    let ([h, w], [oh, ow]) = (v.input.map(|l| l as isize), v.output);
    let (mut y, mut at) = (vec![], vec![]);
    for p in 0..v.planes * oh * ow {
        let (plane, i, j) = (p / (oh * ow), p / ow % oh, p % ow);
        let (mut best, mut index) = (f32::NEG_INFINITY, None);
        for k in 0..v.k * v.k {
            let r = (i * v.s + k / v.k * v.d) as isize - v.p as isize;
            let c = (j * v.s + k % v.k * v.d) as isize - v.p as isize;
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

fn pool(planes: usize, input: [usize; 2], k: usize, s: usize, p: usize, d: usize, ceil: bool) -> Window {
    let output = input.map(|l| {
        let room = l + 2 * p - d * (k - 1) - 1;
        let n = if ceil { room.div_ceil(s) } else { room / s } + 1;
        if ceil && (n - 1) * s >= l + p { n - 1 } else { n }
    });
    Window { planes, input, k, s, p, d, output }
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
            with_level(l, || f32::max_pool(v.planes, &v.axes(), &x, &mut y, &mut at));
            assert!(y.iter().zip(&want).all(|(a, b)| a == b || a.is_nan() && b.is_nan()), "{l:?} {v:?}");
            assert_eq!(at, want_at, "{l:?} {v:?}");
        }
        let x: Vec<f64> = x.iter().map(|&e| e as f64).collect();
        let (mut y, mut at) = (vec![0f64; want.len()], vec![0; want.len()]);
        f64::max_pool(v.planes, &v.axes(), &x, &mut y, &mut at);
        assert_eq!(at, want_at, "f64 {v:?}");
    }
}

#[test]
fn three_dimensions_are_two_and_one() {
    // The maxima over depth of the maxima over each slice.
    let x = random::<f32>(2 * 4 * 5 * 6, 3);
    let [depth, rows, columns] = [(4, 2), (5, 3), (6, 2)].map(|(n, k)| Axis::sliding(n, k, k, 0, 1, n / k));
    let one = Axis::adaptive(1, 1);
    let (mut y, mut at) = (vec![0.0; 2 * 2 * 3], vec![0; 12]);
    f32::max_pool(2, &[depth.clone(), rows.clone(), columns.clone()], &x, &mut y, &mut at);
    let (mut slices, mut inner) = (vec![0.0; 8 * 3], vec![0; 24]);
    f32::max_pool(8, &[one.clone(), rows, columns], &x, &mut slices, &mut inner);
    let (mut twice, mut outer) = (vec![0.0; 12], vec![0; 12]);
    f32::max_pool(2, &[one, depth, Axis::adaptive(3, 3)], &slices, &mut twice, &mut outer);
    assert_eq!(y, twice);
    assert!(y.iter().enumerate().all(|(i, v)| x[i / 6 * 120 + at[i] as usize] == *v));
    let whole: Vec<i64> = x.iter().map(|v| (v * 100.0) as i64).collect();
    let mut z = vec![0; 12];
    i64::max_pool(
        2,
        &[Axis::sliding(4, 2, 2, 0, 1, 2), Axis::sliding(5, 3, 3, 0, 1, 1), Axis::sliding(6, 2, 2, 0, 1, 3)],
        &whole,
        &mut z,
        &mut at,
    );
    assert!(z.iter().enumerate().all(|(i, v)| whole[i / 6 * 120 + at[i] as usize] == *v));
}

#[test]
fn backward_adds_where_windows_share_a_winner() {
    let mut dx = [7f32; 8];
    f32::max_pool_backward(2, 4, 3, &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0], &[1, 1, 3, 0, 2, 2], &mut dx);
    assert_eq!(dx, [0.0, 3.0, 0.0, 4.0, 8.0, 0.0, 48.0, 0.0]);
}

#[test]
fn the_last_value_at_a_place_stays() {
    let mut y = [7u32; 4];
    u32::max_unpool(1, 4, 3, &[1, 2, 3], &[2, 0, 2], &mut y);
    assert_eq!(y, [2, 0, 3, 0]);
}
