//! Element-wise arithmetic of two operands, broadcast and promoted as in PyTorch. The tape sums a gradient over what was
//! broadcast, so each formula is the plain derivative.

use super::compare::{eq, ge, gt, lt};
use super::copy::to_dtype;
use super::map::{binary_map, binary_update, factor_map, factor_update};
use super::select::where_;
use super::unary::{int, log, neg, trunc};
use crate::autograd::{Ctx, Grads, Tape};
use crate::error::{argument, dtype};
use crate::{DType, Error, Result, Scalar, Tensor, float_dtype, result_type};
use candlewick_kernels::elementwise::{Map2, arithmetic as kernel};

/// a + b
pub fn add(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    Tape::of("AddBackward0", &[a, b]).record(binary_map(&kernel::Add, a, b, None)?, grad_add)
}
/// a = a + b
pub fn add_(a: &Tensor, b: &Tensor) -> Result<()> {
    a.check_inplace()?;
    let tape = Tape::of("AddBackward0", &[a, b]);
    binary_update(&kernel::Add, a, b, None)?;
    tape.record_inplace(a, grad_add)
}
fn grad_add(c: &Ctx) -> Result<Grads> {
    c.each(&[&|| c.gy(), &|| c.gy()])
}

/// a - b
pub fn sub(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    refuse_bool(a, b)?;
    Tape::of("SubBackward0", &[a, b]).record(binary_map(&kernel::Sub, a, b, None)?, grad_sub)
}
/// a = a - b
pub fn sub_(a: &Tensor, b: &Tensor) -> Result<()> {
    refuse_bool(a, b)?;
    a.check_inplace()?;
    let tape = Tape::of("SubBackward0", &[a, b]);
    binary_update(&kernel::Sub, a, b, None)?;
    tape.record_inplace(a, grad_sub)
}
fn grad_sub(c: &Ctx) -> Result<Grads> {
    c.each(&[&|| c.gy(), &|| neg(&c.gy()?)])
}
fn refuse_bool(a: &Tensor, b: &Tensor) -> Result<()> {
    match (a.dtype(), b.dtype()) {
        (DType::Bool, DType::Bool) => dtype(
            "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead.",
        ),
        (DType::Bool, _) | (_, DType::Bool) => dtype(
            "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.",
        ),
        _ => Ok(()),
    }
}

/// a * b
pub fn mul(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let y = factor_map(&kernel::Mul, a, b, None)?;
    keep_factors(Tape::of("MulBackward0", &[a, b]), a, b)?.record(y, grad_mul)
}
/// a = a * b
pub fn mul_(a: &Tensor, b: &Tensor) -> Result<()> {
    a.check_inplace()?;
    let tape = Tape::of("MulBackward0", &[a, b]);
    let before = if tape.needs(1) { super::clone(a)? } else { a.clone() };
    let tape = keep_factors(tape, &before, b)?;
    factor_update(&kernel::Mul, a, b, None)?;
    tape.record_inplace(a, grad_mul)
}
/// A factor is saved only if the other one needs a gradient; a number stands in its place.
fn keep_factors(tape: Tape, a: &Tensor, b: &Tensor) -> Result<Tape> {
    if !tape.active() {
        return Ok(tape);
    }
    let (need_a, need_b) = (tape.needs(0), tape.needs(1));
    let none = int(0);
    Ok(tape.keep(if need_b { a } else { &none }).keep(if need_a { b } else { &none }))
}
fn grad_mul(c: &Ctx) -> Result<Grads> {
    c.each(&[&|| mul(&c.gy()?, &c.saved(1)?), &|| mul(&c.gy()?, &c.saved(0)?)])
}

/// a / b; integers give floats.
pub fn div(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let y = factor_map(&kernel::Div, a, b, Some(true_dtype(a, b)))?;
    keep_quotient(Tape::of("DivBackward0", &[a, b]), a, b).record(y, grad_div)
}
/// a = a / b
pub fn div_(a: &Tensor, b: &Tensor) -> Result<()> {
    a.check_inplace()?;
    let tape = Tape::of("DivBackward0", &[a, b]);
    let before = if tape.needs(1) { super::clone(a)? } else { a.clone() };
    let tape = keep_quotient(tape, &before, b);
    factor_update(&kernel::Div, a, b, Some(true_dtype(a, b)))?;
    tape.record_inplace(a, grad_div)
}
fn true_dtype(a: &Tensor, b: &Tensor) -> DType {
    float_dtype(result_type(&[a, b]))
}
fn keep_quotient(tape: Tape, a: &Tensor, b: &Tensor) -> Tape {
    let need_b = tape.needs(1);
    tape.keep(b).keep(if need_b { a } else { b })
}
fn grad_div(c: &Ctx) -> Result<Grads> {
    c.each(&[&|| div(&c.gy()?, &c.saved(0)?), &|| {
        let (b, a) = (c.saved(0)?, c.saved(1)?);
        mul(&neg(&c.gy()?)?, &div(&div(&a, &b)?, &b)?)
    }])
}

/// Division rounded as asked: `None` true, `"floor"` down, `"trunc"` towards zero.
pub fn div_mode(a: &Tensor, b: &Tensor, mode: Option<&str>) -> Result<Tensor> {
    match mode {
        None => div(a, b),
        Some("floor") => {
            check_divisor(a, b)?;
            flat("DivBackward1", a, b, factor_map(&kernel::DivFloor, a, b, None)?)
        }
        Some("trunc") => {
            check_divisor(a, b)?;
            let y = factor_map(&kernel::Div, a, b, None)?;
            flat("DivBackward1", a, b, if y.dtype().is_float() { trunc(&y)? } else { y })
        }
        Some(m) => {
            argument(format!("div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '{m}'"))
        }
    }
}

/// floor(a / b)
pub fn floor_divide(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    div_mode(a, b, Some("floor"))
}

/// a - b * floor(a / b): the sign of b, as Python's %.
pub fn remainder(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    check_divisor(a, b)?;
    let y = binary_map(&kernel::Remainder, a, b, None)?;
    Tape::of("RemainderBackward0", &[a, b])
        .keep(a)
        .keep(b)
        .record(y, |c| c.each(&[&|| c.gy(), &|| mul(&neg(&c.gy()?)?, &floor_divide(&c.saved(0)?, &c.saved(1)?)?)]))
}

/// Integer division by zero is an error, never a trap.
pub(crate) fn check_divisor(a: &Tensor, b: &Tensor) -> Result<()> {
    if result_type(&[a, b]).is_float() || !super::reduce::any_true(&eq(&b.detach(), &int(0))?)? {
        return Ok(());
    }
    Err(Error::Argument("ZeroDivisionError".into()))
}

fn flat(name: &'static str, a: &Tensor, b: &Tensor, y: Tensor) -> Result<Tensor> {
    Tape::of(name, &[a, b]).record(y, |c| c.each(&[&|| c.gy()?.zeros_like(), &|| c.gy()?.zeros_like()]))
}

/// a to the power of b.
pub fn pow(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    check_exponent(a, b)?;
    let name = if b.is_number() { "PowBackward0" } else { "PowBackward1" };
    let y = power(a, b)?;
    Tape::of(name, &[a, b]).keep(a).keep(b).record(y, grad_pow)
}
/// a = a to the power of b
pub fn pow_(a: &Tensor, b: &Tensor) -> Result<()> {
    check_exponent(a, b)?;
    a.check_inplace()?;
    let tape = Tape::of("PowBackward0", &[a, b]);
    let tape = if tape.active() { tape.keep(&super::clone(a)?).keep(b) } else { tape };
    binary_update(&kernel::Pow, a, b, None)?;
    tape.record_inplace(a, grad_pow)
}
/// Small whole powers are products, which is what they cost.
fn power(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let dtype = result_type(&[a, b]);
    if b.is_number() && dtype.is_float() {
        let x = to_dtype(&a.detach(), dtype)?;
        match b.item()?.to_f64() {
            2.0 => return factor_map(&kernel::Mul, &x, &x, None),
            0.5 => return super::sqrt(&x),
            _ => {}
        }
    }
    binary_map(&kernel::Pow, a, b, None)
}
fn check_exponent(a: &Tensor, b: &Tensor) -> Result<()> {
    if b.is_number() && !result_type(&[a, b]).is_float() && matches!(b.item()?, Scalar::Int(e) if e < 0) {
        return argument("Integers to negative integer powers are not allowed.");
    }
    Ok(())
}
fn grad_pow(c: &Ctx) -> Result<Grads> {
    let (a, b) = (c.saved(0)?, c.saved(1)?);
    c.each(&[
        // b a^(b-1), and 0 where b is 0 even if a^(b-1) is infinite
        &|| {
            let g = mul(&c.gy()?, &mul(&b, &pow(&a, &sub(&b, &int(1))?)?)?)?;
            where_(&eq(&b.detach(), &int(0))?, &int(0), &g)
        },
        // a^b ln a, and 0 where a is 0 and b is not negative
        &|| {
            let g = mul(&c.gy()?, &mul(&pow(&a, &b)?, &log(&a)?)?)?;
            let zero = super::logical_and(&eq(&a.detach(), &int(0))?, &ge(&b.detach(), &int(0))?)?;
            where_(&zero, &int(0), &g)
        },
    ])
}

/// The larger of two; NaN wins. Ties share the gradient.
pub fn maximum(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let y = binary_map(&kernel::Maximum, a, b, None)?;
    Tape::of("MaximumBackward0", &[a, b]).keep(a).keep(b).record(y, |c| {
        let (a, b) = (c.saved(0)?, c.saved(1)?);
        c.each(&[&|| unless(c, &lt(&a, &b)?, &eq(&a, &b)?), &|| unless(c, &gt(&a, &b)?, &eq(&a, &b)?)])
    })
}
/// The smaller of two; NaN wins. Ties share the gradient.
pub fn minimum(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let y = binary_map(&kernel::Minimum, a, b, None)?;
    Tape::of("MinimumBackward0", &[a, b]).keep(a).keep(b).record(y, |c| {
        let (a, b) = (c.saved(0)?, c.saved(1)?);
        c.each(&[&|| unless(c, &gt(&a, &b)?, &eq(&a, &b)?), &|| unless(c, &lt(&a, &b)?, &eq(&a, &b)?)])
    })
}
/// The gradient of an operand but where it loses; ties share it, and beside NaN both operands have it.
pub(crate) fn unless(c: &Ctx, loses: &Tensor, ties: &Tensor) -> Result<Tensor> {
    let gy = c.gy()?;
    let half = where_(ties, &div(&gy, &int(2))?, &gy)?;
    where_(loses, &int(0), &half)
}

fn bitwise(op: &str, f: &dyn Map2, a: &Tensor, b: &Tensor) -> Result<Tensor> {
    refuse_float(op, result_type(&[a, b]))?;
    binary_map(f, a, b, None)
}
/// PyTorch's refusal of floats by operations on bits.
pub(crate) fn refuse_float(op: &str, d: DType) -> Result<()> {
    if d.is_float() {
        return dtype(format!("\"{op}_cpu\" not implemented for '{}'", d.title()));
    }
    Ok(())
}
/// Bits set in both; of bools, "and".
pub fn bitwise_and(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    bitwise("bitwise_and", &kernel::BitAnd, a, b)
}
/// Bits set in either; of bools, "or".
pub fn bitwise_or(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    bitwise("bitwise_or", &kernel::BitOr, a, b)
}
/// Bits set in one only.
pub fn bitwise_xor(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    bitwise("bitwise_xor", &kernel::BitXor, a, b)
}

/// a + alpha * b
pub fn add_scaled(a: &Tensor, b: &Tensor, alpha: Scalar) -> Result<Tensor> {
    add(a, &scaled(a, b, alpha)?)
}
/// a - alpha * b
pub fn sub_scaled(a: &Tensor, b: &Tensor, alpha: Scalar) -> Result<Tensor> {
    sub(a, &scaled(a, b, alpha)?)
}
/// alpha * b, where alpha may be a float only if the result is.
pub fn scaled(a: &Tensor, b: &Tensor, alpha: Scalar) -> Result<Tensor> {
    match alpha {
        Scalar::Int(1) => Ok(b.clone()),
        Scalar::Float(f) if !result_type(&[a, b]).is_float() && f.fract() != 0.0 => {
            dtype("For integral input tensors, argument alpha must not be a floating point number.")
        }
        alpha => mul(b, &Tensor::number(alpha)),
    }
}
