//! softmax(x)_i = e^(x_i) / sum_j e^(x_j), and its logarithm, along one dimension.

use crate::wide::{in_f32, is_half, wide};
use candlewick_tensor::autograd::{Tape, is_grad_enabled};
use candlewick_tensor::ops::{add, div, exp, max_dim, mul, scatter_add, sub, sum, transpose};
use candlewick_tensor::random::Generator;
use candlewick_tensor::{DType, Error, Result, Scalar, Tensor, memory};

/// Probabilities along dimension `d`.
pub fn softmax(x: &Tensor, d: i64, dtype: Option<DType>) -> Result<Tensor> {
    along(Side::Softmax, x, d, dtype)
}

/// Log-probabilities along dimension `d`: x - max - log(sum(e^(x - max))).
pub fn log_softmax(x: &Tensor, d: i64, dtype: Option<DType>) -> Result<Tensor> {
    along(Side::LogSoftmax, x, d, dtype)
}

/// The gradient of [`softmax`] by its input, from its result `y` and the gradient `gy`; itself differentiable.
pub fn softmax_backward_data(gy: &Tensor, y: &Tensor, d: i64, dtype: DType) -> Result<Tensor> {
    mul(y, &sub(gy, &sum(&mul(gy, y)?, Some(&[d]), true, None)?)?)?.to_dtype(dtype)
}

/// softmax((x + noise) / tau) with Gumbel noise: samples of the classes, and gradients through them. `hard` gives the
/// largest class alone, with the soft gradient. [Jang et al. 2017]
pub fn gumbel_softmax(x: &Tensor, tau: f64, hard: bool, d: i64, g: &mut Generator) -> Result<Tensor> {
    if !x.dtype().is_float() {
        return Err(Error::DType(format!(
            "Exponential distribution is a continuous probability distribution. dtype must be a floating point but you specified {}",
            x.dtype().title()
        )));
    }
    // The logarithm of an exponential variable, drawn as PyTorch draws it.
    let mut noise = memory::alloc::<f64>(x.numel())?;
    noise.iter_mut().for_each(|v| *v = -(-(-g.unit_f64()).ln_1p()).ln());
    let noise = Tensor::from_vec(noise, x.shape()).to_dtype(x.dtype())?;
    let soft = softmax(&div(&add(x, &noise)?, &Tensor::number(Scalar::Float(tau)))?, d, None)?;
    if !hard {
        return Ok(soft);
    }
    let (_, places) = max_dim(&soft.detach(), d, true)?;
    let ones = Tensor::full(places.shape(), Scalar::Int(1), soft.dtype())?;
    let largest = scatter_add(&soft.detach().zeros_like()?, d, &places, &ones)?;
    add(&sub(&largest, &soft.detach())?, &soft)
}

#[derive(Clone, Copy)]
enum Side {
    Softmax,
    LogSoftmax,
}
impl Side {
    /// PyTorch's name of the operation, and of its node.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Side::Softmax => ("softmax", "SoftmaxBackward0"),
            Side::LogSoftmax => ("log_softmax", "LogSoftmaxBackward0"),
        }
    }
    /// The values of contiguous rows.
    fn forward(self, x: &Tensor) -> Result<Tensor> {
        wide!(self.names().0, x.dtype(), T => {
            let mut y = memory::alloc::<T>(x.numel())?;
            let run = match self {
                Side::Softmax => T::softmax_rows,
                Side::LogSoftmax => T::log_softmax_rows,
            };
            run(x.data::<T>()?, width(x), &mut y);
            Ok(Tensor::from_vec(y, x.shape()))
        })
    }
    /// The gradient of such rows, from the values.
    fn backward(self, y: &Tensor, gy: &Tensor) -> Result<Tensor> {
        wide!("softmax_backward", y.dtype(), T => {
            let mut dx = memory::alloc::<T>(y.numel())?;
            let run = match self {
                Side::Softmax => T::softmax_backward_rows,
                Side::LogSoftmax => T::log_softmax_backward_rows,
            };
            run(y.data::<T>()?, gy.data::<T>()?, width(y), &mut dx);
            Ok(Tensor::from_vec(dx, y.shape()))
        })
    }
    /// The same from operations that can be differentiated.
    fn composed(self, y: &Tensor, gy: &Tensor, d: i64) -> Result<Tensor> {
        let total = |t: &Tensor| sum(t, Some(&[d]), true, None);
        match self {
            Side::Softmax => mul(y, &sub(gy, &total(&mul(gy, y)?)?)?),
            Side::LogSoftmax => sub(gy, &mul(&exp(y)?, &total(gy)?)?),
        }
    }
}

fn width(x: &Tensor) -> usize {
    x.shape().last().copied().unwrap_or(1).max(1)
}

fn along(side: Side, x: &Tensor, d: i64, dtype: Option<DType>) -> Result<Tensor> {
    let (op, node) = side.names();
    let x = dtype.map_or(Ok(x.clone()), |t| x.to_dtype(t))?;
    if !x.dtype().is_float() {
        return crate::wide::refuse(&format!("{op}_lastdim_kernel_impl"), x.dtype());
    }
    if is_half(x.dtype()) {
        return in_f32(&x, |x| along(side, x, d, None));
    }
    let rank = x.rank().max(1) as i64;
    if d < -rank || d >= rank {
        return Err(Error::Index(format!(
            "Dimension out of range (expected to be in range of [{}, {}], but got {d})",
            -rank,
            rank - 1
        )));
    }
    // Dimension d as rows, and back.
    let last = d.rem_euclid(rank) == rank - 1;
    let turned = move |t: &Tensor| if last { t.contiguous() } else { transpose(t, d, -1)?.contiguous() };
    let y = turned(&side.forward(&turned(&x.detach())?)?)?;
    Tape::of(node, &[&x]).keep_output(&y).record(y, move |c| {
        c.each(&[&|| {
            let (gy, y) = (c.gy()?, c.saved(0)?);
            if is_grad_enabled() {
                return side.composed(&y, &gy, d);
            }
            turned(&side.backward(&turned(&y)?, &turned(&gy)?)?)
        }])
    })
}
