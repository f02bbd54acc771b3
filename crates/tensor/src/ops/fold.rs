//! More reductions: products, norms, ln(sum(e^x)), counts, sums that skip NaN.

use super::binary::{div, mul, sub};
use super::compare::{eq, ne};
use super::extremum::{amax, amin};
use super::reduce::{reduce, spread, sum};
use super::scan::product_of_others;
use super::select::where_;
use super::unary::{abs, exp, int, isinf, isnan, log, num, sign};
use super::view::{reshape, unsqueeze};
use crate::autograd::{Grads, Tape};
use crate::error::argument;
use crate::layout::{Dims, wrap_dim, wrap_dims};
use crate::{DType, Result, Scalar, Tensor, float_dtype};
use candlewick_kernels::reduce::Fold;

/// The product over one dimension, or of all elements. Integers and bool give int64 unless `to` says otherwise.
pub fn prod(x: &Tensor, d: Option<i64>, keepdim: bool, to: Option<DType>) -> Result<Tensor> {
    let x = x.to_dtype(to.unwrap_or(if x.dtype().is_float() { x.dtype() } else { DType::I64 }))?;
    let dims = wrap_dims(d.as_ref().map(std::slice::from_ref), x.rank())?;
    let y = reduce(&x, &dims, keepdim, Fold::Product, x.dtype())?;
    let name = if d.is_some() { "ProdBackward1" } else { "ProdBackward0" };
    Tape::of(name, &[&x]).keep(&x).record(y, move |c| {
        c.each(&[&|| {
            let x = c.saved(0)?;
            let others = match dims.as_slice() {
                _ if x.rank() == 0 => return c.gy(),
                [d] if x.rank() > 1 => product_of_others(&x, *d)?,
                _ => reshape(&product_of_others(&reshape(&x, &[-1])?, 0)?, &super::reduce::signed(x.shape()))?,
            };
            mul(&spread(&c.gy()?, x.shape(), &dims, keepdim)?, &others)
        }])
    })
}

/// The number of elements that are not zero.
pub fn count_nonzero(x: &Tensor, dims: Option<&[i64]>) -> Result<Tensor> {
    sum(&ne(&x.detach(), &int(0))?, dims, false, None)
}

/// The sum with NaN counted as 0.
pub fn nansum(x: &Tensor, dims: Option<&[i64]>, keepdim: bool, to: Option<DType>) -> Result<Tensor> {
    if !x.dtype().is_float() {
        return sum(x, dims, keepdim, to);
    }
    let (shape, wrapped) = (Dims::from_slice(x.shape()), wrap_dims(dims, x.rank())?);
    let mask = isnan(&x.detach())?;
    let y = sum(&where_(&mask, &int(0), &x.detach())?, dims, keepdim, to)?;
    Tape::of("NansumBackward0", &[x])
        .keep(&mask)
        .record(y, move |c| c.each(&[&|| where_(&c.saved(0)?, &int(0), &spread(&c.gy()?, &shape, &wrapped, keepdim)?)]))
}

/// ln(sum(e^x)) over `dims`, without overflow.
pub fn logsumexp(x: &Tensor, dims: Option<&[i64]>, keepdim: bool) -> Result<Tensor> {
    let x = if x.dtype().is_float() { x.clone() } else { x.to_dtype(float_dtype(x.dtype()))? };
    let wrapped = wrap_dims(dims, x.rank())?;
    let plain = x.detach();
    let kept: Dims = super::reduce::reduced_shape(x.shape(), &wrapped, keepdim);
    let y = if x.numel() == 0 {
        log(&sum(&exp(&plain)?, dims, keepdim, None)?)?
    } else {
        let top = amax(&plain, dims, true)?;
        let top = where_(&isinf(&top)?, &int(0), &top)?; // inf - inf is no number
        let rest = log(&sum(&exp(&sub(&plain, &top)?)?, dims, keepdim, None)?)?;
        super::add(&rest, &reshape(&top, &super::reduce::signed(&kept))?)?
    };
    Tape::of("LogsumexpBackward0", &[&x]).keep(&x).keep_output(&y).record(y, move |c| {
        c.each(&[&|| {
            let (x, y) = (c.saved(0)?, c.saved(1)?);
            let wide = |t: &Tensor| spread(t, x.shape(), &wrapped, keepdim);
            mul(&wide(&c.gy()?)?, &exp(&sub(&x, &wide(&y)?)?)?)
        }])
    })
}

/// The p-norm over `dims`: (sum |x|^p)^(1/p); the largest |x| for p = inf, the smallest for -inf, how many are not 0 for p = 0.
pub fn norm(x: &Tensor, p: f64, dims: Option<&[i64]>, keepdim: bool, to: Option<DType>) -> Result<Tensor> {
    let x = match to {
        Some(to) => x.to_dtype(to)?,
        None => x.clone(),
    };
    if !x.dtype().is_float() {
        return crate::error::dtype(format!(
            "linalg.vector_norm: Expected a floating point or complex tensor as input. Got {}",
            x.dtype().title()
        ));
    }
    let wrapped = wrap_dims(dims, x.rank())?;
    if p.is_infinite() {
        if x.numel() == 0 && p < 0.0 {
            return argument("linalg.vector_norm cannot compute the -inf norm on an empty tensor");
        }
        let a = abs(&x)?;
        return match p > 0.0 {
            true if x.numel() == 0 => norm(&x, 1.0, dims, keepdim, None),
            true => amax(&a, dims, keepdim),
            false => amin(&a, dims, keepdim),
        };
    }
    finite_norm(&x, p, wrapped, keepdim, sign)
}
/// A norm of finite p, with the function that gives the signs for its gradient.
fn finite_norm(x: &Tensor, p: f64, wrapped: Dims, keepdim: bool, sign: Sign) -> Result<Tensor> {
    let y = reduce(x, &wrapped, keepdim, Fold::Norm(p), x.dtype())?;
    Tape::of("LinalgVectorNormBackward0", &[x]).keep(x).keep_output(&y).record(y, move |c| {
        if p == 0.0 {
            return Ok(Grads::from_iter([None])); // a count has no slope
        }
        c.each(&[&|| {
            let (x, y) = (c.saved(0)?, c.saved(1)?);
            let wide = |t: &Tensor| spread(t, x.shape(), &wrapped, keepdim);
            let (gy, y) = (wide(&c.gy()?)?, wide(&y)?);
            let zero_where = |t: &Tensor, g: Tensor| where_(&eq(&t.detach(), &int(0))?, &int(0), &g);
            match p {
                1.0 => mul(&gy, &sign(&x)?),
                2.0 => zero_where(&y, mul(&gy, &div(&x, &y)?)?),
                p => {
                    let inner = mul(&sign(&x)?, &super::pow(&abs(&x)?, &num(p - 1.0))?)?;
                    let inner = if p < 1.0 { zero_where(&x, inner)? } else { inner };
                    zero_where(&y, mul(&gy, &div(&inner, &super::pow(&y, &num(p - 1.0))?)?)?)
                }
            }
        }])
    })
}

/// x with its slices along `d` scaled down to a p-norm of at most `most`.
pub fn renorm(x: &Tensor, p: f64, d: i64, most: f64) -> Result<Tensor> {
    if x.rank() < 2 {
        return argument(format!("renorm: input needs at least 2 dimensions, got {} dimensions", x.rank()));
    }
    if p <= 0.0 {
        return argument("renorm: non-positive-norm not supported");
    }
    let d = wrap_dim(d, x.rank())?;
    let dims: Vec<i64> = (0..x.rank()).filter(|&e| e != d).map(|e| e as i64).collect();
    // A slice that stays has no part in the factor, so that its NaN reaches no gradient.
    let longer = super::gt(&norm(&x.detach(), p, Some(&dims), true, None)?, &num(most))?;
    let size = norm(&where_(&longer, x, &int(0))?, p, Some(&dims), true, None)?;
    let factor = div(&num(most), &super::add(&size, &num(1e-7))?)?;
    mul(x, &where_(&longer, &factor, &int(1))?)
}

/// The pairwise p-distances of the rows of a [..., n, m] and b [..., k, m]: [..., n, k].
pub fn cdist(a: &Tensor, b: &Tensor, p: f64) -> Result<Tensor> {
    if a.rank() < 2 || b.rank() < 2 {
        let (t, name) = if a.rank() < 2 { (a, "X1") } else { (b, "X2") };
        return crate::error::shape(format!("cdist only supports at least 2D tensors, {name} got: {}D", t.rank()));
    }
    let (m, k) = (a.shape()[a.rank() - 1], b.shape()[b.rank() - 1]);
    if m != k {
        return crate::error::shape(format!("X1 and X2 must have the same number of columns. X1: {m} X2: {k}"));
    }
    if p < 0.0 {
        return argument("cdist only supports non-negative p values");
    }
    let apart = sub(&unsqueeze(a, -2)?, &unsqueeze(b, -3)?)?;
    if p.is_finite() && apart.dtype().is_float() {
        let last = apart.rank() - 1;
        return finite_norm(&apart, p, Dims::from_slice(&[last]), false, sign_or_nan);
    }
    norm(&apart, p, Some(&[-1]), false, None)
}
type Sign = fn(&Tensor) -> Result<Tensor>;
/// The sign, NaN of NaN.
fn sign_or_nan(x: &Tensor) -> Result<Tensor> {
    where_(&isnan(&x.detach())?, &x.detach(), &sign(x)?)
}

/// The numbers between whole ranks of sorted data.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Interpolation {
    /// In proportion.
    Linear,
    /// The lower neighbour.
    Lower,
    /// The higher neighbour.
    Higher,
    /// Half way.
    Midpoint,
    /// The nearer neighbour.
    Nearest,
}

/// The `q`th quantiles (a number or a vector in [0, 1]) along `d`, or of all elements; q's dimension comes first.
pub fn quantile(
    x: &Tensor,
    q: &Tensor,
    d: Option<i64>,
    keepdim: bool,
    how: Interpolation,
    ignore_nan: bool,
) -> Result<Tensor> {
    if x.numel() == 0 {
        return argument("quantile() input tensor must be non-empty");
    }
    if q.rank() > 1 {
        return argument("quantile() q must be a scalar or 1D tensor");
    }
    if !matches!(x.dtype(), DType::F32 | DType::F64) {
        return crate::error::dtype("quantile() input tensor must be either float or double dtype");
    }
    if q.dtype() != x.dtype() && !q.is_number() {
        return crate::error::dtype("quantile() q tensor must be same dtype as the input tensor");
    }
    let at = q.to_f64_vec()?;
    if at.iter().any(|q| !(0.0..=1.0).contains(q)) {
        return argument("quantile() q values must be in the range [0, 1]");
    }
    let wrapped = d.map(|d| wrap_dim(d, x.rank())).transpose()?;
    let lines = match wrapped {
        Some(d) if x.rank() > 0 => super::movedim(x, d as i64, -1)?,
        _ => reshape(x, &[-1])?,
    };
    let (sorted, _) = super::sort(&lines, -1, false)?;
    let n = sorted.shape()[sorted.rank() - 1] as i64;
    // Ranks [..., Q]: with NaN ignored, each line has its own count.
    let missing = isnan(&sorted.detach())?;
    let count = if ignore_nan {
        sum(&super::logical_not(&missing)?, Some(&[-1]), true, None)?
    } else {
        Tensor::full(&[1], Scalar::Int(n), DType::I64)?
    };
    let count = count.to_dtype(x.dtype())?;
    let row = reshape(&q.to_dtype(x.dtype())?, &[-1])?;
    let last = super::maximum(&sub(&count, &int(1))?, &int(0))?;
    let mut ranks = mul(&row, &last)?;
    if !ignore_nan {
        // A line with NaN gives NaN, which lies last.
        let any = super::any(&missing, Some(&[-1]), true)?;
        ranks = where_(&any, &num((n - 1) as f64), &ranks)?;
    }
    let ranks = match how {
        Interpolation::Lower => super::floor(&ranks)?,
        Interpolation::Higher => super::ceil(&ranks)?,
        Interpolation::Nearest => super::round(&ranks)?,
        _ => ranks,
    };
    let mut wide = sorted.shape().to_vec();
    *wide.last_mut().unwrap_or(&mut 0) = at.len();
    let ranks = super::expand(&ranks, &super::reduce::signed(&wide))?;
    let below = super::floor(&ranks)?;
    let pick = |ranks: &Tensor| super::gather(&sorted, -1, &ranks.to_dtype(DType::I64)?);
    let mut y = pick(&below)?;
    if matches!(how, Interpolation::Linear | Interpolation::Midpoint) {
        let weight = if how == Interpolation::Midpoint { num(0.5) } else { sub(&ranks, &below)? };
        y = super::lerp(&y, &pick(&super::ceil(&ranks)?)?, &weight)?;
    }
    // The dimension of q goes first, or away; the reduced one comes back if it shall stay.
    let mut y = super::movedim(&y, -1, 0)?;
    if keepdim {
        y = match wrapped {
            Some(d) if x.rank() > 0 => unsqueeze(&y, d as i64 + 1)?,
            _ => reshape(&y, &[vec![at.len() as i64], vec![1; x.rank()]].concat())?,
        };
    }
    if q.rank() == 0 { super::squeeze(&y, Some(&[0])) } else { Ok(y) }
}
