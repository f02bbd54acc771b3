//! Average pooling. Both directions are linear and each is the other's gradient.

use crate::max_pool::bins;
use crate::spatial::{Planes, check_filled, listable, numel};
use crate::wide::{in_f32, is_half, wide};
use crate::window::{PoolConfig, Windows};
use candlewick_kernels::entries::Pooled;
use candlewick_kernels::pooling::{Axis, Divisor};
use candlewick_tensor::autograd::Tape;
use candlewick_tensor::ops::{abs, mean, mul, pow, relu, sign};
use candlewick_tensor::{DType, Error, Result, Scalar, Tensor, memory};
use std::sync::Arc;

/// What an average pooling divides by.
#[derive(Clone, Copy, Debug)]
pub struct AvgPoolConfig {
    /// Whether padding counts in the divisor.
    pub count_include_pad: bool,
    /// A divisor instead of the window's size.
    pub divisor: Option<i64>,
}

/// An average over windows: forward it takes means, backward it spreads a gradient.
struct Average {
    op: String,
    /// The names of the nodes of both directions.
    names: [&'static str; 2],
    planes: Planes,
    output: [usize; 3],
    divisor: Divisor,
    windows: Option<Windows>,
}

/// The mean of each window of x [N, C, ...] (or [C, ...]) over the last `spatial` dimensions. int64 rounds towards zero.
pub fn avg_pool(x: &Tensor, spatial: usize, c: &PoolConfig, a: &AvgPoolConfig) -> Result<Tensor> {
    let op = format!("avg_pool{spatial}d");
    let w = Windows::of(&op, x, spatial, c)?;
    let divisor = match a.divisor {
        Some(0) => return Err(Error::Argument("divisor must be not zero".into())),
        Some(n) => Divisor::Fixed(n),
        None if a.count_include_pad => Divisor::Window,
        None => Divisor::Inside,
    };
    let names = [
        ["SqueezeBackward1", "UnsqueezeBackward0"],
        ["AvgPool2DBackward0", "AvgPool2DBackwardBackward0"],
        ["AvgPool3DBackward0", "AvgPool3DBackwardBackward0"],
    ][spatial - 1];
    let (planes, output) = (w.planes.clone(), w.output);
    pool(x, Arc::new(Average { op, names, planes, output, divisor, windows: Some(w) }), false)
}

/// The means of `size` bins a dimension; None keeps the extent.
pub fn adaptive_avg_pool(x: &Tensor, size: &[Option<usize>]) -> Result<Tensor> {
    let (spatial, op) = (size.len(), format!("adaptive_avg_pool{}d", size.len()));
    check_filled(&op, x, spatial)?;
    if spatial > 1 && x.dtype().is_float() && size.iter().all(|&n| n == Some(1)) {
        let dims: Vec<i64> = (1..=spatial as i64).map(|d| -d).collect();
        return mean(x, Some(&dims), true, None);
    }
    let planes = Planes::of(x, spatial);
    let output = bins(&planes, size);
    let names = [
        ["SqueezeBackward1", "UnsqueezeBackward0"],
        ["AdaptiveAvgPool2DBackward0", "AdaptiveAvgPool2DBackwardBackward0"],
        ["AdaptiveAvgPool3DBackward0", "AdaptiveAvgPool3DBackwardBackward0"],
    ][spatial - 1];
    if x.dtype() == DType::I64 {
        return crate::wide::refuse(&op, x.dtype());
    }
    pool(x, Arc::new(Average { op, names, planes, output, divisor: Divisor::Inside, windows: None }), false)
}

impl Average {
    fn axes(&self) -> [Axis; 3] {
        match &self.windows {
            Some(w) => w.axes(),
            None => std::array::from_fn(|i| Axis::adaptive(self.planes.size[i], self.output[i])),
        }
    }
}

/// Averages, or (`back`) spreads a gradient over the windows.
fn pool(x: &Tensor, a: Arc<Average>, back: bool) -> Result<Tensor> {
    if is_half(x.dtype()) {
        return in_f32(x, |x| pool(x, a, back));
    }
    let x = x.contiguous()?;
    let dims = a.planes.dims(if back { a.planes.size } else { a.output });
    let n = numel(&a.op, &dims)?;
    listable(a.output, 3)?;
    if x.dtype() == DType::I64 {
        let mut y = memory::alloc::<i64>(n)?;
        if n > 0 {
            i64::avg_pool(a.planes.count, &a.axes(), a.divisor, x.data::<i64>()?, &mut y);
        }
        return Ok(Tensor::from_vec(y, &dims));
    }
    let y = wide!(&a.op, x.dtype(), T => {
        let mut y = memory::filled(n, T::default())?;
        if n > 0 && x.numel() > 0 {
            let run = if back { T::avg_pool_backward } else { T::avg_pool };
            run(a.planes.count, &a.axes(), a.divisor, x.data::<T>()?, &mut y);
        }
        Tensor::from_vec(y, &dims)
    });
    Tape::of(a.names[usize::from(back)], &[&x]).record(y, move |c| c.each(&[&|| pool(&c.gy()?, a.clone(), !back)]))
}

/// The power mean over windows, times the number of their elements: (sum |x|^p)^(1/p).
pub fn lp_pool(x: &Tensor, p: f64, spatial: usize, c: &PoolConfig) -> Result<Tensor> {
    let means = AvgPoolConfig { count_include_pad: true, divisor: None };
    let number = |v: f64| Tensor::number(if v.fract() == 0.0 { Scalar::Int(v as i64) } else { Scalar::Float(v) });
    let y = avg_pool(&pow(x, &number(p))?, spatial, c, &means)?;
    let elements: usize = match c.kernel.as_slice() {
        [n] => n.saturating_pow(spatial as u32),
        sizes => sizes.iter().fold(1, |n, &k| n.saturating_mul(k)),
    };
    let sums = mul(&mul(&sign(&y)?, &relu(&abs(&y)?)?)?, &Tensor::number(Scalar::Int(elements as i64)))?;
    pow(&sums, &Tensor::number(Scalar::Float(1.0 / p)))
}
