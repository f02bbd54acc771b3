//! Element-wise functions that are computed in float64 by a plain function, whatever the dtype: the rarer ones, whose cost is the
//! function's own. A gradient is a line of mathematics.

use super::binary::{div, mul, sub};
use super::map::map1;
use super::select::where_;
use super::unary::{exp, int, neg, num, sqrt, square};
use super::{add, cos, eq, ge, logical_and, sin};
use crate::autograd::Tape;
use crate::{DType, Result, Tensor, float_dtype};
use candlewick_kernels::{elementwise::plain::Double, special};
use std::f64::consts::{FRAC_2_SQRT_PI, LN_2, PI};

/// y = f(x), computed in float64, in the dtype of x or the default dtype for integers.
fn values(x: &Tensor, f: impl Fn(f64) -> f64 + Sync) -> Result<Tensor> {
    map1(&Double(&f), x, DType::F64, float_dtype(x.dtype()))
}

/// A function whose gradient is `formula(gy, x)`.
fn of_input(
    name: &'static str,
    x: &Tensor,
    f: fn(f64) -> f64,
    formula: fn(&Tensor, &Tensor) -> Result<Tensor>,
) -> Result<Tensor> {
    let y = values(x, f)?;
    Tape::of(name, &[x]).keep(x).record(y, move |c| c.each(&[&|| formula(&c.gy()?, &c.saved(0)?)]))
}

/// A function whose gradient is `formula(gy, y)`.
fn of_output(
    name: &'static str,
    x: &Tensor,
    f: fn(f64) -> f64,
    formula: fn(&Tensor, &Tensor) -> Result<Tensor>,
) -> Result<Tensor> {
    let y = values(x, f)?;
    Tape::of(name, &[x]).keep_output(&y).record(y, move |c| c.each(&[&|| formula(&c.gy()?, &c.saved(0)?)]))
}

/// a + b x^2
fn plus_square(a: f64, b: f64, x: &Tensor) -> Result<Tensor> {
    add(&mul(&square(x)?, &num(b))?, &num(a))
}

/// The arc cosine.
pub fn acos(x: &Tensor) -> Result<Tensor> {
    of_input("AcosBackward0", x, f64::acos, |g, x| neg(&div(g, &sqrt(&plus_square(1.0, -1.0, x)?)?)?))
}
/// The arc sine.
pub fn asin(x: &Tensor) -> Result<Tensor> {
    of_input("AsinBackward0", x, f64::asin, |g, x| div(g, &sqrt(&plus_square(1.0, -1.0, x)?)?))
}
/// The arc tangent.
pub fn atan(x: &Tensor) -> Result<Tensor> {
    of_input("AtanBackward0", x, f64::atan, |g, x| div(g, &plus_square(1.0, 1.0, x)?))
}
/// The inverse hyperbolic cosine.
pub fn acosh(x: &Tensor) -> Result<Tensor> {
    of_input("AcoshBackward0", x, libm::acosh, |g, x| div(g, &sqrt(&plus_square(-1.0, 1.0, x)?)?))
}
/// The inverse hyperbolic sine.
pub fn asinh(x: &Tensor) -> Result<Tensor> {
    of_input("AsinhBackward0", x, libm::asinh, |g, x| div(g, &sqrt(&plus_square(1.0, 1.0, x)?)?))
}
/// The inverse hyperbolic tangent.
pub fn atanh(x: &Tensor) -> Result<Tensor> {
    of_input("AtanhBackward0", x, libm::atanh, |g, x| div(g, &plus_square(1.0, -1.0, x)?))
}
/// The hyperbolic cosine.
pub fn cosh(x: &Tensor) -> Result<Tensor> {
    of_input("CoshBackward0", x, f64::cosh, |g, x| mul(g, &sinh(x)?))
}
/// The hyperbolic sine.
pub fn sinh(x: &Tensor) -> Result<Tensor> {
    of_input("SinhBackward0", x, f64::sinh, |g, x| mul(g, &cosh(x)?))
}
/// 2^x
pub fn exp2(x: &Tensor) -> Result<Tensor> {
    of_output("Exp2Backward0", x, f64::exp2, |g, y| mul(g, &mul(y, &num(LN_2))?))
}
/// 1 - erf(x), without cancellation.
pub fn erfc(x: &Tensor) -> Result<Tensor> {
    of_input("ErfcBackward0", x, libm::erfc, |g, x| mul(g, &mul(&exp(&neg(&square(x)?)?)?, &num(-FRAC_2_SQRT_PI))?))
}
/// The inverse of the error function.
pub fn erfinv(x: &Tensor) -> Result<Tensor> {
    of_output("ErfinvBackward0", x, special::erfinv, |g, y| {
        mul(g, &mul(&exp(&square(y)?)?, &num(1.0 / FRAC_2_SQRT_PI))?)
    })
}
/// ln |Γ(x)|
pub fn lgamma(x: &Tensor) -> Result<Tensor> {
    of_input("LgammaBackward0", x, special::lgamma, |g, x| mul(g, &digamma(x)?))
}
/// The derivative of lgamma.
pub fn digamma(x: &Tensor) -> Result<Tensor> {
    of_input("DigammaBackward0", x, special::digamma, |g, x| mul(g, &polygamma(1, x)?))
}
/// The `n`th derivative of digamma.
pub fn polygamma(n: u32, x: &Tensor) -> Result<Tensor> {
    if n == 0 {
        return digamma(x);
    }
    let y = values(x, |x| special::polygamma(n, x))?;
    Tape::of("PolygammaBackward0", &[x])
        .keep(x)
        .record(y, move |c| c.each(&[&|| mul(&c.gy()?, &polygamma(n + 1, &c.saved(0)?)?)]))
}
/// The modified Bessel function of the first kind, order 0.
pub fn i0(x: &Tensor) -> Result<Tensor> {
    of_input("I0Backward0", x, special::i0, |g, x| mul(g, &i1(x)?))
}
/// The modified Bessel function of the first kind, order 1.
pub fn i1(x: &Tensor) -> Result<Tensor> {
    of_input("SpecialI1Backward0", x, special::i1, |g, x| {
        // I1' = I0 - I1 / x, and 1/2 at 0
        let ratio = where_(&eq(&x.detach(), &int(0))?, &num(0.5), &div(&i1(x)?, x)?)?;
        mul(g, &sub(&i0(x)?, &ratio)?)
    })
}
/// x = mantissa 2^exponent with 1/2 <= |mantissa| < 1, the exponent int32. Zeros, infinities and NaN are their own mantissa.
/// Errors: integers.
pub fn frexp(x: &Tensor) -> Result<(Tensor, Tensor)> {
    if !x.dtype().is_float() {
        return crate::error::dtype("torch.frexp() only supports floating-point dtypes");
    }
    let exponent = map1(&Double(&|x: f64| libm::frexp(x).1 as f64), &x.detach(), DType::F64, DType::I32)?;
    let mantissa = values(&x.detach(), |x| if x.is_finite() { libm::frexp(x).0 } else { x })?;
    let y = Tape::of("FrexpBackward0", &[x]).keep(&exponent).record(mantissa, |c| {
        c.each(&[&|| {
            let gy = c.gy()?;
            div(&gy, &super::exp2(&c.saved(0)?.to_dtype(gy.dtype())?)?)
        }])
    })?;
    Ok((y, exponent))
}
/// sin(πx) / (πx), and 1 at 0.
pub fn sinc(x: &Tensor) -> Result<Tensor> {
    fn f(x: f64) -> f64 {
        if x == 0.0 { 1.0 } else { (PI * x).sin() / (PI * x) }
    }
    // πx is a float32 for such elements, and may be infinite.
    fn single(x: f64) -> f64 {
        if (PI as f32 * x as f32).is_finite() { f(x) } else { f64::NAN }
    }
    of_input("SincBackward0", x, if x.dtype() == DType::F32 { single } else { f }, |g, x| {
        let (p, square) = (mul(x, &num(PI))?, mul(&mul(x, x)?, &num(PI))?);
        let slope = div(&sub(&mul(&p, &cos(&p)?)?, &sin(&p)?)?, &square)?;
        where_(&eq(&square.detach(), &int(0))?, &int(0), &mul(g, &slope)?)
    })
}
/// Degrees to radians.
pub fn deg2rad(x: &Tensor) -> Result<Tensor> {
    scaled_angle("Deg2RadBackward0", x, PI / 180.0)
}
/// Radians to degrees.
pub fn rad2deg(x: &Tensor) -> Result<Tensor> {
    scaled_angle("Rad2DegBackward0", x, 180.0 / PI)
}
fn scaled_angle(name: &'static str, x: &Tensor, by: f64) -> Result<Tensor> {
    let y = mul(&x.detach(), &num(by))?;
    Tape::of(name, &[x]).record(y, move |c| c.each(&[&|| mul(&c.gy()?, &num(by))]))
}
/// ln(x / (1 - x)), with x first limited to [eps, 1 - eps].
pub fn logit(x: &Tensor, eps: Option<f64>) -> Result<Tensor> {
    let (low, high) = eps.map_or((0.0, 1.0), |e| (e, 1.0 - e));
    let y = values(x, |x| {
        let x = if eps.is_some() { x.clamp(low, high) } else { x };
        (x / (1.0 - x)).ln()
    })?;
    Tape::of("LogitBackward0", &[x]).keep(x).record(y, move |c| {
        c.each(&[&|| {
            let x = c.saved(0)?;
            let g = div(&c.gy()?, &mul(&x, &sub(&num(1.0), &x)?)?)?;
            let inside = logical_and(&ge(&x.detach(), &num(low))?, &super::le(&x.detach(), &num(high))?)?;
            where_(&inside, &g, &if eps.is_some() { int(0) } else { num(f64::NAN) })
        }])
    })
}
