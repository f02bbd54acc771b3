//! Activations of straight pieces: hardtanh (and ReLU6), hardsigmoid, hardswish, hardshrink, softshrink.

use super::{Activation, activate, activate_, num};
use candlewick_kernels::elementwise::activation::{Hardshrink, Hardsigmoid, Hardswish, Hardtanh, Softshrink};
use candlewick_tensor::ops::{self, abs, add, clamp, ge, gt, le, logical_and, logical_or, lt, mul, where_};
use candlewick_tensor::{DType, Error, Result, Scalar, Tensor};

/// 1 where the condition holds, else 0, as numbers of x's dtype.
fn ones_where(condition: &Tensor, x: &Tensor) -> Result<Tensor> {
    condition.to_dtype(x.dtype())
}

impl Activation for Hardtanh {
    fn node(self) -> &'static str {
        "HardtanhBackward0"
    }
    fn kernel(self) -> &'static str {
        "hardtanh_cpu"
    }
    fn slope(self, x: &Tensor) -> Result<Tensor> {
        let x = x.detach();
        ones_where(&logical_and(&gt(&x, &num(self.min))?, &lt(&x, &num(self.max))?)?, &x)
    }
    fn reads_result(self) -> bool {
        true
    }
}

/// x within [min, max]; integers too, with whole bounds.
pub fn hardtanh(x: &Tensor, min: f64, max: f64) -> Result<Tensor> {
    if x.dtype().is_float() {
        return activate(x, Hardtanh { min, max });
    }
    let (min, max) = whole_bounds(x, min, max)?;
    clamp(x, Some(min), Some(max))
}
/// The same in place.
pub fn hardtanh_(x: &Tensor, min: f64, max: f64) -> Result<()> {
    if x.dtype().is_float() {
        return activate_(x, Hardtanh { min, max });
    }
    let (min, max) = whole_bounds(x, min, max)?;
    ops::clamp_(x, Some(min), Some(max))
}

fn whole_bounds(x: &Tensor, min: f64, max: f64) -> Result<(Scalar, Scalar)> {
    if x.dtype() == DType::Bool {
        return Err(Error::DType("Bool inputs not supported for hardtanh".into()));
    }
    let low = if x.dtype() == DType::U8 { min.max(0.0) } else { min };
    Ok((Scalar::Int(low as i64), Scalar::Int(max as i64)))
}

impl Activation for Hardsigmoid {
    fn node(self) -> &'static str {
        "HardsigmoidBackward0"
    }
    fn kernel(self) -> &'static str {
        "hardsigmoid_cpu"
    }
    fn slope(self, x: &Tensor) -> Result<Tensor> {
        mul(&Hardtanh { min: -3.0, max: 3.0 }.slope(x)?, &num(1.0 / 6.0))
    }
}

/// 0 below -3, 1 above 3, x / 6 + 1 / 2 between.   [Courbariaux et al. 2015]
pub fn hardsigmoid(x: &Tensor) -> Result<Tensor> {
    activate(x, Hardsigmoid)
}
/// The same in place.
pub fn hardsigmoid_(x: &Tensor) -> Result<()> {
    activate_(x, Hardsigmoid)
}

impl Activation for Hardswish {
    fn node(self) -> &'static str {
        "HardswishBackward0"
    }
    fn kernel(self) -> &'static str {
        "hardswish_cpu"
    }
    fn slope(self, x: &Tensor) -> Result<Tensor> {
        let inside = add(&mul(x, &num(1.0 / 3.0))?, &num(0.5))?;
        let above = where_(&ge(&x.detach(), &num(3.0))?, &num(1.0), &inside)?;
        where_(&le(&x.detach(), &num(-3.0))?, &num(0.0), &above)
    }
}

/// x * hardsigmoid(x).   [Howard et al. 2019]
pub fn hardswish(x: &Tensor) -> Result<Tensor> {
    activate(x, Hardswish)
}
/// The same in place.
pub fn hardswish_(x: &Tensor) -> Result<()> {
    activate_(x, Hardswish)
}

impl Activation for Hardshrink {
    fn node(self) -> &'static str {
        "HardshrinkBackward0"
    }
    fn kernel(self) -> &'static str {
        "hardshrink_cpu"
    }
    fn slope(self, x: &Tensor) -> Result<Tensor> {
        let x = x.detach();
        ones_where(&logical_or(&lt(&x, &num(-self.0))?, &gt(&x, &num(self.0))?)?, &x)
    }
}

/// x outside of [-lambda, lambda], 0 inside.
pub fn hardshrink(x: &Tensor, lambda: f64) -> Result<Tensor> {
    activate(x, Hardshrink(lambda))
}
/// The same in place.
pub fn hardshrink_(x: &Tensor, lambda: f64) -> Result<()> {
    activate_(x, Hardshrink(lambda))
}

impl Activation for Softshrink {
    fn node(self) -> &'static str {
        "SoftshrinkBackward0"
    }
    fn kernel(self) -> &'static str {
        "softshrink_check"
    }
    fn slope(self, x: &Tensor) -> Result<Tensor> {
        ones_where(&gt(&abs(&x.detach())?, &num(self.0))?, x)
    }
}

fn softshrink_of(x: &Tensor, lambda: f64) -> Result<Softshrink> {
    if x.dtype().is_float() && (lambda.is_nan() || lambda < 0.0) {
        return Err(Error::Argument(format!(
            "lambda must be in range [0, {}] for input dtype {}, but found {lambda}",
            largest(x.dtype()),
            x.dtype().title()
        )));
    }
    Ok(Softshrink(lambda))
}

/// The largest finite value, as C++ prints it.
fn largest(d: DType) -> &'static str {
    match d {
        DType::F64 => "1.79769e+308",
        DType::F16 => "65504",
        DType::BF16 => "3.38953e+38",
        _ => "3.40282e+38",
    }
}

/// x drawn towards 0 by lambda.
/// Errors: a negative lambda.
pub fn softshrink(x: &Tensor, lambda: f64) -> Result<Tensor> {
    activate(x, softshrink_of(x, lambda)?)
}
/// The same in place.
pub fn softshrink_(x: &Tensor, lambda: f64) -> Result<()> {
    activate_(x, softshrink_of(x, lambda)?)
}
