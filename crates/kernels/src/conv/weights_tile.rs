//! The register tile of the weights' gradient: R rows of Q taps by N vectors of output channels.

use crate::simd::Kernel;
use crate::vector::Vector;

/// The pixels that a tile sums over.
#[derive(Clone, Copy)]
pub struct Pixels<'a, T> {
    /// Zero-padded input.
    pub x: &'a [T],
    /// Where each row of taps lies, from a pixel's place.
    pub offsets: &'a [usize],
    /// Where each row of pixels starts in x.
    pub rows: &'a [usize],
    /// Pixels in a row.
    pub ow: usize,
    /// Between pixels in x.
    pub stride: usize,
    /// Between the three taps of a row in x.
    pub gap: usize,
    /// The gradient [pixel][N * LANES].
    pub g: &'a [T],
}

/// c[r * Q + q][0..N * LANES] += sum over pixels of x[offset r + pixel + q * gap] g[pixel], rows of c `ld` apart.
/// Q is 3 if `three`, else 1.
///
/// # Safety
/// The machine has V's instructions; all those elements of x exist; rows of c are ours.
pub unsafe fn sum_tile<V: Vector>(p: &Pixels<V::Elem>, three: bool, vectors: usize, c: *mut V::Elem, ld: usize) {
    // SAFETY: the caller's promises; each kernel is the one for these sizes.
    unsafe {
        match (three, p.offsets.len()) {
            (true, 1) => pick::<V, 1, 3>(p, vectors, c, ld),
            (true, 2) if const { V::TAPS >= 2 } => pick::<V, 2, 3>(p, vectors, c, ld),
            (true, 3) if const { V::TAPS >= 3 } => pick::<V, 3, 3>(p, vectors, c, ld),
            (false, 1) => pick::<V, 1, 1>(p, vectors, c, ld),
            (false, 2) => pick::<V, 2, 1>(p, vectors, c, ld),
            (false, 3) => pick::<V, 3, 1>(p, vectors, c, ld),
            (false, 4) => pick::<V, 4, 1>(p, vectors, c, ld),
            (false, 5) if const { V::MR >= 5 } => pick::<V, 5, 1>(p, vectors, c, ld),
            (false, 6) if const { V::MR >= 6 } => pick::<V, 6, 1>(p, vectors, c, ld),
            (false, 7) if const { V::MR >= 7 } => pick::<V, 7, 1>(p, vectors, c, ld),
            (false, 8) if const { V::MR >= 8 } => pick::<V, 8, 1>(p, vectors, c, ld),
            (_, n) => unreachable!("a tile of {n} rows of taps"),
        }
    }
}

/// # Safety
/// As `sum_tile`, for R rows of Q taps.
unsafe fn pick<V: Vector, const R: usize, const Q: usize>(
    p: &Pixels<V::Elem>,
    vectors: usize,
    c: *mut V::Elem,
    ld: usize,
) {
    assert!(p.offsets.len() == R && p.g.len() >= p.rows.len() * p.ow * vectors * V::LANES);
    // SAFETY: the caller's promises.
    unsafe {
        match vectors {
            1 => V::enter(Sum::<V, R, Q, 1> { p, c, ld }),
            2 => V::enter(Sum::<V, R, Q, 2> { p, c, ld }),
            3 if const { V::NV == 3 } => V::enter(Sum::<V, R, Q, 3> { p, c, ld }),
            n => unreachable!("a tile of {n} vectors"),
        }
    }
}

struct Sum<'a, V: Vector, const R: usize, const Q: usize, const N: usize> {
    p: &'a Pixels<'a, V::Elem>,
    c: *mut V::Elem,
    ld: usize,
}

impl<V: Vector, const R: usize, const Q: usize, const N: usize> Kernel for Sum<'_, V, R, Q, N> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Pixels { x, offsets, rows, ow, stride, gap, g } = *self.p;
        let mut g = g.as_ptr();
        // SAFETY: `sum_tile` asks for valid pixels and rows of c; `pick` checks the length of g.
        unsafe {
            let mut t = [[[V::zero(); N]; Q]; R];
            for &row in rows {
                let mut from = [x.as_ptr(); R];
                for r in 0..R {
                    from[r] = from[r].wrapping_add(offsets[r] + row);
                }
                for _ in 0..ow {
                    let mut b = [V::zero(); N];
                    for i in 0..N {
                        b[i] = V::load(g.wrapping_add(i * V::LANES));
                    }
                    for r in 0..R {
                        for q in 0..Q {
                            let a = V::splat(*from[r].wrapping_add(q * gap));
                            for i in 0..N {
                                t[r][q][i] = t[r][q][i].fma(a, b[i]);
                            }
                        }
                        from[r] = from[r].wrapping_add(stride);
                    }
                    g = g.wrapping_add(N * V::LANES);
                }
            }
            for r in 0..R {
                for q in 0..Q {
                    for i in 0..N {
                        let to = self.c.wrapping_add((r * Q + q) * self.ld + i * V::LANES);
                        t[r][q][i].add(V::load(to)).store(to);
                    }
                }
            }
        }
    }
}
