//! Forward and backward-data as correlations: backward-data is forward on dy with the taps negated, and for stride s it
//! is one such operation for each output phase.

use super::Conv;
use super::correlate::{Correlation, Tap, correlate};
use super::padded;
use crate::float::Float;
use crate::memory::scratch;
use crate::pool;
use crate::raw::Raw;
use crate::vector::Vector;

/// Coordinates of tap `i` in the kernel.
fn tap_at(v: &Conv, i: usize) -> [isize; 3] {
    let [_, kh, kw] = v.kernel;
    [i / (kh * kw), i / kw % kh, i % kw].map(|k| k as isize)
}

pub fn forward<V: Vector>(v: &Conv, x: &[V::Elem], w: &[V::Elem], bias: Option<&[V::Elem]>, y: &mut [V::Elem]) {
    if padded::pays(v) {
        return padded::forward::<V>(v, x, w, bias, y);
    }
    let t = v.taps();
    let tap = |i: usize| {
        let k = tap_at(v, i);
        Tap { step: std::array::from_fn(|a| k[a] * v.dilation[a] as isize - v.padding[a] as isize), weight: i }
    };
    let (c, o) = (v.channels / v.groups, v.out_channels / v.groups);
    let q = Correlation {
        batch: v.batch,
        groups: v.groups,
        channels: c,
        out_channels: o,
        input: v.input,
        output: v.output(),
        stride: v.stride,
        taps: (0..t).map(tap).collect(),
        weight_strides: [o * c * t, c * t, t],
    };
    correlate::<V>(q, x, w, bias, y);
}

pub fn backward_data<V: Vector>(v: &Conv, dy: &[V::Elem], w: &[V::Elem], dx: &mut [V::Elem]) {
    if let Some(r) = padded::reversed(v) {
        return scratch(w.len(), |turned: &mut [V::Elem]| {
            padded::turn(v, w, turned);
            padded::forward::<V>(&r, dy, turned, None, dx);
        });
    }
    if v.stride == [1; 3] {
        let live = phase(v, [0; 3]).is_some_and(|q| {
            correlate::<V>(q, dy, w, None, dx);
            true
        });
        debug_assert!(live, "with stride 1 every tap belongs to the only phase");
        return;
    }
    let phases: Vec<[usize; 3]> = (0..v.stride.iter().product())
        .map(|i: usize| [i / (v.stride[1] * v.stride[2]), i / v.stride[2] % v.stride[1], i % v.stride[2]])
        .collect();
    scratch(dx.len(), |tmp: &mut [V::Elem]| {
        // (start in tmp, columns, elements of a plane), for phases that some tap reaches
        let mut parts = Vec::with_capacity(phases.len());
        let mut at = 0;
        for &p in &phases {
            parts.push(phase(v, p).map(|q| {
                let (plane, width) = (q.output.iter().product::<usize>(), q.output[2]);
                let len = v.batch * v.channels * plane;
                correlate::<V>(q, dy, w, None, &mut tmp[at..at + len]);
                at += len;
                (at - len, q_rows(v, p), width, plane)
            }));
        }
        interleave(v, tmp, &parts, dx);
    });
}

/// Rows of a plane of phase `p` for each of its depths.
fn q_rows(v: &Conv, p: [usize; 3]) -> usize {
    v.input[1].saturating_sub(p[1]).div_ceil(v.stride[1])
}

/// The correlation that gives the pixels `p + i * stride` of dx; None if no tap reaches them or there are none.
fn phase(v: &Conv, p: [usize; 3]) -> Option<Correlation> {
    let t = v.taps();
    let output: [usize; 3] = std::array::from_fn(|a| v.input[a].saturating_sub(p[a]).div_ceil(v.stride[a]));
    let tap = |i: usize| {
        let k = tap_at(v, i);
        let s = v.stride.map(|s| s as isize);
        let d: [isize; 3] = std::array::from_fn(|a| (p[a] + v.padding[a]) as isize - k[a] * v.dilation[a] as isize);
        let whole = (0..3).all(|a| d[a].rem_euclid(s[a]) == 0);
        whole.then(|| Tap { step: std::array::from_fn(|a| d[a].div_euclid(s[a])), weight: i })
    };
    let taps: Vec<Tap> = (0..t).filter_map(tap).collect();
    if taps.is_empty() || output.contains(&0) {
        return None;
    }
    let (c, o) = (v.channels / v.groups, v.out_channels / v.groups);
    Some(Correlation {
        batch: v.batch,
        groups: v.groups,
        channels: o,
        out_channels: c,
        input: v.output(),
        output,
        stride: [1; 3],
        taps,
        weight_strides: [o * c * t, t, c * t],
    })
}

/// dx from its phases.
fn interleave<T: Float>(v: &Conv, tmp: &[T], parts: &[Option<(usize, usize, usize, usize)>], dx: &mut [T]) {
    let ([d, h, w], [sd, sh, sw]) = (v.input, v.stride);
    let to = Raw::new(dx);
    let plane = d * h * w;
    pool::chunks(v.batch * v.channels, (1 << 13) / plane.max(1) + 1, &|planes| {
        for i in planes {
            // SAFETY: each plane belongs to one task and lies in dx.
            let dx = unsafe { to.slice(i * plane, plane) };
            for (r, row) in dx.chunks_exact_mut(w).enumerate() {
                let (z, y) = (r / h, r % h);
                for b in 0..sw.min(w) {
                    let out = row[b..].iter_mut().step_by(sw);
                    match parts[((z % sd) * sh + y % sh) * sw + b] {
                        None => out.for_each(|e| *e = T::ZERO),
                        Some((start, rows, width, area)) => {
                            let src = &tmp[start + i * area + (z / sd * rows + y / sh) * width..][..width];
                            out.zip(src).for_each(|(e, &s)| *e = s);
                        }
                    }
                }
            }
        }
    });
}
