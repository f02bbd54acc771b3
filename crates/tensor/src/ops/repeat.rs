//! Elements and whole tensors repeated.

use super::copy::clone;
use super::reduce::{signed, sum};
use super::view::{expand, reshape};
use crate::autograd::Tape;
use crate::error::{argument, shape};
use crate::{DType, Result, Tensor, memory};

/// x with its whole repeated along each dimension; further counts are of dimensions in front.
pub fn repeat(x: &Tensor, counts: &[i64]) -> Result<Tensor> {
    if counts.len() < x.rank() {
        return argument("Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor");
    }
    if let Some(n) = counts.iter().find(|&&n| n < 0) {
        return argument(format!("Trying to create tensor with negative dimension {n}: {counts:?}"));
    }
    let mut sizes = vec![1; counts.len() - x.rank()];
    sizes.extend(signed(x.shape()));
    let both = |of: &dyn Fn(usize) -> i64| -> Vec<i64> { (0..sizes.len()).flat_map(|i| [of(i), sizes[i]]).collect() };
    let (single, wide) = (both(&|_| 1), both(&|i| counts[i]));
    let whole: Vec<i64> = sizes.iter().zip(counts).map(|(&n, &c)| n.saturating_mul(c)).collect();
    let y = reshape(&clone(&expand(&reshape(&x.detach(), &single)?, &wide)?)?, &whole)?;
    let (counted, to): (Vec<i64>, _) = ((0..sizes.len()).map(|i| 2 * i as i64).collect(), signed(x.shape()));
    Tape::of("RepeatBackward0", &[x]).record(y.alias(), move |c| {
        c.each(&[&|| reshape(&sum(&reshape(&c.gy()?, &wide)?, Some(&counted), false, None)?, &to)])
    })
}

/// The place of each element when element `i` is repeated `repeats[i]` times.
pub fn repeat_places(repeats: &Tensor) -> Result<Tensor> {
    if !matches!(repeats.dtype(), DType::I64 | DType::I32) {
        return crate::error::dtype("repeats has to be Long or Int tensor");
    }
    if repeats.rank() > 1 {
        return shape("repeat_interleave only accept 1D vector as repeat");
    }
    let counts = super::to_dtype(&repeats.detach(), DType::I64)?.contiguous()?;
    let mut total = 0usize;
    for &n in counts.data::<i64>()? {
        match usize::try_from(n) {
            Ok(n) => total = total.saturating_add(n),
            Err(_) => return argument("repeats can not be negative"),
        }
    }
    let mut out = memory::alloc::<i64>(total)?;
    let mut rest = out.as_mut_slice();
    for (i, &n) in counts.data::<i64>()?.iter().enumerate() {
        let (here, after) = rest.split_at_mut(n as usize);
        here.fill(i as i64);
        rest = after;
    }
    Ok(Tensor::from_vec(out, &[total]))
}
