//! Weighted sums of bytes along the two axes of an image whose channels lie side by side, in the fixed-point arithmetic of Pillow:
//! weights of 22 bits, sums of 32, rounded to bytes after each axis, along rows first.

use super::GRAIN;
use crate::pool::chunks;
use crate::raw::Raw;
use crate::simd::{Kernel, dispatch};

/// Bits after the point of a weight.
const BITS: u32 = 22;
const HALF: i32 = 1 << (BITS - 1);
/// Numbers that are multiplied at once.
const LANES: usize = 8;

/// The weights of one axis: output `i` is the sum of the inputs from `first[i]`, times `weights[i * most..]`, of which `count[i]`
/// are in use.
pub struct ByteWeights {
    inputs: usize,
    most: usize,
    first: Vec<usize>,
    count: Vec<usize>,
    weights: Vec<i32>,
}

impl ByteWeights {
    /// Rows of (first input, weights), which are rounded to 22 bits. Panics if a row reads past `inputs`.
    pub fn new(inputs: usize, rows: &[(usize, Vec<f64>)]) -> ByteWeights {
        let most = rows.iter().map(|(_, w)| w.len()).max().unwrap_or(0);
        let mut weights = vec![0; rows.len() * most];
        for (i, (first, row)) in rows.iter().enumerate() {
            assert!(first + row.len() <= inputs, "resample: a row reads past the end");
            for (to, w) in weights[i * most..].iter_mut().zip(row) {
                *to = (w * f64::from(1 << BITS)).round() as i32;
            }
        }
        let count = rows.iter().map(|(_, w)| w.len()).collect();
        ByteWeights { inputs, most, first: rows.iter().map(|r| r.0).collect(), count, weights }
    }

    /// Elements that it gives.
    pub fn outputs(&self) -> usize {
        self.first.len()
    }

    fn row(&self, i: usize) -> &[i32] {
        &self.weights[i * self.most..][..self.count[i]]
    }

    /// The inputs that are read at all.
    pub fn used(&self) -> std::ops::Range<usize> {
        let ends = self.first.iter().zip(&self.count);
        let end = ends.map(|(first, count)| first + count).max().unwrap_or(0);
        self.first.iter().copied().min().unwrap_or(0)..end
    }
}

fn byte(sum: i32) -> u8 {
    (sum >> BITS).clamp(0, 255) as u8
}

/// y [rows, outputs, channels] = the sums along the rows of x [rows, inputs, channels], 1 to 4 channels.
pub fn along_rows(w: &ByteWeights, channels: usize, x: &[u8], y: &mut [u8]) {
    let (from, to) = (w.inputs * channels, w.outputs() * channels);
    assert!((1..=4).contains(&channels) && x.len() / from.max(1) == y.len() / to.max(1), "resample: lengths");
    // Three channels are read as four, the last of which counts for nothing.
    let lanes = if channels == 3 { 4 } else { channels };
    let group = LANES / lanes;
    let steps = w.most.div_ceil(group);
    let mut weights = vec![[0i32; LANES]; w.outputs() * steps];
    for i in 0..w.outputs() {
        for (tap, &weight) in w.row(i).iter().enumerate() {
            weights[i * steps + tap / group][tap % group * lanes..][..lanes].fill(weight);
        }
    }
    let out = Raw::new(y);
    chunks(x.len() / from.max(1), GRAIN / to.max(1) + 1, &|rows| {
        let mut line = vec![0u8; w.inputs * lanes + LANES];
        for r in rows {
            // SAFETY: each row belongs to one task.
            let (x, y) = (&x[r * from..][..from], unsafe { out.slice(r * to, to) });
            match channels {
                3 => line.chunks_exact_mut(4).zip(x.chunks_exact(3)).for_each(|(l, x)| l[..3].copy_from_slice(x)),
                _ => line[..from].copy_from_slice(x),
            }
            match channels {
                1 => dispatch(AlongRow::<1, 1> { w, weights: &weights, steps, line: &line, y }),
                2 => dispatch(AlongRow::<2, 2> { w, weights: &weights, steps, line: &line, y }),
                3 => dispatch(AlongRow::<4, 3> { w, weights: &weights, steps, line: &line, y }),
                _ => dispatch(AlongRow::<4, 4> { w, weights: &weights, steps, line: &line, y }),
            }
        }
    });
}

/// A row of `CHANNELS`, each pixel of which is read as `C` numbers.
struct AlongRow<'a, const C: usize, const CHANNELS: usize> {
    w: &'a ByteWeights,
    weights: &'a [[i32; LANES]],
    steps: usize,
    line: &'a [u8],
    y: &'a mut [u8],
}

impl<const C: usize, const CHANNELS: usize> Kernel for AlongRow<'_, C, CHANNELS> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let group = LANES / C;
        let outputs = self.y.as_chunks_mut::<CHANNELS>().0.iter_mut();
        let rows = self.weights.chunks_exact(self.steps.max(1));
        for (((y, weights), &first), &count) in outputs.zip(rows).zip(&self.w.first).zip(&self.w.count) {
            let steps = count.div_ceil(group);
            // The last group may reach past the row's end, where the line has zeros, or what has a weight of zero.
            let line = self.line[first * C..][..steps * LANES].as_chunks::<LANES>().0;
            let mut sums = [0i32; LANES];
            for (x, w) in line.iter().zip(weights) {
                for l in 0..LANES {
                    sums[l] += i32::from(x[l]) * w[l];
                }
            }
            // All lanes are rounded, so that this is vectors' work too.
            let bytes: [u8; C] = std::array::from_fn(|c| byte((0..group).map(|g| sums[g * C + c]).sum::<i32>() + HALF));
            y.copy_from_slice(&bytes[..CHANNELS]);
        }
    }
}

/// y [outputs, width] = the sums of whole rows of x [inputs, width]; a row's first input is counted from `from`.
pub fn across_rows(w: &ByteWeights, width: usize, from: usize, x: &[u8], y: &mut [u8]) {
    assert_eq!(y.len(), w.outputs() * width, "resample: lengths");
    let out = Raw::new(y);
    chunks(w.outputs(), GRAIN / width.max(1) + 1, &|rows| {
        for r in rows {
            // SAFETY: each row belongs to one task.
            let y = unsafe { out.slice(r * width, width) };
            dispatch(AcrossRows { weights: w.row(r), x: &x[(w.first[r] - from) * width..], y });
        }
    });
}

struct AcrossRows<'a> {
    weights: &'a [i32],
    x: &'a [u8],
    y: &'a mut [u8],
}

impl Kernel for AcrossRows<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        const BLOCK: usize = 32;
        let width = self.y.len();
        let (blocks, rest) = self.y.as_chunks_mut::<BLOCK>();
        let done = blocks.len() * BLOCK;
        for (b, y) in blocks.iter_mut().enumerate() {
            // Of a constant length, so that the sums stay in registers.
            let mut sums = [HALF; BLOCK];
            for (k, &w) in self.weights.iter().enumerate() {
                let x = &self.x[k * width + b * BLOCK..][..BLOCK];
                for l in 0..BLOCK {
                    sums[l] += i32::from(x[l]) * w;
                }
            }
            for l in 0..BLOCK {
                y[l] = byte(sums[l]);
            }
        }
        for (i, y) in rest.iter_mut().enumerate() {
            let terms = self.weights.iter().enumerate();
            *y = byte(terms.map(|(k, &w)| i32::from(self.x[k * width + done + i]) * w).sum::<i32>() + HALF);
        }
    }
}
