//! Normal numbers as PyTorch draws them: one by one for small or strided tensors, in blocks of sixteen for others.

use super::Generator;
use candlewick_kernels::normal::{box_muller_f32, box_muller_f64};

/// Whether PyTorch fills by blocks.
pub(crate) fn normal_block_wanted(numel: usize, contiguous: bool) -> bool {
    numel >= 16 && contiguous
}

impl Generator {
    /// One normal value from the scalar path, in float64.
    pub(crate) fn normal(&mut self, mean: f64, std: f64) -> f64 {
        let z = self.cached_normal.take().unwrap_or_else(|| {
            let (u1, u2) = (self.unit_f64(), self.unit_f64());
            let r = (-2.0 * (-u2).ln_1p()).sqrt();
            let t = 2.0 * std::f64::consts::PI * u1;
            self.cached_normal = Some(r * t.sin());
            r * t.cos()
        });
        z.mul_add(std, mean)
    }
}

/// Fills sixteen or more float32 values.
pub(crate) fn fill_normal_f32(g: &mut Generator, out: &mut [f32], mean: f32, std: f32) {
    out.iter_mut().for_each(|v| *v = g.unit_f32());
    box_muller_f32(out, mean, std);
    let n = out.len();
    if !n.is_multiple_of(16) {
        let tail = &mut out[n - 16..];
        tail.iter_mut().for_each(|v| *v = g.unit_f32());
        box_muller_f32(tail, mean, std);
    }
}

/// Fills sixteen or more float64 values.
pub(crate) fn fill_normal_f64(g: &mut Generator, out: &mut [f64], mean: f64, std: f64) {
    out.iter_mut().for_each(|v| *v = g.unit_f64());
    box_muller_f64(out, mean, std);
    let n = out.len();
    if !n.is_multiple_of(16) {
        let tail = &mut out[n - 16..];
        tail.iter_mut().for_each(|v| *v = g.unit_f64());
        box_muller_f64(tail, mean, std);
    }
}
