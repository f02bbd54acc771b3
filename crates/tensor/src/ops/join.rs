//! Joining tensors along a dimension.

use super::copy::{to_dtype, write_strided};
use super::slice::narrow;
use super::view::{squeeze, unsqueeze};
use crate::autograd::Tape;
use crate::error::{argument, shape};
use crate::layout::{Dims, wrap_dim};
use crate::{Layout, Result, Tensor, result_type};

/// The tensors one after the other along dimension `d`.
pub fn cat(xs: &[Tensor], d: i64) -> Result<Tensor> {
    joined("CatBackward0", xs, d)
}

fn joined(name: &'static str, xs: &[Tensor], d: i64) -> Result<Tensor> {
    let Some(first) = xs.iter().find(|x| x.shape() != [0]).or(xs.first()) else {
        return argument("torch.cat(): expected a non-empty list of Tensors");
    };
    if let Some(i) = xs.iter().position(|x| x.rank() == 0) {
        return shape(format!("zero-dimensional tensor (at position {i}) cannot be concatenated"));
    }
    let d = wrap_dim(d, first.rank())?;
    let refs: Vec<&Tensor> = xs.iter().collect();
    let dtype = result_type(&refs);
    let mut dims: Dims = first.shape().into();
    dims[d] = 0;
    let skipped = |x: &Tensor| x.shape() == [0] && first.shape() != [0];
    for (i, x) in xs.iter().enumerate().filter(|(_, x)| !skipped(x)) {
        if x.rank() != dims.len() {
            return shape(format!("Tensors must have same number of dimensions: got {} and {}", dims.len(), x.rank()));
        }
        if let Some(e) = (0..dims.len()).find(|&e| e != d && x.shape()[e] != dims[e]) {
            return shape(format!(
                "Sizes of tensors must match except in dimension {d}. Expected size {} but got size {} for tensor number {i} in the list.",
                first.shape()[e],
                x.shape()[e]
            ));
        }
        dims[d] += x.shape()[d];
    }
    let y = Tensor::blank(Layout::contiguous(&dims), dtype)?;
    let mut spans = vec![];
    let mut start = 0;
    for x in xs {
        let n = if skipped(x) { 0 } else { x.shape()[d] as i64 };
        if n > 0 {
            write_strided(&narrow(&y, d as i64, start, n)?.detach(), &to_dtype(&x.detach(), dtype)?)?;
        }
        spans.push((skipped(x), start, n));
        start += n;
    }
    Tape::of(name, &refs).record(y.alias(), move |c| {
        let gy = c.gy()?;
        let part = |&(skipped, start, n): &(bool, i64, i64)| match skipped {
            true => Tensor::full(&[0], crate::Scalar::Int(0), gy.dtype()).map(Some),
            false => narrow(&gy, d as i64, start, n).map(Some),
        };
        spans.iter().enumerate().map(|(i, s)| if c.needs(i) { part(s) } else { Ok(None) }).collect()
    })
}

/// The tensors, all of one shape, along a new dimension `d`.
pub fn stack(xs: &[Tensor], d: i64) -> Result<Tensor> {
    let Some(first) = xs.first() else { return argument("stack expects a non-empty TensorList") };
    if let Some((i, x)) = xs.iter().enumerate().find(|(_, x)| x.shape() != first.shape()) {
        return shape(format!(
            "stack expects each tensor to be equal size, but got {:?} at entry 0 and {:?} at entry {i}",
            first.shape(),
            x.shape()
        ));
    }
    let d = wrap_dim(d, first.rank() + 1)? as i64;
    let parts = xs.iter().map(|x| unsqueeze(&x.detach(), d)).collect::<Result<Vec<_>>>()?;
    let y = joined("StackBackward0", &parts, d)?;
    let n = xs.len();
    Tape::of("StackBackward0", &xs.iter().collect::<Vec<_>>()).record(y, move |c| {
        let gy = c.gy()?;
        (0..n)
            .map(|i| if c.needs(i) { squeeze(&narrow(&gy, d, i as i64, 1)?, Some(&[d])).map(Some) } else { Ok(None) })
            .collect()
    })
}
