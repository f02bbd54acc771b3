//! Where the columns of a panel come from: for each tap and vector a few masked loads ("segments", one for each output
//! row that the vector touches), planned once and reused for every channel. Padding is a cleared mask lane.

use super::correlate::Correlation;
use super::phases::Phases;
use crate::simd::Kernel;
use crate::vector::Vector;
use std::ops::Range;

/// Lanes `lo..hi` from `offset + lane` in the input at channel 0; `offset` alone may lie outside.
#[derive(Clone, Copy, Default)]
struct Segment {
    lo: u32,
    hi: u32,
    offset: isize,
}

/// Consecutive columns within one vector and one output row.
struct Run {
    vector: usize,
    lane: usize,
    len: usize,
    image: usize,
    at: [usize; 3],
}

/// The loads of one panel.
pub struct Plan {
    runs: Vec<Run>,
    segments: Vec<Segment>,
    /// The segments of (tap, vector).
    ranges: Vec<Range<usize>>,
}

impl Plan {
    pub fn new() -> Self {
        Plan { runs: Vec::with_capacity(16), segments: Vec::with_capacity(64), ranges: Vec::with_capacity(64) }
    }

    /// Plans the `width` columns from `col`.
    pub fn panel<V: Vector>(&mut self, q: &Correlation, f: &Phases, col: usize, width: usize) {
        self.cut_rows(q, col, width, V::LANES);
        self.segments.clear();
        self.ranges.clear();
        let [d, h, w] = q.input.map(|l| l as isize);
        let s = q.stride.map(|s| s as isize);
        for tap in &q.taps {
            let [dz, dy, dx] = tap.step;
            let (phase, shift) = (dx.rem_euclid(s[2]), dx.div_euclid(s[2]));
            let columns = (w - phase + s[2] - 1) / s[2];
            let mut r = 0;
            for v in 0..V::NV {
                let first = self.segments.len();
                while let Some(run) = self.runs.get(r).filter(|run| run.vector == v) {
                    r += 1;
                    let [oz, oy, ox] = run.at.map(|o| o as isize);
                    let (z, y, x) = (oz * s[0] + dz, oy * s[1] + dy, ox + shift);
                    let (lo, hi) = ((-x).max(0), (columns - x).min(run.len as isize));
                    if z < 0 || z >= d || y < 0 || y >= h || lo >= hi {
                        continue;
                    }
                    let row = (z * h + y) * f.width as isize;
                    let lane = run.lane as isize;
                    let offset = (run.image * f.image) as isize + phase * f.phase as isize + row + x - lane;
                    self.segments.push(Segment { lo: (lo + lane) as u32, hi: (hi + lane) as u32, offset });
                }
                self.ranges.push(first..self.segments.len());
            }
        }
    }

    fn cut_rows(&mut self, q: &Correlation, col: usize, width: usize, lanes: usize) {
        let [_, oh, ow] = q.output;
        let area: usize = q.output.iter().product();
        self.runs.clear();
        let mut l = 0;
        while l < width {
            let (image, p) = ((col + l) / area, (col + l) % area);
            let at = [p / (oh * ow), p / ow % oh, p % ow];
            let len = (ow - at[2]).min(lanes - l % lanes).min(width - l);
            self.runs.push(Run { vector: l / lanes, lane: l % lanes, len, image, at });
            l += len;
        }
    }
}

/// Fills a panel [channel, tap][NV * LANES] by a plan.
pub struct Fill<'a, V: Vector> {
    plan: &'a Plan,
    x: *const V::Elem,
    channel: usize,
    channels: usize,
    panel: &'a mut [V::Elem],
}

impl<'a, V: Vector> Fill<'a, V> {
    /// To be run by `V::enter`.
    ///
    /// # Safety
    /// The plan was made by `panel::<V>`, and its lanes exist at `x` for `channels` channels, `channel` apart.
    pub unsafe fn new(
        plan: &'a Plan,
        x: *const V::Elem,
        channel: usize,
        channels: usize,
        panel: &'a mut [V::Elem],
    ) -> Self {
        assert!(panel.len() >= channels * plan.ranges.len() * V::LANES);
        Fill { plan, x, channel, channels, panel }
    }

    /// One vector of the panel in every channel, from N segments kept in registers.
    ///
    /// # Safety
    /// As `new`; N <= `s.len()` and `to` is a vector of the panel.
    #[inline(always)]
    unsafe fn column<const N: usize>(&self, s: &[Segment], to: *mut V::Elem, step: usize) {
        let m: [V::Mask; N] = std::array::from_fn(|i| V::mask(s[i].lo as usize, s[i].hi as usize));
        let mut from: [*const V::Elem; N] = std::array::from_fn(|i| self.x.wrapping_offset(s[i].offset));
        let mut to = to;
        for _ in 0..self.channels {
            // SAFETY: the caller's promise.
            unsafe {
                let mut v = V::zero();
                for i in 0..N {
                    v = v.load_masked(m[i], from[i]);
                    from[i] = from[i].wrapping_add(self.channel);
                }
                v.store(to);
            }
            to = to.wrapping_add(step);
        }
    }
}

impl<V: Vector> Kernel for Fill<'_, V> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let base = self.panel.as_ptr().cast_mut();
        let step = self.plan.ranges.len() * V::LANES;
        for (i, range) in self.plan.ranges.iter().enumerate() {
            let s = &self.plan.segments[range.clone()];
            let to = base.wrapping_add(i * V::LANES);
            // SAFETY: `new` asks for a valid plan and checks the panel's length.
            unsafe {
                match s.len() {
                    0 => self.column::<0>(s, to, step),
                    1 => self.column::<1>(s, to, step),
                    2 => self.column::<2>(s, to, step),
                    3 => self.column::<3>(s, to, step),
                    4 => self.column::<4>(s, to, step),
                    _ => {
                        // Rows narrower than a quarter of a vector.
                        self.column::<4>(s, to, step);
                        for s in &s[4..] {
                            let m = V::mask(s.lo as usize, s.hi as usize);
                            for c in 0..self.channels {
                                let to = to.wrapping_add(c * step);
                                let x = self.x.wrapping_offset(s.offset).wrapping_add(c * self.channel);
                                V::load(to).load_masked(m, x).store(to);
                            }
                        }
                    }
                }
            }
        }
    }
}
