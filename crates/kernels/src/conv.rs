//! Convolution in one, two or three dimensions, with its gradients.
//!
//! `y[n, o, p] = bias[o] + sum over c, t of w[o, c, t] x[n, g(o) + c, p * stride + t * dilation - padding]`
//!
//! x is [N, C, D, H, W], w is [O, C / groups, kd, kh, kw]; one and two dimensions put ones in front.

mod correlate;
mod depthwise;
mod implicit;
mod lines;
mod padded;
mod phases;
mod plan;
mod weights;
mod weights_tile;

use crate::float::Float;
use crate::pool;
use crate::raw::Raw;
use crate::sizes::product;
use crate::vector::{Vector, Visit};

/// The shape of a convolution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conv {
    /// Images.
    pub batch: usize,
    /// Input channels, a multiple of `groups`.
    pub channels: usize,
    /// Output channels, a multiple of `groups`.
    pub out_channels: usize,
    /// Groups.
    pub groups: usize,
    /// Depth, height, width of the input.
    pub input: [usize; 3],
    /// Those of the kernel.
    pub kernel: [usize; 3],
    /// Steps between outputs.
    pub stride: [usize; 3],
    /// Zeros on each side.
    pub padding: [usize; 3],
    /// Steps between taps.
    pub dilation: [usize; 3],
}

impl Conv {
    /// Depth, height, width of the output. Panics if the kernel is larger than the padded input.
    pub fn output(&self) -> [usize; 3] {
        std::array::from_fn(|i| {
            let span = self.dilation[i] * (self.kernel[i] - 1) + 1;
            let room = (self.input[i] + 2 * self.padding[i]).checked_sub(span);
            room.expect("conv: the kernel is larger than the padded input") / self.stride[i] + 1
        })
    }

    /// Taps of the kernel.
    fn taps(&self) -> usize {
        self.kernel.iter().product()
    }

    /// (elements of x, of w, of y)
    fn lengths(&self) -> (usize, usize, usize) {
        let plane = |channels: usize, size: [usize; 3]| product(&[self.batch, channels, size[0], size[1], size[2]]);
        let [kd, kh, kw] = self.kernel;
        let w = product(&[self.out_channels, self.channels / self.groups, kd, kh, kw]);
        (plane(self.channels, self.input), w, plane(self.out_channels, self.output()))
    }

    fn check(&self, x: usize, w: usize, y: usize) {
        let g = self.groups;
        let whole = g > 0 && self.channels.is_multiple_of(g) && self.out_channels.is_multiple_of(g);
        assert!(whole, "conv: {g} groups do not divide {} -> {} channels", self.channels, self.out_channels);
        let positive = |a: [usize; 3]| a.iter().all(|&x| x > 0);
        assert!(positive(self.kernel) && positive(self.stride) && positive(self.dilation), "conv: zero in {self:?}");
        assert_eq!((x, w, y), self.lengths(), "conv: lengths of x, w and y for {self:?}");
    }
}

/// y = conv(x, w) + bias
pub(crate) fn forward<T: Float>(v: &Conv, x: &[T], w: &[T], bias: Option<&[T]>, y: &mut [T]) {
    v.check(x.len(), w.len(), y.len());
    assert!(bias.is_none_or(|b| b.len() == v.out_channels), "conv: one bias for each output channel");
    if x.is_empty() {
        let area: usize = v.output().iter().product();
        return y.iter_mut().enumerate().for_each(|(i, e)| *e = bias.map_or(T::ZERO, |b| b[i / area % b.len()]));
    }
    T::visit(Forward { v, x, w, bias, y });
}

/// dx = the gradient with respect to x.
pub(crate) fn backward_data<T: Float>(v: &Conv, dy: &[T], w: &[T], dx: &mut [T]) {
    v.check(dx.len(), w.len(), dy.len());
    if dy.is_empty() {
        return dx.fill(T::ZERO);
    }
    T::visit(BackwardData { v, dy, w, dx });
}

/// dw = the gradient with respect to w.
pub(crate) fn backward_weights<T: Float>(v: &Conv, x: &[T], dy: &[T], dw: &mut [T]) {
    v.check(x.len(), dw.len(), dy.len());
    if x.is_empty() || dy.is_empty() {
        return dw.fill(T::ZERO);
    }
    T::visit(BackwardWeights { v, x, dy, dw });
}

/// db = the sum of dy over images and positions.
pub(crate) fn backward_bias<T: Float>(v: &Conv, dy: &[T], db: &mut [T]) {
    let area: usize = v.output().iter().product();
    assert_eq!((dy.len(), db.len()), (v.batch * v.out_channels * area, v.out_channels), "conv: lengths of dy and db");
    let out = Raw::new(db);
    pool::chunks(v.out_channels, (1 << 14) / (v.batch * area).max(1) + 1, &|channels| {
        for o in channels {
            let mut sum = 0.0;
            for n in 0..v.batch {
                sum += crate::norm::sum(&dy[(n * v.out_channels + o) * area..][..area]);
            }
            // SAFETY: one element a channel, each of one task.
            unsafe { *out.at(o) = T::from_f64(sum) };
        }
    });
}

struct Forward<'a, T> {
    v: &'a Conv,
    x: &'a [T],
    w: &'a [T],
    bias: Option<&'a [T]>,
    y: &'a mut [T],
}

impl<T: Float> Visit<T> for Forward<'_, T> {
    fn visit<V: Vector<Elem = T>>(self) {
        if depthwise::takes(self.v) {
            depthwise::forward::<V>(self.v, self.x, self.w, self.bias, self.y);
        } else {
            implicit::forward::<V>(self.v, self.x, self.w, self.bias, self.y);
        }
    }
}

struct BackwardData<'a, T> {
    v: &'a Conv,
    dy: &'a [T],
    w: &'a [T],
    dx: &'a mut [T],
}

impl<T: Float> Visit<T> for BackwardData<'_, T> {
    fn visit<V: Vector<Elem = T>>(self) {
        if depthwise::takes(self.v) {
            depthwise::backward_data::<V>(self.v, self.dy, self.w, self.dx);
        } else {
            implicit::backward_data::<V>(self.v, self.dy, self.w, self.dx);
        }
    }
}

struct BackwardWeights<'a, T> {
    v: &'a Conv,
    x: &'a [T],
    dy: &'a [T],
    dw: &'a mut [T],
}

impl<T: Float> Visit<T> for BackwardWeights<'_, T> {
    fn visit<V: Vector<Elem = T>>(self) {
        if depthwise::takes(self.v) {
            depthwise::backward_weights::<V>(self.v, self.x, self.dy, self.dw);
        } else {
            weights::backward_weights::<V>(self.v, self.x, self.dy, self.dw);
        }
    }
}
