//! Turning an image upright, as its EXIF data say.

use crate::decode::Header;
use crate::pixels::{Image, Samples};
use image::metadata::Orientation;

/// The image as it was seen through the camera.
pub fn apply(image: Image, orientation: Orientation) -> Image {
    let (w, h) = (image.width, image.height);
    // Where the pixel (x, y) of the upright image is in the file's.
    let (turned, source): (bool, fn(usize, usize, usize, usize) -> (usize, usize)) = match orientation {
        Orientation::NoTransforms => return image,
        Orientation::FlipHorizontal => (false, |x, y, w, _| (w - 1 - x, y)),
        Orientation::Rotate180 => (false, |x, y, w, h| (w - 1 - x, h - 1 - y)),
        Orientation::FlipVertical => (false, |x, y, _, h| (x, h - 1 - y)),
        Orientation::Rotate90FlipH => (true, |x, y, _, _| (y, x)),
        Orientation::Rotate90 => (true, |x, y, _, h| (y, h - 1 - x)),
        Orientation::Rotate270FlipH => (true, |x, y, w, h| (w - 1 - y, h - 1 - x)),
        Orientation::Rotate270 => (true, |x, y, w, _| (w - 1 - y, x)),
    };
    let (width, height) = if turned { (h, w) } else { (w, h) };
    let channels = image.color.channels();
    let order = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| {
        let (x, y) = source(x, y, w, h);
        (y * w + x) * channels
    });
    let samples = match &image.samples {
        Samples::Eight(v) => Samples::Eight(order.flat_map(|at| &v[at..at + channels]).copied().collect()),
        Samples::Sixteen(v) => Samples::Sixteen(order.flat_map(|at| &v[at..at + channels]).copied().collect()),
    };
    Image { width, height, samples, ..image }
}

/// The header of the turned image.
pub fn turned(header: Header) -> Header {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    match header.orientation {
        Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH => {
            Header { width: header.height, height: header.width, ..header }
        }
        _ => header,
    }
}
