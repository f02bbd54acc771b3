//! Strided input, split by column phase (x mod stride) so that every tap reads contiguous columns.

use super::correlate::Correlation;
use crate::float::Float;
use crate::pool;
use crate::raw::Raw;

/// How the input that panels are packed from is laid out: [image][channel][phase][row][width].
#[derive(Clone, Copy)]
pub struct Phases {
    /// Phases: the stride along a row.
    count: usize,
    /// Columns of a phase.
    pub width: usize,
    /// Distance between phases.
    pub phase: usize,
    /// Distance between channels.
    pub channel: usize,
    /// Distance between images.
    pub image: usize,
    planes: usize,
}

impl Phases {
    /// The layout for an operation; with stride 1 that of the input itself.
    pub fn of(q: &Correlation) -> Self {
        let [d, h, w] = q.input;
        let count = q.stride[2];
        let width = w.div_ceil(count);
        let phase = d * h * width;
        let planes = q.batch * q.groups * q.channels;
        let channel = count * phase;
        Phases { count, width, phase, channel, image: q.groups * q.channels * channel, planes }
    }

    /// Whether the input must be copied.
    pub fn is_split(&self) -> bool {
        self.count > 1
    }

    /// Elements of the copy; none if the input is read in place.
    pub fn len(&self) -> usize {
        if self.is_split() { self.planes * self.channel } else { 0 }
    }

    /// Copies the input; rows that no tap reads are left out.
    pub fn split<'a, T: Float>(&self, q: &Correlation, x: &[T], out: &'a mut [T]) -> &'a mut [T] {
        let [d, h, w] = q.input;
        let (rows, s) = (d * h, self.count);
        let steps = |axis: usize, phase: usize| {
            let s = q.stride[axis];
            q.taps.iter().any(|t| t.step[axis].rem_euclid(s as isize) as usize == phase)
        };
        let columns: Vec<usize> = (0..s).filter(|&p| steps(2, p)).collect();
        let lines: Vec<bool> = (0..q.stride[1]).map(|p| steps(1, p)).collect();
        let to = Raw::new(out);
        pool::chunks(self.planes, (1 << 13) / (rows * w).max(1) + 1, &|planes| {
            for i in planes {
                let x = &x[i * rows * w..][..rows * w];
                // SAFETY: each plane belongs to one task and lies in `out`.
                let out = unsafe { to.slice(i * self.channel, self.channel) };
                for r in (0..rows).filter(|r| lines[r % h % lines.len()]) {
                    for &p in &columns {
                        let row = &mut out[p * self.phase + r * self.width..][..(w - p.min(w)).div_ceil(s)];
                        for (e, &v) in row.iter_mut().zip(x[r * w + p..].iter().step_by(s)) {
                            *e = v;
                        }
                    }
                }
            }
        });
        out
    }
}
