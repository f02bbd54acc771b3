//! Activations made of other operations: the gated linear unit, softsign, tanhshrink.

use super::num;
use candlewick_kernels::elementwise::activation::Gate;
use candlewick_tensor::autograd::Tape;
use candlewick_tensor::ops::{self, abs, add, cat, div, mul, narrow, sigmoid, sub, tanh};
use candlewick_tensor::{Error, Result, Tensor};

/// a sigmoid(b), where a and b are the halves of x along dimension `d`.   [Dauphin et al. 2016]
/// Errors: an odd size.
pub fn glu(x: &Tensor, d: i64) -> Result<Tensor> {
    if x.rank() == 0 {
        return Err(Error::Shape("glu does not support scalars because halving size must be even".into()));
    }
    let rank = x.rank() as i64;
    if d < -rank || d >= rank {
        return Err(Error::Index(format!(
            "Dimension out of range (expected to be in range of [{}, {}], but got {d})",
            -rank,
            rank - 1
        )));
    }
    let d = d.rem_euclid(rank);
    let n = x.shape()[d as usize] as i64;
    if n % 2 != 0 {
        return Err(Error::Shape(format!("Halving dimension must be even, but dimension {d} is size {n}")));
    }
    let halves =
        move |x: &Tensor| -> Result<(Tensor, Tensor)> { Ok((narrow(x, d, 0, n / 2)?, narrow(x, d, n / 2, n / 2)?)) };
    let (a, b) = halves(&x.detach())?;
    let y = ops::zip("glu_cpu", &a, &b, &Gate)?;
    Tape::of("GluBackward0", &[x]).keep(x).record(y, move |c| {
        c.each(&[&|| {
            let (gy, (a, b)) = (c.gy()?, halves(&c.saved(0)?)?);
            let s = sigmoid(&b)?;
            let open = mul(&gy, &s)?;
            let gate = mul(&mul(&open, &a)?, &sub(&num(1.0), &s)?)?;
            cat(&[open, gate], d)
        }])
    })
}

/// x / (1 + |x|)
pub fn softsign(x: &Tensor) -> Result<Tensor> {
    div(x, &add(&abs(x)?, &num(1.0))?)
}

/// x - tanh(x)
pub fn tanhshrink(x: &Tensor) -> Result<Tensor> {
    sub(x, &tanh(x)?)
}
