//! AVX2 with FMA: 8 floats or 4 doubles, tiles of 6 rows by 2 vectors.
// SAFETY (whole file): each method is an intrinsic of AVX, AVX2 or FMA; `Vector` asks for the instructions and for
// valid pointers, and masked-off lanes of a load or store do not fault.
#![allow(clippy::undocumented_unsafe_blocks)]

use super::Vector;
use crate::simd::{Kernel, in_avx2};
use std::arch::x86_64::*;

/// 8 f32.
#[derive(Clone, Copy)]
pub struct F32(__m256);

/// 4 f64.
#[derive(Clone, Copy)]
pub struct F64(__m256d);

/// All bits of 32-bit lanes lo..hi of 8, plain code so that it may be called anywhere.
#[inline(always)]
fn lanes(lo: usize, hi: usize) -> [i32; 8] {
    std::array::from_fn(|i| -i32::from((lo..hi).contains(&i)))
}

impl Vector for F32 {
    type Elem = f32;
    type Mask = [i32; 8];
    const LANES: usize = 8;
    const MR: usize = 6;
    const NV: usize = 2;
    const TAPS: usize = 2;

    #[inline(always)]
    unsafe fn enter<K: Kernel>(k: K) -> K::Output {
        unsafe { in_avx2(k) }
    }
    #[inline(always)]
    unsafe fn zero() -> Self {
        F32(unsafe { _mm256_setzero_ps() })
    }
    #[inline(always)]
    unsafe fn splat(x: f32) -> Self {
        F32(unsafe { _mm256_set1_ps(x) })
    }
    #[inline(always)]
    unsafe fn load(p: *const f32) -> Self {
        F32(unsafe { _mm256_loadu_ps(p) })
    }
    #[inline(always)]
    unsafe fn store(self, p: *mut f32) {
        unsafe { _mm256_storeu_ps(p, self.0) }
    }
    #[inline(always)]
    fn mask(lo: usize, hi: usize) -> [i32; 8] {
        lanes(lo, hi)
    }
    #[inline(always)]
    unsafe fn load_masked(self, m: [i32; 8], p: *const f32) -> Self {
        unsafe {
            let m = _mm256_loadu_si256(m.as_ptr().cast());
            F32(_mm256_blendv_ps(self.0, _mm256_maskload_ps(p, m), _mm256_castsi256_ps(m)))
        }
    }
    #[inline(always)]
    unsafe fn store_masked(self, m: [i32; 8], p: *mut f32) {
        // Lane by lane: AMD's masked stores take dozens of cycles.
        let mut a = [0.0; 8];
        unsafe {
            self.store(a.as_mut_ptr());
            for i in (0..8).filter(|&i| m[i] != 0) {
                *p.wrapping_add(i) = a[i];
            }
        }
    }
    #[inline(always)]
    unsafe fn fma(self, a: Self, b: Self) -> Self {
        F32(unsafe { _mm256_fmadd_ps(a.0, b.0, self.0) })
    }
    #[inline(always)]
    unsafe fn add(self, b: Self) -> Self {
        F32(unsafe { _mm256_add_ps(self.0, b.0) })
    }

    /// 8 x 8 in registers: pairs, quads, then 128-bit lanes.
    #[inline(always)]
    unsafe fn transpose(src: *const f32, ls: usize, rows: usize, cols: usize, dst: *mut f32, ld: usize) {
        unsafe {
            let z = _mm256_setzero_ps();
            let (cm, rm) = (lanes(0, cols), lanes(0, rows));
            let cm = _mm256_loadu_si256(cm.as_ptr().cast());
            let mut r = [z; 8];
            for i in 0..8 {
                r[i] = if i < rows { _mm256_maskload_ps(src.add(i * ls), cm) } else { z };
            }
            let mut t = [z; 8];
            for i in (0..8).step_by(2) {
                t[i] = _mm256_unpacklo_ps(r[i], r[i + 1]);
                t[i + 1] = _mm256_unpackhi_ps(r[i], r[i + 1]);
            }
            for i in [0, 4] {
                for h in 0..2 {
                    r[i + 2 * h] = _mm256_shuffle_ps::<0x44>(t[i + h], t[i + h + 2]);
                    r[i + 2 * h + 1] = _mm256_shuffle_ps::<0xee>(t[i + h], t[i + h + 2]);
                }
            }
            for i in 0..cols {
                let (a, b) = (r[i % 4], r[i % 4 + 4]);
                let v = if i < 4 { _mm256_permute2f128_ps::<0x20>(a, b) } else { _mm256_permute2f128_ps::<0x31>(a, b) };
                let to = dst.add(i * ld);
                if rows == 8 { _mm256_storeu_ps(to, v) } else { F32(v).store_masked(rm, to) }
            }
        }
    }
}

impl Vector for F64 {
    type Elem = f64;
    type Mask = [i64; 4];
    const LANES: usize = 4;
    const MR: usize = 6;
    const NV: usize = 2;
    const TAPS: usize = 2;

    #[inline(always)]
    unsafe fn enter<K: Kernel>(k: K) -> K::Output {
        unsafe { in_avx2(k) }
    }
    #[inline(always)]
    unsafe fn zero() -> Self {
        F64(unsafe { _mm256_setzero_pd() })
    }
    #[inline(always)]
    unsafe fn splat(x: f64) -> Self {
        F64(unsafe { _mm256_set1_pd(x) })
    }
    #[inline(always)]
    unsafe fn load(p: *const f64) -> Self {
        F64(unsafe { _mm256_loadu_pd(p) })
    }
    #[inline(always)]
    unsafe fn store(self, p: *mut f64) {
        unsafe { _mm256_storeu_pd(p, self.0) }
    }
    #[inline(always)]
    fn mask(lo: usize, hi: usize) -> [i64; 4] {
        std::array::from_fn(|i| -i64::from((lo..hi).contains(&i)))
    }
    #[inline(always)]
    unsafe fn load_masked(self, m: [i64; 4], p: *const f64) -> Self {
        unsafe {
            let m = _mm256_loadu_si256(m.as_ptr().cast());
            F64(_mm256_blendv_pd(self.0, _mm256_maskload_pd(p, m), _mm256_castsi256_pd(m)))
        }
    }
    #[inline(always)]
    unsafe fn store_masked(self, m: [i64; 4], p: *mut f64) {
        let mut a = [0.0; 4];
        unsafe {
            self.store(a.as_mut_ptr());
            for i in (0..4).filter(|&i| m[i] != 0) {
                *p.wrapping_add(i) = a[i];
            }
        }
    }
    #[inline(always)]
    unsafe fn fma(self, a: Self, b: Self) -> Self {
        F64(unsafe { _mm256_fmadd_pd(a.0, b.0, self.0) })
    }
    #[inline(always)]
    unsafe fn add(self, b: Self) -> Self {
        F64(unsafe { _mm256_add_pd(self.0, b.0) })
    }
}
