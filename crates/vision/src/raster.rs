//! Images of 8 bits a channel, and what moves their pixels unchanged.

use crate::error::{Error, Result};
use candlewick_tensor::memory;

/// 8-bit pixels, row by row, 1 to 4 channels side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Raster {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Channels.
    pub channels: usize,
    /// The values.
    pub data: Vec<u8>,
}

/// How the surroundings of an image are made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Padding {
    /// Of one colour.
    Constant,
    /// The pixel at the edge, again and again.
    Edge,
    /// A mirror whose axis is the pixel at the edge.
    Reflect,
    /// A mirror behind the pixel at the edge.
    Symmetric,
}

impl Padding {
    /// The pixel along an axis of `n` at the place `i`, which may lie outside; none: the colour.
    fn source(self, i: isize, n: usize) -> Option<usize> {
        let n = n as isize;
        if (0..n).contains(&i) {
            return Some(i as usize);
        }
        match self {
            Padding::Constant => None,
            Padding::Edge => Some(i.clamp(0, n - 1) as usize),
            Padding::Reflect if n == 1 => Some(0),
            Padding::Reflect => {
                let at = i.rem_euclid(2 * (n - 1));
                Some(if at < n { at } else { 2 * (n - 1) - at } as usize)
            }
            Padding::Symmetric => {
                let at = i.rem_euclid(2 * n);
                Some(if at < n { at } else { 2 * n - 1 - at } as usize)
            }
        }
    }
}

impl Raster {
    /// An image of one colour. Errors: not enough memory.
    pub fn filled(width: usize, height: usize, color: &[u8]) -> Result<Raster> {
        let len = width.checked_mul(height).and_then(|n| n.checked_mul(color.len()));
        let len = len.ok_or_else(|| Error::Argument(format!("an image of {height} x {width} pixels")))?;
        let mut data = memory::alloc::<u8>(len)?;
        data.chunks_exact_mut(color.len()).for_each(|p| p.copy_from_slice(color));
        Ok(Raster { width, height, channels: color.len(), data })
    }

    /// The pixel at (x, y).
    pub fn pixel(&self, x: usize, y: usize) -> &[u8] {
        &self.data[(y * self.width + x) * self.channels..][..self.channels]
    }

    /// A rectangle of it; what lies outside is black.
    pub fn crop(&self, top: isize, left: isize, height: usize, width: usize) -> Result<Raster> {
        let black = vec![0; self.channels];
        self.window(top, left, height, width, Padding::Constant, &black)
    }

    /// A rectangle of it and of its surroundings.
    pub fn window(
        &self,
        top: isize,
        left: isize,
        height: usize,
        width: usize,
        padding: Padding,
        color: &[u8],
    ) -> Result<Raster> {
        let mut out = Raster::filled(width, height, color)?;
        let c = self.channels;
        let inside = (left.max(0), (left + width as isize).min(self.width as isize));
        for (y, row) in out.data.chunks_exact_mut((width * c).max(1)).enumerate() {
            let Some(from) = padding.source(top + y as isize, self.height) else { continue };
            let source = &self.data[from * self.width * c..][..self.width * c];
            if inside.0 < inside.1 {
                let (a, b) = (inside.0 as usize * c, inside.1 as usize * c);
                row[(inside.0 - left) as usize * c..][..b - a].copy_from_slice(&source[a..b]);
            }
            if padding == Padding::Constant {
                continue;
            }
            for (x, pixel) in row.chunks_exact_mut(c).enumerate() {
                let at = left + x as isize;
                if (0..self.width as isize).contains(&at) {
                    continue;
                }
                if let Some(x) = padding.source(at, self.width) {
                    pixel.copy_from_slice(&source[x * c..][..c]);
                }
            }
        }
        Ok(out)
    }

    /// Left and right exchanged.
    pub fn flip_horizontally(&mut self) {
        let c = self.channels;
        for row in self.data.chunks_exact_mut((self.width * c).max(1)) {
            let n = row.len() / c;
            for x in 0..n / 2 {
                for k in 0..c {
                    row.swap(x * c + k, (n - 1 - x) * c + k);
                }
            }
        }
    }

    /// Top and bottom exchanged.
    pub fn flip_vertically(&mut self) {
        let row = self.width * self.channels;
        for y in 0..self.height / 2 {
            let (above, below) = self.data.split_at_mut((self.height - 1 - y) * row);
            above[y * row..][..row].swap_with_slice(&mut below[..row]);
        }
    }

    /// Turned by quarters, counter-clockwise.
    pub fn turned(mut self, quarters: u32) -> Result<Raster> {
        let (w, h) = (self.width, self.height);
        match quarters % 4 {
            0 => Ok(self),
            2 => {
                self.flip_horizontally();
                self.flip_vertically();
                Ok(self)
            }
            quarter => {
                let mut out = Raster::filled(h, w, &vec![0; self.channels])?;
                for (i, pixel) in out.data.chunks_exact_mut(self.channels).enumerate() {
                    let (x, y) = (i % h, i / h);
                    let (from_x, from_y) = if quarter == 1 { (w - 1 - y, x) } else { (y, h - 1 - x) };
                    pixel.copy_from_slice(self.pixel(from_x, from_y));
                }
                Ok(out)
            }
        }
    }
}
