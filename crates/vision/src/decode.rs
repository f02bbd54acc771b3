//! Decoding: which format, how large, which pixels.

use crate::color::{Mode, convert};
use crate::error::{Error, Result};
use crate::pixels::Image;
use crate::{formats, jpeg, orientation};
use image::metadata::Orientation;

/// A format of images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JPEG, baseline, progressive or arithmetic.
    Jpeg,
    /// PNG.
    Png,
    /// The first frame of a GIF.
    Gif,
    /// WebP, lossy or lossless; its first frame.
    WebP,
    /// BMP.
    Bmp,
    /// The first page of a TIFF.
    Tiff,
    /// PBM, PGM or PPM.
    Pnm,
}

impl Format {
    /// The format by a file's first bytes. Errors: none of those known.
    pub fn of(bytes: &[u8]) -> Result<Format> {
        match bytes {
            [0xFF, 0xD8, 0xFF, ..] => Ok(Format::Jpeg),
            [0x89, b'P', b'N', b'G', ..] => Ok(Format::Png),
            [b'G', b'I', b'F', b'8', ..] => Ok(Format::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(Format::WebP),
            [b'B', b'M', ..] => Ok(Format::Bmp),
            [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Ok(Format::Tiff),
            [b'P', b'1'..=b'6', b' ' | b'\t' | b'\r' | b'\n' | b'#', ..] => Ok(Format::Pnm),
            [] => Err(Error::Kind("expected an image, received no bytes".into())),
            _ => Err(Error::Kind(format!(
                "expected a JPEG, PNG, WebP, GIF, BMP, TIFF or PNM file, received one that begins with {:02x?}",
                &bytes[..bytes.len().min(8)]
            ))),
        }
    }
}

/// How a file is decoded.
#[derive(Clone, Copy, Debug)]
pub struct DecodeOptions {
    /// The format it must have.
    pub format: Option<Format>,
    /// The colours wanted.
    pub mode: Mode,
    /// Whether the image is turned as its EXIF data say.
    pub apply_exif_orientation: bool,
    /// Whether 16 bits a channel stay 16 bits.
    pub keep_16_bits: bool,
    /// The most pixels an image may have.
    pub max_pixels: u64,
    /// Whether what a truncated file has is taken.
    pub allow_truncated: bool,
    /// The first row that is wanted, and how many: a JPEG's others are passed over and not in the image.
    pub rows: Option<(usize, usize)>,
    /// A JPEG is decoded at 1, 1/2, 1/4 or 1/8 of its size: other pixels than resizing gives, in less time.
    pub reduce: u32,
}

impl Default for DecodeOptions {
    fn default() -> Self {
        DecodeOptions {
            format: None,
            mode: Mode::Unchanged,
            apply_exif_orientation: false,
            keep_16_bits: false,
            // Pillow's, past which it raises its DecompressionBombError.
            max_pixels: 178_956_970,
            allow_truncated: false,
            rows: None,
            reduce: 1,
        }
    }
}

/// What a file says of itself before its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// How the camera was held.
    pub orientation: Orientation,
}

impl Header {
    /// Errors: more pixels than are allowed, or none.
    pub(crate) fn checked(self, o: &DecodeOptions) -> Result<Header> {
        let Header { width, height, .. } = self;
        let pixels = width as u64 * height as u64;
        if pixels == 0 {
            return Err(Error::Damaged(format!("an image of {width} x {height} pixels")));
        }
        if pixels > o.max_pixels {
            return Err(Error::TooLarge(format!(
                "an image of {width} x {height} pixels, and maxPixels is {}: it may be a decompression bomb",
                o.max_pixels
            )));
        }
        Ok(self)
    }
}

/// The format of a file that may have to be another.
fn format(bytes: &[u8], o: &DecodeOptions) -> Result<Format> {
    let found = Format::of(bytes)?;
    match o.format {
        Some(wanted) if wanted != found => {
            Err(Error::Kind(format!("expected a {wanted:?} file, received a {found:?} file")))
        }
        _ => Ok(found),
    }
}

/// Reads what comes before the pixels. Errors: as [`decode`]'s.
pub fn header(bytes: &[u8], o: &DecodeOptions) -> Result<Header> {
    match format(bytes, o)? {
        Format::Jpeg => jpeg::header(bytes, o),
        Format::Tiff => formats::header(bytes, Format::Tiff, o).map(orientation::turned),
        other => formats::header(bytes, other, o),
    }
}

/// Decodes an image. Errors: no image, a damaged or truncated one, one with more pixels than allowed.
pub fn decode(bytes: &[u8], o: &DecodeOptions) -> Result<Image> {
    let format = format(bytes, o)?;
    let (image, orientation) = match format {
        Format::Jpeg => jpeg::decode(bytes, o)?,
        other => formats::decode(bytes, other, o)?,
    };
    let image = convert(image, o.mode, o.keep_16_bits);
    // A TIFF is always turned, as by Pillow: its orientation is a tag of the file itself.
    let turns = o.apply_exif_orientation || format == Format::Tiff;
    Ok(if turns { orientation::apply(image, orientation) } else { image })
}
