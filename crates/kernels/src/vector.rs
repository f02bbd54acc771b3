//! The vector trait that matrix product and convolution are generic over; one file pins it for each instruction set.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
mod neon;
mod portable;

use crate::float::{Float, FloatVectors};
use crate::simd::{Kernel, Level, level};

/// A vector register of floats.
///
/// # Safety
/// Every unsafe method asks that the machine has the instructions (which `Visit` guarantees) and that the code is
/// inlined into `enter`; pointers must be valid for the lanes touched. Masked-off lanes are not touched.
pub(crate) trait Vector: Copy + 'static {
    type Elem: Float;
    type Mask: Copy;
    /// Floats in a register.
    const LANES: usize;
    /// Rows of the accumulator tile of a matrix product.
    const MR: usize;
    /// Vectors in a row of that tile.
    const NV: usize;
    /// Rows of three taps in the accumulator tile of a convolution's weight gradient.
    const TAPS: usize;

    /// Runs `k` compiled for these instructions.
    unsafe fn enter<K: Kernel>(k: K) -> K::Output;
    unsafe fn zero() -> Self;
    unsafe fn splat(x: Self::Elem) -> Self;
    unsafe fn load(p: *const Self::Elem) -> Self;
    unsafe fn store(self, p: *mut Self::Elem);
    /// Lanes lo..hi.
    fn mask(lo: usize, hi: usize) -> Self::Mask;
    /// The mask's lanes from `p + lane`, the others from `self`, which must be zero or masked elsewhere.
    unsafe fn load_masked(self, m: Self::Mask, p: *const Self::Elem) -> Self;
    unsafe fn store_masked(self, m: Self::Mask, p: *mut Self::Elem);
    /// self + a * b
    unsafe fn fma(self, a: Self, b: Self) -> Self;
    unsafe fn add(self, b: Self) -> Self;

    /// dst[c*ld + r] = src[r*ls + c] for r < rows <= LANES, c < cols <= LANES.
    #[inline(always)]
    unsafe fn transpose(src: *const Self::Elem, ls: usize, rows: usize, cols: usize, dst: *mut Self::Elem, ld: usize) {
        for c in 0..cols {
            for r in 0..rows {
                // SAFETY: the caller's promise.
                unsafe { *dst.add(c * ld + r) = *src.add(r * ls + c) };
            }
        }
    }
}

/// Something to do with whichever vector type the level in use has.
pub(crate) trait Visit<E: Float> {
    /// Called with a type whose instructions the machine has.
    fn visit<V: Vector<Elem = E>>(self);
}

impl FloatVectors for f32 {
    #[allow(private_bounds)]
    fn visit<K: Visit<f32>>(k: K) {
        match level() {
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => k.visit::<avx512::F32>(),
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => k.visit::<avx2::F32>(),
            #[cfg(target_arch = "aarch64")]
            Level::Neon => k.visit::<neon::F32>(),
            _ => k.visit::<portable::Array<f32, 4>>(),
        }
    }
}

impl FloatVectors for f64 {
    #[allow(private_bounds)]
    fn visit<K: Visit<f64>>(k: K) {
        match level() {
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 | Level::Avx2 => k.visit::<avx2::F64>(),
            #[cfg(target_arch = "aarch64")]
            Level::Neon => k.visit::<neon::F64>(),
            _ => k.visit::<portable::Array<f64, 2>>(),
        }
    }
}
