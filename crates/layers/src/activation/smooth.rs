//! Smooth activations: SiLU, Mish, GELU, softplus, log-sigmoid.

use super::{Activation, activate, activate_, num};
use candlewick_kernels::elementwise::activation::{
    CUBE, DENSITY, Gelu, GeluTanh, LogSigmoid, Mish, RATE, Silu, Softplus,
};
use candlewick_tensor::ops::{add, erf, exp, gt, mul, neg, sigmoid, square, sub, tanh, where_};
use candlewick_tensor::{Error, Result, Tensor};
use std::f64::consts::FRAC_1_SQRT_2;

impl Activation for Silu {
    fn node(self) -> &'static str {
        "SiluBackward0"
    }
    fn kernel(self) -> &'static str {
        "silu_cpu"
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

impl Activation for Mish {
    fn node(self) -> &'static str {
        "MishBackward0"
    }
    fn kernel(self) -> &'static str {
        "mish_cpu"
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

impl Activation for Gelu {
    fn node(self) -> &'static str {
        "GeluBackward0"
    }
    fn kernel(self) -> &'static str {
        "GeluKernelImpl"
    }
    fn slope(self, x: &Tensor) -> Result<Tensor> {
        let below = mul(&add(&erf(&mul(x, &num(FRAC_1_SQRT_2))?)?, &num(1.0))?, &num(0.5))?;
        let density = mul(&exp(&mul(&square(x)?, &num(-0.5))?)?, &num(DENSITY))?;
        add(&below, &mul(x, &density)?)
    }
}

impl Activation for GeluTanh {
    fn node(self) -> &'static str {
        "GeluBackward0"
    }
    fn kernel(self) -> &'static str {
        "GeluKernelImpl"
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

impl Activation for Softplus {
    fn node(self) -> &'static str {
        "SoftplusBackward0"
    }
    fn kernel(self) -> &'static str {
        "softplus_cpu"
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

impl Activation for LogSigmoid {
    fn node(self) -> &'static str {
        "LogSigmoidBackward0"
    }
    fn kernel(self) -> &'static str {
        "log_sigmoid_cpu"
    }
    fn slope(self, x: &Tensor) -> Result<Tensor> {
        sigmoid(&neg(x)?)
    }
}

/// ln(sigmoid(x)), without overflow.
pub fn logsigmoid(x: &Tensor) -> Result<Tensor> {
    activate(x, LogSigmoid)
}
