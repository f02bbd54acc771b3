//! Element-wise functions of one tensor. A gradient is one line: what the output's gradient is multiplied by.

use super::binary::{div, mul, sub};
use super::compare::{eq, gt};
use super::map::{FloatOp, NumberOp, TestOp, float_map, float_update, number_map, number_update, test_map};
use super::select::where_;
use crate::autograd::{Ctx, Grads, Tape};
use crate::{DType, Float, Number, Result, Scalar, Tensor};
use candlewick_kernels::vmath;

/// Declares an operation's type: what it does to one element.
macro_rules! elementwise {
    ($($kind:ident $bound:ident $name:ident: |$x:ident| $body:expr;)*) => {$(
        pub(crate) struct $name;
        impl $kind for $name {
            #[inline(always)]
            fn apply<T: $bound>($x: T) -> T { $body }
        }
    )*};
}
elementwise! {
    FloatOp Float Exp: |x| x.with(vmath::exp, f64::exp);
    FloatOp Float Log: |x| x.with(vmath::ln, f64::ln);
    FloatOp Float Log1p: |x| x.with(vmath::log1p, f64::ln_1p);
    FloatOp Float Log2: |x| x.with(f32::log2, f64::log2);
    FloatOp Float Log10: |x| x.with(f32::log10, f64::log10);
    FloatOp Float Expm1: |x| x.with(vmath::expm1, f64::exp_m1);
    FloatOp Float Sqrt: |x| x.with(f32::sqrt, f64::sqrt);
    FloatOp Float Rsqrt: |x| x.with(|v| 1.0 / v.sqrt(), |v| 1.0 / v.sqrt());
    FloatOp Float Reciprocal: |x| x.with(|v| 1.0 / v, |v| 1.0 / v);
    FloatOp Float Sin: |x| x.with(vmath::sin, f64::sin);
    FloatOp Float Cos: |x| x.with(vmath::cos, f64::cos);
    FloatOp Float Tan: |x| x.with(f32::tan, f64::tan);
    FloatOp Float Tanh: |x| x.with(vmath::tanh, f64::tanh);
    FloatOp Float Sigmoid: |x| x.with(vmath::sigmoid, |v| 1.0 / (1.0 + (-v).exp()));
    FloatOp Float Erf: |x| x.with(vmath::erf, libm::erf);
    FloatOp Float Floor: |x| x.with(f32::floor, f64::floor);
    FloatOp Float Ceil: |x| x.with(f32::ceil, f64::ceil);
    FloatOp Float Round: |x| x.with(f32::round_ties_even, f64::round_ties_even);
    FloatOp Float Trunc: |x| x.with(f32::trunc, f64::trunc);
    NumberOp Number Neg: |x| x.neg();
    NumberOp Number Abs: |x| x.abs();
    NumberOp Number Square: |x| x.mul(x);
    NumberOp Number Relu: |x| if x < T::default() { T::default() } else { x };
    NumberOp Number Sign: |x| if x > T::default() { T::from_i64(1) } else if x < T::default() { T::from_i64(-1) } else { x.add(T::default()) };
    NumberOp Number BitNot: |x| if T::DTYPE == DType::Bool { T::from_i64(1 - x.to_i64()) } else { T::from_i64(!x.to_i64()) };
}

/// e^x
pub fn exp(x: &Tensor) -> Result<Tensor> {
    let y = float_map::<Exp>("exp", x)?;
    Tape::of("ExpBackward0", &[x]).keep_output(&y).record(y, |c| c.each(&[&|| mul(&c.gy()?, &c.saved(0)?)]))
}

/// Natural logarithm.
pub fn log(x: &Tensor) -> Result<Tensor> {
    let y = float_map::<Log>("log", x)?;
    Tape::of("LogBackward0", &[x]).keep(x).record(y, |c| c.each(&[&|| div(&c.gy()?, &c.saved(0)?)]))
}

/// log(1 + x)
pub fn log1p(x: &Tensor) -> Result<Tensor> {
    let y = float_map::<Log1p>("log1p", x)?;
    Tape::of("Log1PBackward0", &[x])
        .keep(x)
        .record(y, |c| c.each(&[&|| div(&c.gy()?, &super::add(&c.saved(0)?, &num(1.0))?)]))
}

/// Logarithm to base 2.
pub fn log2(x: &Tensor) -> Result<Tensor> {
    let y = float_map::<Log2>("log2", x)?;
    Tape::of("Log2Backward0", &[x])
        .keep(x)
        .record(y, |c| c.each(&[&|| div(&c.gy()?, &mul(&c.saved(0)?, &num(std::f64::consts::LN_2))?)]))
}

/// Logarithm to base 10.
pub fn log10(x: &Tensor) -> Result<Tensor> {
    let y = float_map::<Log10>("log10", x)?;
    Tape::of("Log10Backward0", &[x])
        .keep(x)
        .record(y, |c| c.each(&[&|| div(&c.gy()?, &mul(&c.saved(0)?, &num(std::f64::consts::LN_10))?)]))
}

/// e^x - 1
pub fn expm1(x: &Tensor) -> Result<Tensor> {
    let y = float_map::<Expm1>("expm1", x)?;
    Tape::of("Expm1Backward0", &[x])
        .keep_output(&y)
        .record(y, |c| c.each(&[&|| mul(&c.gy()?, &super::add(&c.saved(0)?, &num(1.0))?)]))
}

/// Square root.
pub fn sqrt(x: &Tensor) -> Result<Tensor> {
    let y = float_map::<Sqrt>("sqrt", x)?;
    Tape::of("SqrtBackward0", &[x]).keep_output(&y).record(y, grad_sqrt)
}
fn grad_sqrt(c: &Ctx) -> Result<Grads> {
    c.each(&[&|| div(&c.gy()?, &mul(&c.saved(0)?, &num(2.0))?)])
}

/// 1 / sqrt(x)
pub fn rsqrt(x: &Tensor) -> Result<Tensor> {
    let y = float_map::<Rsqrt>("rsqrt", x)?;
    Tape::of("RsqrtBackward0", &[x]).keep_output(&y).record(y, |c| {
        c.each(&[&|| {
            let y = c.saved(0)?;
            mul(&c.gy()?, &mul(&mul(&square(&y)?, &y)?, &num(-0.5))?)
        }])
    })
}

/// 1 / x
pub fn reciprocal(x: &Tensor) -> Result<Tensor> {
    let y = float_map::<Reciprocal>("reciprocal", x)?;
    Tape::of("ReciprocalBackward0", &[x])
        .keep_output(&y)
        .record(y, |c| c.each(&[&|| mul(&c.gy()?, &neg(&square(&c.saved(0)?)?)?)]))
}

/// x * x
pub fn square(x: &Tensor) -> Result<Tensor> {
    let y = if x.dtype() == DType::Bool { mul(x, &int(1))? } else { number_map::<Square>(x)? };
    Tape::of("PowBackward0", &[x]).keep(x).record(y, |c| c.each(&[&|| mul(&c.gy()?, &mul(&c.saved(0)?, &int(2))?)]))
}

/// Sine.
pub fn sin(x: &Tensor) -> Result<Tensor> {
    let y = float_map::<Sin>("sin", x)?;
    Tape::of("SinBackward0", &[x]).keep(x).record(y, |c| c.each(&[&|| mul(&c.gy()?, &cos(&c.saved(0)?)?)]))
}

/// Cosine.
pub fn cos(x: &Tensor) -> Result<Tensor> {
    let y = float_map::<Cos>("cos", x)?;
    Tape::of("CosBackward0", &[x]).keep(x).record(y, |c| c.each(&[&|| mul(&c.gy()?, &neg(&sin(&c.saved(0)?)?)?)]))
}

/// Tangent.
pub fn tan(x: &Tensor) -> Result<Tensor> {
    let y = float_map::<Tan>("tan", x)?;
    Tape::of("TanBackward0", &[x])
        .keep_output(&y)
        .record(y, |c| c.each(&[&|| mul(&c.gy()?, &super::add(&square(&c.saved(0)?)?, &num(1.0))?)]))
}

/// Hyperbolic tangent.
pub fn tanh(x: &Tensor) -> Result<Tensor> {
    let y = float_map::<Tanh>("tanh", x)?;
    Tape::of("TanhBackward0", &[x]).keep_output(&y).record(y, grad_tanh)
}
fn grad_tanh(c: &Ctx) -> Result<Grads> {
    c.each(&[&|| mul(&c.gy()?, &sub(&num(1.0), &square(&c.saved(0)?)?)?)])
}

/// 1 / (1 + e^-x)
pub fn sigmoid(x: &Tensor) -> Result<Tensor> {
    let y = float_map::<Sigmoid>("sigmoid", x)?;
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
    let y = number_map::<Relu>(x)?;
    Tape::of("ReluBackward0", &[x]).keep_output(&y).record(y, grad_relu)
}
fn grad_relu(c: &Ctx) -> Result<Grads> {
    c.each(&[&|| where_(&gt(&c.saved(0)?.detach(), &int(0))?, &c.gy()?, &int(0))])
}

/// The error function.
pub fn erf(x: &Tensor) -> Result<Tensor> {
    let y = float_map::<Erf>("erf", x)?;
    Tape::of("ErfBackward0", &[x]).keep(x).record(y, |c| {
        c.each(&[&|| {
            mul(&c.gy()?, &mul(&exp(&neg(&square(&c.saved(0)?)?)?)?, &num(std::f64::consts::FRAC_2_SQRT_PI))?)
        }])
    })
}

/// -x
pub fn neg(x: &Tensor) -> Result<Tensor> {
    refuse_bool(x)?;
    Tape::of("NegBackward0", &[x]).record(number_map::<Neg>(x)?, grad_neg)
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
    Tape::of("AbsBackward0", &[x]).keep(x).record(number_map::<Abs>(x)?, grad_abs)
}
fn grad_abs(c: &Ctx) -> Result<Grads> {
    c.each(&[&|| mul(&c.gy()?, &sign(&c.saved(0)?)?)])
}

/// -1, 0 or 1.
pub fn sign(x: &Tensor) -> Result<Tensor> {
    flat("SignBackward0", x, number_map::<Sign>(x)?)
}
/// The angle of a real number: π where it is negative, else 0; NaN stays.
pub fn angle(x: &Tensor) -> Result<Tensor> {
    let negative = mul(&super::lt(&x.detach(), &int(0))?, &num(std::f64::consts::PI))?;
    let y = super::to_dtype(&negative, x.dtype().to_float())?;
    let y = if x.dtype().is_float() { where_(&isnan(x)?, &x.detach(), &y)? } else { y };
    flat("AngleBackward0", x, y)
}
/// The largest integer not above x.
pub fn floor(x: &Tensor) -> Result<Tensor> {
    rounding::<Floor>("FloorBackward0", "floor", x)
}
/// The smallest integer not below x.
pub fn ceil(x: &Tensor) -> Result<Tensor> {
    rounding::<Ceil>("CeilBackward0", "ceil", x)
}
/// The nearest integer, halves to even.
pub fn round(x: &Tensor) -> Result<Tensor> {
    rounding::<Round>("RoundBackward0", "round", x)
}
/// The integer part.
pub fn trunc(x: &Tensor) -> Result<Tensor> {
    rounding::<Trunc>("TruncBackward0", "trunc", x)
}

fn rounding<Op: FloatOp>(name: &'static str, op: &str, x: &Tensor) -> Result<Tensor> {
    if x.dtype() == DType::Bool {
        return crate::error::dtype(format!("\"{op}\" not implemented for 'Bool'"));
    }
    let y = if x.dtype().is_float() { float_map::<Op>(op, x)? } else { super::clone(&x.detach())? };
    flat(name, x, y)
}

/// An operation whose gradient is zero everywhere.
fn flat(name: &'static str, x: &Tensor, y: Tensor) -> Result<Tensor> {
    Tape::of(name, &[x]).record(y, |c| c.each(&[&|| c.gy()?.zeros_like()]))
}

struct IsNan;
impl TestOp for IsNan {
    #[inline(always)]
    fn apply<T: Number>(x: T) -> bool {
        x.is_nan()
    }
}
struct IsInf;
impl TestOp for IsInf {
    #[inline(always)]
    fn apply<T: Number>(x: T) -> bool {
        T::DTYPE.is_float() && x.to_f64().is_infinite()
    }
}
struct IsFinite;
impl TestOp for IsFinite {
    #[inline(always)]
    fn apply<T: Number>(x: T) -> bool {
        !T::DTYPE.is_float() || x.to_f64().is_finite()
    }
}

struct SignBit;
impl TestOp for SignBit {
    #[inline(always)]
    fn apply<T: Number>(x: T) -> bool {
        if T::DTYPE.is_float() { x.to_f64().is_sign_negative() } else { x.to_i64() < 0 }
    }
}

/// Where the sign bit is set.
pub fn signbit(x: &Tensor) -> Result<Tensor> {
    test_map::<SignBit>(x)
}
/// Where x is not a number.
pub fn isnan(x: &Tensor) -> Result<Tensor> {
    test_map::<IsNan>(x)
}
/// Where x is +-infinity.
pub fn isinf(x: &Tensor) -> Result<Tensor> {
    test_map::<IsInf>(x)
}
/// Where x is neither infinite nor NaN.
pub fn isfinite(x: &Tensor) -> Result<Tensor> {
    test_map::<IsFinite>(x)
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
    number_map::<BitNot>(x)
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
        |x| float_update::<Exp>("exp", x),
        |c| c.each(&[&|| mul(&c.gy()?, &c.saved(0)?)]),
        Saves::Output,
    )
}
/// x = sqrt(x)
pub fn sqrt_(x: &Tensor) -> Result<()> {
    inplace("SqrtBackward0", x, |x| float_update::<Sqrt>("sqrt", x), grad_sqrt, Saves::Output)
}
/// x = tanh(x)
pub fn tanh_(x: &Tensor) -> Result<()> {
    inplace("TanhBackward0", x, |x| float_update::<Tanh>("tanh", x), grad_tanh, Saves::Output)
}
/// x = 1 / (1 + e^-x)
pub fn sigmoid_(x: &Tensor) -> Result<()> {
    inplace("SigmoidBackward0", x, |x| float_update::<Sigmoid>("sigmoid", x), grad_sigmoid, Saves::Output)
}
/// x = max(x, 0)
pub fn relu_(x: &Tensor) -> Result<()> {
    inplace("ReluBackward0", x, number_update::<Relu>, grad_relu, Saves::Output)
}
/// x = -x
pub fn neg_(x: &Tensor) -> Result<()> {
    refuse_bool(x)?;
    inplace("NegBackward0", x, number_update::<Neg>, grad_neg, Saves::Nothing)
}
/// x = |x|
pub fn abs_(x: &Tensor) -> Result<()> {
    inplace("AbsBackward0", x, number_update::<Abs>, grad_abs, Saves::Input)
}

/// A plain float as an operand.
pub(crate) fn num(v: f64) -> Tensor {
    Tensor::number(Scalar::Float(v))
}
/// A plain integer as an operand.
pub(crate) fn int(v: i64) -> Tensor {
    Tensor::number(Scalar::Int(v))
}
