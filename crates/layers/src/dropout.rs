//! Dropout: y = x * mask / (1 - p). The mask is drawn as PyTorch draws it. [Hinton et al. 2012]

use candlewick_tensor::ops::{bernoulli_, div_, mul};
use candlewick_tensor::random::Generator;
use candlewick_tensor::{Error, Result, Scalar, Tensor};

/// Zeroes elements with probability p.
pub fn dropout(x: &Tensor, p: f64, training: bool, g: &mut Generator) -> Result<Tensor> {
    masked(x, p, training, g, |x| x.zeros_like())
}

/// Zeroes whole channels, the second dimension, with probability p.
pub fn feature_dropout(x: &Tensor, p: f64, training: bool, g: &mut Generator) -> Result<Tensor> {
    if x.rank() < 2 {
        return Err(Error::Shape("Feature dropout requires at least 2 dimensions in the input".into()));
    }
    masked(x, p, training, g, |x| {
        let dims: Vec<usize> = (0..x.rank()).map(|d| if d < 2 { x.shape()[d] } else { 1 }).collect();
        Tensor::full(&dims, Scalar::Int(0), x.dtype())
    })
}

fn masked(
    x: &Tensor,
    p: f64,
    training: bool,
    g: &mut Generator,
    blank: impl Fn(&Tensor) -> Result<Tensor>,
) -> Result<Tensor> {
    if !(0.0..=1.0).contains(&p) {
        return Err(Error::Argument(format!("dropout probability has to be between 0 and 1, but got {p}")));
    }
    if !training || p == 0.0 || x.numel() == 0 {
        return Ok(x.clone());
    }
    if p == 1.0 {
        return mul(x, &Tensor::full(&[], Scalar::Int(0), x.dtype())?);
    }
    let noise = blank(&x.detach())?;
    bernoulli_(&noise, 1.0 - p, g)?;
    div_(&noise, &Tensor::number(Scalar::Float(1.0 - p)))?;
    mul(x, &noise)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_is_pytorchs() {
        let x = Tensor::from_vec((1..21).map(|i| i as f32).collect(), &[20]);
        let y = dropout(&x, 0.3, true, &mut Generator::new(0)).unwrap();
        let bits: Vec<u32> = y.data::<f32>().unwrap().iter().map(|v| v.to_bits()).collect();
        assert_eq!((bits[0], bits[1], bits[2], bits[19]), (0, 0, 0x40892492, 0));
    }
}
