//! The one operation behind forward and backward-data, as an implicit matrix product:
//!
//! `out[n, g, o, p] = bias[g, o] + sum over c, taps of w[g, o, c, tap] in[n, g, c, p * stride + tap]`
//!
//! The pixels of the whole batch form one axis of columns, so small images fill panels too. Panels are packed straight
//! from the input (see plan.rs), never a whole im2col buffer.

use super::phases::Phases;
use super::plan::{Fill, Plan};
use crate::float::Float;
use crate::gemm::grid;
use crate::gemm::pack::Pack;
use crate::gemm::tile::{Start, row_tile, tile, tile_loose};
use crate::memory::scratch2;
use crate::pool;
use crate::raw::Raw;
use crate::simd::Kernel;
use crate::vector::Vector;
use std::marker::PhantomData;

/// A tap: its steps from the output's position in the input, and its place among the weights.
#[derive(Clone, Copy, Debug)]
pub struct Tap {
    pub step: [isize; 3],
    pub weight: usize,
}

/// The shape of the operation; channels are those of one group.
pub struct Correlation {
    pub batch: usize,
    pub groups: usize,
    pub channels: usize,
    pub out_channels: usize,
    pub input: [usize; 3],
    pub output: [usize; 3],
    pub stride: [usize; 3],
    pub taps: Vec<Tap>,
    /// Distances between groups, output channels and input channels in the weights.
    pub weight_strides: [usize; 3],
}

/// Longest block of K = channels * taps.
const KC: usize = 256;
/// Multiplications below which everything stays on this thread.
const SMALL: usize = 1 << 19;
/// Up to this many panels, weights are read in place: packing them would cost more than it saves.
const FEW: usize = 6;

impl Correlation {
    /// Whether a row of weights is [channel, tap] as they are.
    fn weights_in_order(&self) -> bool {
        self.weight_strides[2] == self.taps.len() && self.taps.iter().enumerate().all(|(j, tap)| tap.weight == j)
    }

    /// One long row, where the only tap reads each position once.
    fn flatten(&mut self) {
        let same = self.stride == [1; 3] && self.input == self.output;
        if same && self.taps.len() == 1 && self.taps[0].step == [0; 3] {
            self.input = [1, 1, self.input.iter().product()];
            self.output = self.input;
        }
    }
}

/// Runs the operation; the caller has checked that the slices have the shape's lengths.
pub fn correlate<V: Vector>(
    mut q: Correlation,
    x: &[V::Elem],
    w: &[V::Elem],
    bias: Option<&[V::Elem]>,
    y: &mut [V::Elem],
) {
    q.flatten();
    let (nr, area) = (V::NV * V::LANES, q.output.iter().product::<usize>());
    let (t, cols) = (q.taps.len(), q.batch * area);
    let k = q.channels * t;
    if cols == 0 || k == 0 || q.out_channels == 0 {
        return;
    }
    let blocks = k.div_ceil(KC).min(q.channels);
    let cb = q.channels.div_ceil(blocks);
    let tiles = q.out_channels.div_ceil(V::MR);
    let panels = cols.div_ceil(nr);
    let small = q.groups * cols * k * q.out_channels < SMALL;
    let (mt, nt) = if small { (1, 1) } else { grid(tiles, panels) };
    let phases = Phases::of(&q);
    let in_place = panels <= FEW && q.weights_in_order();
    scratch2(
        if in_place { 0 } else { q.groups * q.out_channels * k },
        phases.len(),
        |packed: &mut [V::Elem], split: &mut [V::Elem]| {
            if !in_place {
                pack_weights::<V>(&q, cb, w, packed);
            }
            let x = if phases.is_split() { &*phases.split(&q, x, split) } else { x };
            let y = Raw::new(y);
            let job = Job { q: &q, x, w, packed, in_place, bias, y, phases, cb, area, cols, nr };
            let each = mt * nt;
            let body = |task: usize| {
                let (g, task) = (task / each, task % each);
                let (ti, tj) = (task % mt, task / mt);
                let rows = ti * tiles / mt..(ti + 1) * tiles / mt;
                job.panels::<V>(g, rows, tj * panels / nt..(tj + 1) * panels / nt);
            };
            if small { (0..q.groups).for_each(body) } else { pool::run(q.groups * each, &body) }
        },
    );
}

struct Job<'a, T> {
    q: &'a Correlation,
    x: &'a [T],
    w: &'a [T],
    packed: &'a [T],
    in_place: bool,
    bias: Option<&'a [T]>,
    y: Raw<T>,
    phases: Phases,
    /// Channels in a block of K.
    cb: usize,
    area: usize,
    cols: usize,
    nr: usize,
}

impl<T: Float> Job<'_, T> {
    /// The tiles of some rows and panels of one group; no other task writes them.
    fn panels<V: Vector<Elem = T>>(&self, g: usize, rows: std::ops::Range<usize>, panels: std::ops::Range<usize>) {
        let Job { q, cb, area, cols, nr, .. } = *self;
        let (t, o) = (q.taps.len(), q.out_channels);
        let xs = &self.x[(g * q.channels * self.phases.channel).min(self.x.len())..];
        let mut plan = Plan::new();
        scratch2(cb * t * nr, o * nr, |b: &mut [T], edge: &mut [T]| {
            for j in panels {
                let col = j * nr;
                let width = nr.min(cols - col);
                plan.panel::<V>(q, &self.phases, col, width);
                let (n, p) = (col / area, col % area);
                let inside = p + width <= area;
                for c0 in (0..q.channels).step_by(cb) {
                    let cn = cb.min(q.channels - c0);
                    let kl = cn * t;
                    let x = xs[(c0 * self.phases.channel).min(xs.len())..].as_ptr();
                    // SAFETY: the plan's unmasked lanes lie in the input of the channels from c0 on; `b` holds the panel.
                    unsafe { V::enter(Fill::<V>::new(&plan, x, self.phases.channel, cn, b)) };
                    for i in rows.clone() {
                        let (r, h) = row_tile(o, V::MR, i);
                        let start = match self.bias {
                            _ if c0 > 0 => Start::Add,
                            Some(bias) => Start::Rows(bias[g * o + r..].as_ptr()),
                            None => Start::Zero,
                        };
                        let (c, ldc) = if inside {
                            (self.y.at(((n * q.groups + g) * o + r) * area + p), area)
                        } else {
                            (edge[r * nr..].as_mut_ptr(), nr)
                        };
                        // SAFETY: the panel is packed, and so are the weights, or their rows are read in place; the rectangle
                        // lies in y (or edge) and is this task's own.
                        unsafe {
                            if self.in_place {
                                let [sg, so, _] = q.weight_strides;
                                let a = self.w[g * sg + r * so + c0 * t..].as_ptr();
                                tile_loose::<V>(h, width, kl, a, (so, 1), b.as_ptr(), nr, c, ldc, start);
                            } else {
                                let a = self.packed[(g * q.channels + c0) * o * t + r * kl..].as_ptr();
                                tile::<V>(h, width, kl, a, b.as_ptr(), c, ldc, start);
                            }
                        }
                    }
                }
                if !inside {
                    let first = row_tile(o, V::MR, rows.start).0;
                    let last = row_tile(o, V::MR, rows.end - 1);
                    self.scatter(g, first..last.0 + last.1, col, width, edge);
                }
            }
        });
    }

    /// Copies rows of a panel that straddles images to their places.
    fn scatter(&self, g: usize, rows: std::ops::Range<usize>, col: usize, width: usize, edge: &[T]) {
        let (q, area) = (self.q, self.area);
        let mut u = 0;
        while u < width {
            let (n, p) = ((col + u) / area, (col + u) % area);
            let len = (area - p).min(width - u);
            for r in rows.clone() {
                // SAFETY: these pixels of these rows are this task's own and lie in y.
                let to = unsafe { self.y.slice(((n * q.groups + g) * q.out_channels + r) * area + p, len) };
                to.copy_from_slice(&edge[r * self.nr + u..][..len]);
            }
            u += len;
        }
    }
}

/// Weights into row tiles [c, tap][row], block by block of K, group by group.
fn pack_weights<V: Vector>(q: &Correlation, cb: usize, w: &[V::Elem], packed: &mut [V::Elem]) {
    let (t, o) = (q.taps.len(), q.out_channels);
    let tiles = o.div_ceil(V::MR);
    let out = Raw::new(packed);
    pool::chunks(q.groups * tiles, (1 << 13) / (q.channels * t * V::MR) + 1, &|range| {
        for i in range {
            let g = i / tiles;
            let (r, h) = row_tile(o, V::MR, i % tiles);
            for c0 in (0..q.channels).step_by(cb) {
                let cn = cb.min(q.channels - c0);
                // SAFETY: tiles are disjoint and lie in `packed`.
                let dst = unsafe { out.slice(g * o * q.channels * t + o * c0 * t + r * cn * t, cn * t * h) };
                let [sg, so, sc] = q.weight_strides;
                let src = &w[g * sg + r * so + c0 * sc..];
                // SAFETY: the instructions are there (Visit); `run` checks its indices.
                unsafe { V::enter(PackTile::<V> { q, src, cn, h, dst, v: PhantomData }) };
            }
        }
    });
}

struct PackTile<'a, V: Vector> {
    q: &'a Correlation,
    src: &'a [V::Elem],
    cn: usize,
    h: usize,
    dst: &'a mut [V::Elem],
    v: PhantomData<V>,
}

impl<V: Vector> Kernel for PackTile<'_, V> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let (q, h) = (self.q, self.h);
        let ([_, so, sc], t) = (q.weight_strides, q.taps.len());
        let first = q.taps[0].weight;
        let in_order = q.taps.iter().enumerate().all(|(j, tap)| tap.weight == first + j);
        if in_order {
            let whole = sc == t;
            let (times, kn) = if whole { (1, self.cn * t) } else { (self.cn, t) };
            for c in 0..times {
                let src = &self.src[c * sc + first..];
                assert!(src.len() > (h - 1) * so + kn - 1 && self.dst.len() >= (c * t + kn) * h);
                let p =
                    Pack { src: src.as_ptr(), si: so, sk: 1, w: h, kn, dst: self.dst[c * t * h..].as_mut_ptr(), ld: h };
                // SAFETY: asserted just now.
                unsafe { p.with::<V>() }.run();
            }
            return;
        }
        for c in 0..self.cn {
            for (j, tap) in q.taps.iter().enumerate() {
                for a in 0..h {
                    self.dst[(c * t + j) * h + a] = self.src[a * so + c * sc + tap.weight];
                }
            }
        }
    }
}
