//! Tensors from nothing: ranges and the identity.

use crate::element::dispatch;
use crate::error::argument;
use crate::layout::checked_numel;
use crate::tensor::convert;
use crate::{DType, Element, Result, Scalar, Tensor, default_dtype, memory};

/// `start`, `start + step`, ... below `end`; integers give int64, else the default dtype.
pub fn arange(start: Scalar, end: Scalar, step: Scalar, dtype: Option<DType>) -> Result<Tensor> {
    let (s, e, by) = (start.to_f64(), end.to_f64(), step.to_f64());
    if by == 0.0 || !by.is_finite() {
        return argument("step must be nonzero");
    }
    if !s.is_finite() || !e.is_finite() {
        return argument(format!("unsupported range: {s} -> {e}"));
    }
    if (e - s) * by.signum() < 0.0 {
        return argument("upper bound and lower bound inconsistent with step sign");
    }
    let ints = [start, end, step].iter().all(|v| !matches!(v, Scalar::Float(_)));
    let dtype = dtype.unwrap_or(if ints { DType::I64 } else { default_dtype() });
    let n = ((e - s) / by).ceil();
    if n >= isize::MAX as f64 {
        return argument(format!("arange: too many elements: {n}"));
    }
    // An integer type makes the numbers whole before it counts.
    generated(n as usize, dtype, |i| match ints || !dtype.is_float() {
        true => Scalar::Int(start.to_i64().wrapping_add(step.to_i64().wrapping_mul(i as i64))),
        false => Scalar::Float(s + by * i as f64),
    })
}

/// `steps` values evenly from `start` to `end`, both included.
pub fn linspace(start: f64, end: f64, steps: usize, dtype: Option<DType>) -> Result<Tensor> {
    let dtype = dtype.unwrap_or(default_dtype());
    let whole = |v: f64| if dtype.is_float() { v } else { v.trunc() };
    let (start, end) = (whole(start), whole(end));
    let step = if steps > 1 { (end - start) / (steps - 1) as f64 } else { 0.0 };
    // From both ends, so that the last value is exactly `end`.
    generated(steps, dtype, |i| {
        Scalar::Float(if i < steps.div_ceil(2) || steps == 1 {
            start + step * i as f64
        } else {
            end - step * (steps - 1 - i) as f64
        })
    })
}

/// `steps` powers of `base`, their exponents evenly from `start` to `end`.
pub fn logspace(start: f64, end: f64, steps: usize, base: f64, dtype: Option<DType>) -> Result<Tensor> {
    let dtype = dtype.unwrap_or(default_dtype());
    let whole = |v: f64| if dtype.is_float() { v } else { v.trunc() };
    let exponents = linspace(whole(start), whole(end), steps, Some(DType::F64))?;
    generated(steps, dtype, {
        let at = exponents.to_f64_vec()?;
        move |i| Scalar::Float(base.powf(at[i]))
    })
}

fn generated(n: usize, dtype: DType, f: impl Fn(usize) -> Scalar) -> Result<Tensor> {
    Ok(dispatch!(dtype, T => {
        let mut out = memory::alloc::<T>(n)?;
        out.iter_mut().enumerate().for_each(|(i, o)| *o = convert(f(i)));
        Tensor::from_vec(out, &[n])
    }))
}

/// Ones on the diagonal of an n x m matrix.
pub fn eye(n: usize, m: usize, dtype: Option<DType>) -> Result<Tensor> {
    let dtype = dtype.unwrap_or(default_dtype());
    Ok(dispatch!(dtype, T => {
        let mut out = memory::filled(checked_numel(&[n, m])?, T::default())?;
        (0..n.min(m)).for_each(|i| out[i * m + i] = <T as Element>::from_i64(1));
        Tensor::from_vec(out, &[n, m])
    }))
}
