//! softmax(x)_i = e^(x_i) / sum_j e^(x_j), and its logarithm, along one dimension.

use crate::wide::{in_f32, is_half, wide};
use candlewick_tensor::autograd::{Tape, is_grad_enabled};
use candlewick_tensor::ops::{add, div, exp, max_dim, mul, scatter_add, sub, sum, transpose};
use candlewick_tensor::random::Generator;
use candlewick_tensor::{DType, Error, Result, Scalar, Tensor, memory};

/// Probabilities along dimension `d`.
pub fn softmax(x: &Tensor, d: i64, dtype: Option<DType>) -> Result<Tensor> {
    along("softmax", x, d, dtype, |x| {
        let y = wide!("softmax", x.dtype(), T => {
            let mut y = memory::alloc::<T>(x.numel())?;
            T::softmax_rows(x.data::<T>()?, width(x), &mut y);
            Tensor::from_vec(y, x.shape())
        });
        Tape::of("SoftmaxBackward0", &[x]).keep_output(&y).record(y, |c| {
            c.each(&[&|| {
                let (gy, y) = (c.gy()?, c.saved(0)?);
                if is_grad_enabled() {
                    return mul(&y, &sub(&gy, &sum(&mul(&gy, &y)?, Some(&[-1]), true, None)?)?);
                }
                backward(&y, &gy, Side::Softmax)
            }])
        })
    })
}

/// Log-probabilities along dimension `d`: x - max - log(sum(e^(x - max))).
pub fn log_softmax(x: &Tensor, d: i64, dtype: Option<DType>) -> Result<Tensor> {
    along("log_softmax", x, d, dtype, |x| {
        let y = wide!("log_softmax", x.dtype(), T => {
            let mut y = memory::alloc::<T>(x.numel())?;
            T::log_softmax_rows(x.data::<T>()?, width(x), &mut y);
            Tensor::from_vec(y, x.shape())
        });
        Tape::of("LogSoftmaxBackward0", &[x]).keep_output(&y).record(y, |c| {
            c.each(&[&|| {
                let (gy, y) = (c.gy()?, c.saved(0)?);
                if is_grad_enabled() {
                    return sub(&gy, &mul(&exp(&y)?, &sum(&gy, Some(&[-1]), true, None)?)?);
                }
                backward(&y, &gy, Side::LogSoftmax)
            }])
        })
    })
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

enum Side {
    Softmax,
    LogSoftmax,
}

fn backward(y: &Tensor, gy: &Tensor, side: Side) -> Result<Tensor> {
    let gy = gy.contiguous()?;
    wide!("softmax_backward", y.dtype(), T => {
        let mut dx = memory::alloc::<T>(y.numel())?;
        match side {
            Side::Softmax => T::softmax_backward_rows(y.data::<T>()?, gy.data::<T>()?, width(y), &mut dx),
            Side::LogSoftmax => T::log_softmax_backward_rows(y.data::<T>()?, gy.data::<T>()?, width(y), &mut dx),
        }
        Ok(Tensor::from_vec(dx, y.shape()))
    })
}

fn width(x: &Tensor) -> usize {
    x.shape().last().copied().unwrap_or(1).max(1)
}

/// Brings dimension `d` to the end and back; converts as asked.
fn along(
    op: &str,
    x: &Tensor,
    d: i64,
    dtype: Option<DType>,
    f: impl FnOnce(&Tensor) -> Result<Tensor>,
) -> Result<Tensor> {
    let x = dtype.map_or(Ok(x.clone()), |t| x.to_dtype(t))?;
    if !x.dtype().is_float() {
        return crate::wide::refuse(&format!("{op}_lastdim_kernel_impl"), x.dtype());
    }
    if is_half(x.dtype()) {
        return in_f32(&x, |x| along(op, x, d, None, f));
    }
    let rank = x.rank().max(1) as i64;
    if d < -rank || d >= rank {
        return Err(Error::Index(format!(
            "Dimension out of range (expected to be in range of [{}, {}], but got {d})",
            -rank,
            rank - 1
        )));
    }
    if d.rem_euclid(rank) == rank - 1 {
        return f(&x.contiguous()?);
    }
    transpose(&f(&transpose(&x, d, -1)?.contiguous()?)?, d, -1)
}
