//! Copies blocks of matrices into the order in which the register tile reads them.

use crate::simd::Kernel;
use crate::vector::Vector;
use std::marker::PhantomData;

/// dst[k * ld + i] = src[i * si + k * sk] for i < w, k < kn.
#[derive(Clone, Copy)]
pub(crate) struct Pack<T> {
    pub src: *const T,
    pub si: usize,
    pub sk: usize,
    pub w: usize,
    pub kn: usize,
    pub dst: *mut T,
    pub ld: usize,
}

/// `w` columns into consecutive panels [kn][nr], row by row where rows are contiguous.
#[derive(Clone, Copy)]
pub(crate) struct PackPanels<T> {
    pub src: *const T,
    pub si: usize,
    pub sk: usize,
    pub w: usize,
    pub kn: usize,
    pub dst: *mut T,
    pub nr: usize,
}

/// A packing bound to a vector type.
pub(crate) struct With<P, V>(P, PhantomData<V>);

impl<T> Pack<T> {
    /// To be run by `V::enter`.
    ///
    /// # Safety
    /// The elements named above exist at `src` and `dst`, and `dst` is ours to write.
    pub unsafe fn with<V: Vector<Elem = T>>(self) -> With<Self, V> {
        With(self, PhantomData)
    }
}

impl<T> PackPanels<T> {
    /// To be run by `V::enter`.
    ///
    /// # Safety
    /// The elements named above exist at `src`; `dst` holds whole panels and is ours to write.
    pub unsafe fn with<V: Vector<Elem = T>>(self) -> With<Self, V> {
        With(self, PhantomData)
    }
}

impl<V: Vector> Kernel for With<Pack<V::Elem>, V> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let p = self.0;
        for i in (0..p.w).step_by(V::LANES) {
            let n = V::LANES.min(p.w - i);
            // SAFETY: `with` asks for valid elements; `n` columns from `i` are among them.
            unsafe {
                let (s, d) = (p.src.wrapping_add(i * p.si), p.dst.wrapping_add(i));
                if p.si == 1 && n == V::LANES {
                    for k in 0..p.kn {
                        V::load(s.wrapping_add(k * p.sk)).store(d.wrapping_add(k * p.ld));
                    }
                } else if p.si == 1 {
                    let m = V::mask(0, n);
                    for k in 0..p.kn {
                        V::zero().load_masked(m, s.wrapping_add(k * p.sk)).store_masked(m, d.wrapping_add(k * p.ld));
                    }
                } else if p.sk == 1 {
                    for k in (0..p.kn).step_by(V::LANES) {
                        V::transpose(s.add(k), p.si, n, V::LANES.min(p.kn - k), d.add(k * p.ld), p.ld);
                    }
                } else {
                    for k in 0..p.kn {
                        for i in 0..n {
                            *d.add(k * p.ld + i) = *s.add(i * p.si + k * p.sk);
                        }
                    }
                }
            }
        }
    }
}

impl<V: Vector> Kernel for With<PackPanels<V::Elem>, V> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let p = self.0;
        if p.si != 1 {
            for i in (0..p.w).step_by(p.nr) {
                let (src, dst) = (p.src.wrapping_add(i * p.si), p.dst.wrapping_add(i * p.kn));
                let one = Pack { src, si: p.si, sk: p.sk, w: p.nr.min(p.w - i), kn: p.kn, dst, ld: p.nr };
                With::<_, V>(one, PhantomData).run();
            }
            return;
        }
        let whole = p.w - p.w % V::LANES;
        let edge = V::mask(0, p.w - whole);
        for k in 0..p.kn {
            // SAFETY: `with` asks for valid elements; panels are whole vectors, so the last store stays inside.
            unsafe {
                let (s, d) = (p.src.wrapping_add(k * p.sk), p.dst.wrapping_add(k * p.nr));
                for i in (0..whole).step_by(V::LANES) {
                    V::load(s.wrapping_add(i)).store(d.wrapping_add(i / p.nr * (p.kn * p.nr) + i % p.nr));
                }
                if whole < p.w {
                    let to = d.wrapping_add(whole / p.nr * (p.kn * p.nr) + whole % p.nr);
                    V::zero().load_masked(edge, s.wrapping_add(whole)).store(to);
                }
            }
        }
    }
}
