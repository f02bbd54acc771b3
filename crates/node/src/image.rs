//! Images: files and bytes to tensors and back.

use crate::error::Result;
use crate::files::save::bytes_written;
use crate::handle::TensorHandle;
use crate::tasks::{Job, Outcome, file_error, raise, spawn};
use candlewick_tensor::{DType, Tensor};
use candlewick_vision::{
    DecodeOptions, Floats, Format, Image, Mode, Picture, Raster, Samples, interleave, parse, planes, run,
};
use napi::bindgen_prelude::{AsyncTask, Either, Float64Array, Uint8Array};
use napi_derive::napi;

/// How an image is decoded.
#[napi(object)]
pub struct ImageOptions {
    /// The format it must have: jpeg, png, gif, webp, bmp or tiff; none for any.
    pub format: Option<String>,
    /// The colours: UNCHANGED, GRAY, GRAY_ALPHA, RGB or RGB_ALPHA.
    pub mode: String,
    /// Whether the image is turned as its EXIF data say.
    pub apply_exif_orientation: bool,
    /// Whether 16 bits a channel stay 16 bits.
    pub keep_16_bits: bool,
    /// The most pixels an image may have.
    pub max_pixels: f64,
    /// Whether what a truncated file has is taken.
    pub allow_truncated: bool,
    /// A JPEG is decoded at 1/reduce of its size: 1, 2, 4 or 8.
    pub reduce: u32,
}

impl ImageOptions {
    /// The same for the decoder.
    pub fn read(&self) -> DecodeOptions {
        DecodeOptions {
            format: self.format.as_deref().and_then(|name| {
                let formats = [Format::Jpeg, Format::Png, Format::Gif, Format::WebP, Format::Bmp, Format::Tiff];
                formats.into_iter().find(|f| format!("{f:?}").eq_ignore_ascii_case(name))
            }),
            mode: match self.mode.as_str() {
                "GRAY" => Mode::Gray,
                "GRAY_ALPHA" => Mode::GrayAlpha,
                "RGB" => Mode::Rgb,
                "RGB_ALPHA" => Mode::RgbAlpha,
                _ => Mode::Unchanged,
            },
            apply_exif_orientation: self.apply_exif_orientation,
            keep_16_bits: self.keep_16_bits,
            max_pixels: self.max_pixels as u64,
            allow_truncated: self.allow_truncated,
            rows: None,
            reduce: self.reduce,
        }
    }
}

/// An error of images as (code, message), with the file's name in front.
pub fn image_error(name: &str, e: &candlewick_vision::Error) -> (&'static str, String) {
    (e.code(), format!("{name}: {e}"))
}

/// The same without a name, for an image of memory.
pub fn coded_error(e: candlewick_vision::Error) -> (&'static str, String) {
    (e.code(), e.to_string())
}

/// The values of an image channel by channel.
pub enum Planes {
    /// 8 bits a channel.
    Eight(Vec<u8>, [usize; 3]),
    /// 16 bits a channel.
    Sixteen(Vec<i32>, [usize; 3]),
}

fn planes_of(image: &Image) -> candlewick_vision::Result<Planes> {
    let shape = [image.color.channels(), image.height, image.width];
    Ok(match &image.samples {
        Samples::Eight(v) => Planes::Eight(planes(v, shape[0], |v| v)?, shape),
        Samples::Sixteen(v) => Planes::Sixteen(planes(v, shape[0], i32::from)?, shape),
    })
}

fn tensor(planes: Planes) -> TensorHandle {
    match planes {
        Planes::Eight(v, shape) => Tensor::from_vec(v, &shape).into(),
        Planes::Sixteen(v, shape) => Tensor::from_vec(v, &shape).into(),
    }
}

/// Reads a file, or takes bytes; decodes them.
fn decoded(source: Either<String, Vec<u8>>, o: &DecodeOptions) -> Outcome<Planes> {
    let (name, bytes) = match source {
        Either::A(path) => {
            let bytes = std::fs::read(&path).map_err(|e| file_error(&path, &e.into()))?;
            (path, bytes)
        }
        Either::B(bytes) => ("these bytes".into(), bytes),
    };
    candlewick_vision::decode(&bytes, o).and_then(|image| planes_of(&image)).map_err(|e| image_error(&name, &e))
}
fn owned(source: Either<String, Uint8Array>) -> Either<String, Vec<u8>> {
    match source {
        Either::A(path) => Either::A(path),
        Either::B(bytes) => Either::B(bytes.to_vec()),
    }
}

/// Decodes an image of a file or of bytes as uint8 [C, H, W]; int32 where 16 bits a channel are kept.
#[napi(catch_unwind)]
pub fn decode_image_sync(source: Either<String, Uint8Array>, options: ImageOptions) -> Result<TensorHandle> {
    raise(decoded(owned(source), &options.read())).map(tensor)
}
/// The same on another thread.
#[napi(catch_unwind, ts_return_type = "Promise<TensorHandle | Failure>")]
pub fn decode_image(source: Either<String, Uint8Array>, options: ImageOptions) -> AsyncTask<Job<Planes, TensorHandle>> {
    let (source, o) = (owned(source), options.read());
    spawn(move || decoded(source, &o), tensor)
}

/// How and where an image is encoded.
#[napi(object)]
pub struct ImageTarget {
    /// The path; none for bytes.
    pub path: Option<String>,
    /// jpeg or png.
    pub format: String,
    /// Of a JPEG: the quality, 1 to 100. Of a PNG: the compression, 0 to 9.
    pub level: i32,
}

/// The values of an image, uint8 [C, H, W].
fn taken(image: &TensorHandle) -> Result<(Vec<u8>, [usize; 3])> {
    let x = crate::error::coded(image.contiguous())?;
    let (DType::U8, &[c, h, w]) = (x.dtype(), x.shape()) else {
        return crate::error::argument("expected an image, uint8 [C, H, W]");
    };
    Ok((crate::error::coded(x.data::<u8>())?.to_vec(), [c, h, w]))
}

fn encoded(to: &ImageTarget, planes: &[u8], shape: [usize; 3]) -> Outcome<Option<Vec<u8>>> {
    let name = to.path.as_deref().unwrap_or("this image");
    let bytes = match to.format.as_str() {
        "jpeg" => candlewick_vision::encode_jpeg(planes, shape, to.level),
        _ => candlewick_vision::encode_png(planes, shape, to.level as u8),
    };
    let bytes = bytes.map_err(|e| image_error(name, &e))?;
    let Some(path) = &to.path else { return Ok(Some(bytes)) };
    bytes_written(path, &bytes).map(|()| None)
}

/// Encodes an image, uint8 [C, H, W]: to a path, or as bytes.
#[napi(catch_unwind)]
pub fn encode_image_sync(image: TensorHandle, to: ImageTarget) -> Result<Option<Uint8Array>> {
    let (planes, shape) = taken(&image)?;
    Ok(raise(encoded(&to, &planes, shape))?.map(Uint8Array::from))
}
/// The same on another thread, of the image as it is now.
#[napi(catch_unwind, ts_return_type = "Promise<Uint8Array | null | Failure>")]
pub fn encode_image(
    image: TensorHandle,
    to: ImageTarget,
) -> Result<AsyncTask<Job<Option<Vec<u8>>, Option<Uint8Array>>>> {
    let (planes, shape) = taken(&image)?;
    Ok(spawn(move || encoded(&to, &planes, shape), |bytes| bytes.map(Uint8Array::from)))
}

/// Whether JPEGs are decoded with SIMD.
#[napi(catch_unwind)]
pub fn jpeg_has_simd() -> Result<bool> {
    Ok(candlewick_vision::jpeg_has_simd())
}

/// The image that a tensor [C, H, W] is: bytes of 1 to 4 channels, or floats.
fn picture(x: &Tensor) -> Result<Picture> {
    let x = crate::error::coded(x.contiguous())?;
    match (x.dtype(), x.shape()) {
        (DType::U8, &[c @ 1..=4, h, w]) => {
            let planes = crate::error::coded(x.data::<u8>())?;
            let data = raise(interleave(planes, c).map_err(coded_error))?;
            Ok(Picture::Bytes(Raster { width: w, height: h, channels: c, data }))
        }
        (DType::F32, &[c, h, w]) => {
            let data = crate::error::coded(x.data::<f32>())?.to_vec();
            Ok(Picture::Floats(Floats { channels: c, height: h, width: w, data }))
        }
        _ => crate::error::argument("expected an image, uint8 or float32 [C, H, W]"),
    }
}

/// Does steps to an image, uint8 or float32 [C, H, W]: their names, separated by commas, and for each how many numbers it takes and these.
#[napi(catch_unwind)]
pub fn image_steps(image: TensorHandle, names: String, numbers: Float64Array) -> Result<TensorHandle> {
    let picture = picture(&image)?;
    let done = || -> candlewick_vision::Result<Tensor> {
        Ok(match run(picture, &parse(&names, &numbers)?)? {
            Picture::Bytes(r) => {
                Tensor::from_vec(planes(&r.data, r.channels, |v| v)?, &[r.channels, r.height, r.width])
            }
            Picture::Floats(f) => Tensor::from_vec(f.data, &[f.channels, f.height, f.width]),
        })
    };
    raise(done().map_err(coded_error)).map(TensorHandle::from)
}
