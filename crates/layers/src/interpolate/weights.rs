//! Which elements an output is made of along one axis. Positions are computed in the precision of the tensor, as PyTorch
//! does: a position that lies on an element must not fall short of it.

use crate::spatial::listable;
use candlewick_kernels::resample::Weights;
use candlewick_tensor::Result;

/// The function that gives neighbours their weights.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Curve {
    /// The two neighbours, by distance.
    Linear,
    /// Four neighbours, by Keys' cubic with a = -0.75.
    Cubic,
    /// A triangle that widens with the step: linear against aliasing.
    Triangle,
    /// Keys' cubic with a = -0.5 that widens with the step: cubic against aliasing.
    Keys,
}

/// One axis of a resampling.
pub(super) struct Axis {
    pub input: usize,
    pub output: usize,
    pub scale: Option<f64>,
    pub align_corners: bool,
    /// Whether positions are float32.
    pub single: bool,
}

impl Axis {
    fn round(&self, v: f64) -> f64 {
        if self.single { f64::from(v as f32) } else { v }
    }

    /// Steps in the input for one of the output.
    fn step(&self) -> f64 {
        self.round(match (self.align_corners, self.scale) {
            (true, _) if self.output > 1 => (self.input - 1) as f64 / (self.output - 1) as f64,
            (true, _) => 0.0,
            (false, Some(scale)) if scale > 0.0 => 1.0 / scale,
            (false, _) => self.input as f64 / self.output as f64,
        })
    }

    /// The element nearest to output `i` of a small image: PyTorch's kernel for those goes by the sizes where they are equal
    /// or doubled, and not by the scale.
    pub fn nearest_small(&self, i: usize) -> usize {
        match self.output {
            n if n == self.input => i,
            n if n == 2 * self.input => i / 2,
            _ => self.nearest(i, false),
        }
    }

    /// The element nearest to output `i`, or for `exact` to its centre.
    pub fn nearest(&self, i: usize, exact: bool) -> usize {
        let i = if exact { self.round(i as f64 + 0.5) } else { i as f64 };
        (self.round(i * self.step()).floor() as usize).min(self.input - 1)
    }

    /// The matrix of this axis.
    pub fn weights(&self, curve: Curve) -> Result<Weights> {
        listable([self.output; 3], 8)?;
        // PyTorch copies an axis that keeps its size, whatever its scale, but not in cubic interpolation.
        let copied = matches!(curve, Curve::Linear) || matches!(curve, Curve::Cubic) && !self.moved();
        if self.input == self.output && copied {
            return Ok(Weights::identity(self.input));
        }
        let step = self.step();
        let last = self.input - 1;
        let place = |i: usize| match self.align_corners {
            true => self.round(step * i as f64),
            false => self.round(self.round(step * (i as f64 + 0.5)) - 0.5),
        };
        Ok(match curve {
            Curve::Linear => Weights::new(
                self.input,
                &mut (0..self.output).map(|i| {
                    let at = place(i).max(0.0);
                    let first = (at.floor() as usize).min(last);
                    let t = self.round(at - first as f64).clamp(0.0, 1.0);
                    vec![(first, self.round(1.0 - t)), ((first + 1).min(last), t)]
                }),
            ),
            Curve::Cubic => Weights::new(
                self.input,
                &mut (0..self.output).map(|i| {
                    let at = place(i);
                    let first = at.floor().min(last as f64);
                    let t = self.round(at - first).clamp(0.0, 1.0);
                    let index = |k: usize| (first - 1.0 + k as f64).clamp(0.0, last as f64) as usize;
                    let distances = [1.0 + t, t, 1.0 - t, 2.0 - t];
                    (0..4).map(|k| (index(k), cubic(distances[k], -0.75))).collect()
                }),
            ),
            Curve::Triangle => self.widened(step, 1.0, |x| (1.0 - x.abs()).max(0.0)),
            Curve::Keys => self.widened(step, 2.0, |x| cubic(x.abs(), -0.5)),
        })
    }

    /// Whether a scale that was given moves the positions although the sizes are equal.
    fn moved(&self) -> bool {
        !self.align_corners && self.scale.is_some_and(|s| s > 0.0 && self.round(1.0 / s) != 1.0)
    }

    /// Every output is the weighted mean of the elements under a curve as wide as its step.
    fn widened(&self, step: f64, reach: f64, curve: impl Fn(f64) -> f64) -> Weights {
        let wide = step.max(1.0);
        let support = reach * wide;
        let row = |i: usize| {
            let center = self.round(step * (i as f64 + 0.5));
            let first = (center - support + 0.5).max(0.0) as usize;
            let end = ((center + support + 0.5).max(0.0) as usize).min(self.input);
            let weights: Vec<f64> = (first..end).map(|j| curve((j as f64 - center + 0.5) / wide)).collect();
            let total: f64 = weights.iter().sum();
            let whole = if total == 0.0 { 1.0 } else { total };
            (first..end).zip(weights).map(|(j, w)| (j, w / whole)).collect::<Vec<_>>()
        };
        Weights::new(self.input, &mut (0..self.output).map(row))
    }
}

/// Keys' cubic at a distance.
fn cubic(x: f64, a: f64) -> f64 {
    match x {
        x if x < 1.0 => ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0,
        x if x < 2.0 => (((x - 5.0) * x + 8.0) * x - 4.0) * a,
        _ => 0.0,
    }
}
