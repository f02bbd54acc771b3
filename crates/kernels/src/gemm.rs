//! Matrix product: `C[i, j] (+)= sum over p of A[i, p] B[p, j]`, with A and B of any strides.
//!
//! Blocks of K, then of rows: A is packed in tiles of `MR` rows; each task owns a rectangle of C and packs the columns
//! of B that it needs, a few panels at a time. Small products read A, and B where it is row-major, in place.

mod batch;
pub(crate) mod pack;
pub(crate) mod tile;

pub(crate) use batch::gemm_batch;

use crate::float::Float;
use crate::memory::scratch;
use crate::pool;
use crate::raw::Raw;
use crate::sizes::span;
use crate::vector::{Vector, Visit};
use pack::{Pack, PackPanels};
use tile::{Start, row_tile, tile, tile_loose};

/// A matrix in a slice: element (i, j) is `data[i * row + j * col]`.
#[derive(Clone, Copy, Debug)]
pub struct Mat<'a, T> {
    /// The elements.
    pub data: &'a [T],
    /// Distance between rows.
    pub row: usize,
    /// Distance between columns.
    pub col: usize,
}

impl<T> Mat<'_, T> {
    /// The matrix `by` elements further on.
    fn shift(&self, by: usize) -> Self {
        Mat { data: &self.data[by.min(self.data.len())..], ..*self }
    }
}

/// Longest block of K.
const KC: usize = 256;
/// Most rows of A packed at a time.
const MC: usize = 1536;
/// Panels of B packed together, so that a row of it is read in long runs.
const GROUP: usize = 4;
/// Panels in a task, if there are many.
const TASK_PANELS: usize = 4;
/// Products with fewer multiplications stay on this thread, unpacked (about 20 us of work).
const SMALL: usize = 1 << 20;
/// A row-major B with at most this many elements is read in place by small products.
const IN_PLACE: usize = 1 << 14;

/// C [m, n] = A [m, k] B [k, n], or C += A B with `accumulate`. C is row-major with `ldc` elements between rows.
///
/// The result does not depend on the number of threads. With k = 0 the sum is zero.
pub(crate) fn gemm<T: Float>(
    m: usize,
    n: usize,
    k: usize,
    a: Mat<T>,
    b: Mat<T>,
    c: &mut [T],
    ldc: usize,
    accumulate: bool,
) {
    if m == 0 || n == 0 {
        return;
    }
    check("A", &a, m, k);
    check("B", &b, k, n);
    assert!(ldc >= n && c.len() >= span(m, n, ldc, 1), "gemm: C [{m}, {n}] with row stride {ldc} exceeds its slice");
    if k == 0 {
        if !accumulate {
            c.chunks_mut(ldc).take(m).for_each(|row| row[..n].fill(T::ZERO));
        }
        return;
    }
    T::visit(Call { m, n, k, a, b, c, ldc, accumulate });
}

fn check<T>(name: &str, x: &Mat<T>, rows: usize, cols: usize) {
    let fits = x.data.len() >= span(rows, cols, x.row, x.col);
    assert!(fits, "gemm: {name} [{rows}, {cols}] with strides ({}, {}) exceeds its slice", x.row, x.col);
}

struct Call<'a, T> {
    m: usize,
    n: usize,
    k: usize,
    a: Mat<'a, T>,
    b: Mat<'a, T>,
    c: &'a mut [T],
    ldc: usize,
    accumulate: bool,
}

impl<T: Float> Visit<T> for Call<'_, T> {
    fn visit<V: Vector<Elem = T>>(self) {
        if self.m * self.n * self.k < SMALL { small::<V>(self) } else { large::<V>(self) }
    }
}

/// On this thread, A in place.
fn small<V: Vector>(g: Call<V::Elem>) {
    let (nr, kc) = (V::NV * V::LANES, g.k.min(1024));
    let in_place = g.b.col == 1 && g.k * g.n <= IN_PLACE;
    let tiles = g.m.div_ceil(V::MR);
    let c = g.c.as_mut_ptr();
    let packs = !in_place || !g.n.is_multiple_of(V::LANES);
    scratch(if packs { kc * nr } else { 0 }, |panel: &mut [V::Elem]| {
        for j in (0..g.n).step_by(nr) {
            let w = nr.min(g.n - j);
            let in_place = in_place && w.is_multiple_of(V::LANES); // a tile reads whole vectors
            for k0 in (0..g.k).step_by(kc) {
                let kl = kc.min(g.k - k0);
                let src = g.b.data[k0 * g.b.row + j * g.b.col..].as_ptr();
                let (b, ldb) = if in_place { (src, g.b.row) } else { (panel.as_ptr(), nr) };
                if !in_place {
                    let p = Pack { src, si: g.b.col, sk: g.b.row, w, kn: kl, dst: panel.as_mut_ptr(), ld: nr };
                    // SAFETY: the instructions are there (Visit); rows k0.., columns j.. of B exist, the panel holds kc * nr.
                    unsafe { V::enter(p.with::<V>()) };
                }
                for i in 0..tiles {
                    let (r, h) = row_tile(g.m, V::MR, i);
                    let a = g.a.data[r * g.a.row + k0 * g.a.col..].as_ptr();
                    let start = if g.accumulate || k0 > 0 { Start::Add } else { Start::Zero };
                    // SAFETY: rows r..r+h, columns j..j+w and the block of K lie in the matrices, checked by `gemm`.
                    unsafe {
                        tile_loose::<V>(h, w, kl, a, (g.a.row, g.a.col), b, ldb, c.add(r * g.ldc + j), g.ldc, start)
                    };
                }
            }
        }
    });
}

/// On the pool, A and B packed.
fn large<V: Vector>(g: Call<V::Elem>) {
    let nr = V::NV * V::LANES;
    let kc = g.k.div_ceil(g.k.div_ceil(KC));
    let mc = g.m.div_ceil(g.m.div_ceil(MC));
    let panels = g.n.div_ceil(nr);
    let c = Raw::new(g.c);
    scratch(mc * kc, |ap: &mut [V::Elem]| {
        let ap = Raw::new(ap);
        for m0 in (0..g.m).step_by(mc) {
            let rows = mc.min(g.m - m0);
            let tiles = rows.div_ceil(V::MR);
            let (mt, nt) = grid(tiles, panels);
            for k0 in (0..g.k).step_by(kc) {
                let kl = kc.min(g.k - k0);
                pool::chunks(tiles, (1 << 13) / (kl * V::MR) + 1, &|range| {
                    for i in range {
                        let (r, h) = row_tile(rows, V::MR, i);
                        let src = g.a.data[(m0 + r) * g.a.row + k0 * g.a.col..].as_ptr();
                        let p = Pack { src, si: g.a.row, sk: g.a.col, w: h, kn: kl, dst: ap.at(r * kl), ld: h };
                        // SAFETY: the instructions are there; the rows exist in A; tiles of `ap` are disjoint.
                        unsafe { V::enter(p.with::<V>()) };
                    }
                });
                pool::run(mt * nt, &|t| {
                    let (ti, tj) = (t % mt, t / mt);
                    let (i0, i1) = (ti * tiles / mt, (ti + 1) * tiles / mt);
                    let (j0, j1) = (tj * panels / nt, (tj + 1) * panels / nt);
                    let start = if g.accumulate || k0 > 0 { Start::Add } else { Start::Zero };
                    scratch(GROUP.min(j1 - j0) * kl * nr, |bp: &mut [V::Elem]| {
                        for g0 in (j0..j1).step_by(GROUP) {
                            let g1 = (g0 + GROUP).min(j1);
                            let src = g.b.data[k0 * g.b.row + g0 * nr * g.b.col..].as_ptr();
                            let w = (g.n - g0 * nr).min((g1 - g0) * nr);
                            let p = PackPanels { src, si: g.b.col, sk: g.b.row, w, kn: kl, dst: bp.as_mut_ptr(), nr };
                            // SAFETY: the instructions are there; rows and columns exist in B; `bp` holds the panels.
                            unsafe { V::enter(p.with::<V>()) };
                            for j in g0..g1 {
                                let w = nr.min(g.n - j * nr);
                                for i in i0..i1 {
                                    let (r, h) = row_tile(rows, V::MR, i);
                                    let (a, b) = (ap.at(r * kl), bp[(j - g0) * kl * nr..].as_ptr());
                                    let to = c.at((m0 + r) * g.ldc + j * nr);
                                    // SAFETY: packed just now; the rectangle of C is this task's own, checked by `gemm`.
                                    unsafe { tile::<V>(h, w, kl, a, b, to, g.ldc, start) };
                                }
                            }
                        }
                    });
                });
            }
        }
    });
}

/// (parts of the row tiles, parts of the panels) that tasks are made of; rows are cut only where panels do not balance.
pub(crate) fn grid(tiles: usize, panels: usize) -> (usize, usize) {
    let threads = pool::num_threads();
    let parts = if panels <= 8 * threads { panels } else { panels.div_ceil(TASK_PANELS).next_multiple_of(threads) };
    let balanced = parts >= 2 * threads || parts.is_multiple_of(threads);
    (if balanced { 1 } else { threads.min(tiles) }, parts)
}
