//! Running results along a dimension: sums, products, maxima, minima. All gradients lead to one linear recurrence, run
//! backwards, which is exact with zeros and can itself be differentiated.

use super::binary::{mul, sub};
use super::copy::to_dtype;
use super::gather::{gather, scatter_add};
use super::join::cat;
use super::keys::{is_nan, keys};
use super::reorder::flip;
use super::slice::narrow;
use super::unary::exp;
use crate::autograd::Tape;
use crate::element::computing;
use crate::error::dtype;
use crate::layout::{Dims, wrap_dim};
use crate::{DType, Element, Result, Scalar, Tensor, memory};

/// A row-major tensor as [outer, n, inner] around dimension `d`.
pub(crate) struct Lines {
    pub(crate) outer: usize,
    pub(crate) n: usize,
    pub(crate) inner: usize,
}

impl Lines {
    pub(crate) fn new(shape: &[usize], d: usize) -> Lines {
        let product = |s: &[usize]| s.iter().product();
        match shape.get(d) {
            Some(&n) => Lines { outer: product(&shape[..d]), n, inner: product(&shape[d + 1..]) },
            None => Lines { outer: 1, n: 1, inner: 1 },
        }
    }

    /// Calls `f` with the first place of each line; the next ones are `inner` apart.
    pub(crate) fn each(&self, mut f: impl FnMut(usize)) {
        for o in 0..self.outer {
            (0..self.inner).for_each(|i| f(o * self.n * self.inner + i));
        }
    }
}

/// y[k] = step(state, x[k]) along `d`, each line starting from a fresh state.
fn running<T: Element, A>(x: &Tensor, d: usize, start: A, step: impl Fn(&mut A, T) -> T) -> Result<Tensor>
where
    A: Copy,
{
    let dtype = x.dtype();
    let x = to_dtype(&x.detach(), T::DTYPE)?.contiguous()?;
    let (xs, lines) = (x.data::<T>()?, Lines::new(x.shape(), d));
    let mut out = memory::alloc::<T>(x.numel())?;
    lines.each(|first| {
        let mut state = start;
        (0..lines.n).map(|k| first + k * lines.inner).for_each(|at| out[at] = step(&mut state, xs[at]));
    });
    to_dtype(&Tensor::from_vec(out, x.shape()), dtype)
}

/// The same with floats that carry a float64.
fn running_floats(x: &Tensor, d: usize, start: f64, step: fn(f64, f64) -> f64) -> Result<Tensor> {
    computing!(x.dtype(), T => running::<T, f64>(x, d, start, |s, v| {
        *s = step(*s, v.to_f64());
        T::from_f64(*s)
    }))
}

/// The same with integers.
fn running_integers(x: &Tensor, d: usize, start: i64, step: fn(i64, i64) -> i64) -> Result<Tensor> {
    running::<i64, i64>(x, d, start, |s, v| {
        *s = step(*s, v);
        *s
    })
}

/// The dtype of sums and products: integers become int64.
fn wide(x: &Tensor, to: Option<DType>) -> Result<Tensor> {
    to_dtype(x, to.unwrap_or(if x.dtype().is_float() { x.dtype() } else { DType::I64 }))
}

/// Running sums.
pub fn cumsum(x: &Tensor, d: i64, to: Option<DType>) -> Result<Tensor> {
    let (x, d) = (wide(x, to)?, wrap_dim(d, x.rank())?);
    let y = match x.dtype().is_float() {
        true => running_floats(&x, d, 0.0, |s, v| s + v)?,
        false => running_integers(&x, d, 0, i64::wrapping_add)?,
    };
    Tape::of("CumsumBackward0", &[&x]).record(y, move |c| {
        c.each(&[&|| {
            let back = [d as i64];
            flip(&cumsum(&flip(&c.gy()?, &back)?, d as i64, None)?, &back)
        }])
    })
}

/// Running products.
pub fn cumprod(x: &Tensor, d: i64, to: Option<DType>) -> Result<Tensor> {
    let (x, d) = (wide(x, to)?, wrap_dim(d, x.rank())?);
    let y = match x.dtype().is_float() {
        true => running_floats(&x, d, 1.0, |s, v| s * v)?,
        false => running_integers(&x, d, 1, i64::wrapping_mul)?,
    };
    Tape::of("CumprodBackward0", &[&x]).keep(&x).keep_output(&y).record(y, move |c| {
        c.each(&[&|| {
            let (x, y) = (c.saved(0)?, c.saved(1)?);
            if x.rank() == 0 {
                return c.gy();
            }
            mul(&shifted(&y, d, 1)?, &recur_back(&shifted_back(&x, d, 0)?, &c.gy()?, d)?)
        }])
    })
}

/// The products of all other elements along `d`: what a product's gradient is made of, exact with zeros.
pub(crate) fn product_of_others(x: &Tensor, d: usize) -> Result<Tensor> {
    let back = [d as i64];
    let before = shifted(&cumprod(x, d as i64, None)?, d, 1)?;
    let after = flip(&shifted(&cumprod(&flip(x, &back)?, d as i64, None)?, d, 1)?, &back)?;
    mul(&before, &after)
}

/// `fill`, x[0], x[1], ... without the last.
fn shifted(x: &Tensor, d: usize, fill: i64) -> Result<Tensor> {
    let n = x.shape()[d] as i64;
    if n == 0 {
        return Ok(x.clone());
    }
    let mut edge: Dims = x.shape().into();
    edge[d] = 1;
    let edge = Tensor::full(&edge, Scalar::Int(fill), x.dtype())?;
    cat(&[edge, narrow(x, d as i64, 0, n - 1)?], d as i64)
}
/// x[1], x[2], ..., `fill`.
fn shifted_back(x: &Tensor, d: usize, fill: i64) -> Result<Tensor> {
    let back = [d as i64];
    flip(&shifted(&flip(x, &back)?, d, fill)?, &back)
}

/// y[k] = b[k] + a[k] y[k-1] along `d`.
fn recur(a: &Tensor, b: &Tensor, d: usize) -> Result<Tensor> {
    let wide = |x: &Tensor| to_dtype(&x.detach(), DType::F64)?.contiguous();
    let (ca, cb) = (wide(a)?, wide(b)?);
    let (xa, xb, lines) = (ca.data::<f64>()?, cb.data::<f64>()?, Lines::new(a.shape(), d));
    let mut out = memory::alloc::<f64>(a.numel())?;
    lines.each(|first| {
        let mut state = 0.0;
        for at in (0..lines.n).map(|k| first + k * lines.inner) {
            state = xb[at] + if state == 0.0 { 0.0 } else { xa[at] * state };
            out[at] = state;
        }
    });
    let y = to_dtype(&Tensor::from_vec(out, a.shape()), a.dtype())?;
    Tape::of("RecurrenceBackward0", &[a, b]).keep(a).keep_output(&y).record(y, move |c| {
        let (a, y) = (c.saved(0)?, c.saved(1)?);
        let v = recur_back(&shifted_back(&a, d, 0)?, &c.gy()?, d)?;
        c.each(&[&|| mul(&v, &shifted(&y, d, 0)?), &|| Ok(v.clone())])
    })
}
/// y[k] = b[k] + a[k] y[k+1] along `d`.
fn recur_back(a: &Tensor, b: &Tensor, d: usize) -> Result<Tensor> {
    let back = [d as i64];
    flip(&recur(&flip(a, &back)?, &flip(b, &back)?, d)?, &back)
}

/// Running ln(sum(e^x)).
pub fn logcumsumexp(x: &Tensor, d: i64) -> Result<Tensor> {
    let d = wrap_dim(d, x.rank())?;
    if !x.dtype().is_float() {
        return dtype(format!("\"logcumsumexp_out_cpu\" not implemented for '{}'", x.dtype().title()));
    }
    let y = running_floats(x, d, f64::NEG_INFINITY, |s, v| {
        let (low, high) = if v < s { (v, s) } else { (s, v) };
        if low == high && high.is_infinite() { high } else { high + (low - high).exp().ln_1p() }
    })?;
    Tape::of("LogcumsumexpBackward0", &[x]).keep(x).keep_output(&y).record(y, move |c| {
        c.each(&[&|| {
            let (x, y) = (c.saved(0)?, c.saved(1)?);
            if x.rank() == 0 {
                return c.gy();
            }
            let ratio = exp(&sub(&y, &shifted_back(&y, d, 0)?)?)?; // at the end it meets a zero
            mul(&exp(&sub(&x, &y)?)?, &recur_back(&ratio, &c.gy()?, d)?)
        }])
    })
}

/// Running maxima and their places; of equal values the last.
pub fn cummax(x: &Tensor, d: i64) -> Result<(Tensor, Tensor)> {
    extreme(true, "CummaxBackward0", x, d)
}
/// Running minima and their places; of equal values the last.
pub fn cummin(x: &Tensor, d: i64) -> Result<(Tensor, Tensor)> {
    extreme(false, "CumminBackward0", x, d)
}
fn extreme(max: bool, name: &'static str, x: &Tensor, d: i64) -> Result<(Tensor, Tensor)> {
    let d = wrap_dim(d, x.rank())?;
    let cx = x.detach().contiguous()?;
    let all = keys(&cx)?;
    let lines = Lines::new(cx.shape(), d);
    let mut places = memory::alloc::<i64>(cx.numel())?;
    lines.each(|first| {
        let (mut best, mut place) = (first, 0);
        for k in 0..lines.n {
            let at = first + k * lines.inner;
            let (v, b) = (all[at], all[best]);
            // NaN wins in both directions.
            if is_nan(v, x.dtype()) || (!is_nan(b, x.dtype()) && if max { v >= b } else { v <= b }) {
                (best, place) = (at, k);
            }
            places[at] = place as i64;
        }
    });
    let places = Tensor::from_vec(places, cx.shape());
    let y = gather(&cx, d as i64, &places)?.alias();
    let y = Tape::of(name, &[x]).keep(&places).record(y, move |c| {
        c.each(&[&|| {
            let (gy, at) = (c.gy()?, c.saved(0)?);
            scatter_add(&Tensor::full(at.shape(), Scalar::Int(0), gy.dtype())?, d as i64, &at, &gy)
        }])
    })?;
    Ok((y, places))
}
