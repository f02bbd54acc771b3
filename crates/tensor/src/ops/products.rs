//! Products added to a tensor, and products of vectors.

use super::binary::{add, mul, sub};
use super::matmul::{bmm, mm, mv};
use super::reduce::{signed, sum};
use super::reorder::roll;
use super::select::where_;
use super::view::{expand, reshape, unsqueeze};
use crate::error::{argument, shape};
use crate::layout::{list, wrap_dim};
use crate::{DType, Result, Scalar, Tensor, result_type};

/// beta * input + alpha * product, the input broadcast; an input times 0 is not looked at.
fn blend(input: &Tensor, product: &Tensor, beta: Scalar, alpha: Scalar) -> Result<Tensor> {
    let common = result_type(&[input, product]);
    let scale = |x: &Tensor, by: Scalar| match by {
        Scalar::Int(1) => Ok(x.clone()),
        // The factor becomes the tensors' kind: of integers its whole part counts, of bools whether it is zero.
        by if common == DType::Bool => mul(x, &Tensor::number(Scalar::Bool(by.to_f64() != 0.0))),
        by if !common.is_float() => mul(x, &Tensor::number(Scalar::Int(by.to_i64()))),
        by => mul(x, &Tensor::number(by)),
    };
    if matches!(product.dtype(), DType::F16 | DType::BF16) && beta.to_f64() != 0.0 {
        // One rounding at the end.
        let wide = |t: &Tensor| t.to_dtype(DType::F32);
        return blend(&wide(input)?, &wide(product)?, beta, alpha)?.to_dtype(product.dtype());
    }
    let product = scale(product, alpha)?;
    let wide = expand(input, &signed(product.shape()))?;
    if beta.to_f64() == 0.0 {
        // Not looked at, but part of the graph with a gradient of zero.
        return where_(&Tensor::full(&[], Scalar::Bool(false), DType::Bool)?, &wide, &product);
    }
    add(&scale(&wide, beta)?, &product)
}

/// beta * input + alpha * a @ b
pub fn addmm(input: &Tensor, a: &Tensor, b: &Tensor, beta: Scalar, alpha: Scalar) -> Result<Tensor> {
    if a.rank() != 2 || b.rank() != 2 {
        return shape(format!("mat1 must be a matrix, got {}-D tensor", a.rank()));
    }
    blend(input, &mm(a, b)?, beta, alpha)
}
/// beta * input + alpha * (matrix @ vector)
pub fn addmv(input: &Tensor, a: &Tensor, b: &Tensor, beta: Scalar, alpha: Scalar) -> Result<Tensor> {
    if a.rank() != 2 || b.rank() != 1 || input.rank() > 1 {
        return shape(format!("vector + matrix @ vector expected, got {}, {}, {}", input.rank(), a.rank(), b.rank()));
    }
    blend(input, &mv(a, b)?, beta, alpha)
}
/// beta * input + alpha * (a outer b)
pub fn addr(input: &Tensor, a: &Tensor, b: &Tensor, beta: Scalar, alpha: Scalar) -> Result<Tensor> {
    for (name, s) in [("beta", beta), ("alpha", alpha)] {
        if matches!(s, Scalar::Float(_)) && !result_type(&[input, a, b]).is_float() {
            return crate::error::dtype(format!(
                "For integral input tensors, argument {name} must not be a floating point number."
            ));
        }
    }
    blend(input, &outer(a, b)?, beta, alpha)
}
/// beta * input + alpha * the batched products of a and b
pub fn baddbmm(input: &Tensor, a: &Tensor, b: &Tensor, beta: Scalar, alpha: Scalar) -> Result<Tensor> {
    blend(input, &bmm(a, b)?, beta, alpha)
}
/// beta * input + alpha * the sum over the batch of the products of a and b
pub fn addbmm(input: &Tensor, a: &Tensor, b: &Tensor, beta: Scalar, alpha: Scalar) -> Result<Tensor> {
    let product = sum(&bmm(a, b)?, Some(&[0]), false, Some(a.dtype()))?;
    blend(input, &product, beta, alpha)
}

/// All products of an element of a and one of b, [n, m].
pub fn outer(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    if a.rank() != 1 || b.rank() != 1 {
        let (name, t) = if a.rank() != 1 { ("self", a) } else { ("vec2", b) };
        return shape(format!("outer: Expected 1-D argument {name}, but got {}-D", t.rank()));
    }
    mul(&reshape(a, &[-1, 1])?, b)
}

/// The sum of products over the last dimensions, [..., k] x [..., k] -> [..., ...].
pub fn inner(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    if a.rank() == 0 || b.rank() == 0 {
        return mul(a, b);
    }
    let (k, l) = (a.shape()[a.rank() - 1], b.shape()[b.rank() - 1]);
    if k != l {
        return shape(format!(
            "inner() the last dimension must match on both input tensors but got shapes {} and {}",
            list(a.shape()),
            list(b.shape())
        ));
    }
    let rows = |t: &Tensor| reshape(t, &[t.shape()[..t.rank() - 1].iter().product::<usize>() as i64, k as i64]);
    let y = mm(&rows(a)?, &super::t(&rows(b)?)?)?;
    let heads = a.shape()[..a.rank() - 1].iter().chain(&b.shape()[..b.rank() - 1]);
    reshape(&y, &heads.map(|&n| n as i64).collect::<Vec<_>>())
}

/// The vector product in space, of the vectors along `d`.
pub fn cross(a: &Tensor, b: &Tensor, d: i64) -> Result<Tensor> {
    if a.rank() != b.rank() {
        return shape("linalg.cross: inputs must have the same number of dimensions.");
    }
    let at = wrap_dim(d, a.rank())?;
    if a.shape().get(at) != Some(&3) || b.shape().get(at) != Some(&3) {
        return shape(format!(
            "linalg.cross: inputs dimension {d} must have length 3. Got {} and {}",
            a.shape().get(at).unwrap_or(&1),
            b.shape().get(at).unwrap_or(&1)
        ));
    }
    let turn = |t: &Tensor, by: i64| roll(t, &[by], &[at as i64]);
    sub(&mul(&turn(a, -1)?, &turn(b, -2)?)?, &mul(&turn(a, -2)?, &turn(b, -1)?)?)
}

/// The areas under curves through points y along `d`: at places x (same shape, or one line), or `dx` apart.
pub fn trapezoid(y: &Tensor, x: Option<&Tensor>, dx: f64, d: i64, cumulative: bool) -> Result<Tensor> {
    let at = wrap_dim(d, y.rank())?;
    if y.rank() == 0 {
        return argument("trapezoid: expected at least one dimension");
    }
    let d = at as i64;
    let n = y.shape()[at] as i64;
    let pair_sum = |t: &Tensor, d: i64, f: fn(&Tensor, &Tensor) -> Result<Tensor>| -> Result<Tensor> {
        let n = t.shape()[wrap_dim(d, t.rank())?] as i64;
        f(&super::narrow(t, d, (n > 0) as i64, (n - 1).max(0))?, &super::narrow(t, d, 0, (n - 1).max(0))?)
    };
    let sides = pair_sum(y, d, add)?;
    let half = match x {
        None => mul(&sides, &Tensor::number(Scalar::Float(dx / 2.0)))?,
        Some(x) => {
            let x = if x.rank() == 1 {
                if x.shape()[0] as i64 != n {
                    return shape("trapezoid: There must be one `x` value for each sample point".to_string());
                }
                let mut line = vec![1i64; y.rank()];
                line[at] = n;
                reshape(x, &line)?
            } else if x.rank() < y.rank() {
                (x.rank()..y.rank()).try_fold(x.clone(), |x, _| unsqueeze(&x, 0))?
            } else {
                x.clone()
            };
            let back = d - y.rank() as i64;
            super::div(&mul(&pair_sum(&x, back, sub)?, &sides)?, &Tensor::number(Scalar::Int(2)))?
        }
    };
    if cumulative { super::cumsum(&half, d, None) } else { sum(&half, Some(&[d]), false, None) }
}
