//! Maximum pooling with indices, and its reversal.

use super::two::halve;
use super::{Axis, check, grain};
use crate::memory::{Pod, scratch};
use crate::pool::chunks;
use crate::raw::Raw;
use crate::simd::{Kernel, dispatch};
use crate::sizes::product;

/// Numbers that have a largest one.
pub trait Order: Pod + Default + PartialOrd + Send + Sync {
    /// Whether this is a NaN, which wins over everything.
    fn is_nan(self) -> bool;
}

macro_rules! order {
    ($($t:ty)*) => { $(impl Order for $t {
        // Only a NaN differs from itself.
        #[allow(clippy::eq_op)]
        #[inline(always)]
        fn is_nan(self) -> bool {
            self != self
        }
    })* };
}
order!(f32 f64 i64 i32 i16 i8 u8);

/// y = the maximum of each window, `indices` = its position in the plane. The first maximum in row-major order wins, and
/// NaN wins over everything.
pub fn max_forward<T: Order>(planes: usize, axes: &[Axis; 3], x: &[T], y: &mut [T], indices: &mut [i64]) {
    let (input, output) = check(planes, axes, x.len(), y.len());
    assert_eq!(y.len(), indices.len(), "pooling: one index for each output");
    let [d, h, w] = axes;
    let halves = d.len() == 1 && d.tiles(1) && h.tiles(2) && w.tiles(2);
    let ends = if halves { vec![] } else { ends(w) };
    let (y, indices, n) = (Raw::new(y), Raw::new(indices), w.spans().len());
    if output == 0 {
        return;
    }
    chunks(planes, grain(input), |range| {
        for p in range {
            // SAFETY: each plane belongs to one task, lengths are checked.
            let (y, indices) = unsafe { (y.slice(p * output, output), indices.slice(p * output, output)) };
            let x = &x[p * input..][..input];
            if halves {
                halve(x, w.len(), n, y, indices);
            } else {
                scratch(n, |row: &mut [T]| {
                    scratch(n, |columns| dispatch(Plane { axes, ends: &ends, x, row, columns, y, indices }));
                });
            }
        }
    });
}

/// Each window's first and last column.
fn ends(w: &Axis) -> Vec<(usize, usize)> {
    w.spans().iter().map(|s| (s.start, s.end - 1 - (s.end - 1 - s.start) % w.step())).collect()
}

/// The windows of one plane, a row of them at a time: branches on which element is larger would be guesses.
struct Plane<'a, T> {
    axes: &'a [Axis; 3],
    ends: &'a [(usize, usize)],
    x: &'a [T],
    /// One element of every window of a row, and its column.
    row: &'a mut [T],
    columns: &'a mut [i64],
    y: &'a mut [T],
    indices: &'a mut [i64],
}

impl<T: Order> Kernel for Plane<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Plane { axes: [d, h, w], ends, x, row, columns, y, indices } = self;
        let n = row.len();
        let taps = ends.iter().map(|(first, last)| (last - first) / w.step() + 1).max().unwrap_or(0);
        let windows = d.spans().iter().flat_map(|dd| h.spans().iter().map(move |hh| (dd, hh)));
        for ((dd, hh), (y, at)) in windows.zip(y.chunks_exact_mut(n).zip(indices.chunks_exact_mut(n))) {
            let mut begun = false;
            for i in (dd.start..dd.end).step_by(d.step()) {
                for j in (hh.start..hh.end).step_by(h.step()) {
                    let start = (i * h.len() + j) * w.len();
                    let line = &x[start..start + w.len()];
                    for tap in 0..taps {
                        // A window with fewer elements repeats its last one, which changes nothing.
                        for ((e, k), (first, last)) in row.iter_mut().zip(columns.iter_mut()).zip(ends) {
                            let column = (first + tap * w.step()).min(*last);
                            *e = line[column];
                            *k = (start + column) as i64;
                        }
                        for (((best, at), &e), &k) in y.iter_mut().zip(at.iter_mut()).zip(&*row).zip(&*columns) {
                            let wins = !begun || e > *best || e.is_nan();
                            *best = if wins { e } else { *best };
                            *at = if wins { k } else { *at };
                        }
                        begun = true;
                    }
                }
            }
        }
    }
}

/// dx = dy sent to the positions that won; `in_plane` and `out_plane` are elements of a plane.
///
/// Panics if an index lies outside its plane.
pub fn max_backward<T: Pod + Default + std::ops::AddAssign + Send + Sync>(
    planes: usize,
    in_plane: usize,
    out_plane: usize,
    dy: &[T],
    indices: &[i64],
    dx: &mut [T],
) {
    send(planes, in_plane, out_plane, dy, indices, dx, |to, g| *to += g);
}

/// y = x put at the positions `indices` of zero planes; of several at one place the last stays.
///
/// Panics if an index lies outside its plane.
pub fn unpool<T: Pod + Default + Send + Sync>(
    planes: usize,
    out_plane: usize,
    in_plane: usize,
    x: &[T],
    indices: &[i64],
    y: &mut [T],
) {
    send(planes, out_plane, in_plane, x, indices, y, |to, v| *to = v);
}

fn send<T: Pod + Default + Send + Sync>(
    planes: usize,
    to_plane: usize,
    from_plane: usize,
    from: &[T],
    indices: &[i64],
    to: &mut [T],
    put: impl Fn(&mut T, T) + Sync,
) {
    assert_eq!(
        (to.len(), from.len(), indices.len()),
        (product(&[planes, to_plane]), product(&[planes, from_plane]), from.len()),
        "pooling: lengths"
    );
    let out = Raw::new(to);
    chunks(planes, grain(to_plane), |range| {
        for p in range {
            // SAFETY: each plane belongs to one task, lengths are checked.
            let to = unsafe { out.slice(p * to_plane, to_plane) };
            to.fill(T::default());
            for (&v, &i) in from[p * from_plane..][..from_plane].iter().zip(&indices[p * from_plane..]) {
                put(&mut to[usize::try_from(i).expect("pooling: negative index")], v);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::random;
    use crate::simd::{available, with_level};

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
                with_level(l, || max_forward(v.planes, &v.axes(), &x, &mut y, &mut at));
                assert!(y.iter().zip(&want).all(|(a, b)| a == b || a.is_nan() && b.is_nan()), "{l:?} {v:?}");
                assert_eq!(at, want_at, "{l:?} {v:?}");
            }
            let x: Vec<f64> = x.iter().map(|&e| e as f64).collect();
            let (mut y, mut at) = (vec![0f64; want.len()], vec![0; want.len()]);
            max_forward(v.planes, &v.axes(), &x, &mut y, &mut at);
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
        max_forward(2, &[depth.clone(), rows.clone(), columns.clone()], &x, &mut y, &mut at);
        let (mut slices, mut inner) = (vec![0.0; 8 * 3], vec![0; 24]);
        max_forward(8, &[one.clone(), rows, columns], &x, &mut slices, &mut inner);
        let (mut twice, mut outer) = (vec![0.0; 12], vec![0; 12]);
        max_forward(2, &[one, depth, Axis::adaptive(3, 3)], &slices, &mut twice, &mut outer);
        assert_eq!(y, twice);
        assert!(y.iter().enumerate().all(|(i, v)| x[i / 6 * 120 + at[i] as usize] == *v));
        let whole: Vec<i64> = x.iter().map(|v| (v * 100.0) as i64).collect();
        let mut z = vec![0; 12];
        max_forward(
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
        max_backward(2, 4, 3, &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0], &[1, 1, 3, 0, 2, 2], &mut dx);
        assert_eq!(dx, [0.0, 3.0, 0.0, 4.0, 8.0, 0.0, 48.0, 0.0]);
    }

    #[test]
    fn the_last_value_at_a_place_stays() {
        let mut y = [7f32; 4];
        unpool(1, 4, 3, &[1.0, 2.0, 3.0], &[2, 0, 2], &mut y);
        assert_eq!(y, [2.0, 0.0, 3.0, 0.0]);
    }
}
