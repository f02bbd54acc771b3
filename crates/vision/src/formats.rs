//! All formats but JPEG, by the `image` crate.

use crate::color::Mode;
use crate::decode::{DecodeOptions, Format, Header};
use crate::error::{Error, Result};
use crate::palette;
use crate::pixels::{Color, Image, Samples};
use candlewick_tensor::memory;
use image::codecs::{
    bmp::BmpDecoder, gif::GifDecoder, png::PngDecoder, pnm::PnmDecoder, tiff::TiffDecoder, webp::WebPDecoder,
};
use image::error::{ImageError, ImageResult};
use image::metadata::Orientation;
use image::{ColorType, ImageDecoder, Limits};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

type Decoder<'a> = Box<dyn ImageDecoder + 'a>;

/// Errors of the decoders as ours.
fn ours<T>(result: ImageResult<T>) -> Result<T> {
    result.map_err(|e| match e {
        ImageError::Unsupported(e) => Error::Kind(e.to_string()),
        e => Error::Damaged(e.to_string()),
    })
}

/// Errors: a WebP that says it is longer than it is; its first frame alone could still be decoded.
fn check_length(bytes: &[u8]) -> Result<()> {
    let stated = bytes.get(4..8).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as u64 + 8);
    match bytes.len() as u64 {
        length if length < stated => Err(Error::Damaged(format!("the file is truncated: {length} of {stated} bytes"))),
        _ => Ok(()),
    }
}

/// Reads the header.
fn open<'a>(bytes: &'a [u8], format: Format, o: &DecodeOptions) -> Result<(Decoder<'a>, Header)> {
    if format == Format::WebP && !o.allow_truncated {
        check_length(bytes)?;
    }
    let source = Cursor::new(bytes);
    let mut decoder: Decoder = match format {
        Format::Png => Box::new(ours(PngDecoder::with_limits(source, limits(o)))?),
        Format::Gif => Box::new(ours(GifDecoder::new(source))?),
        Format::WebP => Box::new(ours(WebPDecoder::new(source))?),
        Format::Bmp => Box::new(ours(BmpDecoder::new(source))?),
        Format::Tiff => Box::new(ours(TiffDecoder::new(source))?),
        Format::Pnm => Box::new(ours(PnmDecoder::new(source))?),
        Format::Jpeg => return Err(Error::Kind("a JPEG is decoded elsewhere".into())),
    };
    let (width, height) = decoder.dimensions();
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let header = Header { width: width as usize, height: height as usize, orientation }.checked(o)?;
    ours(decoder.set_limits(limits(o)))?;
    Ok((decoder, header))
}

/// The memory that a decoder may use beside the image: 16 bytes a pixel, what the largest kind of pixel takes.
fn limits(o: &DecodeOptions) -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(o.max_pixels.saturating_mul(16));
    limits
}

/// A decoder that panics has met a file that it did not expect.
fn caught<T>(run: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Err(Error::Damaged("its decoder failed".into())))
}

/// A TIFF's table of colours, and the file as one of gray pixels.
fn palette_of(bytes: &[u8], format: Format) -> Option<(Vec<u8>, Vec<[u8; 3]>)> {
    if format == Format::Tiff { palette::split(bytes) } else { None }
}

/// What comes before the pixels.
pub fn header(bytes: &[u8], format: Format, o: &DecodeOptions) -> Result<Header> {
    caught(|| match palette_of(bytes, format) {
        Some((gray, _)) => Ok(open(&gray, format, o)?.1),
        None => Ok(open(bytes, format, o)?.1),
    })
}

/// The pixels and how the camera was held.
pub fn decode(bytes: &[u8], format: Format, o: &DecodeOptions) -> Result<(Image, Orientation)> {
    caught(|| match palette_of(bytes, format) {
        Some((gray, colors)) => read(&gray, format, o).map(|(image, turn)| (palette::look_up(image, &colors), turn)),
        None => read(bytes, format, o),
    })
}

fn read(bytes: &[u8], format: Format, o: &DecodeOptions) -> Result<(Image, Orientation)> {
    let (decoder, Header { width, height, orientation }) = open(bytes, format, o)?;
    let kind = decoder.color_type();
    let (color, wide) = match kind {
        ColorType::L8 => (Color::Gray, false),
        ColorType::La8 => (Color::GrayAlpha, false),
        ColorType::Rgb8 => (Color::Rgb, false),
        ColorType::Rgba8 => (Color::RgbAlpha, false),
        ColorType::L16 => (Color::Gray, true),
        ColorType::La16 => (Color::GrayAlpha, true),
        ColorType::Rgb16 => (Color::Rgb, true),
        ColorType::Rgba16 => (Color::RgbAlpha, true),
        other => return Err(Error::Kind(format!("pixels of the kind {other:?} are not supported"))),
    };
    let mut values = memory::alloc::<u8>(decoder.total_bytes() as usize)?;
    values.fill(0);
    match decoder.read_image(&mut values) {
        Err(e) if !(o.allow_truncated && is_truncation(&e)) => return ours(Err(e)),
        _ => {}
    }
    let samples = match wide {
        false => Samples::Eight(values),
        true => Samples::Sixteen(values.chunks_exact(2).map(|b| u16::from_ne_bytes([b[0], b[1]])).collect()),
    };
    let image = Image { width, height, color, samples };
    // A GIF's colours have no alpha in Pillow and in torchvision, unless that is asked for.
    let has_alpha = format != Format::Gif || matches!(o.mode, Mode::GrayAlpha | Mode::RgbAlpha);
    let image = if has_alpha { image } else { crate::color::convert(image, Mode::Rgb, false) };
    Ok((image, orientation))
}

/// Whether a file ends too early, as far as its decoder says.
fn is_truncation(e: &ImageError) -> bool {
    let text = e.to_string().to_lowercase();
    matches!(e, ImageError::IoError(e) if e.kind() == std::io::ErrorKind::UnexpectedEof)
        || ["unexpected end", "end of file", "eof", "failed to fill"].iter().any(|part| text.contains(part))
}
