//! Resizing, as Pillow: a filter as wide as the pixels that become one, in fixed-point arithmetic.

use crate::error::{Error, Result};
use crate::raster::Raster;
use candlewick_kernels::resample::bytes::{ByteWeights, across_rows, along_rows};
use candlewick_tensor::memory;
use std::f64::consts::PI;

/// How the pixels between are found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Filter {
    /// The nearest pixel.
    Nearest,
    /// A triangle.
    Bilinear,
    /// Keys's cubic, a = -0.5.
    Bicubic,
    /// The mean of the pixels.
    Box,
    /// A cosine window.
    Hamming,
    /// A windowed sinc, a = 3.
    Lanczos,
}

impl Filter {
    /// The distance past which the filter is zero.
    fn support(self) -> f64 {
        match self {
            Filter::Nearest => 0.0,
            Filter::Box => 0.5,
            Filter::Bilinear | Filter::Hamming => 1.0,
            Filter::Bicubic => 2.0,
            Filter::Lanczos => 3.0,
        }
    }

    fn at(self, x: f64) -> f64 {
        let sinc = |x: f64| if x == 0.0 { 1.0 } else { (x * PI).sin() / (x * PI) };
        let distance = x.abs();
        match self {
            Filter::Nearest => 0.0,
            Filter::Box => f64::from(u8::from(x > -0.5 && x <= 0.5)),
            Filter::Bilinear => (1.0 - distance).max(0.0),
            Filter::Hamming if distance >= 1.0 => 0.0,
            Filter::Hamming if distance == 0.0 => 1.0,
            Filter::Hamming => sinc(distance) * (f64::from(0.54f32) + f64::from(0.46f32) * (distance * PI).cos()),
            Filter::Bicubic if distance < 1.0 => (1.5 * distance - 2.5) * distance * distance + 1.0,
            Filter::Bicubic if distance < 2.0 => ((-0.5 * distance + 2.5) * distance - 4.0) * distance + 2.0,
            Filter::Bicubic => 0.0,
            Filter::Lanczos if (-3.0..3.0).contains(&x) => sinc(x) * sinc(x / 3.0),
            Filter::Lanczos => 0.0,
        }
    }

    /// The weights that make `to` pixels of `from`.
    fn weights(self, from: usize, to: usize) -> ByteWeights {
        let scale = from as f64 / to as f64;
        let stretch = scale.max(1.0);
        let support = self.support() * stretch;
        let rows: Vec<(usize, Vec<f64>)> = (0..to)
            .map(|i| {
                let center = (i as f64 + 0.5) * scale;
                let first = (center - support + 0.5).max(0.0) as usize;
                let end = ((center + support + 0.5) as usize).min(from);
                let row: Vec<f64> =
                    (first..end).map(|x| self.at((x as f64 - center + 0.5) * (1.0 / stretch))).collect();
                let sum: f64 = row.iter().sum();
                (first, if sum == 0.0 { row } else { row.iter().map(|w| w / sum).collect() })
            })
            .collect();
        ByteWeights::new(from, &rows)
    }
}

/// The longest side that an image may become.
const LONGEST: usize = 1 << 20;

/// The image at another size. Errors: a size of 0.
pub fn resize(image: &Raster, height: usize, width: usize, filter: Filter) -> Result<Raster> {
    if height == 0 || width == 0 || image.width == 0 || image.height == 0 {
        return Err(Error::Argument(format!(
            "height and width must be > 0, to resize {} x {} to {height} x {width}",
            image.height, image.width
        )));
    }
    if height.max(width) > LONGEST {
        return Err(Error::Argument(format!(
            "resize: expected sides of at most {LONGEST} pixels, received {height} x {width}"
        )));
    }
    memory::alloc::<u8>(height * width * image.channels)?; // before there are weights for it
    if (height, width) == (image.height, image.width) {
        return Ok(image.clone());
    }
    let c = image.channels;
    if filter == Filter::Nearest {
        return nearest(image, height, width);
    }
    let across = (width != image.width).then(|| filter.weights(image.width, width));
    let down = (height != image.height).then(|| filter.weights(image.height, height));
    let (less_high, less_wide) = (image.height as i64 - height as i64, image.width as i64 - width as i64);
    let data = match (across, down) {
        (None, None) => image.data.clone(),
        (Some(across), None) => rows(&across, c, &image.data, height)?,
        (None, Some(down)) => columns(&down, width * c, 0, &image.data)?,
        // Pillow's order; each axis rounds to bytes.
        (Some(across), Some(down)) if less_high > 0 && less_high > 2 * less_wide => {
            let narrow = columns(&down, image.width * c, 0, &image.data)?;
            rows(&across, c, &narrow, height)?
        }
        (Some(across), Some(down)) => {
            let (used, row) = (down.used(), image.width * c);
            let wide = rows(&across, c, &image.data[used.start * row..used.end * row], used.len())?;
            columns(&down, width * c, used.start, &wide)?
        }
    };
    Ok(Raster { width, height, channels: c, data })
}

/// The sums along each of `count` rows.
fn rows(across: &ByteWeights, channels: usize, x: &[u8], count: usize) -> Result<Vec<u8>> {
    let mut out = memory::alloc::<u8>(count * across.outputs() * channels)?;
    along_rows(across, channels, x, &mut out);
    Ok(out)
}

/// The sums of whole rows, the first of which is number `from`.
fn columns(down: &ByteWeights, row: usize, from: usize, x: &[u8]) -> Result<Vec<u8>> {
    let mut out = memory::alloc::<u8>(down.outputs() * row)?;
    across_rows(down, row, from, x, &mut out);
    Ok(out)
}

fn nearest(image: &Raster, height: usize, width: usize) -> Result<Raster> {
    let c = image.channels;
    let places = |from: usize, to: usize| -> Vec<usize> {
        let scale = from as f64 / to as f64;
        (0..to).map(|i| ((i as f64 * scale + 0.5 * scale) as usize).min(from - 1)).collect()
    };
    let (columns, lines) = (places(image.width, width), places(image.height, height));
    let mut data = memory::alloc::<u8>(height * width * c)?;
    for (row, &y) in data.chunks_exact_mut(width * c).zip(&lines) {
        for (pixel, &x) in row.chunks_exact_mut(c).zip(&columns) {
            pixel.copy_from_slice(image.pixel(x, y));
        }
    }
    Ok(Raster { width, height, channels: c, data })
}
