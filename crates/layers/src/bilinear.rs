//! Bilinear: y = x1^T A x2 + b.

use crate::wide::list;
use candlewick_tensor::ops::{add, matmul, mul, permute, reshape, sum, unsqueeze};
use candlewick_tensor::{Error, Result, Tensor};

/// x1^T A x2 + b for each output: x1 [..., I], x2 [..., J], A [O, I, J] -> [..., O].
/// Errors: sizes that do not fit.
pub fn bilinear(x1: &Tensor, x2: &Tensor, w: &Tensor, b: Option<&Tensor>) -> Result<Tensor> {
    let wrong = |text: String| Err(Error::Shape(format!("bilinear(): {text}")));
    if w.rank() != 3 {
        return wrong(format!("expected a weight of 3 dimensions, received {}", list(w.shape())));
    }
    if x1.rank() != x2.rank() || x1.rank() == 0 {
        return wrong(format!("input dimensions do not match: got {} and {}", x1.rank(), x2.rank()));
    }
    let last = x1.rank() - 1;
    if let Some(d) = (0..last).find(|&d| x1.shape()[d] != x2.shape()[d]) {
        let (a, b) = (x1.shape()[d], x2.shape()[d]);
        return wrong(format!("input batch dimensions do not match at dim {d}: got {a} and {b}"));
    }
    let (o, i, j) = (w.shape()[0], w.shape()[1], w.shape()[2]);
    for (name, got, want) in [("input1", x1.shape()[last], i), ("input2", x2.shape()[last], j)] {
        if got != want {
            return wrong(format!("{name} size does not match weight size: got {got} but expected {want}"));
        }
    }
    if let Some(b) = b
        && b.shape() != [o]
    {
        let got = b.shape().first().copied().unwrap_or(1);
        return wrong(format!("bias size does not match weight size: got {got} but expected {o}"));
    }
    let rows: usize = x1.shape()[..last].iter().product();
    let (x1_rows, x2_rows) = (reshape(x1, &[rows as i64, i as i64])?, reshape(x2, &[rows as i64, j as i64])?);
    let by_input = reshape(&permute(w, &[1, 0, 2])?, &[i as i64, (o * j) as i64])?;
    let halfway = reshape(&matmul(&x1_rows, &by_input)?, &[rows as i64, o as i64, j as i64])?;
    let y = sum(&mul(&halfway, &unsqueeze(&x2_rows, 1)?)?, Some(&[2]), false, None)?;
    let mut dims: Vec<i64> = x1.shape()[..last].iter().map(|&d| d as i64).collect();
    dims.push(o as i64);
    let y = reshape(&y, &dims)?;
    b.map_or(Ok(y.clone()), |b| add(&y, b))
}
