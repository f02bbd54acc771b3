//! TIFFs whose pixels are places in a table of colours, which the `tiff` crate does not read: they are read as gray, and looked up.

use crate::pixels::{Color, Image, Samples};

/// The tags of a file's first directory that matter here.
const BITS: u16 = 258;
const PHOTOMETRIC: u16 = 262;
const COLOR_MAP: u16 = 320;

struct Numbers<'a> {
    bytes: &'a [u8],
    little: bool,
}

impl Numbers<'_> {
    fn u16(&self, at: usize) -> Option<u16> {
        let two = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    }
    fn u32(&self, at: usize) -> Option<usize> {
        let (a, b) = (self.u16(at)? as usize, self.u16(at.checked_add(2)?)? as usize);
        Some(if self.little { a | b << 16 } else { a << 16 | b })
    }
}

/// The file as one of gray pixels, and its table of colours; none where it has none, or not 8 bits a pixel.
pub fn split(bytes: &[u8]) -> Option<(Vec<u8>, Vec<[u8; 3]>)> {
    let numbers = Numbers { bytes, little: bytes.first() == Some(&b'I') };
    let directory = numbers.u32(4)?;
    let entries = (0..numbers.u16(directory)? as usize).map(|i| directory + 2 + 12 * i);
    let find = |tag| entries.clone().find(|&at| numbers.u16(at) == Some(tag));
    let photometric = find(PHOTOMETRIC)? + 8;
    if numbers.u16(photometric)? != 3 || numbers.u16(find(BITS)? + 8)? != 8 {
        return None;
    }
    let map = find(COLOR_MAP)?;
    let (count, start) = (numbers.u32(map + 4)? / 3, numbers.u32(map + 8)?);
    let entry = |i: usize| Some((numbers.u16(start.checked_add(2 * i)?)? / 256) as u8);
    let colors = (0..count.min(256)).map(|i| Some([entry(i)?, entry(count + i)?, entry(2 * count + i)?]));
    let colors = colors.collect::<Option<Vec<_>>>()?;
    let mut gray = bytes.to_vec();
    let black_is_zero = if numbers.little { 1u16.to_le_bytes() } else { 1u16.to_be_bytes() };
    gray.get_mut(photometric..photometric + 2)?.copy_from_slice(&black_is_zero);
    Some((gray, colors))
}

/// The colours of an image of places.
pub fn look_up(image: Image, colors: &[[u8; 3]]) -> Image {
    match (image.color, &image.samples) {
        (Color::Gray, Samples::Eight(places)) => {
            let samples = places.iter().flat_map(|&p| colors.get(p as usize).copied().unwrap_or_default()).collect();
            Image { color: Color::Rgb, samples: Samples::Eight(samples), ..image }
        }
        _ => image,
    }
}
