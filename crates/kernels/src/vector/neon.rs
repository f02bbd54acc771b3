//! NEON: 4 floats or 2 doubles, tiles of 8 rows by 2 vectors (16 of 32 registers; loads and broadcasts fill the rest).
// SAFETY (whole file): NEON is part of the aarch64 baseline; `Vector` asks for valid pointers.
#![allow(clippy::undocumented_unsafe_blocks)]

use super::Vector;
use crate::simd::Kernel;
use std::arch::aarch64::*;

/// 4 f32.
#[derive(Clone, Copy)]
pub struct F32(float32x4_t);

/// 2 f64.
#[derive(Clone, Copy)]
pub struct F64(float64x2_t);

macro_rules! neon {
    ($v:ident, $t:ident, $lanes:literal, $dup:ident, $ld:ident, $st:ident, $fma:ident, $add:ident) => {
        impl Vector for $v {
            type Elem = $t;
            type Mask = (usize, usize);
            const LANES: usize = $lanes;
            const MR: usize = 8;
            const NV: usize = 2;
            const TAPS: usize = 3;

            #[inline(always)]
            unsafe fn enter<K: Kernel>(k: K) -> K::Output {
                k.run()
            }
            #[inline(always)]
            unsafe fn zero() -> Self {
                $v(unsafe { $dup(0.0) })
            }
            #[inline(always)]
            unsafe fn splat(x: $t) -> Self {
                $v(unsafe { $dup(x) })
            }
            #[inline(always)]
            unsafe fn load(p: *const $t) -> Self {
                $v(unsafe { $ld(p) })
            }
            #[inline(always)]
            unsafe fn store(self, p: *mut $t) {
                unsafe { $st(p, self.0) }
            }
            #[inline(always)]
            fn mask(lo: usize, hi: usize) -> (usize, usize) {
                (lo, hi)
            }
            #[inline(always)]
            unsafe fn load_masked(self, (lo, hi): (usize, usize), p: *const $t) -> Self {
                let mut a = [0.0; $lanes];
                unsafe {
                    self.store(a.as_mut_ptr());
                    for i in lo..hi {
                        a[i] = *p.wrapping_add(i);
                    }
                    Self::load(a.as_ptr())
                }
            }
            #[inline(always)]
            unsafe fn store_masked(self, (lo, hi): (usize, usize), p: *mut $t) {
                let mut a = [0.0; $lanes];
                unsafe {
                    self.store(a.as_mut_ptr());
                    for i in lo..hi {
                        *p.wrapping_add(i) = a[i];
                    }
                }
            }
            #[inline(always)]
            unsafe fn fma(self, a: Self, b: Self) -> Self {
                $v(unsafe { $fma(self.0, a.0, b.0) })
            }
            #[inline(always)]
            unsafe fn add(self, b: Self) -> Self {
                $v(unsafe { $add(self.0, b.0) })
            }
        }
    };
}
neon!(F32, f32, 4, vdupq_n_f32, vld1q_f32, vst1q_f32, vfmaq_f32, vaddq_f32);
neon!(F64, f64, 2, vdupq_n_f64, vld1q_f64, vst1q_f64, vfmaq_f64, vaddq_f64);
