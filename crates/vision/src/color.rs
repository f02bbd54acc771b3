//! Conversions between colours, with Pillow's arithmetic: alpha is dropped, not blended; 16 bits become 8 by the high byte, of a gray
//! image without alpha by a limit at 255.

use crate::pixels::{Color, Image, Samples};

/// The colours a caller wants; the names are torchvision's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Those of the file.
    Unchanged,
    /// One channel.
    Gray,
    /// Two channels.
    GrayAlpha,
    /// Three channels.
    Rgb,
    /// Four channels.
    RgbAlpha,
}

impl Mode {
    fn color(self, of_file: Color) -> Color {
        match self {
            Mode::Unchanged => of_file,
            Mode::Gray => Color::Gray,
            Mode::GrayAlpha => Color::GrayAlpha,
            Mode::Rgb => Color::Rgb,
            Mode::RgbAlpha => Color::RgbAlpha,
        }
    }
}

/// The image in the colours of a mode; with 8 bits a channel unless 16 are to be kept.
pub fn convert(mut image: Image, mode: Mode, keep_16_bits: bool) -> Image {
    if !keep_16_bits && let Samples::Sixteen(values) = &image.samples {
        image.samples = Samples::Eight(match image.color {
            Color::Gray => values.iter().map(|&v| v.min(255) as u8).collect(),
            _ => values.iter().map(|&v| (v >> 8) as u8).collect(),
        });
    }
    let to = mode.color(image.color);
    if to == image.color {
        return image;
    }
    image.samples = match &image.samples {
        Samples::Eight(values) => Samples::Eight(pixels(values, image.color, to, 255)),
        Samples::Sixteen(values) => Samples::Sixteen(pixels(values, image.color, to, u16::MAX)),
    };
    image.color = to;
    image
}

fn pixels<T: Sample>(values: &[T], from: Color, to: Color, opaque: T) -> Vec<T> {
    let mut out = Vec::with_capacity(values.len() / from.channels() * to.channels());
    for p in values.chunks_exact(from.channels()) {
        let ([r, g, b], alpha) = match from {
            Color::Gray => ([p[0]; 3], opaque),
            Color::GrayAlpha => ([p[0]; 3], p[1]),
            Color::Rgb => ([p[0], p[1], p[2]], opaque),
            Color::RgbAlpha => ([p[0], p[1], p[2]], p[3]),
            Color::Cmyk => (T::of_cmyk([p[0], p[1], p[2], p[3]]), opaque),
        };
        let gray = || if matches!(from, Color::Gray | Color::GrayAlpha) { r } else { T::gray(r, g, b) };
        match to {
            Color::Gray => out.push(gray()),
            Color::GrayAlpha => out.extend([gray(), alpha]),
            Color::Rgb => out.extend([r, g, b]),
            Color::RgbAlpha | Color::Cmyk => out.extend([r, g, b, alpha]),
        }
    }
    out
}

/// A channel's value.
trait Sample: Copy {
    /// Brightness by ITU-R 601-2: 0.299 r + 0.587 g + 0.114 b, rounded.
    fn gray(r: Self, g: Self, b: Self) -> Self;
    /// Red, green and blue of inks: what black leaves, less the ink's share of it.
    fn of_cmyk(inks: [Self; 4]) -> [Self; 3];
}

impl Sample for u8 {
    fn gray(r: u8, g: u8, b: u8) -> u8 {
        gray(r, g, b)
    }
    fn of_cmyk([c, m, y, k]: [u8; 4]) -> [u8; 3] {
        let left = 255 - k;
        [c, m, y].map(|ink| {
            let product = ink as u32 * left as u32 + 128;
            left.saturating_sub((((product >> 8) + product) >> 8) as u8)
        })
    }
}

impl Sample for u16 {
    fn gray(r: u16, g: u16, b: u16) -> u16 {
        ((r as u64 * 19595 + g as u64 * 38470 + b as u64 * 7471 + 0x8000) >> 16) as u16
    }
    fn of_cmyk([c, m, y, k]: [u16; 4]) -> [u16; 3] {
        let left = u16::MAX - k;
        [c, m, y].map(|ink| left - (ink as u32 * left as u32 / u16::MAX as u32) as u16)
    }
}

/// Pillow's brightness of a colour.
pub fn gray(r: u8, g: u8, b: u8) -> u8 {
    ((r as u32 * 19595 + g as u32 * 38470 + b as u32 * 7471 + 0x8000) >> 16) as u8
}
