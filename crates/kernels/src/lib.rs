//! Slices in, slices out: SIMD kernels, the thread pool and the memory of candlewick.
//!
//! Knows no tensor, no candle and no JavaScript. A public function checks its lengths once with asserts and is safe; those that
//! take elements of any type by pointer are unsafe and say what they need. Results do not depend on the number of threads.

pub mod attention;
pub mod cast;
pub mod conv;
pub mod dtype;
pub mod element;
pub mod elementwise;
pub mod entries;
pub mod float;
pub mod gemm;
pub mod grid;
pub mod memory;
pub mod norm;
pub mod normal;
pub mod optim;
pub mod pool;
pub mod pooling;
pub mod real;
pub mod recurrent;
pub mod reduce;
pub mod resample;
pub mod simd;
pub mod softmax;
pub mod special;
pub mod unfold;
pub mod vmath;

mod raw;
mod sizes;
mod vector;
