//! Adam, AdamW and AMSGrad.

use super::GRAIN;
use crate::float::Float;
use crate::pool::chunks;
use crate::raw::Raw;
use crate::simd::{Kernel, dispatch};

/// Options of `adam`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamConfig {
    /// Learning rate.
    pub lr: f64,
    /// Decay of the mean of gradients.
    pub beta1: f64,
    /// Decay of the mean of their squares.
    pub beta2: f64,
    /// Added to the denominator.
    pub eps: f64,
    /// Weight decay.
    pub weight_decay: f64,
    /// The decay multiplies the parameter (AdamW) instead of joining the gradient.
    pub decoupled: bool,
    /// Ascends.
    pub maximize: bool,
}

/// How the weights decay.
const NONE: u8 = 0;
const COUPLED: u8 = 1;
const DECOUPLED: u8 = 2;

struct Adam<'a, T, const DECAY: u8> {
    p: &'a mut [T],
    g: &'a [T],
    m: &'a mut [T],
    v: &'a mut [T],
    vmax: Option<&'a mut [T]>,
    k: Factors<T>,
}

/// What a step multiplies with: computed in f64, as PyTorch does, then rounded.
#[derive(Clone, Copy)]
struct Factors<T> {
    sign: T,
    decay: T,
    shrink: T,
    lerp: T,
    beta2: T,
    rest2: T,
    minus_size: T,
    root2: T,
    eps: T,
}

impl<T: Float> Factors<T> {
    fn new(step: u64, c: &AdamConfig) -> Self {
        let correction = |beta: f64| 1.0 - beta.powf(step as f64);
        Factors {
            sign: if c.maximize { -T::ONE } else { T::ONE },
            decay: T::from_f64(c.weight_decay),
            shrink: T::from_f64(1.0 - c.lr * c.weight_decay),
            lerp: T::from_f64(1.0 - c.beta1),
            beta2: T::from_f64(c.beta2),
            rest2: T::from_f64(1.0 - c.beta2),
            minus_size: T::from_f64(-(c.lr / correction(c.beta1))),
            root2: T::from_f64(correction(c.beta2).sqrt()),
            eps: T::from_f64(c.eps),
        }
    }

    /// New (decayed parameter, mean, mean square).
    #[inline(always)]
    fn moments<const DECAY: u8>(&self, p: T, g: T, m: T, v: T) -> (T, T, T) {
        let p = if DECAY == DECOUPLED { p * self.shrink } else { p };
        let d = if DECAY == COUPLED { self.sign * g + self.decay * p } else { self.sign * g };
        (p, m + self.lerp * (d - m), v * self.beta2 + self.rest2 * d * d)
    }

    #[inline(always)]
    fn step(&self, p: T, m: T, v: T) -> T {
        p + self.minus_size * m / (v.sqrt() / self.root2 + self.eps)
    }
}

impl<T: Float, const DECAY: u8> Kernel for Adam<'_, T, DECAY> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let (p, k) = (self.p, self.k);
        let n = p.len();
        let (g, m, v) = (&self.g[..n], &mut self.m[..n], &mut self.v[..n]);
        let Some(vmax) = self.vmax else {
            for i in 0..n {
                let (q, mean, square) = k.moments::<DECAY>(p[i], g[i], m[i], v[i]);
                (m[i], v[i]) = (mean, square);
                p[i] = k.step(q, mean, square);
            }
            return;
        };
        let vmax = &mut vmax[..n];
        for i in 0..n {
            let (q, mean, square) = k.moments::<DECAY>(p[i], g[i], m[i], v[i]);
            let top = if square > vmax[i] || square.is_nan() { square } else { vmax[i] };
            (m[i], v[i], vmax[i]) = (mean, square, top);
            p[i] = k.step(q, mean, top);
        }
    }
}

/// One step of Adam or AdamW; `step` counts from 1. `vmax` is AMSGrad's running maximum.
///
/// m += (1 - b1) (g - m);  v = b2 v + (1 - b2) g²;  p -= lr / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + eps)
pub fn adam<T: Float>(
    p: &mut [T],
    g: &[T],
    m: &mut [T],
    v: &mut [T],
    vmax: Option<&mut [T]>,
    step: u64,
    c: &AdamConfig,
) {
    let len = p.len();
    assert!(
        [g.len(), m.len(), v.len()] == [len; 3] && vmax.as_ref().is_none_or(|x| x.len() == len),
        "adam: lengths differ"
    );
    let (p, m, v, vmax) = (Raw::new(p), Raw::new(m), Raw::new(v), vmax.map(Raw::new));
    let k = Factors::new(step, c);
    chunks(len, GRAIN, |r| {
        let (at, n) = (r.start, r.len());
        // SAFETY: ranges are disjoint and within the slices, whose lengths are equal.
        let (p, m, v, vmax) = unsafe { (p.slice(at, n), m.slice(at, n), v.slice(at, n), vmax.map(|x| x.slice(at, n))) };
        let g = &g[r];
        match (c.weight_decay != 0.0, c.decoupled) {
            (false, _) => dispatch(Adam::<T, NONE> { p, g, m, v, vmax, k }),
            (true, false) => dispatch(Adam::<T, COUPLED> { p, g, m, v, vmax, k }),
            (true, true) => dispatch(Adam::<T, DECOUPLED> { p, g, m, v, vmax, k }),
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{close, random, same_on_threads};
    use crate::simd::{available, with_level};

    /// torch.optim.Adam's _single_tensor_adam, line by line.
    fn naive(
        p: &mut [f64],
        g: &[f64],
        m: &mut [f64],
        v: &mut [f64],
        vmax: &mut [f64],
        ams: bool,
        t: u64,
        c: &AdamConfig,
    ) {
        let (c1, c2) = (1.0 - c.beta1.powf(t as f64), 1.0 - c.beta2.powf(t as f64));
        for i in 0..p.len() {
            let mut d = if c.maximize { -g[i] } else { g[i] };
            if c.decoupled {
                p[i] *= 1.0 - c.lr * c.weight_decay;
            } else {
                d += c.weight_decay * p[i];
            }
            m[i] += (1.0 - c.beta1) * (d - m[i]);
            v[i] = c.beta2 * v[i] + (1.0 - c.beta2) * d * d;
            vmax[i] = vmax[i].max(v[i]);
            let root = if ams { vmax[i] } else { v[i] }.sqrt();
            p[i] -= c.lr / c1 * (m[i] / (root / c2.sqrt() + c.eps));
        }
    }

    #[test]
    fn meets_its_naive_twin() {
        let c = AdamConfig {
            lr: 0.01,
            beta1: 0.9,
            beta2: 0.99,
            eps: 1e-8,
            weight_decay: 0.0,
            decoupled: false,
            maximize: false,
        };
        let configs = [
            c,
            AdamConfig { weight_decay: 0.1, maximize: true, ..c },
            AdamConfig { weight_decay: 0.1, decoupled: true, ..c },
        ];
        for l in available() {
            for (c, ams, n) in configs.iter().flat_map(|&c| [(c, false, 37), (c, true, 1000)]) {
                let zeros = || vec![0f64; n];
                let (mut p, mut m, mut v, mut top) = (random::<f64>(n, 1), zeros(), zeros(), zeros());
                let mut q: Vec<f32> = p.iter().map(|&x| x as f32).collect();
                let (mut qm, mut qv, mut qtop) = (vec![0f32; n], vec![0f32; n], vec![0f32; n]);
                for step in 1..4 {
                    let g = random::<f64>(n, 9 + step);
                    let g32: Vec<f32> = g.iter().map(|&x| x as f32).collect();
                    naive(&mut p, &g, &mut m, &mut v, &mut top, ams, step, &c);
                    with_level(l, || adam(&mut q, &g32, &mut qm, &mut qv, ams.then_some(&mut qtop[..]), step, &c));
                }
                let want: Vec<f32> = p.iter().map(|&x| x as f32).collect();
                close(&q, &want, &format!("{l:?} {c:?}"));
            }
        }
    }

    #[test]
    fn same_bits_on_any_number_of_threads() {
        let n = 100_003;
        let c = AdamConfig {
            lr: 0.01,
            beta1: 0.9,
            beta2: 0.99,
            eps: 1e-8,
            weight_decay: 0.1,
            decoupled: true,
            maximize: false,
        };
        let (g, v) = (random::<f32>(n, 1), vec![0.5f32; n]);
        same_on_threads(n, |p: &mut [f32]| adam(p, &g, &mut g.clone(), &mut v.clone(), None, 3, &c));
    }
}
