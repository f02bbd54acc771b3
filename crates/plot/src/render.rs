//! From a drawing to PNG.

use crate::error::{Error, Result};
use crate::fonts::{FontOptions, parsing};
use crate::pictures::{Picture, Sheet};
use image::ImageEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::Tree;

/// The most pixels that a sheet may have: 400 MB while it is drawn.
const LIMIT: f64 = 1e8;

/// Draws on a sheet of one colour, `scale` pixels a unit: pictures, then an SVG above them. Returns a PNG. Errors: no SVG; more than
/// 100 million pixels; a picture that is none.
pub fn render(
    svg: &str,
    background: [u8; 3],
    pictures: &[Picture],
    scale: f64,
    options: &FontOptions,
) -> Result<Vec<u8>> {
    let said = |e: &dyn std::fmt::Display| Error::Drawing(e.to_string());
    let tree = Tree::from_str(svg, &parsing(options)?).map_err(|e| said(&e))?;
    let side = |length: f32| (f64::from(length) * scale).round().max(1.0);
    let (width, height) = (side(tree.size().width()), side(tree.size().height()));
    if width * height > LIMIT || !scale.is_finite() {
        let limit = format!("expected a picture of at most {LIMIT:e} pixels, received {width} x {height}");
        return Err(Error::Drawing(limit));
    }
    let mut pixels = Pixmap::new(width as u32, height as u32)
        .ok_or_else(|| Error::Drawing(format!("a picture of {width} x {height} pixels cannot be drawn")))?;
    let [r, g, b] = background;
    pixels.fill(Color::from_rgba8(r, g, b, 255));
    let (columns, rows) = (pixels.width(), pixels.height());
    let mut sheet = Sheet { width: columns as usize, height: rows as usize, data: pixels.data_mut() };
    for picture in pictures {
        picture.put(scale, &mut sheet)?;
    }
    resvg::render(&tree, Transform::from_scale(scale as f32, scale as f32), &mut pixels.as_mut());
    // The sheet is opaque: three channels say all.
    let colors: Vec<u8> = pixels.data().as_chunks::<4>().0.iter().flat_map(|p| [p[0], p[1], p[2]]).collect();
    let mut out = Vec::new();
    PngEncoder::new_with_quality(&mut out, CompressionType::Fast, FilterType::Adaptive)
        .write_image(&colors, columns, rows, image::ExtendedColorType::Rgb8)
        .map_err(|e| said(&e))?;
    Ok(out)
}
