//! Tensors from nothing: ranges and the identity.

use super::copy::{to_dtype, write_strided};
use crate::error::argument;
use crate::{DType, Element, Layout, Result, Scalar, Tensor, default_dtype, memory};

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
    if ints || !dtype.is_float() {
        let (first, by) = (start.to_i64(), step.to_i64());
        return generated(n as usize, dtype, |i| first.wrapping_add(by.wrapping_mul(i as i64)));
    }
    generated(n as usize, dtype, |i| s + by * i as f64)
}

/// `steps` values evenly from `start` to `end`, both included.
pub fn linspace(start: f64, end: f64, steps: usize, dtype: Option<DType>) -> Result<Tensor> {
    let dtype = dtype.unwrap_or(default_dtype());
    let whole = |v: f64| if dtype.is_float() { v } else { v.trunc() };
    let (start, end) = (whole(start), whole(end));
    let last = steps.saturating_sub(1);
    // PyTorch's numbers: ends in the dtype, a step in float32 at most, each value with one rounding; from both ends, so that the
    // last value is exactly `end`.
    let narrow = |v: f64| match dtype {
        DType::F16 => half::f16::from_f64(v).to_f64(),
        DType::BF16 => half::bf16::from_f64(v).to_f64(),
        DType::F32 => v as f32 as f64,
        _ => v,
    };
    let (start, end) = (narrow(start), narrow(end));
    let is_narrow = dtype.is_float() && dtype != DType::F64;
    let step = match steps {
        0 | 1 => 0.0,
        _ if is_narrow => ((end as f32 - start as f32) / last as f32) as f64,
        _ => (end - start) / last as f64,
    };
    generated(steps, dtype, |i| match i < steps / 2 || steps == 1 {
        true => step.mul_add(i as f64, start),
        false => (-step).mul_add((last - i) as f64, end),
    })
}

/// `steps` powers of `base`, their exponents evenly from `start` to `end`.
pub fn logspace(start: f64, end: f64, steps: usize, base: f64, dtype: Option<DType>) -> Result<Tensor> {
    let dtype = dtype.unwrap_or(default_dtype());
    let whole = |v: f64| if dtype.is_float() { v } else { v.trunc() };
    let exponents = linspace(whole(start), whole(end), steps, Some(DType::F64))?;
    generated(steps, dtype, {
        let at = exponents.to_f64_vec()?;
        move |i| base.powf(at[i])
    })
}

fn generated<T: Element>(n: usize, dtype: DType, f: impl Fn(usize) -> T) -> Result<Tensor> {
    let mut out = memory::alloc::<T>(n)?;
    out.iter_mut().enumerate().for_each(|(i, o)| *o = f(i));
    to_dtype(&Tensor::from_vec(out, &[n]), dtype)
}

/// Ones on the diagonal of an n x m matrix.
pub fn eye(n: usize, m: usize, dtype: Option<DType>) -> Result<Tensor> {
    let dtype = dtype.unwrap_or(default_dtype());
    let y = Tensor::full(&[n, m], Scalar::Int(0), dtype)?;
    let one = Tensor::full(&[1], Scalar::Int(1), dtype)?;
    write_strided(&y.with_view(Layout { shape: [n.min(m)][..].into(), strides: [m + 1][..].into(), offset: 0 }), &one)?;
    y.storage().reset_version();
    Ok(y)
}
