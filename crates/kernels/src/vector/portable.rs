//! Arrays that the compiler turns into baseline vectors; no fused multiply-add, which would be a library call.

use super::Vector;
use crate::float::Float;
use crate::simd::Kernel;

/// `N` floats.
#[derive(Clone, Copy)]
pub struct Array<T, const N: usize>([T; N]);

impl<T: Float, const N: usize> Vector for Array<T, N> {
    type Elem = T;
    type Mask = (usize, usize);
    const LANES: usize = N;
    const MR: usize = 4;
    const NV: usize = 2;
    const TAPS: usize = 1;

    #[inline(always)]
    unsafe fn enter<K: Kernel>(k: K) -> K::Output {
        k.run()
    }
    #[inline(always)]
    unsafe fn zero() -> Self {
        Array([T::ZERO; N])
    }
    #[inline(always)]
    unsafe fn splat(x: T) -> Self {
        Array([x; N])
    }
    #[inline(always)]
    unsafe fn load(p: *const T) -> Self {
        // SAFETY: the caller's promise; an array of T may be read unaligned.
        Array(unsafe { p.cast::<[T; N]>().read_unaligned() })
    }
    #[inline(always)]
    unsafe fn store(self, p: *mut T) {
        // SAFETY: as above.
        unsafe { p.cast::<[T; N]>().write_unaligned(self.0) }
    }
    #[inline(always)]
    fn mask(lo: usize, hi: usize) -> Self::Mask {
        (lo, hi)
    }
    #[inline(always)]
    unsafe fn load_masked(mut self, (lo, hi): Self::Mask, p: *const T) -> Self {
        for i in lo..hi {
            // SAFETY: the caller's promise for the mask's lanes.
            self.0[i] = unsafe { *p.wrapping_add(i) };
        }
        self
    }
    #[inline(always)]
    unsafe fn store_masked(self, (lo, hi): Self::Mask, p: *mut T) {
        for i in lo..hi {
            // SAFETY: the caller's promise for the mask's lanes.
            unsafe { *p.wrapping_add(i) = self.0[i] };
        }
    }
    #[inline(always)]
    unsafe fn fma(mut self, a: Self, b: Self) -> Self {
        for i in 0..N {
            self.0[i] += a.0[i] * b.0[i];
        }
        self
    }
    #[inline(always)]
    unsafe fn add(mut self, b: Self) -> Self {
        for i in 0..N {
            self.0[i] += b.0[i];
        }
        self
    }
}
