//! Sliding windows of images [H, W] as columns, and columns added back into images: the transpose.

use crate::float::Float;
use crate::pool::chunks;
use crate::raw::Raw;
use crate::sizes::product;

/// The geometry of windows over planes; all pairs are (height, width).
#[derive(Clone, Copy, Debug)]
pub struct Unfold {
    /// Images times channels.
    pub planes: usize,
    /// Input size.
    pub input: [usize; 2],
    /// Window size.
    pub kernel: [usize; 2],
    /// Steps between windows.
    pub stride: [usize; 2],
    /// Zeros on each side.
    pub padding: [usize; 2],
    /// Steps between the elements of a window.
    pub dilation: [usize; 2],
    /// Windows along each axis.
    pub output: [usize; 2],
}

impl Unfold {
    fn lengths(&self) -> (usize, usize) {
        let ([h, w], [kh, kw], [oh, ow]) = (self.input, self.kernel, self.output);
        (product(&[self.planes, h, w]), product(&[self.planes, kh, kw, oh, ow]))
    }

    /// Of row `r` of [planes, kh, kw, oh] the part that lies inside: its first window, the element that it reads, the count.
    fn row(&self, r: usize) -> Option<(usize, usize, usize)> {
        let ([h, w], [kh, kw], [oh, ow]) = (self.input, self.kernel, self.output);
        let (p, i, j, o) = (r / (kh * kw * oh), r / (kw * oh) % kh, r / oh % kw, r % oh);
        let y = (o * self.stride[0] + i * self.dilation[0]).checked_sub(self.padding[0]).filter(|&y| y < h)?;
        let (shift, step) = (j * self.dilation[1], self.stride[1]);
        // The first and last window whose element lies in 0..w.
        let first = self.padding[1].saturating_sub(shift).div_ceil(step);
        let end = (w + self.padding[1]).saturating_sub(shift).div_ceil(step).min(ow);
        (first < end).then(|| (first, (p * h + y) * w + first * step + shift - self.padding[1], end - first))
    }
}

/// y [planes, kh, kw, oh, ow] = the elements of every window; zero in the padding.
pub(crate) fn unfold<T: Copy + Default + Send + Sync>(v: &Unfold, x: &[T], y: &mut [T]) {
    assert_eq!((x.len(), y.len()), v.lengths(), "unfold: lengths");
    let [oh, ow] = v.output;
    let out = Raw::new(y);
    chunks(v.planes * v.kernel[0] * v.kernel[1] * oh, (1 << 14) / ow.max(1) + 1, &|range| {
        for r in range {
            // SAFETY: each row belongs to one task, lengths are checked.
            let y = unsafe { out.slice(r * ow, ow) };
            y.fill(T::default());
            let Some((first, from, n)) = v.row(r) else { continue };
            let y = &mut y[first..first + n];
            match v.stride[1] {
                1 => y.copy_from_slice(&x[from..from + n]),
                step => y.iter_mut().zip(x[from..].iter().step_by(step)).for_each(|(y, &x)| *y = x),
            }
        }
    });
}

/// x [planes, h, w] = the sum over all windows of the columns' elements.
pub(crate) fn fold<T: Float>(v: &Unfold, y: &[T], x: &mut [T]) {
    assert_eq!((x.len(), y.len()), v.lengths(), "fold: lengths");
    let (plane, rows, ow) = (v.input[0] * v.input[1], v.kernel[0] * v.kernel[1] * v.output[0], v.output[1]);
    let out = Raw::new(x);
    chunks(v.planes, (1 << 14) / plane.max(1) + 1, &|range| {
        for p in range {
            // SAFETY: each plane belongs to one task, lengths are checked.
            let x = unsafe { out.slice(p * plane, plane) };
            x.fill(T::ZERO);
            for r in p * rows..(p + 1) * rows {
                let Some((first, to, n)) = v.row(r) else { continue };
                let x = x[to - p * plane..].iter_mut().step_by(v.stride[1]);
                x.zip(&y[r * ow + first..][..n]).for_each(|(x, &y)| *x += y);
            }
        }
    });
}
