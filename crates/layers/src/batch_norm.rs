//! Batch normalisation: y = (x - mean) / sqrt(var + eps) * weight + bias, over every axis but 1. [Ioffe & Szegedy 2015]

use crate::layer_norm::WithStats;
use crate::wide::{is_half, wide};
use candlewick_tensor::autograd::{Ctx, Grads, Tape, is_grad_enabled, no_grad};
use candlewick_tensor::ops::{add, add_, clone, mean, mul, mul_, reshape, rounded, rsqrt, select, sub, sum};
use candlewick_tensor::{DType, Element, Error, Result, Scalar, Tensor, memory};

/// Options of [`batch_norm`].
#[derive(Clone, Copy, Debug)]
pub struct BatchNormConfig {
    /// Batch statistics (and an update of the running ones) instead of the running statistics.
    pub training: bool,
    /// The weight of the new statistics in the running ones.
    pub momentum: f64,
    /// Added to the variance.
    pub eps: f64,
}

/// Per-channel tensors of length C, all optional.
#[derive(Clone, Copy, Default)]
pub struct Channels<'a> {
    /// Running means: read in evaluation, updated in training.
    pub running_mean: Option<&'a Tensor>,
    /// Running variances.
    pub running_var: Option<&'a Tensor>,
    /// Scales; 1 if absent.
    pub weight: Option<&'a Tensor>,
    /// Shifts; 0 if absent.
    pub bias: Option<&'a Tensor>,
}

/// Normalises x [N, C, ...]; when training, the running statistics are updated in place.
/// Errors: fewer than two values per channel in training; lengths other than C.
pub fn batch_norm(x: &Tensor, p: Channels, c: &BatchNormConfig) -> Result<Tensor> {
    if x.numel() == 0 {
        return nothing(x, &p);
    }
    if c.training && x.rank() > 1 && x.numel() == x.shape()[1] {
        return Err(Error::Shape(format!(
            "Expected more than 1 value per channel when training, got input size torch.Size({:?})",
            x.shape()
        )));
    }
    Ok(batch_norm_with_stats(x, p, c)?.0)
}

/// The same with the means and 1 / std that were used in training, [C]; none in evaluation. One value per channel passes.
pub fn batch_norm_with_stats(x: &Tensor, p: Channels, c: &BatchNormConfig) -> Result<WithStats> {
    check(x, &p, c)?;
    if is_half(x.dtype()) {
        let wide = |t: Option<&Tensor>| t.map(|t| t.to_dtype(DType::F32)).transpose();
        let (weight, bias) = (wide(p.weight)?, wide(p.bias)?);
        let q = Channels { weight: weight.as_ref(), bias: bias.as_ref(), ..p };
        let (y, m, s) = batch_norm_with_stats(&x.to_dtype(DType::F32)?, q, c)?;
        return Ok((rounded(&y, x.dtype())?, m, s));
    }
    let x = x.contiguous()?;
    wide!("batch_norm", x.dtype(), T => run::<T>(&x, &p, *c))
}

/// What comes of no values: no statistics are taken.
fn nothing(x: &Tensor, p: &Channels) -> Result<Tensor> {
    let mut y = clone(x)?;
    if let Some(w) = p.weight {
        y = mul(&y, &select(w, 0, 0)?)?;
    }
    if let Some(b) = p.bias {
        y = add(&y, &select(b, 0, 0)?)?;
    }
    Ok(y)
}

fn check(x: &Tensor, p: &Channels, c: &BatchNormConfig) -> Result<()> {
    if x.rank() < 2 {
        let least = -(x.rank().max(1) as i64);
        return Err(Error::Index(format!(
            "Dimension out of range (expected to be in range of [{least}, {}], but got 1)",
            -least - 1
        )));
    }
    let channels = x.shape()[1];
    for (name, t) in
        [("running_mean", p.running_mean), ("running_var", p.running_var), ("weight", p.weight), ("bias", p.bias)]
    {
        if let Some(t) = t
            && t.numel() != channels
        {
            return Err(Error::Shape(format!("{name} should contain {channels} elements not {}", t.numel())));
        }
    }
    if !c.training && (p.running_mean.is_none() || p.running_var.is_none()) {
        let missing = if p.running_mean.is_none() { "running_mean" } else { "running_var" };
        return Err(Error::Argument(format!("{missing} must be defined in evaluation mode")));
    }
    Ok(())
}

fn run<T: Element + candlewick_kernels::float::Float>(
    x: &Tensor,
    p: &Channels,
    c: BatchNormConfig,
) -> Result<WithStats> {
    let (n, ch) = (x.shape()[0], x.shape()[1]);
    let s = x.shape()[2..].iter().product::<usize>();
    let xs = x.data::<T>()?;
    let values = |t: Option<&Tensor>| -> Result<Option<Tensor>> {
        t.map(|t| t.detach().to_dtype(T::DTYPE)?.contiguous()).transpose()
    };
    let (mut mean_, mut var) = (memory::alloc::<T>(ch)?, memory::alloc::<T>(ch)?);
    match (c.training, values(p.running_mean)?, values(p.running_var)?) {
        (false, Some(m), Some(v)) => {
            mean_.copy_from_slice(m.data::<T>()?);
            var.copy_from_slice(v.data::<T>()?);
        }
        _ => {
            T::batch_stats(n, ch, s, xs, &mut mean_, &mut var);
            let unbiased = (n * s) as f64 / (n * s).saturating_sub(1).max(1) as f64;
            update(p.running_mean, &mean_, 1.0, c.momentum)?;
            update(p.running_var, &var, unbiased, c.momentum)?;
        }
    }
    let invstd: Vec<T> =
        var.iter().map(|v| <T as Element>::from_f64(1.0 / (Element::to_f64(*v) + c.eps).sqrt())).collect();
    let (weight, bias) = (values(p.weight)?, values(p.bias)?);
    let (weight, bias) =
        (weight.as_ref().map(|t| t.data::<T>()).transpose()?, bias.as_ref().map(|t| t.data::<T>()).transpose()?);
    let scale: Vec<T> = (0..ch).map(|i| weight.map_or(invstd[i], |w| w[i] * invstd[i])).collect();
    let shift: Vec<T> = (0..ch).map(|i| bias.map_or(T::default(), |b| b[i]) - mean_[i] * scale[i]).collect();
    let mut y = memory::alloc::<T>(x.numel())?;
    T::normalize(n, ch, s, xs, &scale, &shift, &mut y);
    let (mean_, invstd) = (Tensor::from_vec(mean_, &[ch]), Tensor::from_vec(invstd, &[ch]));
    let ones = Tensor::full(&[ch], Scalar::Int(1), T::DTYPE)?;
    let (has_weight, has_bias) = (p.weight.is_some(), p.bias.is_some());
    let inputs: Vec<&Tensor> = [Some(x), p.weight, p.bias].into_iter().flatten().collect();
    let y = Tape::of("NativeBatchNormBackward0", &inputs)
        .keep(x)
        .keep(p.weight.unwrap_or(&ones))
        .keep(&mean_)
        .keep(&invstd)
        .record(Tensor::from_vec(y, x.shape()), move |ctx| {
            let [dx, dw, db] = if is_grad_enabled() { composed(ctx, &c)? } else { fused::<T>(ctx, &c)? };
            let all = [Some(dx), has_weight.then_some(dw), has_bias.then_some(db)];
            Ok(all.into_iter().flatten().collect::<Grads>())
        })?;
    if c.training {
        return Ok((y, mean_, invstd));
    }
    let none = Tensor::from_vec(Vec::<T>::new(), &[0]);
    Ok((y, none.clone(), none))
}

/// running = (1 - momentum) * running + momentum * value, in place.
fn update<T: Element>(running: Option<&Tensor>, batch: &[T], factor: f64, momentum: f64) -> Result<()> {
    let Some(running) = running else { return Ok(()) };
    let batch: Vec<f64> = batch.iter().map(|v| v.to_f64() * factor * momentum).collect();
    let batch = Tensor::from_vec(batch, running.shape()).to_dtype(running.dtype())?;
    no_grad(|| {
        mul_(running, &Tensor::number(Scalar::Float(1.0 - momentum)))?;
        add_(running, &batch)
    })
}

type Three = [Option<Tensor>; 3];

fn fused<T: Element + candlewick_kernels::float::Float>(ctx: &Ctx, c: &BatchNormConfig) -> Result<[Option<Tensor>; 3]> {
    let (gy, x, w) = (ctx.gy()?.contiguous()?, ctx.saved(0)?, ctx.saved(1)?.to_dtype(T::DTYPE)?.contiguous()?);
    let (m, i) = (ctx.saved(2)?, ctx.saved(3)?);
    let (n, ch) = (x.shape()[0], x.shape()[1]);
    let s = x.shape()[2..].iter().product::<usize>();
    let mut dx = if ctx.needs(0) { Some(memory::alloc::<T>(x.numel())?) } else { None };
    let (mut dw, mut db) = (memory::alloc::<T>(ch)?, memory::alloc::<T>(ch)?);
    T::batch_norm_backward(
        n,
        ch,
        s,
        x.data::<T>()?,
        gy.data::<T>()?,
        m.data::<T>()?,
        i.data::<T>()?,
        Some(w.data::<T>()?),
        c.training,
        dx.as_deref_mut(),
        &mut dw,
        &mut db,
    );
    let dx = dx.map(|v| Tensor::from_vec(v, x.shape()));
    Ok([dx, Some(Tensor::from_vec(dw, &[ch])), Some(Tensor::from_vec(db, &[ch]))])
}

/// The same from differentiable operations, for gradients of gradients.
fn composed(ctx: &Ctx, c: &BatchNormConfig) -> Result<Three> {
    let (gy, x, w) = (ctx.gy()?, ctx.saved(0)?, ctx.saved(1)?);
    let dims: Vec<i64> = (0..x.rank() as i64).filter(|&d| d != 1).collect();
    let wide = |t: &Tensor| {
        let shape: Vec<i64> = (0..x.rank()).map(|d| if d == 1 { -1 } else { 1 }).collect();
        reshape(t, &shape)
    };
    let (m, invstd) = if c.training {
        let m = mean(&x, Some(&dims), true, None)?;
        let d = sub(&x, &m)?;
        let var = mean(&mul(&d, &d)?, Some(&dims), true, None)?;
        (m, rsqrt(&add(&var, &Tensor::number(Scalar::Float(c.eps)))?)?)
    } else {
        (wide(&ctx.saved(2)?)?, wide(&ctx.saved(3)?)?)
    };
    let xhat = mul(&sub(&x, &m)?, &invstd)?;
    let scaled = mul(&gy, &wide(&w)?)?;
    let dx = if c.training {
        let average = |t: &Tensor| mean(t, Some(&dims), true, None);
        let inner = sub(&sub(&scaled, &average(&scaled)?)?, &mul(&xhat, &average(&mul(&scaled, &xhat)?)?)?)?;
        mul(&inner, &invstd)?
    } else {
        mul(&scaled, &invstd)?
    };
    let dw = sum(&mul(&gy, &xhat)?, Some(&dims), false, None)?;
    Ok([Some(dx), Some(dw), Some(sum(&gy, Some(&dims), false, None)?)])
}
