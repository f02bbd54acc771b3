//! Depthwise convolution in two dimensions, plane by plane: the padded plane is split by the phases of the stride, so
//! that every tap reads a contiguous run over all outputs (rows of equal length, some columns wasted), and nothing is
//! packed.

use super::Conv;
use super::lines::{correlate_line, dot_lines};
use crate::float::Float;
use crate::memory::{scratch, scratch2};
use crate::pool;
use crate::raw::Raw;
use crate::vector::Vector;

/// Whether these kernels take the shape.
pub fn takes(v: &Conv) -> bool {
    let plane = v.input[0] == 1 && v.kernel[0] == 1 && v.padding[0] == 0 && v.stride[0] == 1;
    plane && v.groups == v.channels && v.out_channels == v.channels && v.groups > 1
}

/// Planes in a task.
fn grain(plane: usize) -> usize {
    (1 << 12) / plane.max(1) + 1
}

/// A padded plane, split by phase: [row phase][column phase][rows][columns].
struct Split {
    stride: [usize; 2],
    pad: [usize; 2],
    rows: usize,
    columns: usize,
}

impl Split {
    /// The input as forward and backward-weights read it.
    fn of_input(v: &Conv) -> Self {
        let [_, oh, ow] = v.output();
        let reach = |a: usize| v.dilation[a] * (v.kernel[a] - 1) / v.stride[a];
        Split {
            stride: [v.stride[1], v.stride[2]],
            pad: [v.padding[1], v.padding[2]],
            rows: oh + reach(1),
            columns: ow + reach(2),
        }
    }

    fn len(&self) -> usize {
        self.stride[0] * self.stride[1] * self.rows * self.columns
    }

    /// Where tap (ky, kx) of the convolution reads the first output's input.
    fn offset(&self, v: &Conv, t: usize) -> usize {
        let (y, x) = (t / v.kernel[2] * v.dilation[1], t % v.kernel[2] * v.dilation[2]);
        let phase = y % self.stride[0] * self.stride[1] + x % self.stride[1];
        (phase * self.rows + y / self.stride[0]) * self.columns + x / self.stride[1]
    }

    /// Copies a plane [h, w], with zeros outside it and in the slack behind.
    fn fill<T: Float>(&self, x: &[T], [h, w]: [usize; 2], out: &mut [T]) {
        let [sh, sw] = self.stride;
        let [ph, pw] = self.pad;
        for (i, row) in out[..self.len()].chunks_exact_mut(self.columns).enumerate() {
            let (phase, r) = (i / self.rows, i % self.rows);
            let y = (r * sh + phase / sw).wrapping_sub(ph);
            if y >= h {
                row.fill(T::ZERO);
                continue;
            }
            let b = phase % sw;
            let first = pw.saturating_sub(b).div_ceil(sw).min(self.columns);
            let end = (w + pw).saturating_sub(b).div_ceil(sw).clamp(first, self.columns);
            row[..first].fill(T::ZERO);
            row[end..].fill(T::ZERO);
            if first == end {
                continue;
            }
            let src = &x[y * w + first * sw + b - pw..(y + 1) * w];
            if sw == 1 {
                row[first..end].copy_from_slice(&src[..end - first]);
            } else {
                row[first..end].iter_mut().zip(src.iter().step_by(sw)).for_each(|(e, &s)| *e = s);
            }
        }
        out[self.len()..].fill(T::ZERO);
    }
}

/// Elements that a line may run over its end.
fn slack<V: Vector>() -> usize {
    4 * V::LANES
}

pub fn forward<V: Vector>(v: &Conv, x: &[V::Elem], w: &[V::Elem], bias: Option<&[V::Elem]>, y: &mut [V::Elem]) {
    let ([_, h, wide], [_, oh, ow], t) = (v.input, v.output(), v.taps());
    let split = Split::of_input(v);
    let offsets: Vec<usize> = (0..t).map(|i| split.offset(v, i)).collect();
    let span = (oh - 1) * split.columns + ow;
    let y = Raw::new(y);
    pool::chunks(v.batch * v.channels, grain(oh * ow), &|planes| {
        scratch2(split.len() + slack::<V>(), span + slack::<V>(), |xp: &mut [V::Elem], line: &mut [V::Elem]| {
            for i in planes {
                let c = i % v.channels;
                split.fill(&x[i * h * wide..][..h * wide], [h, wide], xp);
                let start = bias.map_or(V::Elem::ZERO, |b| b[c]);
                correlate_line::<V>(xp, &offsets, &w[c * t..][..t], start, span, line);
                // SAFETY: each plane belongs to one task and lies in y.
                let y = unsafe { y.slice(i * oh * ow, oh * ow) };
                y.chunks_exact_mut(ow).zip(line.chunks(split.columns)).for_each(|(y, l)| y.copy_from_slice(&l[..ow]));
            }
        });
    });
}

pub fn backward_data<V: Vector>(v: &Conv, dy: &[V::Elem], w: &[V::Elem], dx: &mut [V::Elem]) {
    let ([_, h, wide], [_, oh, ow], t) = (v.input, v.output(), v.taps());
    let (s, p) = ([v.stride[1], v.stride[2]], [v.padding[1], v.padding[2]]);
    let margin = [1, 2].map(|a| (v.dilation[a] * (v.kernel[a] - 1)).div_ceil(v.stride[a]));
    let side = |a: usize, len: usize| len.div_ceil(s[a]) + p[a].div_ceil(s[a]) + margin[a];
    let split = Split { stride: [1; 2], pad: margin, rows: side(0, h), columns: side(1, wide) };
    // For each phase of dx the taps that reach it and where they read dy.
    let reach = |phase: usize| -> (Vec<usize>, Vec<usize>) {
        let at = [phase / s[1], phase % s[1]];
        (0..t)
            .filter_map(|i| {
                let k = [i / v.kernel[2] * v.dilation[1], i % v.kernel[2] * v.dilation[2]];
                let d = [0, 1].map(|a| at[a] + p[a] + margin[a] * s[a] - k[a]);
                let whole = d[0].is_multiple_of(s[0]) && d[1].is_multiple_of(s[1]);
                whole.then(|| (i, d[0] / s[0] * split.columns + d[1] / s[1]))
            })
            .unzip()
    };
    let phases: Vec<_> = (0..s[0] * s[1]).map(reach).collect();
    let span = (h.div_ceil(s[0]) - 1) * split.columns + wide.div_ceil(s[1]);
    let dx = Raw::new(dx);
    pool::chunks(v.batch * v.channels, grain(h * wide), &|planes| {
        scratch2(split.len() + slack::<V>(), span + slack::<V>(), |gp: &mut [V::Elem], line: &mut [V::Elem]| {
            let mut weights = Vec::with_capacity(t);
            for i in planes {
                split.fill(&dy[i * oh * ow..][..oh * ow], [oh, ow], gp);
                // SAFETY: each plane belongs to one task and lies in dx.
                let dx = unsafe { dx.slice(i * h * wide, h * wide) };
                for (phase, (taps, offsets)) in phases.iter().enumerate() {
                    let (a, b) = (phase / s[1], phase % s[1]);
                    weights.clear();
                    weights.extend(taps.iter().map(|&j| w[i % v.channels * t + j]));
                    correlate_line::<V>(gp, offsets, &weights, V::Elem::ZERO, span, line);
                    for (row, l) in dx.chunks_exact_mut(wide).skip(a).step_by(s[0]).zip(line.chunks(split.columns)) {
                        if s[1] == 1 {
                            row.copy_from_slice(&l[..wide]);
                        } else if b < wide {
                            row[b..].iter_mut().step_by(s[1]).zip(l).for_each(|(e, &g)| *e = g);
                        }
                    }
                }
            }
        });
    });
}

pub fn backward_weights<V: Vector>(v: &Conv, x: &[V::Elem], dy: &[V::Elem], dw: &mut [V::Elem]) {
    let ([_, h, wide], [_, oh, ow], t) = (v.input, v.output(), v.taps());
    let split = Split::of_input(v);
    let offsets: Vec<usize> = (0..t).map(|i| split.offset(v, i)).collect();
    // dy on rows as long as those of x, zero in the wasted columns.
    let rows = Split { stride: [1; 2], pad: [0; 2], rows: oh, columns: split.columns };
    let dw = Raw::new(dw);
    pool::chunks(v.channels, grain(v.batch * oh * ow), &|channels| {
        scratch2(split.len() + slack::<V>(), rows.len() + slack::<V>(), |xp: &mut [V::Elem], gp: &mut [V::Elem]| {
            scratch(t, |sums: &mut [V::Elem]| {
                for c in channels {
                    sums.fill(V::Elem::ZERO);
                    for n in 0..v.batch {
                        let i = n * v.channels + c;
                        split.fill(&x[i * h * wide..][..h * wide], [h, wide], xp);
                        rows.fill(&dy[i * oh * ow..][..oh * ow], [oh, ow], gp);
                        dot_lines::<V>(xp, &offsets, gp, (oh - 1) * split.columns + ow, sums);
                    }
                    // SAFETY: each channel belongs to one task and lies in dw.
                    unsafe { dw.slice(c * t, t) }.copy_from_slice(sums);
                }
            });
        });
    });
}
