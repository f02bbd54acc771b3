//! Stochastic gradient descent with momentum.

use super::GRAIN;
use crate::float::Float;
use crate::pool::chunks;
use crate::raw::Raw;
use crate::simd::{Kernel, dispatch};

/// Options of `sgd`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SgdConfig {
    /// Learning rate.
    pub lr: f64,
    /// Weight of the previous step in the buffer; zero for none.
    pub momentum: f64,
    /// The new gradient enters the buffer times 1 - dampening.
    pub dampening: f64,
    /// Added to the gradient times the parameter.
    pub weight_decay: f64,
    /// Steps along gradient + momentum * buffer.
    pub nesterov: bool,
    /// Ascends.
    pub maximize: bool,
}

struct Sgd<'a, T> {
    p: &'a mut [T],
    g: &'a [T],
    buf: Option<&'a mut [T]>,
    first: bool,
    c: &'a SgdConfig,
}

impl<T: Float> Kernel for Sgd<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let (p, c) = (self.p, self.c);
        let g = &self.g[..p.len()];
        let (lr, decay) = (T::from_f64(-c.lr), T::from_f64(c.weight_decay));
        let sign = if c.maximize { -T::ONE } else { T::ONE };
        let gradient = |i: usize, p: T| if c.weight_decay != 0.0 { sign * g[i] + decay * p } else { sign * g[i] };
        let Some(buf) = self.buf else {
            for i in 0..p.len() {
                p[i] += lr * gradient(i, p[i]);
            }
            return;
        };
        let buf = &mut buf[..p.len()];
        let (momentum, keep) = (T::from_f64(c.momentum), T::from_f64(1.0 - c.dampening));
        for i in 0..p.len() {
            let d = gradient(i, p[i]);
            let b = if self.first { d } else { buf[i] * momentum + keep * d };
            buf[i] = b;
            p[i] += lr * if c.nesterov { d + momentum * b } else { b };
        }
    }
}

/// One step of stochastic gradient descent. `buf` is the momentum buffer, which the `first` step fills.
///
/// g = ±g + decay p;  buf = momentum buf + (1 - dampening) g;  p -= lr (nesterov ? g + momentum buf : buf)
pub fn sgd<T: Float>(p: &mut [T], g: &[T], buf: Option<&mut [T]>, first: bool, c: &SgdConfig) {
    let len = p.len();
    assert!(g.len() == len && buf.as_ref().is_none_or(|b| b.len() == len), "sgd: lengths differ");
    let (p, buf) = (Raw::new(p), buf.map(Raw::new));
    chunks(len, GRAIN, |r| {
        let (at, n) = (r.start, r.len());
        // SAFETY: ranges are disjoint and within the slices, whose lengths are equal.
        let (p, buf) = unsafe { (p.slice(at, n), buf.map(|b| b.slice(at, n))) };
        dispatch(Sgd { p, g: &g[r], buf, first, c });
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{close, random, same_on_threads};
    use crate::simd::{available, with_level};

    /// torch.optim.SGD's _single_tensor_sgd, line by line.
    fn naive(p: &mut [f64], g: &[f64], buf: &mut [f64], first: bool, c: &SgdConfig) {
        for i in 0..p.len() {
            let mut d = if c.maximize { -g[i] } else { g[i] };
            d += c.weight_decay * p[i];
            if c.momentum != 0.0 {
                buf[i] = if first { d } else { buf[i] * c.momentum + (1.0 - c.dampening) * d };
                d = if c.nesterov { d + c.momentum * buf[i] } else { buf[i] };
            }
            p[i] -= c.lr * d;
        }
    }

    #[test]
    fn meets_its_naive_twin() {
        let c =
            SgdConfig { lr: 0.1, momentum: 0.9, dampening: 0.0, weight_decay: 0.0, nesterov: false, maximize: false };
        let configs = [
            SgdConfig { momentum: 0.0, ..c },
            SgdConfig { momentum: 0.0, weight_decay: 0.01, maximize: true, ..c },
            SgdConfig { dampening: 0.3, weight_decay: 0.01, ..c },
            SgdConfig { nesterov: true, ..c },
        ];
        for l in available() {
            for c in configs {
                for n in [1, 17, 1000] {
                    let (mut p, mut buf) = (random::<f64>(n, 1), vec![0.0; n]);
                    let (mut q, mut qbuf): (Vec<f32>, _) = (p.iter().map(|&x| x as f32).collect(), vec![0f32; n]);
                    for step in 0..3 {
                        let g = random::<f64>(n, 9 + step);
                        let g32: Vec<f32> = g.iter().map(|&x| x as f32).collect();
                        naive(&mut p, &g, &mut buf, step == 0, &c);
                        with_level(l, || {
                            sgd(&mut q, &g32, (c.momentum != 0.0).then_some(&mut qbuf[..]), step == 0, &c)
                        });
                    }
                    let want: Vec<f32> = p.iter().map(|&x| x as f32).collect();
                    close(&q, &want, &format!("{l:?} {c:?}"));
                }
            }
        }
    }

    #[test]
    fn same_bits_on_any_number_of_threads() {
        let n = 100_003;
        let c =
            SgdConfig { lr: 0.1, momentum: 0.9, dampening: 0.1, weight_decay: 0.01, nesterov: false, maximize: false };
        let g = random::<f32>(n, 1);
        same_on_threads(n, |p: &mut [f32]| sgd(p, &g, Some(&mut g.clone()), false, &c));
    }
}
