//! PyTorch's CPU generator and its transforms, bit for bit: the same seed gives the same numbers.

mod generator;
mod normal;

pub use generator::{Generator, default_generator, swap_default_generator, with_generator};
pub(crate) use normal::{fill_normal_f32, fill_normal_f64, normal_block_wanted};
