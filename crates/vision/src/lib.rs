//! Images: bytes of files to pixels and back, with the pixels that Pillow gives.
//!
//! Every decoder takes bytes that may be anything: what is wrong with them is an [`Error`] that says so, and no image larger than
//! the caller's limit is made.

mod batch;
mod color;
mod decode;
mod encode;
mod error;
mod formats;
mod jpeg;
mod orientation;
mod palette;
mod pixels;
mod raster;
mod steps;

pub use batch::{Batch, assemble};
pub use color::Mode;
pub use decode::{DecodeOptions, Format, Header, decode, header};
pub use encode::{encode_jpeg, encode_png};
pub use error::{Error, Result};
pub use pixels::{Color, Image, Samples, interleave, planes};
pub use raster::{Padding, Raster};
pub use steps::{Filter, Floats, Picture, Step, parse, parse_all, resize, run, take_rows};

/// Whether JPEGs are decoded and encoded with SIMD, which takes an assembler when this crate is built.
pub fn jpeg_has_simd() -> bool {
    option_env!("CANDLEWICK_NASM") != Some("false")
}
