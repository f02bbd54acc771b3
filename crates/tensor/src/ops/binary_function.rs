//! Two-operand functions beside plain arithmetic: broadcast and promoted alike. The rarer ones are computed in float64 by a
//! plain function, whatever the dtype.

use super::binary::{check_divisor, div, mul, refuse_float, sub, unless};
use super::compare::{eq, ge, gt, le, logical_and, logical_or};
use super::map::{binary_map, map2, promoted};
use super::select::where_;
use super::unary::{exp, int, isnan, log, neg, num, sign, square, trunc};
use super::{add, exp2};
use crate::autograd::{Ctx, Grads, Tape};
use crate::error::argument;
use crate::{DType, Result, Scalar, Tensor, float_dtype, result_type};
use candlewick_kernels::elementwise::{arithmetic as kernel, plain::Double2, plain::Long2};
use candlewick_kernels::special;

/// A function of floats; integers become the default dtype.
fn floats(a: &Tensor, b: &Tensor, f: fn(f64, f64) -> f64) -> Result<Tensor> {
    map2(&Double2(f), a, b, DType::F64, float_dtype(result_type(&[a, b])))
}
/// A function of integers.
fn integers(op: &str, a: &Tensor, b: &Tensor, f: fn(i64, i64) -> i64) -> Result<Tensor> {
    let (a, b) = promoted(a, b, None)?;
    refuse_float(op, a.dtype())?;
    if a.dtype() == DType::Bool {
        return crate::error::dtype(format!("\"{op}_cpu\" not implemented for 'Bool'"));
    }
    map2(&Long2(f), &a, &b, DType::I64, a.dtype())
}
fn record(
    name: &'static str,
    a: &Tensor,
    b: &Tensor,
    y: Tensor,
    formula: impl Fn(&Ctx, &Tensor, &Tensor) -> Result<Grads> + Send + Sync + 'static,
) -> Result<Tensor> {
    Tape::of(name, &[a, b]).keep(a).keep(b).record(y, move |c| formula(c, &c.saved(0)?, &c.saved(1)?))
}

/// The angle of the point (b, a), in radians.
pub fn atan2(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    record("Atan2Backward0", a, b, floats(a, b, f64::atan2)?, |c, a, b| {
        let r = add(&square(a)?, &square(b)?)?;
        let over = |g: &Tensor| where_(&eq(&r.detach(), &int(0))?, &int(0), &mul(&c.gy()?, &div(g, &r)?)?);
        c.each(&[&|| over(b), &|| over(&neg(a)?)])
    })
}
/// sqrt(a^2 + b^2) without overflow.
pub fn hypot(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let y = floats(a, b, f64::hypot)?;
    Tape::of("HypotBackward0", &[a, b]).keep(a).keep(b).keep_output(&y).record(y, |c| {
        let share = |i: usize| mul(&c.gy()?, &div(&c.saved(i)?, &c.saved(2)?)?);
        c.each(&[&|| share(0), &|| share(1)])
    })
}
/// |a| with the sign of b.
pub fn copysign(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let y = floats(a, b, f64::copysign)?;
    Tape::of("CopysignBackward0", &[a, b]).keep(a).keep_output(&y).record(y, |c| {
        c.each(&[
            &|| {
                let (a, y) = (c.saved(0)?.detach(), c.saved(1)?.detach());
                mul(&c.gy()?, &mul(&sign(&a)?, &sign(&y)?)?)
            },
            &|| c.gy()?.zeros_like(),
        ])
    })
}
/// The larger of two, the other where one is NaN.
pub fn fmax(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    record("FmaxBackward0", a, b, binary_map(&kernel::FMax, a, b, None)?, |c, a, b| {
        first_or_second(c, &ge(a, b)?, a, b)
    })
}
/// The smaller of two, the other where one is NaN.
pub fn fmin(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    record("FminBackward0", a, b, binary_map(&kernel::FMin, a, b, None)?, |c, a, b| {
        first_or_second(c, &le(a, b)?, a, b)
    })
}
/// The gradient goes to the operand that was taken; ties share it.
fn first_or_second(c: &Ctx, first: &Tensor, a: &Tensor, b: &Tensor) -> Result<Grads> {
    let (first, ties) = (logical_or(first, &isnan(b)?)?, eq(&a.detach(), &b.detach())?);
    let second = logical_or(&super::logical_not(&first)?, &ties)?;
    c.each(&[&|| unless(c, &super::logical_not(&first)?, &ties), &|| unless(c, &super::logical_not(&second)?, &ties)])
}
/// a - b * trunc(a / b): the sign of a, as C's %.
pub fn fmod(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    check_divisor(a, b)?;
    record("FmodBackward0", a, b, binary_map(&kernel::FMod, a, b, None)?, |c, a, b| {
        c.each(&[&|| c.gy(), &|| mul(&neg(&c.gy()?)?, &trunc(&div(a, b)?)?)])
    })
}
/// ln(e^a + e^b)
pub fn logaddexp(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    fn f(a: f64, b: f64) -> f64 {
        with_nan(a, b, if a == b { a + 2f64.ln() } else { a.max(b) + (-(a - b).abs()).exp().ln_1p() })
    }
    record("LogaddexpBackward0", a, b, floats(a, b, f)?, |c, a, b| {
        c.each(&[&|| share_of(c, exp, a, b), &|| share_of(c, exp, b, a)])
    })
}
/// y, or NaN where an operand is.
fn with_nan(a: f64, b: f64, y: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { y }
}
/// log2(2^a + 2^b)
pub fn logaddexp2(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    fn f(a: f64, b: f64) -> f64 {
        let (d, ln2) = (-(a - b).abs(), std::f64::consts::LN_2);
        with_nan(a, b, if a == b { a + 1.0 } else { a.max(b) + d.exp2().ln_1p() / ln2 })
    }
    record("Logaddexp2Backward0", a, b, floats(a, b, f)?, |c, a, b| {
        c.each(&[&|| share_of(c, exp2, a, b), &|| share_of(c, exp2, b, a)])
    })
}
/// gy / (1 + f(b - a))
fn share_of(c: &Ctx, f: fn(&Tensor) -> Result<Tensor>, a: &Tensor, b: &Tensor) -> Result<Tensor> {
    div(&c.gy()?, &add(&f(&sub(b, a)?)?, &num(1.0))?)
}
/// a ln(b), and 0 where a is 0 and b is a number.
pub fn xlogy(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    fn f(a: f64, b: f64) -> f64 {
        if a == 0.0 && !b.is_nan() { 0.0 } else { a * b.ln() }
    }
    record("XlogyBackward0", a, b, floats(a, b, f)?, |c, a, b| {
        let flat = logical_and(&eq(&a.detach(), &int(0))?, &le(&b.detach(), &int(0))?)?;
        c.each(&[&|| where_(&flat, &int(0), &mul(&c.gy()?, &log(b)?)?), &|| mul(&c.gy()?, &div(a, b)?)])
    })
}
/// 0 where a < 0, b where a is 0, 1 where a > 0.
pub fn heaviside(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    if a.dtype() != b.dtype() && !b.is_number() {
        return crate::error::dtype("heaviside is not yet implemented for tensors with different dtypes.");
    }
    let above = gt(&a.detach(), &int(0))?.to_dtype(a.dtype())?;
    where_(&eq(&a.detach(), &int(0))?, &b.detach(), &above)
}
/// The next number after a in the direction of b.
pub fn nextafter(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let d = float_dtype(result_type(&[a, b]));
    let y = match d {
        DType::F64 => map2(&Double2(libm::nextafter), a, b, d, d)?,
        DType::F32 => map2(&Double2(|a, b| libm::nextafterf(a as f32, b as f32) as f64), a, b, DType::F64, d)?,
        DType::F16 => map2(&Double2(next_f16), a, b, DType::F64, d)?,
        _ => map2(&Double2(next_bf16), a, b, DType::F64, d)?,
    };
    record("NextafterBackward0", a, b, y, |c, a, b| {
        c.each(&[&|| where_(&eq(&a.detach(), &b.detach())?, &int(0), &c.gy()?), &|| mul(&c.gy()?, &int(0))])
    })
}
fn next_f16(a: f64, b: f64) -> f64 {
    next_bits(a, b, half::f16::from_f64(a).to_bits(), |bits| half::f16::from_bits(bits).to_f64())
}
fn next_bf16(a: f64, b: f64) -> f64 {
    next_bits(a, b, half::bf16::from_f64(a).to_bits(), |bits| half::bf16::from_bits(bits).to_f64())
}
/// The number of 16 bits after a in the direction of b. Without their sign the bits of numbers are in the numbers' order.
fn next_bits(a: f64, b: f64, bits: u16, value: fn(u16) -> f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a == b {
        b
    } else if a == 0.0 {
        value(if b < 0.0 { 0x8001 } else { 1 })
    } else {
        value(if (a < b) == (a > 0.0) { bits + 1 } else { bits - 1 })
    }
}
/// a 2^b
pub fn ldexp(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    mul(a, &exp2(b)?)
}

fn gcd_of(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a as i64
}
/// The greatest common divisor.
pub fn gcd(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    integers("gcd", a, b, gcd_of)
}
/// The least common multiple.
pub fn lcm(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    integers("lcm", a, b, |a, b| match gcd_of(a, b) {
        0 => 0,
        g => (a.wrapping_div(g)).wrapping_mul(b).wrapping_abs(),
    })
}
/// a shifted left by b bits; 0 where b is negative or too large.
pub fn bitwise_left_shift(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    integers("lshift", a, b, |a, b| if (0..64).contains(&b) { a << b } else { 0 })
}
/// a shifted right by b bits, keeping the sign.
pub fn bitwise_right_shift(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    integers("rshift", a, b, |a, b| a >> if (0..64).contains(&b) { b } else { 63 })
}
/// The regularised lower incomplete gamma function P(a, b). No gradient.
pub fn igamma(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    floats(&a.detach(), &b.detach(), |a, x| special::incomplete_gamma(a, x).0)
}
/// The regularised upper incomplete gamma function Q(a, b). No gradient.
pub fn igammac(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    floats(&a.detach(), &b.detach(), |a, x| special::incomplete_gamma(a, x).1)
}

/// a + weight (b - a), exact at both ends.
pub fn lerp(a: &Tensor, b: &Tensor, weight: &Tensor) -> Result<Tensor> {
    for (name, t) in [("end", b), ("weight", weight)] {
        if t.dtype() != a.dtype() && !t.is_number() {
            return crate::error::dtype(format!(
                "expected dtype {} for `{name}` but got dtype {}",
                a.dtype().cname(),
                t.dtype().cname()
            ));
        }
    }
    let name = if weight.is_number() { "LerpBackward0" } else { "LerpBackward1" };
    let y = between(&a.detach(), &b.detach(), &weight.detach())?;
    Tape::of(name, &[a, b, weight]).keep(a).keep(b).keep(weight).record(y.alias(), |c| {
        let (a, b, w) = (c.saved(0)?, c.saved(1)?, c.saved(2)?);
        c.each(&[&|| mul(&c.gy()?, &sub(&num(1.0), &w)?), &|| mul(&c.gy()?, &w), &|| mul(&c.gy()?, &sub(&b, &a)?)])
    })
}
fn between(a: &Tensor, b: &Tensor, weight: &Tensor) -> Result<Tensor> {
    let d = sub(b, a)?;
    if weight.is_number() {
        let w = weight.item()?.to_f64();
        return if w.abs() < 0.5 { add(a, &mul(&d, weight)?) } else { sub(b, &mul(&d, &num(1.0 - w))?) };
    }
    let near = add(a, &mul(weight, &d)?)?;
    let far = sub(b, &mul(&d, &sub(&num(1.0), weight)?)?)?;
    where_(&super::lt(&super::abs(weight)?, &num(0.5))?, &near, &far)
}
/// x + value * a * b
pub fn addcmul(x: &Tensor, a: &Tensor, b: &Tensor, value: Scalar) -> Result<Tensor> {
    let y = add(&x.detach(), &super::scaled(x, &mul(&a.detach(), &b.detach())?, value)?)?;
    Tape::of("AddcmulBackward0", &[x, a, b]).keep(a).keep(b).record(y, move |c| {
        let by = |t: Tensor| mul(&c.gy()?, &mul(&t, &Tensor::number(value))?);
        c.each(&[&|| c.gy(), &|| by(c.saved(1)?), &|| by(c.saved(0)?)])
    })
}
/// x + value * a / b
pub fn addcdiv(x: &Tensor, a: &Tensor, b: &Tensor, value: Scalar) -> Result<Tensor> {
    if !a.dtype().is_float() && !b.dtype().is_float() {
        return argument(
            "Integer division with addcdiv is no longer supported, and in a future  release addcdiv will perform a true division of tensor1 and tensor2. The historic addcdiv behavior can be implemented as (input + value * torch.trunc(tensor1 / tensor2)).to(input.dtype) for integer inputs and as (input + value * tensor1 / tensor2) for float inputs. The future addcdiv behavior is just the latter implementation: (input + value * tensor1 / tensor2), for all dtypes.",
        );
    }
    let y = add(&x.detach(), &super::scaled(x, &div(&a.detach(), &b.detach())?, value)?)?;
    Tape::of("AddcdivBackward0", &[x, a, b]).keep(a).keep(b).record(y, move |c| {
        let (a, b) = (c.saved(0)?, c.saved(1)?);
        let scale = Tensor::number(value);
        c.each(&[&|| c.gy(), &|| mul(&c.gy()?, &div(&scale, &b)?), &|| {
            neg(&mul(&c.gy()?, &div(&mul(&scale, &a)?, &mul(&b, &b)?)?)?)
        }])
    })
}
