//! AVX-512: 16 floats, tiles of 8 rows by 3 vectors. Doubles are rare and take AVX2.
// SAFETY (whole file): each method is an intrinsic of AVX-512 F or DQ; `Vector` asks for the instructions and for valid
// pointers, and masked-off lanes of a load or store do not fault.
#![allow(clippy::undocumented_unsafe_blocks)]

use super::Vector;
use crate::simd::{Kernel, in_avx512};
use std::arch::x86_64::*;

/// 16 f32.
#[derive(Clone, Copy)]
pub struct F32(__m512);

impl Vector for F32 {
    type Elem = f32;
    type Mask = __mmask16;
    const LANES: usize = 16;
    const MR: usize = 8;
    const NV: usize = 3;
    const TAPS: usize = 3;

    #[inline(always)]
    unsafe fn enter<K: Kernel>(k: K) -> K::Output {
        unsafe { in_avx512(k) }
    }
    #[inline(always)]
    unsafe fn zero() -> Self {
        F32(unsafe { _mm512_setzero_ps() })
    }
    #[inline(always)]
    unsafe fn splat(x: f32) -> Self {
        F32(unsafe { _mm512_set1_ps(x) })
    }
    #[inline(always)]
    unsafe fn load(p: *const f32) -> Self {
        F32(unsafe { _mm512_loadu_ps(p) })
    }
    #[inline(always)]
    unsafe fn store(self, p: *mut f32) {
        unsafe { _mm512_storeu_ps(p, self.0) }
    }
    #[inline(always)]
    fn mask(lo: usize, hi: usize) -> __mmask16 {
        ((1u32 << hi) - (1u32 << lo)) as __mmask16
    }
    #[inline(always)]
    unsafe fn load_masked(self, m: __mmask16, p: *const f32) -> Self {
        F32(unsafe { _mm512_mask_loadu_ps(self.0, m, p) })
    }
    #[inline(always)]
    unsafe fn store_masked(self, m: __mmask16, p: *mut f32) {
        unsafe { _mm512_mask_storeu_ps(p, m, self.0) }
    }
    #[inline(always)]
    unsafe fn fma(self, a: Self, b: Self) -> Self {
        F32(unsafe { _mm512_fmadd_ps(a.0, b.0, self.0) })
    }
    #[inline(always)]
    unsafe fn add(self, b: Self) -> Self {
        F32(unsafe { _mm512_add_ps(self.0, b.0) })
    }

    /// 16 x 16 in registers: pairs, quads, then 128-bit lanes.
    #[inline(always)]
    unsafe fn transpose(src: *const f32, ls: usize, rows: usize, cols: usize, dst: *mut f32, ld: usize) {
        unsafe {
            let z = _mm512_setzero_ps();
            let (cm, rm) = (Self::mask(0, cols), Self::mask(0, rows));
            let mut r = [z; 16];
            for i in 0..16 {
                r[i] = if i < rows { _mm512_maskz_loadu_ps(cm, src.add(i * ls)) } else { z };
            }
            let mut t = [z; 16];
            for i in (0..16).step_by(2) {
                t[i] = _mm512_unpacklo_ps(r[i], r[i + 1]);
                t[i + 1] = _mm512_unpackhi_ps(r[i], r[i + 1]);
            }
            for i in (0..16).step_by(4) {
                for h in 0..2 {
                    let (a, b) = (_mm512_castps_pd(t[i + h]), _mm512_castps_pd(t[i + h + 2]));
                    r[i + 2 * h] = _mm512_castpd_ps(_mm512_unpacklo_pd(a, b));
                    r[i + 2 * h + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(a, b));
                }
            }
            for i in 0..4 {
                for h in [0, 8] {
                    t[i + h] = _mm512_shuffle_f32x4::<0x88>(r[i + h], r[i + h + 4]);
                    t[i + h + 4] = _mm512_shuffle_f32x4::<0xdd>(r[i + h], r[i + h + 4]);
                }
            }
            for i in 0..8 {
                let lo = _mm512_shuffle_f32x4::<0x88>(t[i], t[i + 8]);
                let hi = _mm512_shuffle_f32x4::<0xdd>(t[i], t[i + 8]);
                if i < cols {
                    _mm512_mask_storeu_ps(dst.add(i * ld), rm, lo);
                }
                if i + 8 < cols {
                    _mm512_mask_storeu_ps(dst.add((i + 8) * ld), rm, hi);
                }
            }
        }
    }
}
