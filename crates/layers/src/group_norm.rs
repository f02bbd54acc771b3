//! Group normalisation: y = (x - mean) / sqrt(var + eps) * weight + bias, the statistics over each sample's groups of
//! channels. [Wu & He 2018]

use crate::layer_norm::{WithStats, row_gradients};
use crate::wide::{is_half, list, wide};
use candlewick_kernels::float::Float;
use candlewick_tensor::autograd::{Ctx, Grads, Tape, is_grad_enabled};
use candlewick_tensor::ops::{mul, reshape, rounded, sum};
use candlewick_tensor::{DType, Element, Error, Result, Scalar, Tensor, memory};

/// Normalises x [N, C, ...] by `groups` groups of channels.
/// Errors: channels that do not divide into the groups; weights of another number.
pub fn group_norm(
    x: &Tensor,
    groups: usize,
    weight: Option<&Tensor>,
    bias: Option<&Tensor>,
    eps: f64,
) -> Result<Tensor> {
    Ok(group_norm_with_stats(x, groups, weight, bias, eps)?.0)
}

/// The same with the means and 1 / std, [N, groups].
pub fn group_norm_with_stats(
    x: &Tensor,
    groups: usize,
    weight: Option<&Tensor>,
    bias: Option<&Tensor>,
    eps: f64,
) -> Result<WithStats> {
    check(x, groups, [("weight", weight), ("bias", bias)])?;
    if is_half(x.dtype()) {
        let wide = |t: Option<&Tensor>| t.map(|t| t.to_dtype(DType::F32)).transpose();
        let (w, b) = (wide(weight)?, wide(bias)?);
        let (y, m, s) = group_norm_with_stats(&x.to_dtype(DType::F32)?, groups, w.as_ref(), b.as_ref(), eps)?;
        return Ok((rounded(&y, x.dtype())?, m, s));
    }
    let cast = |t: Option<&Tensor>| t.map(|t| t.to_dtype(x.dtype())).transpose();
    let (weight, bias) = (cast(weight)?, cast(bias)?);
    let x = x.contiguous()?;
    wide!("GroupNormKernelImpl", x.dtype(), T => run::<T>(&x, groups, weight.as_ref(), bias.as_ref(), eps))
}

fn check(x: &Tensor, groups: usize, parameters: [(&str, Option<&Tensor>); 2]) -> Result<()> {
    if x.rank() < 2 {
        return Err(Error::Shape(format!("Expected at least 2 dimensions for input tensor but received {}", x.rank())));
    }
    if groups == 0 {
        return Err(Error::Argument("Expected num groups to be greater than 0, got 0".into()));
    }
    let channels = x.shape()[1];
    if !channels.is_multiple_of(groups) {
        return Err(Error::Shape(format!(
            "Expected number of channels in input to be divisible by num_groups, but got input of shape {} and num_groups={groups}",
            list(x.shape())
        )));
    }
    for (name, t) in parameters {
        if let Some(t) = t
            && t.shape() != [channels]
        {
            return Err(Error::Shape(format!(
                "Expected {name} to be a vector of size equal to the number of channels in input, but got {name} of shape {} and input of shape {}",
                list(t.shape()),
                list(x.shape())
            )));
        }
    }
    Ok(())
}

fn run<T: Element + Float>(
    x: &Tensor,
    groups: usize,
    weight: Option<&Tensor>,
    bias: Option<&Tensor>,
    eps: f64,
) -> Result<WithStats> {
    let (n, ch) = (x.shape()[0], x.shape()[1]);
    let s: usize = x.shape()[2..].iter().product();
    let per = ch / groups;
    let (mut m, mut rstd) = (memory::filled(n * groups, T::ZERO)?, memory::filled(n * groups, T::ZERO)?);
    T::row_stats(per * s, x.data::<T>()?, eps, &mut m, &mut rstd);
    let values = |t: Option<&Tensor>| t.map(|t| t.detach().contiguous()).transpose();
    let (w, b) = (values(weight)?, values(bias)?);
    let (ws, bs) = (w.as_ref().map(|t| t.data::<T>()).transpose()?, b.as_ref().map(|t| t.data::<T>()).transpose()?);
    // By sample and channel: y = x * scale + shift.
    let group = |i: usize| i / per.max(1);
    let scale: Vec<T> = (0..n * ch).map(|i| rstd[group(i)] * ws.map_or(T::ONE, |w| w[i % ch])).collect();
    let shift: Vec<T> = (0..n * ch).map(|i| bs.map_or(T::ZERO, |b| b[i % ch]) - m[group(i)] * scale[i]).collect();
    let mut y = memory::alloc::<T>(x.numel())?;
    T::normalize(1, n * ch, s, x.data::<T>()?, &scale, &shift, &mut y);
    let (m, rstd) = (Tensor::from_vec(m, &[n, groups]), Tensor::from_vec(rstd, &[n, groups]));
    let one = Tensor::number(Scalar::Int(1));
    let (has_weight, has_bias) = (weight.is_some(), bias.is_some());
    let inputs: Vec<&Tensor> = [Some(x), weight, bias].into_iter().flatten().collect();
    let y = Tape::of("NativeGroupNormBackward0", &inputs)
        .keep(x)
        .keep(weight.unwrap_or(&one))
        .keep(&m)
        .keep(&rstd)
        .record(Tensor::from_vec(y, x.shape()), move |c| {
            let [dx, dw, db] = if is_grad_enabled() {
                composed(c, groups, has_weight, eps)?
            } else {
                fused::<T>(c, groups, has_weight)?
            };
            let all = [Some(dx), has_weight.then_some(dw), has_bias.then_some(db)];
            Ok(all.into_iter().flatten().collect::<Grads>())
        })?;
    Ok((y, m, rstd))
}

type Three = [Option<Tensor>; 3];

fn fused<T: Element + Float>(c: &Ctx, groups: usize, has_weight: bool) -> Result<Three> {
    let (gy, x, w) = (c.gy()?.contiguous()?, c.saved(0)?, c.saved(1)?.contiguous()?);
    let (m, rstd) = (c.saved(2)?, c.saved(3)?);
    let (n, ch) = (x.shape()[0], x.shape()[1]);
    let s: usize = x.shape()[2..].iter().product();
    let mut dx = if c.needs(0) { Some(memory::alloc::<T>(x.numel())?) } else { None };
    let (mut dw, mut db) = (memory::alloc::<T>(ch)?, memory::alloc::<T>(ch)?);
    T::group_norm_backward(
        [n, ch, s],
        groups,
        x.data::<T>()?,
        gy.data::<T>()?,
        (m.data::<T>()?, rstd.data::<T>()?),
        if has_weight { Some(w.data::<T>()?) } else { None },
        dx.as_deref_mut(),
        &mut dw,
        &mut db,
    );
    let dx = dx.map(|v| Tensor::from_vec(v, x.shape()));
    Ok([dx, Some(Tensor::from_vec(dw, &[ch])), Some(Tensor::from_vec(db, &[ch]))])
}

/// The same from differentiable operations, for gradients of gradients.
fn composed(c: &Ctx, groups: usize, has_weight: bool, eps: f64) -> Result<Three> {
    let (gy, x, w) = (c.gy()?, c.saved(0)?, c.saved(1)?);
    let (n, ch) = (x.shape()[0] as i64, x.shape()[1] as i64);
    let s = x.shape()[2..].iter().product::<usize>() as i64;
    let rows = [n * groups as i64, ch / groups as i64 * s];
    let gy = reshape(&gy, &[n, ch, s])?;
    let g = if has_weight { mul(&gy, &reshape(&w, &[1, -1, 1])?)? } else { gy.clone() };
    let (dx, hat) = row_gradients(&reshape(&x, &rows)?, &reshape(&g, &rows)?, eps, true)?;
    let channel = |t: &Tensor| sum(t, Some(&[0, 2]), false, None);
    let dims: Vec<i64> = x.shape().iter().map(|&d| d as i64).collect();
    let dw = channel(&mul(&gy, &reshape(&hat, &[n, ch, s])?)?)?;
    Ok([Some(reshape(&dx, &dims)?), Some(dw), Some(channel(&gy)?)])
}
