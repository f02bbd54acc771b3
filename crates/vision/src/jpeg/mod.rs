//! JPEG, by libjpeg: the same arithmetic as Pillow's, so the same pixels.

mod raw;

use crate::color::Mode;
use crate::decode::{DecodeOptions, Header};
use crate::error::Result;
use crate::pixels::{Color, Image, Samples};
use candlewick_tensor::memory;
use image::metadata::Orientation;
use raw::{Decoder, Output};

pub use raw::encode;

/// Opens a file and checks its size.
fn open<'a>(bytes: &'a [u8], o: &DecodeOptions) -> Result<(Decoder<'a>, Header)> {
    let decoder = Decoder::open(bytes, o.allow_truncated)?;
    let (width, height) = decoder.size();
    let orientation = decoder.exif().and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms);
    let header = Header { width, height, orientation }.checked(o)?;
    Ok((decoder, header))
}

/// What comes before the pixels.
pub fn header(bytes: &[u8], o: &DecodeOptions) -> Result<Header> {
    Ok(open(bytes, o)?.1)
}

/// The pixels and how the camera was held.
pub fn decode(bytes: &[u8], o: &DecodeOptions) -> Result<(Image, Orientation)> {
    let (mut decoder, header) = open(bytes, o)?;
    let output = match (decoder.color(), o.mode) {
        // The luminance of the file, as torchvision: not that of the colours made of it.
        (Color::Rgb, Mode::Gray | Mode::GrayAlpha) if decoder.has_luminance() => Output::Gray,
        (Color::Gray, _) => Output::Gray,
        (Color::Cmyk, _) => Output::Cmyk,
        _ => Output::Rgb,
    };
    let (width, height) = decoder.start(output, o.reduce)?;
    let color = match output {
        Output::Gray => Color::Gray,
        Output::Rgb => Color::Rgb,
        Output::Cmyk => Color::Cmyk,
    };
    let (first, count) = o.rows.map_or((0, height), |(first, count)| {
        let first = first.min(height);
        (first, count.min(height - first))
    });
    let mut values = memory::alloc::<u8>(width * count * color.channels())?;
    decoder.skip_rows(first)?;
    decoder.read_rows(&mut values)?;
    // What is not wanted is read all the same, since a file that is damaged there is damaged; libjpeg reads up to a row that is asked
    // for.
    if first + count < height {
        decoder.skip_rows(height - first - count - 1)?;
        decoder.read_rows(&mut vec![0; width * color.channels()])?;
    }
    decoder.finish()?;
    if color == Color::Cmyk {
        // Adobe's convention, which all programs follow: inks are stored inverted.
        values.iter_mut().for_each(|v| *v = 255 - *v);
    }
    Ok((Image { width, height: count, color, samples: Samples::Eight(values) }, header.orientation))
}
