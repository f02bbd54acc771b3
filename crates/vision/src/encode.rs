//! Encoding.

use crate::error::{Error, Result};
use crate::jpeg;
use crate::pixels::interleave;
use image::ImageEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};

/// Checks 8-bit planes [C, H, W], and gives their pixels with the channels side by side.
fn pixels(planes: &[u8], [channels, height, width]: [usize; 3]) -> Result<Vec<u8>> {
    if height == 0 || width == 0 || height > 65_500 || width > 65_500 {
        return Err(Error::Argument(format!(
            "expected an image of 1 to 65500 pixels a side, received {height} x {width}"
        )));
    }
    interleave(planes, channels)
}

/// A JPEG of planes [1 or 3, H, W].
pub fn encode_jpeg(planes: &[u8], shape: [usize; 3], quality: i32) -> Result<Vec<u8>> {
    let pixels = pixels(planes, shape)?;
    jpeg::encode(&pixels, shape[2], shape[1], shape[0], quality)
}

/// A PNG of planes [1 to 4, H, W]; compression 0 (none) to 9.
pub fn encode_png(planes: &[u8], shape: [usize; 3], compression: u8) -> Result<Vec<u8>> {
    let pixels = pixels(planes, shape)?;
    let kind = match shape[0] {
        1 => image::ExtendedColorType::L8,
        2 => image::ExtendedColorType::La8,
        3 => image::ExtendedColorType::Rgb8,
        _ => image::ExtendedColorType::Rgba8,
    };
    let mut out = Vec::new();
    PngEncoder::new_with_quality(&mut out, CompressionType::Level(compression), FilterType::Adaptive)
        .write_image(&pixels, shape[2] as u32, shape[1] as u32, kind)
        .map_err(|e| Error::Argument(e.to_string()))?;
    Ok(out)
}
