//! Element-wise functions.

use crate::error::{Result, coded};
use crate::handle::TensorHandle;
use crate::options::{Number, Operand};
use candlewick_tensor::{Scalar, ops};
use napi_derive::napi;

/// Exports functions of one tensor.
macro_rules! unary {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[napi(catch_unwind)]
        pub fn $name(x: TensorHandle) -> Result<TensorHandle> {
            coded(ops::$name(&x).map(Into::into))
        }
    )*};
}
unary! {
    /// -x
    neg;
    /// |x|
    abs;
    /// -1, 0 or 1
    sign;
    /// e^x
    exp;
    /// e^x - 1
    expm1;
    /// natural logarithm
    log;
    /// logarithm to base 2
    log2;
    /// logarithm to base 10
    log10;
    /// square root
    sqrt;
    /// 1 / sqrt(x)
    rsqrt;
    /// 1 / x
    reciprocal;
    /// x * x
    square;
    /// sine
    sin;
    /// cosine
    cos;
    /// tangent
    tan;
    /// hyperbolic tangent
    tanh;
    /// 1 / (1 + e^-x)
    sigmoid;
    /// max(x, 0)
    relu;
    /// the error function
    erf;
    /// rounded down
    floor;
    /// rounded up
    ceil;
    /// rounded to nearest, halves to even
    round;
    /// the integer part
    trunc;
    /// where x is not a number
    isnan;
    /// where x is infinite
    isinf;
    /// where x is finite
    isfinite;
    /// where x is zero
    logical_not;
    /// every bit inverted
    bitwise_not;
    /// arc cosine
    acos;
    /// arc sine
    asin;
    /// arc tangent
    atan;
    /// inverse hyperbolic cosine
    acosh;
    /// inverse hyperbolic sine
    asinh;
    /// inverse hyperbolic tangent
    atanh;
    /// hyperbolic cosine
    cosh;
    /// hyperbolic sine
    sinh;
    /// 2^x
    exp2;
    /// 1 - erf(x)
    erfc;
    /// the inverse of erf
    erfinv;
    /// ln |gamma(x)|
    lgamma;
    /// the derivative of lgamma
    digamma;
    /// the modified Bessel function of order 0
    i0;
    /// the modified Bessel function of order 1
    i1;
    /// sin(pi x) / (pi x)
    sinc;
    /// 0, or pi for negative numbers
    angle;
    /// whether the sign bit is set
    signbit;
}

/// log(1 + x)
#[napi(catch_unwind, js_name = "log1p")]
pub fn log1p(x: TensorHandle) -> Result<TensorHandle> {
    coded(ops::log1p(&x).map(Into::into))
}

/// degrees to radians
#[napi(catch_unwind, js_name = "deg2rad")]
pub fn deg2rad(x: TensorHandle) -> Result<TensorHandle> {
    coded(ops::deg2rad(&x).map(Into::into))
}
/// radians to degrees
#[napi(catch_unwind, js_name = "rad2deg")]
pub fn rad2deg(x: TensorHandle) -> Result<TensorHandle> {
    coded(ops::rad2deg(&x).map(Into::into))
}
/// ln(x / (1 - x)), x limited to [eps, 1 - eps]
#[napi(catch_unwind)]
pub fn logit(x: TensorHandle, eps: Option<f64>) -> Result<TensorHandle> {
    coded(ops::logit(&x, eps).map(Into::into))
}
/// the nth derivative of digamma
#[napi(catch_unwind)]
pub fn polygamma(n: u32, x: TensorHandle) -> Result<TensorHandle> {
    coded(ops::polygamma(n, &x).map(Into::into))
}

/// Exports functions of one tensor in place.
macro_rules! unary_in_place {
    ($($js:literal $name:ident $op:ident;)*) => {$(
        /// In place.
        #[napi(catch_unwind, js_name = $js)]
        pub fn $name(x: TensorHandle) -> Result<()> {
            coded(ops::$op(&x))
        }
    )*};
}
unary_in_place! {
    "neg_" neg_in_place neg_;
    "abs_" abs_in_place abs_;
    "exp_" exp_in_place exp_;
    "sqrt_" sqrt_in_place sqrt_;
    "tanh_" tanh_in_place tanh_;
    "sigmoid_" sigmoid_in_place sigmoid_;
    "relu_" relu_in_place relu_;
}

/// Exports functions of two operands.
macro_rules! binary {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[napi(catch_unwind)]
        pub fn $name(a: Operand, b: Operand) -> Result<TensorHandle> {
            coded(ops::$name(&a.0, &b.0).map(Into::into))
        }
    )*};
}
binary! {
    /// a * b
    mul;
    /// a to the power of b
    pow;
    /// a - b * floor(a / b)
    remainder;
    /// floor(a / b)
    floor_divide;
    /// the larger
    maximum;
    /// the smaller
    minimum;
    /// a == b
    eq;
    /// a != b
    ne;
    /// a < b
    lt;
    /// a <= b
    le;
    /// a > b
    gt;
    /// a >= b
    ge;
    /// both not zero
    logical_and;
    /// one or both not zero
    logical_or;
    /// exactly one not zero
    logical_xor;
    /// bits set in both
    bitwise_and;
    /// bits set in either
    bitwise_or;
    /// bits set in one only
    bitwise_xor;
    /// shifted left
    bitwise_left_shift;
    /// shifted right
    bitwise_right_shift;
    /// the angle of the point (b, a)
    atan2;
    /// sqrt(a^2 + b^2)
    hypot;
    /// |a| with the sign of b
    copysign;
    /// the larger, the other where one is NaN
    fmax;
    /// the smaller, the other where one is NaN
    fmin;
    /// a - b * trunc(a / b)
    fmod;
    /// ln(e^a + e^b)
    logaddexp;
    /// log2(2^a + 2^b)
    logaddexp2;
    /// a ln(b)
    xlogy;
    /// 0, b or 1 by the sign of a
    heaviside;
    /// the next number in the direction of b
    nextafter;
    /// a 2^b
    ldexp;
    /// greatest common divisor
    gcd;
    /// least common multiple
    lcm;
    /// regularised lower incomplete gamma function
    igamma;
    /// regularised upper incomplete gamma function
    igammac;
}

fn alpha(a: Option<Number>) -> Scalar {
    a.map_or(Scalar::Int(1), |n| n.0)
}

/// a + alpha * b
#[napi(catch_unwind, ts_args_type = "a: Operand, b: Operand, alpha?: Scalar | undefined | null")]
pub fn add(a: Operand, b: Operand, scale: Option<Number>) -> Result<TensorHandle> {
    coded(ops::add_scaled(&a.0, &b.0, alpha(scale)).map(Into::into))
}
/// a - alpha * b
#[napi(catch_unwind, ts_args_type = "a: Operand, b: Operand, alpha?: Scalar | undefined | null")]
pub fn sub(a: Operand, b: Operand, scale: Option<Number>) -> Result<TensorHandle> {
    coded(ops::sub_scaled(&a.0, &b.0, alpha(scale)).map(Into::into))
}
/// a / b; roundingMode: `floor`, `trunc` or none
#[napi(catch_unwind)]
pub fn div(a: Operand, b: Operand, rounding_mode: Option<String>) -> Result<TensorHandle> {
    coded(ops::div_mode(&a.0, &b.0, rounding_mode.as_deref()).map(Into::into))
}

/// x += alpha * b
#[napi(catch_unwind, js_name = "add_", ts_args_type = "x: TensorHandle, b: Operand, alpha?: Scalar | undefined | null")]
pub fn add_in_place(x: TensorHandle, b: Operand, scale: Option<Number>) -> Result<()> {
    coded(ops::scaled(&x, &b.0, alpha(scale)).and_then(|b| ops::add_(&x, &b)))
}
/// x -= alpha * b
#[napi(catch_unwind, js_name = "sub_", ts_args_type = "x: TensorHandle, b: Operand, alpha?: Scalar | undefined | null")]
pub fn sub_in_place(x: TensorHandle, b: Operand, scale: Option<Number>) -> Result<()> {
    coded(ops::scaled(&x, &b.0, alpha(scale)).and_then(|b| ops::sub_(&x, &b)))
}
/// x *= b
#[napi(catch_unwind, js_name = "mul_")]
pub fn mul_in_place(x: TensorHandle, b: Operand) -> Result<()> {
    coded(ops::mul_(&x, &b.0))
}
/// x /= b
#[napi(catch_unwind, js_name = "div_")]
pub fn div_in_place(x: TensorHandle, b: Operand, rounding_mode: Option<String>) -> Result<()> {
    coded(match rounding_mode.as_deref() {
        None => ops::div_(&x, &b.0),
        mode => ops::div_mode(&x, &b.0, mode).and_then(|y| ops::copy_(&x, &y)),
    })
}
/// x = x to the power of b
#[napi(catch_unwind, js_name = "pow_")]
pub fn pow_in_place(x: TensorHandle, b: Operand) -> Result<()> {
    coded(ops::pow_(&x, &b.0))
}

/// a + weight (b - a)
#[napi(catch_unwind)]
pub fn lerp(a: TensorHandle, b: Operand, weight: Operand) -> Result<TensorHandle> {
    coded(ops::lerp(&a, &b.0, &weight.0).map(Into::into))
}
/// x + value * a * b
#[napi(catch_unwind, ts_args_type = "x: TensorHandle, a: Operand, b: Operand, value: Scalar")]
pub fn addcmul(x: TensorHandle, a: Operand, b: Operand, value: Number) -> Result<TensorHandle> {
    coded(ops::addcmul(&x, &a.0, &b.0, value.0).map(Into::into))
}
/// x + value * a / b
#[napi(catch_unwind, ts_args_type = "x: TensorHandle, a: Operand, b: Operand, value: Scalar")]
pub fn addcdiv(x: TensorHandle, a: Operand, b: Operand, value: Number) -> Result<TensorHandle> {
    coded(ops::addcdiv(&x, &a.0, &b.0, value.0).map(Into::into))
}

/// a where the condition holds, else b
#[napi(catch_unwind, js_name = "where")]
pub fn where_condition(condition: TensorHandle, a: Operand, b: Operand) -> Result<TensorHandle> {
    coded(ops::where_(&condition, &a.0, &b.0).map(Into::into))
}
/// x within [min, max]
#[napi(catch_unwind, ts_args_type = "x: TensorHandle, min: Scalar | undefined | null, max: Scalar | undefined | null")]
pub fn clamp(x: TensorHandle, min: Option<Number>, max: Option<Number>) -> Result<TensorHandle> {
    coded(ops::clamp(&x, min.map(|n| n.0), max.map(|n| n.0)).map(Into::into))
}
/// x within [min, max], tensors
#[napi(catch_unwind)]
pub fn clamp_tensor(x: TensorHandle, min: Option<Operand>, max: Option<Operand>) -> Result<TensorHandle> {
    coded(ops::clamp_tensor(&x, min.as_ref().map(|m| &m.0), max.as_ref().map(|m| &m.0)).map(Into::into))
}
/// x within [min, max], in place
#[napi(
    catch_unwind,
    js_name = "clamp_",
    ts_args_type = "x: TensorHandle, min: Scalar | undefined | null, max: Scalar | undefined | null"
)]
pub fn clamp_in_place(x: TensorHandle, min: Option<Number>, max: Option<Number>) -> Result<()> {
    coded(ops::clamp_(&x, min.map(|n| n.0), max.map(|n| n.0)))
}
/// x with `value` where the mask holds
#[napi(catch_unwind)]
pub fn masked_fill(x: TensorHandle, mask: TensorHandle, value: Operand) -> Result<TensorHandle> {
    coded(ops::masked_fill(&x, &mask, &value.0).map(Into::into))
}
/// fills where the mask holds, in place
#[napi(catch_unwind, js_name = "maskedFill_")]
pub fn masked_fill_in_place(x: TensorHandle, mask: TensorHandle, value: Operand) -> Result<()> {
    coded(ops::masked_fill_(&x, &mask, &value.0))
}
/// every element becomes `value`
#[napi(catch_unwind, js_name = "fill_")]
pub fn fill_in_place(x: TensorHandle, value: Operand) -> Result<()> {
    coded(ops::fill_(&x, &value.0))
}
/// every element becomes 0
#[napi(catch_unwind, js_name = "zero_")]
pub fn zero_in_place(x: TensorHandle) -> Result<()> {
    coded(ops::fill_(&x, &candlewick_tensor::Tensor::number(Scalar::Int(0))))
}
/// Same shape and equal elements.
#[napi(catch_unwind)]
pub fn equal(a: TensorHandle, b: TensorHandle) -> Result<bool> {
    coded(ops::equal(&a, &b))
}
/// mantissa and exponent
#[napi(catch_unwind)]
pub fn frexp(x: TensorHandle) -> Result<Vec<TensorHandle>> {
    crate::reply::pair(ops::frexp(&x))
}
