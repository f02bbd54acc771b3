//! Gaussian blur, as torchvision's: weights in float32, mirrored edges, rounded to bytes.

use crate::error::{Error, Result};
use crate::raster::{Padding, Raster};

/// The weights of a Gaussian of this width.
fn weights(size: usize, sigma: f64) -> Vec<f32> {
    let half = (size as f32 - 1.0) * 0.5;
    let sigma = sigma as f32;
    let values: Vec<f32> = (0..size).map(|i| (-0.5 * ((i as f32 - half) / sigma).powi(2)).exp()).collect();
    let sum: f32 = values.iter().sum();
    values.iter().map(|v| v / sum).collect()
}

/// Blurs with a filter of `sizes` (across, down). Errors: an image smaller than half the filter.
pub fn gaussian_blur(image: &Raster, sizes: [usize; 2], sigmas: [f64; 2]) -> Result<Raster> {
    let [left, top] = sizes.map(|n| n / 2);
    if left >= image.width || top >= image.height {
        return Err(Error::Argument(format!(
            "gaussianBlur: an image of {} x {} is too small for a filter of {} x {}, whose edges are mirrored",
            image.height, image.width, sizes[1], sizes[0]
        )));
    }
    let (across, down) = (weights(sizes[0], sigmas[0]), weights(sizes[1], sigmas[1]));
    let (width, height, c) = (image.width + sizes[0] - 1, image.height + sizes[1] - 1, image.channels);
    let black = vec![0; c];
    let padded = image.window(-(top as isize), -(left as isize), height, width, Padding::Reflect, &black)?;
    let mut out = Raster::filled(image.width, image.height, &black)?;
    for (i, pixel) in out.data.chunks_exact_mut(c).enumerate() {
        let (x, y) = (i % image.width, i / image.width);
        for (k, v) in pixel.iter_mut().enumerate() {
            let mut sum = 0.0f32;
            for (dy, &b) in down.iter().enumerate() {
                let row = &padded.data[((y + dy) * width + x) * c..];
                for (dx, &a) in across.iter().enumerate() {
                    sum += f32::from(row[dx * c + k]) * (a * b);
                }
            }
            *v = sum.round_ties_even().clamp(0.0, 255.0) as u8;
        }
    }
    Ok(out)
}
