//! Pixels in memory.

use crate::error::Result;
use candlewick_tensor::{Element, memory};

/// What the channels of a pixel are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// Brightness.
    Gray,
    /// Brightness and opacity.
    GrayAlpha,
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue, opacity.
    RgbAlpha,
    /// Cyan, magenta, yellow, black.
    Cmyk,
}

impl Color {
    /// The number of channels.
    pub fn channels(self) -> usize {
        match self {
            Color::Gray => 1,
            Color::GrayAlpha => 2,
            Color::Rgb => 3,
            Color::RgbAlpha | Color::Cmyk => 4,
        }
    }
}

/// The channels of all pixels, row by row, a pixel's channels side by side.
#[derive(Clone, Debug, PartialEq)]
pub enum Samples {
    /// 8 bits a channel.
    Eight(Vec<u8>),
    /// 16 bits a channel.
    Sixteen(Vec<u16>),
}

/// An image.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// What the channels are.
    pub color: Color,
    /// Their values.
    pub samples: Samples,
}

/// Values channel by channel, as a tensor [C, H, W] has them, of pixels whose channels lie side by side. Errors: not enough memory.
pub fn planes<T: Element, S: Copy>(samples: &[S], channels: usize, convert: impl Fn(S) -> T) -> Result<Vec<T>> {
    let mut out = memory::alloc::<T>(samples.len())?;
    planes_into(samples, channels, convert, &mut out);
    Ok(out)
}

/// The same, into what is there.
pub fn planes_into<T, S: Copy>(samples: &[S], channels: usize, convert: impl Fn(S) -> T, out: &mut [T]) {
    let n = samples.len() / channels.max(1);
    for (c, plane) in out.chunks_exact_mut(n.max(1)).enumerate() {
        for (to, pixel) in plane.iter_mut().zip(samples.chunks_exact(channels)) {
            *to = convert(pixel[c]);
        }
    }
}

/// Pixels whose channels lie side by side, of values that lie channel by channel. Errors: not enough memory.
pub fn interleave(planes: &[u8], channels: usize) -> Result<Vec<u8>> {
    let n = planes.len() / channels.max(1);
    let mut out = memory::alloc::<u8>(n * channels)?;
    for (c, plane) in planes.chunks_exact(n.max(1)).enumerate() {
        for (pixel, &v) in out.chunks_exact_mut(channels).zip(plane) {
            pixel[c] = v;
        }
    }
    Ok(out)
}
