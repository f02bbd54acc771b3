//! Forward with stride 1, reading a zero-padded image in place: on rows of padded length wp, the output at position
//! y * wp + x needs, for each (channel, tap), a run of the image shifted by a constant, so nothing is packed. The wp - ow
//! columns between rows are wasted and dropped on copy-out: for long rows, or few products a pixel.

use super::Conv;
use crate::float::Float;
use crate::gemm::pack::Pack;
use crate::gemm::tile::{Start, row_tile, tile_steps};
use crate::memory::{scratch, scratch2};
use crate::pool;
use crate::raw::Raw;
use crate::vector::Vector;
use std::ops::Range;

/// Longest block of K.
const KC: usize = 300;
/// Panels whose outputs are held before they are copied out.
const PANELS: usize = 10;

/// Whether this beats packing.
pub fn pays(v: &Conv) -> bool {
    let wide = v.input[2] + 2 * v.padding[2];
    let plane = v.input[0] == 1 && v.kernel[0] == 1 && v.padding[0] == 0;
    let whole =
        v.groups == 1 && v.stride == [1; 3] && v.taps() > 1 && v.batch > 0 && v.channels > 0 && v.out_channels > 0;
    plane && whole && (wide * 100 <= v.output()[2] * 106 || v.channels * v.taps() <= 64)
}

/// The convolution on dy that gives dx, if it is of this kind and pays.
pub fn reversed(v: &Conv) -> Option<Conv> {
    let reach: [usize; 3] = std::array::from_fn(|a| v.dilation[a] * (v.kernel[a] - 1));
    if v.stride != [1; 3] || (0..3).any(|a| reach[a] < v.padding[a]) {
        return None;
    }
    let r = Conv {
        channels: v.out_channels,
        out_channels: v.channels,
        input: v.output(),
        padding: std::array::from_fn(|a| reach[a] - v.padding[a]),
        ..*v
    };
    pays(&r).then_some(r)
}

/// turned[c][o][t] = w[o][c][last tap - t]
pub fn turn<T: Float>(v: &Conv, w: &[T], turned: &mut [T]) {
    let t = v.taps();
    for (i, taps) in turned.chunks_exact_mut(t).enumerate() {
        let (c, o) = (i / v.out_channels, i % v.out_channels);
        for (e, &x) in taps.iter_mut().zip(w[(o * v.channels + c) * t..][..t].iter().rev()) {
            *e = x;
        }
    }
}

/// Sizes that all tasks share.
struct Shape {
    k: usize,
    /// Row length and channel size of the padded image.
    wp: usize,
    channel: usize,
    /// Channels in a block of K.
    cb: usize,
    /// Positions from the first to the last output.
    span: usize,
    nr: usize,
}

/// `super::forward` for shapes where it `pays`.
pub fn forward<V: Vector>(v: &Conv, x: &[V::Elem], w: &[V::Elem], bias: Option<&[V::Elem]>, y: &mut [V::Elem]) {
    let ([_, h, wide], [_, oh, ow], t) = (v.input, v.output(), v.taps());
    let (hp, wp) = (h + 2 * v.padding[1], wide + 2 * v.padding[2]);
    let k = v.channels * t;
    let cb = v.channels.div_ceil(k.div_ceil(KC).min(v.channels));
    // Channels a multiple of 4 KiB apart would share cache sets.
    let channel = (hp * wp).next_multiple_of(16) + if hp * wp % 1024 < 32 { 16 } else { 0 };
    let f = Shape { k, wp, channel, cb, span: (oh - 1) * wp + ow, nr: V::NV * V::LANES };
    let steps: Vec<usize> = (0..cb * t)
        .map(|i| i / t * channel + i % t / v.kernel[2] * v.dilation[1] * wp + i % v.kernel[2] * v.dilation[2])
        .collect();
    let blocks = f.span.div_ceil(PANELS * f.nr);
    let split = if v.batch >= 2 * pool::num_threads() { 1 } else { blocks };
    let y = Raw::new(y);
    scratch(v.out_channels * k, |packed: &mut [V::Elem]| {
        pack_weights::<V>(v, &f, w, packed);
        let body = |task: usize| {
            let (n, part) = (task / split, task % split);
            let image = &x[n * v.channels * h * wide..][..v.channels * h * wide];
            scratch2(
                v.channels * channel + PANELS * f.nr,
                v.out_channels * PANELS * f.nr,
                |xp: &mut [V::Elem], out: &mut [V::Elem]| {
                    pad(v, &f, image, xp);
                    for b in part * blocks / split..(part + 1) * blocks / split {
                        let at = b * PANELS * f.nr..((b + 1) * PANELS * f.nr).min(f.span);
                        block::<V>(v, &f, &steps, packed, bias, xp, at.clone(), out);
                        copy_out(v, &f, n, at, out, y);
                    }
                },
            );
        };
        if v.batch * oh * ow * k * v.out_channels < 1 << 19 {
            (0..v.batch * split).for_each(body)
        } else {
            pool::run(v.batch * split, &body)
        }
    });
}

/// Weights into row tiles [c, tap][row], block by block of K.
fn pack_weights<V: Vector>(v: &Conv, f: &Shape, w: &[V::Elem], packed: &mut [V::Elem]) {
    let (o, t) = (v.out_channels, v.taps());
    for i in 0..o.div_ceil(V::MR) {
        let (r, h) = row_tile(o, V::MR, i);
        for c0 in (0..v.channels).step_by(f.cb) {
            let kn = f.cb.min(v.channels - c0) * t;
            let (src, dst) =
                (&w[r * f.k + c0 * t..][..(h - 1) * f.k + kn], &mut packed[o * c0 * t + r * kn..][..kn * h]);
            let p = Pack { src: src.as_ptr(), si: f.k, sk: 1, w: h, kn, dst: dst.as_mut_ptr(), ld: h };
            // SAFETY: the instructions are there (Visit); both slices were cut to what is read and written.
            unsafe { V::enter(p.with::<V>()) };
        }
    }
}

/// Copies an image with zeros around it, and behind it for the last panel's reach.
fn pad<T: Float>(v: &Conv, f: &Shape, x: &[T], xp: &mut [T]) {
    let ([_, h, w], [_, ph, pw]) = (v.input, v.padding);
    for c in 0..v.channels {
        let to = &mut xp[c * f.channel..][..f.channel];
        let mut end = 0;
        for r in 0..h {
            let at = (r + ph) * f.wp + pw;
            to[end..at].fill(T::ZERO);
            to[at..at + w].copy_from_slice(&x[(c * h + r) * w..][..w]);
            end = at + w;
        }
        to[end..].fill(T::ZERO);
    }
    xp[v.channels * f.channel..].fill(T::ZERO);
}

/// Outputs at the positions `at`, of every channel: out[o][position - at.start].
fn block<V: Vector>(
    v: &Conv,
    f: &Shape,
    steps: &[usize],
    packed: &[V::Elem],
    bias: Option<&[V::Elem]>,
    xp: &[V::Elem],
    at: Range<usize>,
    out: &mut [V::Elem],
) {
    let (o, t, ld) = (v.out_channels, v.taps(), PANELS * f.nr);
    for s in at.clone().step_by(f.nr) {
        for c0 in (0..v.channels).step_by(f.cb) {
            let steps = &steps[..f.cb.min(v.channels - c0) * t];
            for i in 0..o.div_ceil(V::MR) {
                let (r, h) = row_tile(o, V::MR, i);
                let start = match bias {
                    _ if c0 > 0 => Start::Add,
                    Some(b) => Start::Rows(b[r..].as_ptr()),
                    None => Start::Zero,
                };
                let (a, b) = (packed[o * c0 * t + r * steps.len()..].as_ptr(), xp[c0 * f.channel + s..].as_ptr());
                let c = &mut out[r * ld + s - at.start..][..(h - 1) * ld + f.nr];
                // SAFETY: the instructions are there (Visit); a panel reaches at most nr beyond the image, where xp has
                // slack; c was cut to the rectangle.
                unsafe { tile_steps::<V>(h, a, b, steps, c.as_mut_ptr(), ld, start) };
            }
        }
    }
}

/// Copies outputs to y, dropping the wasted columns.
fn copy_out<T: Float>(v: &Conv, f: &Shape, n: usize, at: Range<usize>, out: &[T], y: Raw<T>) {
    let [_, oh, ow] = v.output();
    for o in 0..v.out_channels {
        let mut p = at.start;
        while p < at.end {
            let (row, x) = (p / f.wp, p % f.wp);
            let next = ((row + 1) * f.wp).min(at.end);
            if x < ow {
                let len = (ow - x).min(next - p);
                // SAFETY: these positions of this image are this task's own and lie in y.
                let to = unsafe { y.slice(((n * v.out_channels + o) * oh + row) * ow + x, len) };
                to.copy_from_slice(&out[o * PANELS * f.nr + p - at.start..][..len]);
            }
            p = next;
        }
    }
}
