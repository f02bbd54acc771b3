//! Images of floats, channel by channel, and what is done to them in place.

use crate::error::{Error, Result};
use crate::pixels::planes;
use crate::raster::Raster;
use candlewick_tensor::memory;

/// float32 [channels, height, width].
#[derive(Clone, Debug, PartialEq)]
pub struct Floats {
    /// Channels.
    pub channels: usize,
    /// Rows.
    pub height: usize,
    /// Pixels in a row.
    pub width: usize,
    /// The values.
    pub data: Vec<f32>,
}

/// v / 255 of every byte.
fn unit_values() -> [f32; 256] {
    std::array::from_fn(|i| i as f32 / 255.0)
}

impl Floats {
    /// The image from 0 to 1. Errors: not enough memory.
    pub fn of(image: &Raster) -> Result<Floats> {
        let values = unit_values();
        let data = planes(&image.data, image.channels, |v| values[v as usize])?;
        Ok(Floats { channels: image.channels, height: image.height, width: image.width, data })
    }

    fn planes(&mut self) -> std::slice::ChunksExactMut<'_, f32> {
        let n = (self.width * self.height).max(1);
        self.data.chunks_exact_mut(n)
    }

    /// (v - mean) / std by channel. Errors: other numbers of means or deviations than one or the channels.
    pub fn normalize(&mut self, mean: &[f32], std: &[f32]) -> Result<()> {
        for (name, list) in [("mean", mean), ("std", std)] {
            if list.len() != 1 && list.len() != self.channels {
                return Err(Error::Argument(format!(
                    "normalize: expected one {name} or one for each of {} channels, received {}",
                    self.channels,
                    list.len()
                )));
            }
        }
        for (c, plane) in self.planes().enumerate() {
            let (mean, std) = (mean[c % mean.len()], std[c % std.len()]);
            plane.iter_mut().for_each(|v| *v = (*v - mean) / std);
        }
        Ok(())
    }

    /// A rectangle of it; what lies outside is zero.
    pub fn window(&self, top: isize, left: isize, height: usize, width: usize) -> Result<Floats> {
        let mut data = memory::alloc::<f32>(self.channels * height * width)?;
        for (c, plane) in data.chunks_exact_mut((height * width).max(1)).enumerate() {
            plane.fill(0.0);
            for (y, row) in plane.chunks_exact_mut(width.max(1)).enumerate() {
                let from = top + y as isize;
                let (a, b) = (left.max(0), (left + width as isize).min(self.width as isize));
                if (0..self.height as isize).contains(&from) && a < b {
                    let at = (c * self.height + from as usize) * self.width + a as usize;
                    row[(a - left) as usize..][..(b - a) as usize]
                        .copy_from_slice(&self.data[at..][..(b - a) as usize]);
                }
            }
        }
        Ok(Floats { channels: self.channels, height, width, data })
    }

    /// Left and right exchanged.
    pub fn flip_horizontally(&mut self) {
        self.data.chunks_exact_mut(self.width.max(1)).for_each(<[f32]>::reverse);
    }

    /// Top and bottom exchanged.
    pub fn flip_vertically(&mut self) {
        let (width, height) = (self.width, self.height);
        for plane in self.planes() {
            for y in 0..height / 2 {
                let (above, below) = plane.split_at_mut((height - 1 - y) * width);
                above[y * width..][..width].swap_with_slice(&mut below[..width]);
            }
        }
    }

    /// Sets a rectangle to a value, or to one a channel. Errors: a rectangle that reaches outside.
    pub fn erase(&mut self, [top, left, height, width]: [usize; 4], values: &[f32]) -> Result<()> {
        if top + height > self.height || left + width > self.width || values.is_empty() {
            return Err(Error::Argument("erase: a rectangle outside of the image".into()));
        }
        let row = self.width;
        for (c, plane) in self.planes().enumerate() {
            for y in top..top + height {
                plane[y * row + left..][..width].fill(values[c % values.len()]);
            }
        }
        Ok(())
    }
}
