//! Maximum pooling with indices, and its reversal.

use super::two::halve;
use super::{Axis, check, grain};
use crate::memory::{Pod, scratch};
use crate::pool::chunks;
use crate::raw::Raw;
use crate::simd::{Kernel, dispatch};
use crate::sizes::product;

/// Numbers that have a largest one.
pub(crate) trait Order: Pod + Default + PartialOrd + Send + Sync {
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
order!(f32 f64 i64);

/// y = the maximum of each window, `indices` = its position in the plane. The first maximum in row-major order wins, and
/// NaN wins over everything.
pub(crate) fn max_forward<T: Order>(planes: usize, axes: &[Axis; 3], x: &[T], y: &mut [T], indices: &mut [i64]) {
    let (input, output) = check(planes, axes, x.len(), y.len());
    assert_eq!(y.len(), indices.len(), "pooling: one index for each output");
    let [d, h, w] = axes;
    let halves = d.len() == 1 && d.tiles(1) && h.tiles(2) && w.tiles(2);
    let ends = if halves { vec![] } else { ends(w) };
    let (y, indices, n) = (Raw::new(y), Raw::new(indices), w.spans().len());
    if output == 0 {
        return;
    }
    chunks(planes, grain(input), &|range| {
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
pub(crate) fn max_backward<T: Pod + Default + std::ops::AddAssign + Send + Sync>(
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
pub(crate) fn unpool<T: Copy + Default + Send + Sync>(
    planes: usize,
    out_plane: usize,
    in_plane: usize,
    x: &[T],
    indices: &[i64],
    y: &mut [T],
) {
    send(planes, out_plane, in_plane, x, indices, y, |to, v| *to = v);
}

fn send<T: Copy + Default + Send + Sync>(
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
    chunks(planes, grain(to_plane), &|range| {
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
