//! Local response normalisation: y_c = x_c / (k + alpha * mean over n channels around c of x^2)^beta.   [Krizhevsky et al. 2012]

use crate::avg_pool::{AvgPoolConfig, avg_pool};
use crate::pad::constant_pad;
use crate::window::PoolConfig;
use candlewick_tensor::ops::{add, div, mul, pow, reshape};
use candlewick_tensor::{Error, Result, Scalar, Tensor};

/// Normalises x [N, C, ...] over `size` neighbouring channels.
pub fn local_response_norm(x: &Tensor, size: usize, alpha: f64, beta: f64, k: f64) -> Result<Tensor> {
    if x.rank() < 3 {
        return Err(Error::Shape(format!(
            "Expected 3D or higher dimensionality                          input (got {} dimensions)",
            x.rank()
        )));
    }
    if x.numel() == 0 {
        return candlewick_tensor::ops::clone(x);
    }
    let shape: Vec<i64> = x.shape().iter().map(|&d| d as i64).collect();
    let square = reshape(&mul(x, x)?, &[shape[0], shape[1], -1])?;
    let (before, behind) = ((size / 2) as i64, (size.max(1) as i64 - 1) / 2);
    let padded = constant_pad(&square, &[0, 0, before, behind], Scalar::Int(0))?;
    let window =
        PoolConfig { kernel: vec![size, 1], stride: vec![1], padding: vec![0], dilation: vec![1], ceil_mode: false };
    let means = avg_pool(&padded, 2, &window, &AvgPoolConfig { count_include_pad: true, divisor: None })?;
    let number = |v: f64| Tensor::number(Scalar::Float(v));
    let scale = pow(&add(&mul(&reshape(&means, &shape)?, &number(alpha))?, &number(k))?, &number(beta))?;
    div(x, &scale)
}
