//! Drawings: text measured, sheets as PNG.

use crate::error::Result;
use crate::tasks::{Job, Outcome, raise, spawn};
use candlewick_plot::{FontOptions, Picture, measure, render};
use napi::bindgen_prelude::{AsyncTask, Float64Array, Uint8Array};
use napi_derive::napi;

/// The fonts beside the embedded one.
#[napi(object)]
pub struct DrawingFonts {
    /// Whether the system's fonts draw what the others lack.
    pub system: bool,
    /// Font files that come before the system's.
    pub files: Vec<String>,
}

impl DrawingFonts {
    fn read(self) -> FontOptions {
        FontOptions { system: self.system, files: self.files.into_iter().map(Into::into).collect() }
    }
}

/// The room of a text for a font size of 1.
#[napi(object)]
pub struct TextRoom {
    /// From its origin to its end.
    pub width: f64,
    /// Above the baseline.
    pub ascent: f64,
    /// Below the baseline.
    pub descent: f64,
    /// The characters that no font has.
    pub missing: String,
}

fn coded<T>(r: candlewick_plot::Result<T>) -> Outcome<T> {
    r.map_err(|e| (e.code(), e.to_string()))
}

/// Measures texts, each in one line.
#[napi(catch_unwind)]
pub fn measure_texts(texts: Vec<String>, fonts: DrawingFonts) -> Result<Vec<TextRoom>> {
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let rooms = raise(coded(measure(&texts, &fonts.read())))?;
    let room = |m: candlewick_plot::Measured| TextRoom {
        width: m.width,
        ascent: m.ascent,
        descent: m.descent,
        missing: m.missing,
    };
    Ok(rooms.into_iter().map(room).collect())
}

/// A drawing: pictures, and the SVG above them.
#[napi(object)]
pub struct DrawingSheet {
    /// What lies above the pictures.
    pub svg: String,
    /// Red, green and blue behind everything.
    pub background: Vec<u32>,
    /// The bytes of all pictures, [C, H, W] each, one after the other.
    pub pixels: Uint8Array,
    /// For each picture: channels, height, width; left, top, right, bottom; the same of what is seen; 1 where it is smoothed.
    pub places: Float64Array,
    /// Pixels a unit.
    pub scale: f64,
}

/// How many numbers of `places` a picture has.
const NUMBERS: usize = 12;

fn pictures(pixels: &[u8], places: &[f64]) -> Outcome<Vec<Picture>> {
    let mut rest = pixels;
    let taken = places.as_chunks::<NUMBERS>().0.iter().map(|&[c, h, w, l, t, r, b, cl, ct, cr, cb, smooth]| {
        let shape = [c, h, w].map(|v| v as usize);
        let len = shape.iter().try_fold(1usize, |n, &v| n.checked_mul(v))?;
        let planes = rest.get(..len)?.to_vec();
        rest = &rest[len..];
        Some(Picture { planes, shape, place: [l, t, r, b], clip: [cl, ct, cr, cb], smooth: smooth != 0.0 })
    });
    taken.collect::<Option<Vec<_>>>().ok_or(("ERR_ARGUMENT", "expected as many pixels as the pictures have".into()))
}

/// Draws a sheet as PNG, off the isolate's thread.
#[napi(catch_unwind, ts_return_type = "Promise<Uint8Array | Failure>")]
pub fn render_sheet(sheet: DrawingSheet, fonts: DrawingFonts) -> AsyncTask<Job<Vec<u8>, Uint8Array>> {
    let fonts = fonts.read();
    let DrawingSheet { svg, background, scale, .. } = sheet;
    let (pixels, places) = (sheet.pixels.to_vec(), sheet.places.to_vec());
    let at = |i: usize| background.get(i).map_or(255, |&v| v as u8);
    let color = [at(0), at(1), at(2)];
    spawn(move || coded(render(&svg, color, &pictures(&pixels, &places)?, scale, &fonts)), Uint8Array::from)
}
