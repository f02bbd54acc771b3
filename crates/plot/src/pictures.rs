//! Pictures below a drawing: pixels that go into the sheet without becoming a file first.

use crate::error::{Error, Result};
use candlewick_vision::{Filter, Raster, interleave, resize};

/// A picture and its place on the sheet, in the drawing's units.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Bytes, [C, H, W], of 3 channels, or 4 with opacity.
    pub planes: Vec<u8>,
    /// Channels, height and width.
    pub shape: [usize; 3],
    /// Left, top, right and bottom; left beyond right is mirrored, top beyond bottom turned over.
    pub place: [f64; 4],
    /// Left, top, right and bottom of what is seen.
    pub clip: [f64; 4],
    /// Whether pixels are blended where they are enlarged. Where they are made smaller, they always are.
    pub smooth: bool,
}

/// The sheet: red, green, blue and opacity of each pixel, row by row; opaque.
pub struct Sheet<'a> {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// The values.
    pub data: &'a mut [u8],
}

/// Which source pixel each pixel of the sheet from `start` to `end` takes.
fn sources(from: f64, to: f64, count: usize, start: usize, end: usize) -> Vec<usize> {
    let at = |i: usize| (i as f64 + 0.5 - from) / (to - from) * count as f64;
    (start..end).map(|i| (at(i).max(0.0) as usize).min(count - 1)).collect()
}

/// The pixels whose centres lie between two places, within the sheet.
fn span(a: f64, b: f64, clip: (f64, f64), side: usize) -> (usize, usize) {
    let low = a.min(b).max(clip.0).max(0.0);
    let high = a.max(b).min(clip.1).min(side as f64);
    (low.round() as usize, (high.round() as usize).max(low.round() as usize))
}

impl Picture {
    fn raster(&self, scale: f64) -> Result<Raster> {
        let [channels, height, width] = self.shape;
        let data = interleave(&self.planes, channels).map_err(|e| Error::Drawing(e.to_string()))?;
        let raster = Raster { width, height, channels, data };
        let side = |a: f64, b: f64| ((b - a).abs() * scale).round().clamp(1.0, 20_000.0) as usize;
        let wanted = (side(self.place[0], self.place[2]), side(self.place[1], self.place[3]));
        let to = (
            if self.smooth || wanted.0 < width { wanted.0 } else { width },
            if self.smooth || wanted.1 < height { wanted.1 } else { height },
        );
        if to == (width, height) {
            return Ok(raster);
        }
        resize(&raster, to.1, to.0, Filter::Bilinear).map_err(|e| Error::Drawing(e.to_string()))
    }

    /// Puts the picture on the sheet, `scale` pixels a unit. Errors: bytes that are not `shape`, no place.
    pub fn put(&self, scale: f64, sheet: &mut Sheet) -> Result<()> {
        let [channels, height, width] = self.shape;
        let fits = matches!(channels, 3 | 4) && height * width > 0 && self.planes.len() == channels * height * width;
        if !fits || !self.place.iter().chain(&self.clip).all(|v| v.is_finite()) {
            return Err(Error::Drawing(format!("expected a picture [3 or 4, H, W], received {:?}", self.shape)));
        }
        let raster = self.raster(scale)?;
        let [left, top, right, bottom] = self.place.map(|v| v * scale);
        let clip = self.clip.map(|v| v * scale);
        let (x0, x1) = span(left, right, (clip[0], clip[2]), sheet.width);
        let (y0, y1) = span(top, bottom, (clip[1], clip[3]), sheet.height);
        if left == right || top == bottom {
            return Ok(());
        }
        let columns = sources(left, right, raster.width, x0, x1);
        for (y, row) in (y0..y1).zip(sources(top, bottom, raster.height, y0, y1)) {
            let out = &mut sheet.data[(y * sheet.width + x0) * 4..(y * sheet.width + x1) * 4];
            for (pixel, &x) in out.as_chunks_mut::<4>().0.iter_mut().zip(&columns) {
                blend(pixel, raster.pixel(x, row));
            }
        }
        Ok(())
    }
}

/// A pixel of 3 channels replaces, one of 4 lies above as much as it is opaque.
fn blend(below: &mut [u8; 4], above: &[u8]) {
    let opacity = above.get(3).map_or(255, |&a| u32::from(a));
    for (b, &a) in below.iter_mut().zip(&above[..3]) {
        *b = ((u32::from(a) * opacity + u32::from(*b) * (255 - opacity) + 127) / 255) as u8;
    }
}
