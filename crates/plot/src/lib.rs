//! Drawings: text is measured with the fonts that draw it, and an SVG becomes a PNG, without a browser.
//!
//! A Latin font, a subset of DejaVu Sans, is part of this crate and comes first, so that the same drawing has the same bytes on every
//! machine; what it lacks is taken from the caller's font files, then from the system's fonts.

mod error;
mod fonts;
mod pictures;
mod render;
mod text;

pub use error::{Error, Result};
pub use fonts::{FAMILY, FontOptions};
pub use pictures::{Picture, Sheet};
pub use render::render;
pub use text::{Measured, measure};
