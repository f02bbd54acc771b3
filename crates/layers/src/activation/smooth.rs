//! Smooth activations: SiLU, Mish, GELU, softplus, log-sigmoid.

use super::{Activation, activate, activate_, num};
use candlewick_tensor::ops::{Real, add, erf, exp, gt, mul, neg, sigmoid, square, sub, tanh, where_};
use candlewick_tensor::{Error, Result, Tensor};
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI, SQRT_2};

#[derive(Clone, Copy)]
struct Silu;

impl Activation for Silu {
    fn node(self) -> &'static str {
        "SiluBackward0"
    }
    fn kernel(self) -> &'static str {
        "silu_cpu"
    }
    #[inline(always)]
    fn value<R: Real>(self, x: R) -> R {
        x * x.sigmoid()
    }
    #[inline(always)]
    fn gradient<R: Real>(self, x: R, gy: R) -> R {
        let s = x.sigmoid();
        gy * s * (R::ONE + x * (R::ONE - s))
    }
    fn slope(self, x: &Tensor) -> Result<Tensor> {
        let s = sigmoid(x)?;
        mul(&s, &add(&mul(x, &sub(&num(1.0), &s)?)?, &num(1.0))?)
    }
}

/// x sigmoid(x), also called swish.   [Elfwing et al. 2017]
pub fn silu(x: &Tensor) -> Result<Tensor> {
    activate(x, Silu)
}
/// The same in place.
pub fn silu_(x: &Tensor) -> Result<()> {
    activate_(x, Silu)
}

/// (e^2x + 2 e^x, e^x): tanh(softplus(x)) is the first divided by itself plus 2, and 1 where e^x is cut off.
#[inline(always)]
fn mish_parts<R: Real>(x: R) -> (R, R) {
    let top = R::from_f64(20.0);
    let x = if x > top { top } else { x };
    let e = x.exp();
    (e * (e + R::from_f64(2.0)), e)
}

#[derive(Clone, Copy)]
struct Mish;

impl Activation for Mish {
    fn node(self) -> &'static str {
        "MishBackward0"
    }
    fn kernel(self) -> &'static str {
        "mish_cpu"
    }
    #[inline(always)]
    fn value<R: Real>(self, x: R) -> R {
        let (n, _) = mish_parts(x);
        x * (n / (n + R::from_f64(2.0)))
    }
    #[inline(always)]
    fn gradient<R: Real>(self, x: R, gy: R) -> R {
        let (n, e) = mish_parts(x);
        let (two, four) = (R::from_f64(2.0), R::from_f64(4.0));
        let m = n + two;
        gy * (n / m + x * (e / (e + R::ONE)) * (four * (n + R::ONE) / (m * m)))
    }
    fn slope(self, x: &Tensor) -> Result<Tensor> {
        let t = tanh(&softplus(x, 1.0, 20.0)?)?;
        add(&t, &mul(&mul(x, &sigmoid(x)?)?, &sub(&num(1.0), &square(&t)?)?)?)
    }
}

/// x tanh(softplus(x)).   [Misra 2019]
pub fn mish(x: &Tensor) -> Result<Tensor> {
    activate(x, Mish)
}
/// The same in place.
pub fn mish_(x: &Tensor) -> Result<()> {
    activate_(x, Mish)
}

/// The normal density at 0 times 2.
const DENSITY: f64 = FRAC_2_SQRT_PI * FRAC_1_SQRT_2 * 0.5;

#[derive(Clone, Copy)]
struct Gelu;

impl Activation for Gelu {
    fn node(self) -> &'static str {
        "GeluBackward0"
    }
    fn kernel(self) -> &'static str {
        "GeluKernelImpl"
    }
    #[inline(always)]
    fn value<R: Real>(self, x: R) -> R {
        x * R::from_f64(0.5) * (R::ONE + (x * R::from_f64(FRAC_1_SQRT_2)).erf())
    }
    #[inline(always)]
    fn gradient<R: Real>(self, x: R, gy: R) -> R {
        let half = R::from_f64(0.5);
        let below = half * (R::ONE + (x * R::from_f64(FRAC_1_SQRT_2)).erf());
        gy * (below + x * (x * x * -half).exp() * R::from_f64(DENSITY))
    }
    fn slope(self, x: &Tensor) -> Result<Tensor> {
        let below = mul(&add(&erf(&mul(x, &num(FRAC_1_SQRT_2))?)?, &num(1.0))?, &num(0.5))?;
        let density = mul(&exp(&mul(&square(x)?, &num(-0.5))?)?, &num(DENSITY))?;
        add(&below, &mul(x, &density)?)
    }
}

#[derive(Clone, Copy)]
struct GeluTanh;

/// tanh(RATE (x + CUBE x^3)) approximates the error function.
const RATE: f64 = SQRT_2 * FRAC_2_SQRT_PI * 0.5;
const CUBE: f64 = 0.044715;

impl Activation for GeluTanh {
    fn node(self) -> &'static str {
        "GeluBackward0"
    }
    fn kernel(self) -> &'static str {
        "GeluKernelImpl"
    }
    #[inline(always)]
    fn value<R: Real>(self, x: R) -> R {
        let inner = R::from_f64(RATE) * (x + R::from_f64(CUBE) * x * x * x);
        R::from_f64(0.5) * x * (R::ONE + inner.tanh())
    }
    #[inline(always)]
    fn gradient<R: Real>(self, x: R, gy: R) -> R {
        let (half, cube) = (R::from_f64(0.5), R::from_f64(CUBE));
        let t = (R::from_f64(RATE) * (x + cube * x * x * x)).tanh();
        let inner = R::from_f64(RATE) * (R::ONE + R::from_f64(3.0) * cube * x * x);
        gy * (half * (R::ONE + t) + half * x * (R::ONE - t * t) * inner)
    }
    fn slope(self, x: &Tensor) -> Result<Tensor> {
        let squared = square(x)?;
        let t = tanh(&mul(&mul(x, &add(&mul(&squared, &num(CUBE))?, &num(1.0))?)?, &num(RATE))?)?;
        let inner = mul(&add(&mul(&squared, &num(3.0 * CUBE))?, &num(1.0))?, &num(RATE))?;
        let curved = mul(&mul(x, &sub(&num(1.0), &square(&t)?)?)?, &inner)?;
        mul(&add(&add(&t, &num(1.0))?, &curved)?, &num(0.5))
    }
}

/// x times the normal distribution's Phi(x); `approximate` is "none" or "tanh".   [Hendrycks & Gimpel 2016]
pub fn gelu(x: &Tensor, approximate: &str) -> Result<Tensor> {
    match approximate {
        "none" => activate(x, Gelu),
        "tanh" => activate(x, GeluTanh),
        _ => Err(Error::Argument("approximate argument must be either none or tanh.".into())),
    }
}
/// The same in place.
pub fn gelu_(x: &Tensor, approximate: &str) -> Result<()> {
    match approximate {
        "none" => activate_(x, Gelu),
        "tanh" => activate_(x, GeluTanh),
        _ => Err(Error::Argument("approximate argument must be either none or tanh.".into())),
    }
}

#[derive(Clone, Copy)]
struct Softplus {
    beta: f64,
    threshold: f64,
}

impl Activation for Softplus {
    fn node(self) -> &'static str {
        "SoftplusBackward0"
    }
    fn kernel(self) -> &'static str {
        "softplus_cpu"
    }
    #[inline(always)]
    fn value<R: Real>(self, x: R) -> R {
        let z = x * R::from_f64(self.beta);
        let bent = z.exp().ln_1p() / R::from_f64(self.beta); // before the choice, so that the loop has no branch
        if z > R::from_f64(self.threshold) { x } else { bent }
    }
    #[inline(always)]
    fn gradient<R: Real>(self, x: R, gy: R) -> R {
        let z = x * R::from_f64(self.beta);
        let bent = gy * z.sigmoid();
        if z > R::from_f64(self.threshold) { gy } else { bent }
    }
    fn slope(self, x: &Tensor) -> Result<Tensor> {
        let z = mul(x, &num(self.beta))?;
        where_(&gt(&z.detach(), &num(self.threshold))?, &num(1.0), &sigmoid(&z)?)
    }
}

/// ln(1 + e^(beta x)) / beta; x where beta x lies above the threshold.
pub fn softplus(x: &Tensor, beta: f64, threshold: f64) -> Result<Tensor> {
    activate(x, Softplus { beta, threshold })
}
/// The same in place.
pub fn softplus_(x: &Tensor, beta: f64, threshold: f64) -> Result<()> {
    activate_(x, Softplus { beta, threshold })
}

#[derive(Clone, Copy)]
pub(crate) struct LogSigmoid;

impl Activation for LogSigmoid {
    fn node(self) -> &'static str {
        "LogSigmoidBackward0"
    }
    fn kernel(self) -> &'static str {
        "log_sigmoid_cpu"
    }
    #[inline(always)]
    fn value<R: Real>(self, x: R) -> R {
        let low = if x < R::ZERO { x } else { R::ZERO };
        low - (-x.abs()).exp().ln_1p()
    }
    #[inline(always)]
    fn gradient<R: Real>(self, x: R, gy: R) -> R {
        gy * (-x).sigmoid()
    }
    fn slope(self, x: &Tensor) -> Result<Tensor> {
        sigmoid(&neg(x)?)
    }
}

/// ln(sigmoid(x)), without overflow.
pub fn logsigmoid(x: &Tensor) -> Result<Tensor> {
    activate(x, LogSigmoid)
}
