//! The two loops of depthwise convolution: a line correlated with a few taps, and the products of two lines.

use crate::float::Float;
use crate::simd::Kernel;
use crate::vector::Vector;
use std::marker::PhantomData;

/// Vectors in flight.
const UNROLL: usize = 4;

struct Correlate<'a, V: Vector> {
    x: &'a [V::Elem],
    offsets: &'a [usize],
    w: &'a [V::Elem],
    start: V::Elem,
    span: usize,
    out: &'a mut [V::Elem],
}

/// out[i] = start + sum over taps of w[t] x[offset t + i] for i < span; up to 4 * LANES - 1 elements more are written.
pub fn correlate_line<V: Vector>(
    x: &[V::Elem],
    offsets: &[usize],
    w: &[V::Elem],
    start: V::Elem,
    span: usize,
    out: &mut [V::Elem],
) {
    let whole = span.next_multiple_of(UNROLL * V::LANES);
    assert!(out.len() >= whole && offsets.len() == w.len());
    assert!(offsets.iter().all(|o| o + whole <= x.len()), "a tap reads beyond the line");
    // SAFETY: the instructions are there (Visit); `run` stays within `whole`, asserted above.
    unsafe { V::enter(Correlate::<V> { x, offsets, w, start, span, out }) }
}

impl<V: Vector> Kernel for Correlate<'_, V> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let (x, out) = (self.x.as_ptr(), self.out.as_mut_ptr());
        for i in (0..self.span).step_by(UNROLL * V::LANES) {
            // SAFETY: `correlate_line` asserts that all these vectors exist.
            unsafe {
                let mut t = [V::splat(self.start); UNROLL];
                for (&o, &w) in self.offsets.iter().zip(self.w) {
                    let w = V::splat(w);
                    for u in 0..UNROLL {
                        t[u] = t[u].fma(w, V::load(x.add(o + i + u * V::LANES)));
                    }
                }
                for u in 0..UNROLL {
                    t[u].store(out.add(i + u * V::LANES));
                }
            }
        }
    }
}

struct Dot<'a, V: Vector, const N: usize> {
    x: &'a [V::Elem],
    offsets: [usize; N],
    g: &'a [V::Elem],
    span: usize,
    v: PhantomData<V>,
}

/// sums[t] += sum over i < span of g[i] x[offset t + i]; g must be zero in the slack of LANES - 1 behind the span.
pub fn dot_lines<V: Vector>(x: &[V::Elem], offsets: &[usize], g: &[V::Elem], span: usize, sums: &mut [V::Elem]) {
    let whole = span.next_multiple_of(V::LANES);
    assert!(g.len() >= whole && offsets.iter().all(|o| o + whole <= x.len()), "a tap reads beyond the line");
    let (threes, rest) = offsets.as_chunks::<3>();
    let (sum3, sum1) = sums.split_at_mut(3 * threes.len());
    for (o, sums) in threes.iter().zip(sum3.chunks_exact_mut(3)) {
        // SAFETY: the instructions are there (Visit); `run` stays within `whole`, asserted above.
        let d = unsafe { V::enter(Dot::<V, 3> { x, offsets: *o, g, span, v: PhantomData }) };
        sums.iter_mut().zip(d).for_each(|(s, d)| *s += d);
    }
    for (&o, sum) in rest.iter().zip(sum1) {
        // SAFETY: as above.
        let [d] = unsafe { V::enter(Dot::<V, 1> { x, offsets: [o], g, span, v: PhantomData }) };
        *sum += d;
    }
}

impl<V: Vector, const N: usize> Kernel for Dot<'_, V, N> {
    type Output = [V::Elem; N];

    #[inline(always)]
    fn run(self) -> Self::Output {
        let (x, g) = (self.x.as_ptr(), self.g.as_ptr());
        // SAFETY: `dot_lines` asserts that all these vectors exist.
        unsafe {
            let mut t = [V::zero(); N];
            for i in (0..self.span).step_by(V::LANES) {
                let b = V::load(g.add(i));
                for k in 0..N {
                    t[k] = t[k].fma(b, V::load(x.add(self.offsets[k] + i)));
                }
            }
            t.map(|t| {
                let mut lanes = [V::Elem::ZERO; 16];
                t.store(lanes.as_mut_ptr());
                lanes.iter().fold(V::Elem::ZERO, |a, &b| a + b)
            })
        }
    }
}
