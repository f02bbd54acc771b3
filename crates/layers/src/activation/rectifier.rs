//! Rectifiers: the identity above zero (or a threshold), something else below. ELU, SELU, CELU, LeakyReLU, PReLU, RReLU.

use super::{Activation, activate, activate_, num};
use candlewick_kernels::elementwise::activation::{Celu, Elu, Leaky, Prelu, Threshold};
use candlewick_tensor::autograd::Tape;
use candlewick_tensor::ops::{self, clamp, copy_, exp, gt, le, mul, reshape, where_};
use candlewick_tensor::random::Generator;
use candlewick_tensor::{DType, Element, Error, Result, Scalar, Tensor, memory};

impl Activation for Elu {
    fn node(self) -> &'static str {
        "EluBackward0"
    }
    fn kernel(self) -> &'static str {
        "elu_cpu"
    }
    fn slope(self, x: &Tensor) -> Result<Tensor> {
        let below = mul(&exp(&clamp(x, None, Some(Scalar::Int(0)))?)?, &num(self.alpha * self.scale))?;
        where_(&le(&x.detach(), &num(0.0))?, &below, &num(self.scale))
    }
}

fn elu_of(alpha: f64) -> Elu {
    Elu { alpha, scale: 1.0 }
}
/// x above 0, alpha (e^x - 1) below.   [Clevert et al. 2016]
pub fn elu(x: &Tensor, alpha: f64) -> Result<Tensor> {
    activate(x, elu_of(alpha))
}
/// The same in place.
pub fn elu_(x: &Tensor, alpha: f64) -> Result<()> {
    activate_(x, elu_of(alpha))
}

const SELU: Elu = Elu { alpha: 1.6732632423543772, scale: 1.0507009873554805 };

/// ELU scaled so that activations keep mean 0 and variance 1.   [Klambauer et al. 2017]
pub fn selu(x: &Tensor) -> Result<Tensor> {
    activate(x, SELU)
}
/// The same in place.
pub fn selu_(x: &Tensor) -> Result<()> {
    activate_(x, SELU)
}

impl Activation for Celu {
    fn node(self) -> &'static str {
        "CeluBackward0"
    }
    fn kernel(self) -> &'static str {
        "elu_cpu"
    }
    fn slope(self, x: &Tensor) -> Result<Tensor> {
        let below = exp(&mul(&clamp(x, None, Some(Scalar::Int(0)))?, &num(1.0 / self.0))?)?;
        where_(&le(&x.detach(), &num(0.0))?, &below, &num(1.0))
    }
}

fn celu_of(alpha: f64) -> Result<Celu> {
    if alpha == 0.0 {
        return Err(Error::Argument("ZeroDivisionError: alpha cannot be 0 for CELU".into()));
    }
    Ok(Celu(alpha))
}
/// x above 0, alpha (e^(x / alpha) - 1) below.   [Barron 2017]
pub fn celu(x: &Tensor, alpha: f64) -> Result<Tensor> {
    activate(x, celu_of(alpha)?)
}
/// The same in place.
pub fn celu_(x: &Tensor, alpha: f64) -> Result<()> {
    activate_(x, celu_of(alpha)?)
}

impl Activation for Leaky {
    fn node(self) -> &'static str {
        "LeakyReluBackward0"
    }
    fn kernel(self) -> &'static str {
        "leaky_relu_cpu"
    }
    fn slope(self, x: &Tensor) -> Result<Tensor> {
        where_(&gt(&x.detach(), &num(0.0))?, &num(1.0), &num(self.0))?.to_dtype(x.dtype())
    }
    fn reads_result(self) -> bool {
        self.0 > 0.0
    }
}

/// x above 0, slope x below.   [Maas et al. 2013]
pub fn leaky_relu(x: &Tensor, slope: f64) -> Result<Tensor> {
    activate(x, Leaky(slope))
}
/// The same in place.
pub fn leaky_relu_(x: &Tensor, slope: f64) -> Result<()> {
    activate_(x, Leaky(slope))
}

impl Activation for Threshold {
    fn node(self) -> &'static str {
        "ThresholdBackward0"
    }
    fn kernel(self) -> &'static str {
        "threshold_cpu"
    }
    fn slope(self, x: &Tensor) -> Result<Tensor> {
        where_(&le(&x.detach(), &num(self.threshold))?, &num(0.0), &num(1.0))?.to_dtype(x.dtype())
    }
}

/// x above the threshold, else the value. Integers truncate both.
pub fn threshold(x: &Tensor, threshold: f64, value: f64) -> Result<Tensor> {
    if x.dtype().is_float() {
        return activate(x, Threshold { threshold, value });
    }
    let whole = |v: f64| Tensor::number(Scalar::Int(v as i64));
    where_(&le(x, &whole(threshold))?, &whole(value), x)
}
/// The same in place.
pub fn threshold_(x: &Tensor, limit: f64, value: f64) -> Result<()> {
    if x.dtype().is_float() {
        return activate_(x, Threshold { threshold: limit, value });
    }
    copy_(x, &threshold(x, limit, value)?)
}

/// x above 0, weight x below; one weight for all or one for each channel, the second dimension.   [He et al. 2015]
/// Errors: another number of weights; a weight of another dtype.
pub fn prelu(x: &Tensor, weight: &Tensor) -> Result<Tensor> {
    if x.dtype() != weight.dtype() {
        let (a, b) = (x.dtype().title(), weight.dtype().title());
        return Err(Error::DType(format!("prelu: Type promoting not supported. Got {a} and {b}")));
    }
    if weight.numel() == 1 {
        return prelu_kernel(x, &reshape(weight, &vec![1; x.rank()])?);
    }
    if x.rank() == 0 {
        return Err(Error::Shape("Not allow zero-dim input tensor.".into()));
    }
    let channels = if x.rank() > 1 { x.shape()[1] } else { 1 };
    if channels != weight.numel() {
        return Err(Error::Shape(format!(
            "Mismatch of parameter numbers and input channel size. Found parameter numbers = {} and channel size = {channels}.",
            weight.numel()
        )));
    }
    if weight.rank() > 1 {
        return Err(Error::Shape(format!(
            "prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {}",
            weight.rank()
        )));
    }
    let dims: Vec<i64> = (0..x.rank()).map(|d| if d == 1 { -1 } else { 1 }).collect();
    prelu_kernel(x, &reshape(weight, &dims)?)
}

fn prelu_kernel(x: &Tensor, w: &Tensor) -> Result<Tensor> {
    let y = ops::zip("prelu_cpu", &x.detach(), &w.detach(), &Prelu)?;
    Tape::of("PreluKernelBackward0", &[x, w]).keep(x).keep(w).record(y, |c| {
        let (x, gy) = (c.saved(0)?, c.gy()?);
        let above = gt(&x.detach(), &num(0.0))?;
        c.each(&[&|| where_(&above, &gy, &mul(&gy, &c.saved(1)?)?), &|| where_(&above, &num(0.0), &mul(&gy, &x)?)])
    })
}

/// In training x above 0 and r x below, r uniform over [lower, upper) and drawn for each element below 0; in evaluation
/// LeakyReLU with the middle slope.   [Xu et al. 2015]
pub fn rrelu(x: &Tensor, lower: f64, upper: f64, training: bool, g: &mut Generator) -> Result<Tensor> {
    match noise(x, lower, upper, training, g)? {
        None => activate(x, Leaky((lower + upper) / 2.0)),
        Some(noise) => {
            let y = mul(&x.detach(), &noise)?;
            Tape::of("RreluWithNoiseBackward0", &[x])
                .keep(&noise)
                .record(y, |c| c.each(&[&|| mul(&c.gy()?, &c.saved(0)?)]))
        }
    }
}
/// The same in place.
pub fn rrelu_(x: &Tensor, lower: f64, upper: f64, training: bool, g: &mut Generator) -> Result<()> {
    match noise(x, lower, upper, training, g)? {
        None => activate_(x, Leaky((lower + upper) / 2.0)),
        Some(noise) => ops::mul_(x, &noise),
    }
}

/// The factors of a training step, drawn in row-major order; none in evaluation.
fn noise(x: &Tensor, lower: f64, upper: f64, training: bool, g: &mut Generator) -> Result<Option<Tensor>> {
    for (name, bound) in [("lower", lower), ("upper", upper)] {
        if !bound.is_finite() {
            return Err(Error::Argument(format!("rrelu: {name} bound must be finite, got {bound}")));
        }
    }
    if lower > upper {
        return Err(Error::Argument("Lower bound should be less than or equal to the upper bound".into()));
    }
    if !training {
        return Ok(None);
    }
    if !x.dtype().is_float() {
        return crate::wide::refuse("rrelu_out_cpu", x.dtype());
    }
    let values = x.detach().to_dtype(DType::F64)?.contiguous()?;
    let mut out = memory::alloc::<f64>(x.numel())?;
    for (o, &v) in out.iter_mut().zip(values.data::<f64>()?) {
        *o = if v <= 0.0 { g.unit_f64().mul_add(upper - lower, lower) } else { Element::from_f64(1.0) };
    }
    Ok(Some(Tensor::from_vec(out, x.shape()).to_dtype(x.dtype())?))
}
