//! Layer and RMS normalisation over the last dimensions: y = (x - mean) / sqrt(var + eps) * weight + bias, and
//! y = x / sqrt(mean(x^2) + eps) * weight. [Ba et al. 2016; Zhang & Sennrich 2019]

use crate::wide::{is_half, list, wide};
use candlewick_kernels::float::Float;
use candlewick_kernels::norm::{RowAffine, RowStats};
use candlewick_tensor::autograd::{Ctx, Grads, Tape, is_grad_enabled};
use candlewick_tensor::ops::{add, mean, mul, reshape, rounded, rsqrt, square, sub, sum};
use candlewick_tensor::{DType, Element, Error, Result, Scalar, Tensor, memory};

/// What [`layer_norm_with_stats`] gives: the result, and each row's mean and 1 / std with the normalised dimensions 1.
pub type WithStats = (Tensor, Tensor, Tensor);

/// Normalises x over its last dimensions, which are `form`.
/// Errors: another shape of x, weight or bias.
pub fn layer_norm(
    x: &Tensor,
    form: &[usize],
    weight: Option<&Tensor>,
    bias: Option<&Tensor>,
    eps: f64,
) -> Result<Tensor> {
    Ok(layer_norm_with_stats(x, form, weight, bias, eps)?.0)
}

/// The same with the statistics.
pub fn layer_norm_with_stats(
    x: &Tensor,
    form: &[usize],
    weight: Option<&Tensor>,
    bias: Option<&Tensor>,
    eps: f64,
) -> Result<WithStats> {
    check(x, form, [("weight", weight), ("bias", bias)], ", ")?;
    let odd = |t: &&Tensor| t.dtype() != x.dtype() && !(is_half(x.dtype()) && t.dtype() == DType::F32);
    if x.dtype().is_float() && [weight, bias].into_iter().flatten().any(|t| odd(&t)) {
        let want = if is_half(x.dtype()) { "Float" } else { x.dtype().title() };
        return Err(Error::DType(format!("mixed dtype (CPU): expect parameter to have scalar type of {want}")));
    }
    normalized("NativeLayerNormBackward0", "LayerNormKernelImpl", x, form, weight, bias, eps, true)
}

/// Divides x by its root mean square over its last dimensions, which are `form`; without eps, float32's or float64's epsilon.
pub fn rms_norm(x: &Tensor, form: &[usize], weight: Option<&Tensor>, eps: Option<f64>) -> Result<Tensor> {
    check(x, form, [("weight", weight), ("bias", None)], "")?;
    let eps = eps.unwrap_or(if x.dtype() == DType::F64 { f64::EPSILON } else { f32::EPSILON as f64 });
    Ok(normalized("MulBackward0", "rms_norm", x, form, weight, None, eps, false)?.0)
}

fn check(x: &Tensor, form: &[usize], parameters: [(&str, Option<&Tensor>); 2], gap: &str) -> Result<()> {
    if form.is_empty() {
        return Err(Error::Shape("Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got normalized_shape = []".into()));
    }
    for (name, t) in parameters {
        if let Some(t) = t
            && t.shape() != form
        {
            return Err(Error::Shape(format!(
                "Expected {name} to be of same shape as normalized_shape, but got {name} of shape {} and normalized_shape = {}",
                list(t.shape()),
                list(form)
            )));
        }
    }
    if !x.shape().ends_with(form) {
        let sizes: Vec<String> = form.iter().map(|d| d.to_string()).collect();
        return Err(Error::Shape(format!(
            "Given normalized_shape={}, expected input with shape [*{gap}{}], but got input of size{}",
            list(form),
            sizes.join(", "),
            list(x.shape())
        )));
    }
    Ok(())
}

fn normalized(
    node: &'static str,
    op: &str,
    x: &Tensor,
    form: &[usize],
    weight: Option<&Tensor>,
    bias: Option<&Tensor>,
    eps: f64,
    centred: bool,
) -> Result<WithStats> {
    if is_half(x.dtype()) {
        let wide = |t: Option<&Tensor>| t.map(|t| t.to_dtype(DType::F32)).transpose();
        let (w, b) = (wide(weight)?, wide(bias)?);
        let single = x.to_dtype(DType::F32)?;
        let (y, m, s) = normalized(node, op, &single, form, w.as_ref(), b.as_ref(), eps, centred)?;
        return Ok((rounded(&y, x.dtype())?, m, s));
    }
    let cast = |t: Option<&Tensor>| t.map(|t| t.to_dtype(x.dtype())).transpose();
    let (weight, bias) = (cast(weight)?, cast(bias)?);
    let (weight, bias) = (weight.as_ref(), bias.as_ref());
    let x = x.contiguous()?;
    let cols: usize = form.iter().product();
    let rows: usize = x.shape()[..x.rank() - form.len()].iter().product();
    let (y, means, rstd) = wide!(op, x.dtype(), T => {
        let w = weight.map(|t| t.detach().contiguous()).transpose()?;
        let b = bias.map(|t| t.detach().contiguous()).transpose()?;
        let affine = RowAffine {
            weight: w.as_ref().map(|t| t.data::<T>()).transpose()?,
            bias: b.as_ref().map(|t| t.data::<T>()).transpose()?,
        };
        let mut y = memory::alloc::<T>(x.numel())?;
        let (mut m, mut s) = (memory::filled(rows, T::ZERO)?, memory::filled(rows, T::ZERO)?);
        T::normalize_rows(cols, x.data::<T>()?, eps, affine, &mut y, centred.then_some(&mut m[..]), &mut s);
        let kept: Vec<usize> =
            (0..x.rank()).map(|d| if d < x.rank() - form.len() { x.shape()[d] } else { 1 }).collect();
        (Tensor::from_vec(y, x.shape()), Tensor::from_vec(m, &kept), Tensor::from_vec(s, &kept))
    });
    let one = Tensor::number(Scalar::Int(1));
    let (has_weight, has_bias) = (weight.is_some(), bias.is_some());
    let inputs: Vec<&Tensor> = [Some(&x), weight, bias].into_iter().flatten().collect();
    let (op, form) = (op.to_string(), form.to_vec());
    let y =
        Tape::of(node, &inputs).keep(&x).keep(weight.unwrap_or(&one)).keep(&means).keep(&rstd).record(y, move |c| {
            let [dx, dw, db] = if is_grad_enabled() {
                composed(c, &form, has_weight, eps, centred)?
            } else {
                wide!(&op, c.gy()?.dtype(), T => fused::<T>(c, &form, has_weight, centred)?)
            };
            let all = [Some(dx), has_weight.then_some(dw), has_bias.then_some(db)];
            Ok(all.into_iter().flatten().collect::<Grads>())
        })?;
    Ok((y, means, rstd))
}

type Three = [Option<Tensor>; 3];

fn fused<T: Element + Float>(c: &Ctx, form: &[usize], has_weight: bool, centred: bool) -> Result<Three> {
    let (gy, x, w) = (c.gy()?.contiguous()?, c.saved(0)?, c.saved(1)?.contiguous()?);
    let (means, rstd) = (c.saved(2)?, c.saved(3)?);
    let cols: usize = form.iter().product();
    let stats = RowStats { mean: if centred { Some(means.data::<T>()?) } else { None }, rstd: rstd.data::<T>()? };
    let (xs, gys) = (x.data::<T>()?, gy.data::<T>()?);
    let dx = if c.needs(0) {
        let mut dx = memory::alloc::<T>(x.numel())?;
        let w = if has_weight { Some(w.data::<T>()?) } else { None };
        T::normalize_rows_backward(cols, xs, gys, stats, w, &mut dx);
        Some(Tensor::from_vec(dx, x.shape()))
    } else {
        None
    };
    let (mut dw, mut db) = (memory::alloc::<T>(cols)?, memory::alloc::<T>(cols)?);
    T::normalize_rows_sums(cols, xs, gys, stats, &mut dw, &mut db);
    Ok([dx, Some(Tensor::from_vec(dw, form)), Some(Tensor::from_vec(db, form))])
}

/// The same from differentiable operations, for gradients of gradients.
fn composed(c: &Ctx, form: &[usize], has_weight: bool, eps: f64, centred: bool) -> Result<Three> {
    let (gy, x, w) = (c.gy()?, c.saved(0)?, c.saved(1)?);
    let cols = form.iter().product::<usize>() as i64;
    let dims = |t: &[usize]| t.iter().map(|&d| d as i64).collect::<Vec<_>>();
    let gy = reshape(&gy, &[-1, cols])?;
    let g = if has_weight { mul(&gy, &reshape(&w, &[-1])?)? } else { gy.clone() };
    let (dx, hat) = row_gradients(&reshape(&x, &[-1, cols])?, &g, eps, centred)?;
    let column = |t: &Tensor| reshape(&sum(t, Some(&[0]), false, None)?, &dims(form));
    Ok([Some(reshape(&dx, &dims(x.shape()))?), Some(column(&mul(&gy, &hat)?)?), Some(column(&gy)?)])
}

/// For rows x [M, N] and gradients g of their normalised values: (dx, the normalised values), in differentiable operations.
pub(crate) fn row_gradients(x: &Tensor, g: &Tensor, eps: f64, centred: bool) -> Result<(Tensor, Tensor)> {
    let average = |t: &Tensor| mean(t, Some(&[1]), true, None);
    let x = if centred { sub(x, &average(x)?)? } else { x.clone() };
    let rstd = rsqrt(&add(&average(&square(&x)?)?, &Tensor::number(Scalar::Float(eps)))?)?;
    let hat = mul(&x, &rstd)?;
    let mut inner = sub(g, &mul(&hat, &average(&mul(g, &hat)?)?)?)?;
    if centred {
        inner = sub(&inner, &average(g)?)?;
    }
    Ok((mul(&inner, &rstd)?, hat))
}
