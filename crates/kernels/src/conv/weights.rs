//! The gradient of the weights: `dW^T[(c, tap), o] = sum over pixels of x[c, pixel * stride + tap] dy[o, pixel]`.
//!
//! dy is transposed into [pixel][o] panels, the vector operand; x is the broadcast operand, read from a zero-padded copy
//! (a broadcast needs no packing, so nothing is repeated for each tap, and any stride and dilation works). The
//! register tile is `TAPS` rows of three taps (or up to eight single taps) by a few vectors of output channels.
//! The sum over images is cut into slabs by the shape alone, so the bits do not depend on the number of threads.

use super::Conv;
use super::weights_tile::{Pixels, sum_tile};
use crate::float::Float;
use crate::memory::scratch2;
use crate::pool;
use crate::raw::Raw;
use crate::simd::Kernel;
use crate::vector::Vector;
use std::marker::PhantomData;

/// Pixels in a pass over the tiles: their dy stays in the first-level cache.
const PASS: usize = 128;
/// Elements of padded x and of dy in flight.
const CHUNK: usize = 1 << 19;
/// Tasks wanted, whatever the number of threads.
const TASKS: usize = 16;
/// Register tiles of taps in a task, if there are enough: they share the passes over dy.
const TILES: usize = 8;

/// Sizes that all steps share; channels are those of one group.
struct Shape {
    c: usize,
    o: usize,
    /// Vectors of output channels.
    ov: usize,
    /// Tiles of output channels, three vectors wide at most.
    otiles: usize,
    padded: [usize; 3],
    area: usize,
    k: usize,
}

impl Shape {
    fn of<V: Vector>(v: &Conv) -> Self {
        let (c, o) = (v.channels / v.groups, v.out_channels / v.groups);
        let ov = o.div_ceil(V::LANES);
        let padded = std::array::from_fn(|a| v.input[a] + 2 * v.padding[a]);
        Shape { c, o, ov, otiles: ov.div_ceil(V::NV), padded, area: v.output().iter().product(), k: c * v.taps() }
    }

    /// Vectors before output-channel tile `i`.
    fn otile(&self, i: usize) -> usize {
        i * self.ov / self.otiles
    }

    /// Elements of a padded image.
    fn image(&self) -> usize {
        self.c * self.padded.iter().product::<usize>()
    }
}

pub fn backward_weights<V: Vector>(v: &Conv, x: &[V::Elem], dy: &[V::Elem], dw: &mut [V::Elem]) {
    let f = Shape::of::<V>(v);
    if v.batch == 0 || f.area == 0 || f.k == 0 || f.o == 0 {
        return dw.fill(V::Elem::ZERO);
    }
    let ld = f.ov * V::LANES;
    let groups_of_taps = tap_groups::<V>(v);
    let per_image = f.image() + ld * f.area;
    let chunk = (CHUNK / per_image).clamp(1, v.batch).max(PASS.div_ceil(f.area).min(v.batch));
    let runs = (groups_of_taps.len() / TILES).clamp(1, TASKS);
    let slabs = TASKS.div_ceil(runs).min(chunk);
    scratch2(chunk * f.image(), chunk * ld * f.area, |xp: &mut [V::Elem], gp: &mut [V::Elem]| {
        crate::memory::scratch(slabs * f.k * ld, |acc: &mut [V::Elem]| {
            for g in 0..v.groups {
                acc.fill(V::Elem::ZERO);
                for n0 in (0..v.batch).step_by(chunk) {
                    let images = n0..(n0 + chunk).min(v.batch);
                    gather::<V>(v, &f, g, images.clone(), x, dy, xp, gp);
                    accumulate::<V>(v, &f, images.len(), slabs, &groups_of_taps, xp, gp, acc);
                }
                store::<V>(&f, slabs, acc, &mut dw[g * f.o * f.k..][..f.o * f.k]);
            }
        });
    });
}

/// The taps of all channels, cut into register tiles: (first row of three or first tap, how many, three at a time?).
fn tap_groups<V: Vector>(v: &Conv) -> Vec<(usize, usize)> {
    let taps = v.channels / v.groups * v.taps();
    let (rows, per) = if v.kernel[2] == 3 { (taps / 3, V::TAPS) } else { (taps, V::MR) };
    (0..rows).step_by(per).map(|r| (r, per.min(rows - r))).collect()
}

/// Pads x and transposes dy of some images of group `g`.
fn gather<V: Vector>(
    v: &Conv,
    f: &Shape,
    g: usize,
    images: std::ops::Range<usize>,
    x: &[V::Elem],
    dy: &[V::Elem],
    xp: &mut [V::Elem],
    gp: &mut [V::Elem],
) {
    let (n0, nn, plane) = (images.start, images.len(), v.input.iter().product::<usize>());
    let (xp, gp) = (Raw::new(xp), Raw::new(gp));
    // Slices of channels, so that few images still fill the threads.
    let parts = (2 * pool::num_threads()).div_ceil(nn).min(f.c);
    let one = |task: usize| {
        let (i, j) = (task / (parts + f.otiles), task % (parts + f.otiles));
        let padded: usize = f.padded.iter().product();
        if j < parts {
            for c in j * f.c / parts..(j + 1) * f.c / parts {
                let src = &x[((n0 + i) * v.channels + g * f.c + c) * plane..][..plane];
                // SAFETY: each channel of each image belongs to one task and lies in the buffer.
                pad(v, f, src, unsafe { xp.slice(i * f.image() + c * padded, padded) });
            }
        } else {
            let (a, b) = (f.otile(j - parts), f.otile(j - parts + 1));
            let width = (b - a) * V::LANES;
            let rows = (f.o - a * V::LANES).min(width);
            let src = &dy[((n0 + i) * v.out_channels + g * f.o + a * V::LANES) * f.area..][..rows * f.area];
            // SAFETY: each tile of output channels of each image belongs to one task and lies in the buffer.
            let dst = unsafe { gp.slice((a * V::LANES * nn + i * width) * f.area, width * f.area) };
            // SAFETY: the instructions are there (Visit).
            unsafe { V::enter(Turn::<V> { src, rows, dst, width, area: f.area, v: PhantomData }) };
        }
    };
    pool::run(nn * (parts + f.otiles), &one);
}

fn pad<T: Float>(v: &Conv, f: &Shape, src: &[T], dst: &mut [T]) {
    if v.padding == [0; 3] {
        return dst.copy_from_slice(src);
    }
    let ([d, h, w], [_, hp, wp], [pd, ph, pw]) = (v.input, f.padded, v.padding);
    let mut end = 0;
    for r in 0..d * h {
        let at = ((r / h + pd) * hp + r % h + ph) * wp + pw;
        dst[end..at].fill(T::ZERO);
        dst[at..at + w].copy_from_slice(&src[r * w..][..w]);
        end = at + w;
    }
    dst[end..].fill(T::ZERO);
}

/// [rows][area] to [area][width]; lanes beyond the rows are left as they are.
struct Turn<'a, V: Vector> {
    src: &'a [V::Elem],
    rows: usize,
    dst: &'a mut [V::Elem],
    width: usize,
    area: usize,
    v: PhantomData<V>,
}

impl<V: Vector> Kernel for Turn<'_, V> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let (area, width) = (self.area, self.width);
        assert!(self.src.len() == self.rows * area && self.dst.len() == width * area && self.rows <= width);
        for o in (0..self.rows).step_by(V::LANES) {
            let rows = V::LANES.min(self.rows - o);
            for p in (0..area).step_by(V::LANES) {
                let (src, dst) = (self.src[o * area + p..].as_ptr(), self.dst[p * width + o..].as_mut_ptr());
                // SAFETY: asserted above; the block's rows and pixels exist on both sides.
                unsafe { V::transpose(src, area, rows, V::LANES.min(area - p), dst, width) };
            }
        }
    }
}

/// acc[slab][(c, tap)][o] += the products of some images, each slab its share of them.
fn accumulate<V: Vector>(
    v: &Conv,
    f: &Shape,
    nn: usize,
    slabs: usize,
    tiles: &[(usize, usize)],
    xp: &[V::Elem],
    gp: &[V::Elem],
    acc: &mut [V::Elem],
) {
    let [od, oh, ow] = v.output();
    let [_, hp, wp] = f.padded;
    // Where each output row starts in padded x, and each tap relative to that.
    let start = |r: usize| {
        let (i, z, y) = (r / (od * oh), r / oh % od, r % oh);
        i * f.image() + (z * v.stride[0] * hp + y * v.stride[1]) * wp
    };
    let starts: Vec<usize> = (0..nn * od * oh).map(start).collect();
    let three = v.kernel[2] == 3;
    let padded: usize = f.padded.iter().product();
    let offset = |k: usize| {
        let (c, t) = (k / v.taps(), k % v.taps());
        let [_, kh, kw] = v.kernel;
        let (z, y, x) = (t / (kh * kw), t / kw % kh, t % kw);
        c * padded + (z * v.dilation[0] * hp + y * v.dilation[1]) * wp + x * v.dilation[2]
    };
    let offsets: Vec<usize> =
        (0..if three { f.k / 3 } else { f.k }).map(|r| offset(if three { 3 * r } else { r })).collect();
    let step = (PASS / ow).max(1);
    let ld = f.ov * V::LANES;
    let acc = Raw::new(acc);
    let runs = TASKS.div_ceil(slabs).min(tiles.len());
    pool::run(slabs * runs, &|task| {
        let (s, r) = (task / runs, task % runs);
        let rows = &starts[s * nn / slabs * od * oh..(s + 1) * nn / slabs * od * oh];
        let first = s * nn / slabs * f.area;
        let tiles = &tiles[r * tiles.len() / runs..(r + 1) * tiles.len() / runs];
        for (pass, rows) in rows.chunks(step).enumerate() {
            for ot in 0..f.otiles {
                let (a, b) = (f.otile(ot), f.otile(ot + 1));
                let width = (b - a) * V::LANES;
                let g =
                    &gp[a * V::LANES * nn * f.area + (first + pass * step * ow) * width..][..rows.len() * ow * width];
                for &(row, count) in tiles {
                    let k = if three { 3 * row } else { row };
                    let p = Pixels {
                        x: xp,
                        offsets: &offsets[row..row + count],
                        rows,
                        ow,
                        stride: v.stride[2],
                        gap: v.dilation[2],
                        g,
                    };
                    let c = acc.at((s * f.k + k) * ld + a * V::LANES);
                    // SAFETY: the instructions are there (Visit); rows, taps and pixels lie in padded x; these rows of this
                    // slab are this task's own.
                    unsafe { sum_tile::<V>(&p, three, b - a, c, ld) };
                }
            }
        }
    });
}

/// dw[o][k] = the slabs' sum, transposed.
fn store<V: Vector>(f: &Shape, slabs: usize, acc: &mut [V::Elem], dw: &mut [V::Elem]) {
    let (ld, k) = (f.ov * V::LANES, f.k);
    let (sum, rest) = acc.split_at_mut(k * ld);
    for slab in rest.chunks_exact(k * ld).take(slabs - 1) {
        sum.iter_mut().zip(slab).for_each(|(s, &e)| *s += e);
    }
    let (sum, out) = (&*sum, Raw::new(dw));
    pool::chunks(f.ov, (1 << 13) / (k * V::LANES) + 1, &|range| {
        for o in range.map(|o| o * V::LANES) {
            let rows = V::LANES.min(f.o - o);
            // SAFETY: these output channels belong to this task and lie in dw.
            let dst = unsafe { out.slice(o * k, rows * k) };
            // SAFETY: the instructions are there (Visit).
            unsafe { V::enter(TurnBack::<V> { sum: &sum[o..], ld, rows, k, dst, v: PhantomData }) };
        }
    });
}

/// dst[r][k] = sum[k][r]
struct TurnBack<'a, V: Vector> {
    sum: &'a [V::Elem],
    ld: usize,
    rows: usize,
    k: usize,
    dst: &'a mut [V::Elem],
    v: PhantomData<V>,
}

impl<V: Vector> Kernel for TurnBack<'_, V> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        assert!(self.sum.len() >= (self.k - 1) * self.ld + self.rows && self.dst.len() == self.rows * self.k);
        for k in (0..self.k).step_by(V::LANES) {
            let (src, dst) = (self.sum[k * self.ld..].as_ptr(), self.dst[k..].as_mut_ptr());
            // SAFETY: asserted above; the block's rows and columns exist on both sides.
            unsafe { V::transpose(src, self.ld, V::LANES.min(self.k - k), self.rows, dst, self.k) };
        }
    }
}
