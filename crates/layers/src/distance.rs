//! Norms along dimensions, and the distances and similarities made of them.

use crate::wide::refuse;
use candlewick_tensor::autograd::Tape;
use candlewick_tensor::ops::{
    abs, add, amax, amin, clamp, div, eq, expand, index_select, mul, ne, pow, reciprocal, rsqrt, sign, sqrt, square,
    squeeze, sub, sum, where_,
};
use candlewick_tensor::{DType, Error, Result, Scalar, Tensor, broadcast, result_type};

fn num(v: f64) -> Tensor {
    Tensor::number(Scalar::Float(v))
}
fn zero() -> Tensor {
    Tensor::number(Scalar::Int(0))
}

/// (sum |x|^p)^(1/p) along `dims`; infinite p take the largest or smallest magnitude, 0 counts what is not zero. The
/// gradient at a norm of 0 is 0.
pub fn p_norm(node: &'static str, x: &Tensor, p: f64, dims: &[i64], keepdim: bool) -> Result<Tensor> {
    if !x.dtype().is_float() {
        return Err(Error::DType(format!(
            "linalg.vector_norm: Expected a floating point or complex tensor as input. Got {}",
            x.dtype().title()
        )));
    }
    let total = |x: &Tensor| sum(x, Some(dims), true, None);
    let d = x.detach();
    let alone =
        dims.iter().all(|&d| x.shape().get(d.rem_euclid(x.rank().max(1) as i64) as usize).is_none_or(|&n| n == 1));
    let y = match p {
        p if alone && p != 0.0 => abs(&d)?,
        0.0 => total(&ne(&d, &zero())?.to_dtype(d.dtype())?)?,
        1.0 => total(&abs(&d)?)?,
        2.0 => sqrt(&total(&square(&d)?)?)?,
        f64::INFINITY => amax(&abs(&d)?, Some(dims), true)?,
        f64::NEG_INFINITY => amin(&abs(&d)?, Some(dims), true)?,
        p => pow(&total(&pow(&abs(&d)?, &num(p))?)?, &num(1.0 / p))?,
    };
    let dims = dims.to_vec();
    let reduced = dims.clone();
    let y = Tape::of(node, &[x])
        .keep(x)
        .keep_output(&y)
        .record(y, move |c| c.each(&[&|| norm_gradient(&c.gy()?, &c.saved(0)?, &c.saved(1)?, p, &dims)]))?;
    if keepdim { Ok(y) } else { squeeze(&y, Some(&reduced)) }
}

fn norm_gradient(gy: &Tensor, x: &Tensor, y: &Tensor, p: f64, dims: &[i64]) -> Result<Tensor> {
    // A norm or an element of 0 is replaced before it divides: its part is 0.
    let whole = |t: &Tensor| where_(&eq(&t.detach(), &zero())?, &num(1.0), t);
    let masked = |t: &Tensor, g: &Tensor| where_(&eq(&t.detach(), &zero())?, &zero(), g);
    match p {
        0.0 => x.zeros_like(),
        1.0 => mul(&sign(x)?, gy),
        2.0 => mul(x, &masked(y, &div(gy, &whole(y)?)?)?),
        p if p.is_infinite() => {
            let top = eq(&abs(&x.detach())?, &y.detach())?.to_dtype(x.dtype())?;
            let share = div(&top, &sum(&top, Some(dims), true, None)?)?;
            mul(&mul(&sign(x)?, &share)?, gy)
        }
        p if p < 1.0 => {
            let steep = masked(x, &mul(&sign(x)?, &power(&whole(&abs(x)?)?, p - 1.0)?)?)?;
            masked(y, &mul(&mul(&steep, gy)?, &power(&whole(y)?, 1.0 - p)?)?)
        }
        p => {
            let steep = masked(x, &mul(&sign(x)?, &power(&whole(&abs(x)?)?, p - 1.0)?)?)?;
            mul(&steep, &masked(y, &div(gy, &power(&whole(y)?, p - 1.0)?)?)?)
        }
    }
}

/// x to the power of e, with the roundings of the functions that PyTorch has for some powers.
fn power(x: &Tensor, e: f64) -> Result<Tensor> {
    match e {
        -0.5 => rsqrt(x),
        -1.0 => reciprocal(x),
        1.0 => Ok(x.clone()),
        e => pow(x, &num(e)),
    }
}

/// The p-norm of a - b + eps along the last dimension.
pub fn pairwise_distance(a: &Tensor, b: &Tensor, p: f64, eps: f64, keepdim: bool) -> Result<Tensor> {
    p_norm("NormBackward1", &add(&sub(a, b)?, &num(eps))?, p, &[-1], keepdim)
}

/// The cosine of the angle between a and b along dimension `d`; lengths are kept above eps.
pub fn cosine_similarity(a: &Tensor, b: &Tensor, d: i64, eps: f64) -> Result<Tensor> {
    let common = result_type(&[a, b]);
    if !common.is_float() {
        return Err(Error::DType(format!(
            "expected common dtype to be floating point, yet common dtype is {}",
            common.title()
        )));
    }
    let (a, b) = (a.to_dtype(common)?, b.to_dtype(common)?);
    let shape: Vec<i64> = broadcast(a.shape(), b.shape())?.iter().map(|&n| n as i64).collect();
    let unit = |x: &Tensor| {
        let length = p_norm("LinalgVectorNormBackward0", x, 2.0, &[d], true)?;
        // The bound is not part of the gradient.
        let bounded = clamp(&length.detach(), Some(Scalar::Float(eps)), None)?;
        div(x, &Tape::of("CloneBackward0", &[&length]).record(bounded, |c| c.each(&[&|| c.gy()]))?)
    };
    sum(&mul(&unit(&expand(&a, &shape)?)?, &unit(&expand(&b, &shape)?)?)?, Some(&[d]), false, None)
}

/// x / max(|x|_p, eps) along `dims`.
pub fn normalize(x: &Tensor, p: f64, dims: &[i64], eps: f64) -> Result<Tensor> {
    let length = p_norm("NormBackward1", x, p, dims, true)?;
    div(x, &clamp(&length, Some(Scalar::Float(eps)), None)?)
}

/// The p-norm distances of all pairs of the rows of x [N, M], the first with the others, then the second, ...: [N (N-1) / 2].
pub fn pdist(x: &Tensor, p: f64) -> Result<Tensor> {
    if x.rank() != 2 {
        return Err(Error::Shape(format!("pdist only supports 2D tensors, got: {}D", x.rank())));
    }
    match x.dtype() {
        DType::F32 | DType::F64 => {}
        d if d.is_float() => return refuse("pdist", d),
        _ => return Err(Error::DType("pdist only supports floating-point dtypes".into())),
    }
    if p < 0.0 || p.is_nan() {
        return Err(Error::Argument("pdist only supports non-negative p values".into()));
    }
    let n = x.shape()[0] as i64;
    let pairs = || (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j)));
    let column = |v: Vec<i64>| {
        let len = v.len();
        Tensor::from_vec(v, &[len])
    };
    let first = index_select(x, 0, &column(pairs().map(|(i, _)| i).collect()))?;
    let second = index_select(x, 0, &column(pairs().map(|(_, j)| j).collect()))?;
    if x.shape()[1] == 0 {
        return sum(&first, Some(&[1]), false, None);
    }
    p_norm("PdistBackward0", &sub(&first, &second)?, p, &[1], false)
}
