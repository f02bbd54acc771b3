//! Element-wise functions of one tensor. A gradient is one line: what the output's gradient is multiplied by.

use super::binary::{div, mul, sub};
use super::compare::{eq, le};
use super::map::{float_map, float_update, number_map, number_update, test_map};
use super::select::where_;
use crate::autograd::{Ctx, Grads, Tape};
use crate::{DType, Result, Scalar, Tensor, float_dtype};
use candlewick_kernels::elementwise::{Map1, unary as kernel};

/// e^x
pub fn exp(x: &Tensor) -> Result<Tensor> {
    let y = float_map(&kernel::Exp, x)?;
    Tape::of("ExpBackward0", &[x]).keep_output(&y).record(y, |c| c.each(&[&|| mul(&c.gy()?, &c.saved(0)?)]))
}

/// Natural logarithm.
pub fn log(x: &Tensor) -> Result<Tensor> {
    let y = float_map(&kernel::Log, x)?;
    Tape::of("LogBackward0", &[x]).keep(x).record(y, |c| c.each(&[&|| div(&c.gy()?, &c.saved(0)?)]))
}

/// log(1 + x)
pub fn log1p(x: &Tensor) -> Result<Tensor> {
    let y = float_map(&kernel::Log1p, x)?;
    Tape::of("Log1PBackward0", &[x])
        .keep(x)
        .record(y, |c| c.each(&[&|| div(&c.gy()?, &super::add(&c.saved(0)?, &num(1.0))?)]))
}

/// Logarithm to base 2.
pub fn log2(x: &Tensor) -> Result<Tensor> {
    let y = float_map(&kernel::Log2, x)?;
    Tape::of("Log2Backward0", &[x])
        .keep(x)
        .record(y, |c| c.each(&[&|| div(&c.gy()?, &mul(&c.saved(0)?, &num(std::f64::consts::LN_2))?)]))
}

/// Logarithm to base 10.
pub fn log10(x: &Tensor) -> Result<Tensor> {
    let y = float_map(&kernel::Log10, x)?;
    Tape::of("Log10Backward0", &[x])
        .keep(x)
        .record(y, |c| c.each(&[&|| div(&c.gy()?, &mul(&c.saved(0)?, &num(std::f64::consts::LN_10))?)]))
}

/// e^x - 1
pub fn expm1(x: &Tensor) -> Result<Tensor> {
    let y = float_map(&kernel::Expm1, x)?;
    Tape::of("Expm1Backward0", &[x])
        .keep_output(&y)
        .record(y, |c| c.each(&[&|| mul(&c.gy()?, &super::add(&c.saved(0)?, &num(1.0))?)]))
}

/// Square root.
pub fn sqrt(x: &Tensor) -> Result<Tensor> {
    let y = float_map(&kernel::Sqrt, x)?;
    Tape::of("SqrtBackward0", &[x]).keep_output(&y).record(y, grad_sqrt)
}
fn grad_sqrt(c: &Ctx) -> Result<Grads> {
    c.each(&[&|| div(&c.gy()?, &mul(&c.saved(0)?, &num(2.0))?)])
}

/// 1 / sqrt(x)
pub fn rsqrt(x: &Tensor) -> Result<Tensor> {
    let y = float_map(&kernel::Rsqrt, x)?;
    Tape::of("RsqrtBackward0", &[x]).keep_output(&y).record(y, |c| {
        c.each(&[&|| {
            let y = c.saved(0)?;
            mul(&c.gy()?, &mul(&mul(&square(&y)?, &y)?, &num(-0.5))?)
        }])
    })
}

/// 1 / x
pub fn reciprocal(x: &Tensor) -> Result<Tensor> {
    let y = float_map(&kernel::Reciprocal, x)?;
    Tape::of("ReciprocalBackward0", &[x])
        .keep_output(&y)
        .record(y, |c| c.each(&[&|| mul(&c.gy()?, &neg(&square(&c.saved(0)?)?)?)]))
}

/// x * x
pub fn square(x: &Tensor) -> Result<Tensor> {
    let y = if x.dtype() == DType::Bool { mul(x, &int(1))? } else { number_map(&kernel::Square, x)? };
    Tape::of("PowBackward0", &[x]).keep(x).record(y, |c| c.each(&[&|| mul(&c.gy()?, &mul(&c.saved(0)?, &int(2))?)]))
}

/// Sine.
pub fn sin(x: &Tensor) -> Result<Tensor> {
    let y = float_map(&kernel::Sin, x)?;
    Tape::of("SinBackward0", &[x]).keep(x).record(y, |c| c.each(&[&|| mul(&c.gy()?, &cos(&c.saved(0)?)?)]))
}

/// Cosine.
pub fn cos(x: &Tensor) -> Result<Tensor> {
    let y = float_map(&kernel::Cos, x)?;
    Tape::of("CosBackward0", &[x]).keep(x).record(y, |c| c.each(&[&|| mul(&c.gy()?, &neg(&sin(&c.saved(0)?)?)?)]))
}

/// Tangent.
pub fn tan(x: &Tensor) -> Result<Tensor> {
    let y = float_map(&kernel::Tan, x)?;
    Tape::of("TanBackward0", &[x])
        .keep_output(&y)
        .record(y, |c| c.each(&[&|| mul(&c.gy()?, &super::add(&square(&c.saved(0)?)?, &num(1.0))?)]))
}

/// Hyperbolic tangent.
pub fn tanh(x: &Tensor) -> Result<Tensor> {
    let y = float_map(&kernel::Tanh, x)?;
    Tape::of("TanhBackward0", &[x]).keep_output(&y).record(y, grad_tanh)
}
fn grad_tanh(c: &Ctx) -> Result<Grads> {
    c.each(&[&|| mul(&c.gy()?, &sub(&num(1.0), &square(&c.saved(0)?)?)?)])
}

/// 1 / (1 + e^-x)
pub fn sigmoid(x: &Tensor) -> Result<Tensor> {
    let y = float_map(&kernel::Sigmoid, x)?;
    Tape::of("SigmoidBackward0", &[x]).keep_output(&y).record(y, grad_sigmoid)
}
fn grad_sigmoid(c: &Ctx) -> Result<Grads> {
    c.each(&[&|| {
        let y = c.saved(0)?;
        mul(&c.gy()?, &mul(&y, &sub(&num(1.0), &y)?)?)
    }])
}

/// max(x, 0); the gradient at 0 is 0.
pub fn relu(x: &Tensor) -> Result<Tensor> {
    if x.dtype() == DType::Bool {
        return crate::error::dtype("Boolean inputs not supported for relu");
    }
    let y = number_map(&kernel::Relu, x)?;
    Tape::of("ReluBackward0", &[x]).keep_output(&y).record(y, grad_relu)
}
fn grad_relu(c: &Ctx) -> Result<Grads> {
    c.each(&[&|| where_(&le(&c.saved(0)?.detach(), &int(0))?, &int(0), &c.gy()?)]) // NaN passes
}

/// The error function.
pub fn erf(x: &Tensor) -> Result<Tensor> {
    let y = float_map(&kernel::Erf, x)?;
    Tape::of("ErfBackward0", &[x]).keep(x).record(y, |c| {
        c.each(&[&|| {
            mul(&c.gy()?, &mul(&exp(&neg(&square(&c.saved(0)?)?)?)?, &num(std::f64::consts::FRAC_2_SQRT_PI))?)
        }])
    })
}

/// -x
pub fn neg(x: &Tensor) -> Result<Tensor> {
    refuse_bool(x)?;
    Tape::of("NegBackward0", &[x]).record(number_map(&kernel::Neg, x)?, grad_neg)
}
fn grad_neg(c: &Ctx) -> Result<Grads> {
    c.each(&[&|| neg(&c.gy()?)])
}
fn refuse_bool(x: &Tensor) -> Result<()> {
    if x.dtype() == DType::Bool {
        return crate::error::dtype(
            "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.",
        );
    }
    Ok(())
}

/// |x|; the gradient at 0 is 0.
pub fn abs(x: &Tensor) -> Result<Tensor> {
    if x.dtype() == DType::Bool {
        return crate::error::dtype("\"abs_cpu\" not implemented for 'Bool'");
    }
    Tape::of("AbsBackward0", &[x]).keep(x).record(number_map(&kernel::Abs, x)?, grad_abs)
}
fn grad_abs(c: &Ctx) -> Result<Grads> {
    c.each(&[&|| mul(&c.gy()?, &sign(&c.saved(0)?)?)])
}

/// -1, 0 or 1.
pub fn sign(x: &Tensor) -> Result<Tensor> {
    flat("SignBackward0", x, number_map(&kernel::Sign, x)?)
}
/// The angle of a real number: π where it is negative, else 0; NaN stays.
pub fn angle(x: &Tensor) -> Result<Tensor> {
    let negative = mul(&super::lt(&x.detach(), &int(0))?, &num(std::f64::consts::PI))?;
    let y = super::to_dtype(&negative, float_dtype(x.dtype()))?;
    let y = if x.dtype().is_float() { where_(&isnan(x)?, &x.detach(), &y)? } else { y };
    flat("AngleBackward0", x, y)
}
/// The largest integer not above x.
pub fn floor(x: &Tensor) -> Result<Tensor> {
    rounding("FloorBackward0", "floor", &kernel::Floor, x)
}
/// The smallest integer not below x.
pub fn ceil(x: &Tensor) -> Result<Tensor> {
    rounding("CeilBackward0", "ceil", &kernel::Ceil, x)
}
/// The nearest integer, halves to even.
pub fn round(x: &Tensor) -> Result<Tensor> {
    rounding("RoundBackward0", "round", &kernel::Round, x)
}
/// The integer part.
pub fn trunc(x: &Tensor) -> Result<Tensor> {
    rounding("TruncBackward0", "trunc", &kernel::Trunc, x)
}

fn rounding(name: &'static str, op: &str, f: &dyn Map1, x: &Tensor) -> Result<Tensor> {
    if x.dtype() == DType::Bool {
        return crate::error::dtype(format!("\"{op}\" not implemented for 'Bool'"));
    }
    let y = if x.dtype().is_float() { float_map(f, x)? } else { super::clone(&x.detach())? };
    flat(name, x, y)
}

/// An operation whose gradient is zero everywhere.
fn flat(name: &'static str, x: &Tensor, y: Tensor) -> Result<Tensor> {
    Tape::of(name, &[x]).record(y, |c| c.each(&[&|| c.gy()?.zeros_like()]))
}

/// Where the sign bit is set.
pub fn signbit(x: &Tensor) -> Result<Tensor> {
    test_map(&kernel::SignBit, x)
}
/// Where x is not a number.
pub fn isnan(x: &Tensor) -> Result<Tensor> {
    test_map(&kernel::IsNan, x)
}
/// Where x is +-infinity.
pub fn isinf(x: &Tensor) -> Result<Tensor> {
    test_map(&kernel::IsInf, x)
}
/// Where x is neither infinite nor NaN.
pub fn isfinite(x: &Tensor) -> Result<Tensor> {
    test_map(&kernel::IsFinite, x)
}
/// Where x is zero.
pub fn logical_not(x: &Tensor) -> Result<Tensor> {
    eq(&x.detach(), &int(0))
}
/// Every bit inverted; of a bool, the other value.
pub fn bitwise_not(x: &Tensor) -> Result<Tensor> {
    if x.dtype().is_float() {
        return crate::error::dtype(format!("\"bitwise_not_cpu\" not implemented for '{}'", x.dtype().title()));
    }
    match x.dtype() {
        DType::Bool => logical_not(x),
        _ => number_map(&kernel::BitNot, x),
    }
}

/// An operation in place: checked, written, recorded.
fn inplace(
    name: &'static str,
    x: &Tensor,
    write: impl Fn(&Tensor) -> Result<()>,
    formula: fn(&Ctx) -> Result<Grads>,
    saves: Saves,
) -> Result<()> {
    x.check_inplace()?;
    let mut tape = Tape::of(name, &[x]);
    if let (true, Saves::Input) = (tape.active(), saves) {
        tape = tape.keep(&super::clone(x)?);
    }
    write(&x.detach())?;
    if let Saves::Output = saves {
        tape = tape.keep_output(x);
    }
    tape.record_inplace(x, formula)
}

#[derive(Clone, Copy)]
enum Saves {
    Nothing,
    Input,
    Output,
}

/// x = e^x
pub fn exp_(x: &Tensor) -> Result<()> {
    inplace(
        "ExpBackward0",
        x,
        |x| float_update(&kernel::Exp, x),
        |c| c.each(&[&|| mul(&c.gy()?, &c.saved(0)?)]),
        Saves::Output,
    )
}
/// x = sqrt(x)
pub fn sqrt_(x: &Tensor) -> Result<()> {
    inplace("SqrtBackward0", x, |x| float_update(&kernel::Sqrt, x), grad_sqrt, Saves::Output)
}
/// x = tanh(x)
pub fn tanh_(x: &Tensor) -> Result<()> {
    inplace("TanhBackward0", x, |x| float_update(&kernel::Tanh, x), grad_tanh, Saves::Output)
}
/// x = 1 / (1 + e^-x)
pub fn sigmoid_(x: &Tensor) -> Result<()> {
    inplace("SigmoidBackward0", x, |x| float_update(&kernel::Sigmoid, x), grad_sigmoid, Saves::Output)
}
/// x = max(x, 0)
pub fn relu_(x: &Tensor) -> Result<()> {
    inplace("ReluBackward0", x, |x| number_update(&kernel::Relu, x), grad_relu, Saves::Output)
}
/// x = -x
pub fn neg_(x: &Tensor) -> Result<()> {
    refuse_bool(x)?;
    inplace("NegBackward0", x, |x| number_update(&kernel::Neg, x), grad_neg, Saves::Nothing)
}
/// x = |x|
pub fn abs_(x: &Tensor) -> Result<()> {
    inplace("AbsBackward0", x, |x| number_update(&kernel::Abs, x), grad_abs, Saves::Input)
}

/// A plain float as an operand.
pub(crate) fn num(v: f64) -> Tensor {
    Tensor::number(Scalar::Float(v))
}
/// A plain integer as an operand.
pub(crate) fn int(v: i64) -> Tensor {
    Tensor::number(Scalar::Int(v))
}
