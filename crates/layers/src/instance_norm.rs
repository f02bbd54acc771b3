//! Instance normalisation: batch normalisation of each sample's channels alone. [Ulyanov et al. 2016]

use crate::batch_norm::{BatchNormConfig, Channels, batch_norm};
use candlewick_tensor::autograd::no_grad;
use candlewick_tensor::ops::{copy_, expand, mean, reshape};
use candlewick_tensor::{Error, Result, Tensor};

/// Normalises x [N, C, ...]; `c.training` takes the input's statistics, and the running ones then move in place by the
/// mean over the samples.
/// Errors: no running statistics where they are to be used; lengths other than C.
pub fn instance_norm(x: &Tensor, p: Channels, c: &BatchNormConfig) -> Result<Tensor> {
    if !c.training && (p.running_mean.is_none() || p.running_var.is_none()) {
        return Err(Error::Argument(
            "Expected running_mean and running_var to be defined when use_input_stats is false".into(),
        ));
    }
    if x.rank() < 2 {
        return Err(Error::Shape(format!(
            "instance_norm: expected input of at least 2 dimensions, received {:?}",
            x.shape()
        )));
    }
    let (n, channels) = (x.shape()[0] as i64, x.shape()[1] as i64);
    // Every sample's channels become channels of one sample.
    let repeated = |t: Option<&Tensor>| {
        t.map(|t| reshape(&expand(&reshape(t, &[1, -1])?, &[n, t.numel() as i64])?, &[-1])?.contiguous()).transpose()
    };
    let [running_mean, running_var, weight, bias] =
        [repeated(p.running_mean)?, repeated(p.running_var)?, repeated(p.weight)?, repeated(p.bias)?];
    let dims = |t: &Tensor| t.shape().iter().map(|&d| d as i64).collect::<Vec<_>>();
    let mut one = dims(x);
    (one[0], one[1]) = (1, n * channels);
    let q = Channels {
        running_mean: running_mean.as_ref(),
        running_var: running_var.as_ref(),
        weight: weight.as_ref(),
        bias: bias.as_ref(),
    };
    let y = batch_norm(&reshape(&x.contiguous()?, &one)?, q, c)?;
    for (running, all) in [(p.running_mean, &running_mean), (p.running_var, &running_var)] {
        if let (Some(running), Some(all)) = (running, all) {
            no_grad(|| copy_(running, &mean(&reshape(all, &[n, channels])?, Some(&[0]), false, None)?))?;
        }
    }
    reshape(&y, &dims(x))
}
