//! Copies in another order: reversed, rolled, triangles, diagonals put into a matrix.

use super::copy::copy_;
use super::gather::index_select;
use super::select::where_;
use super::slice::picked;
use crate::autograd::Tape;
use crate::error::{argument, index, shape};
use crate::layout::{Dims, wrap_dim, wrap_dims};
use crate::{Bool, DType, Result, Scalar, Tensor, memory};

/// x with these dimensions reversed.
pub fn flip(x: &Tensor, dims: &[i64]) -> Result<Tensor> {
    let wrapped = if dims.is_empty() { Dims::new() } else { wrap_dims(Some(dims), x.rank())? };
    let mut y = super::clone(&x.detach())?;
    for &d in &wrapped {
        let n = x.shape()[d] as i64;
        y = index_select(&y, d as i64, &Tensor::from_vec((0..n).rev().collect(), &[n as usize]))?;
    }
    let dims = dims.to_vec();
    Tape::of("FlipBackward0", &[x]).record(y, move |c| c.each(&[&|| flip(&c.gy()?, &dims)]))
}

/// Elements moved on by `shifts` along `dims`, those pushed out coming in again; without dims along all as if flat.
pub fn roll(x: &Tensor, shifts: &[i64], dims: &[i64]) -> Result<Tensor> {
    if dims.is_empty() && shifts.len() == 1 {
        let flat = roll(&super::reshape(x, &[-1])?, shifts, &[0])?;
        return super::reshape(&flat, &x.shape().iter().map(|&n| n as i64).collect::<Vec<_>>());
    }
    if shifts.is_empty() {
        return argument("`shifts` required");
    }
    if shifts.len() != dims.len() {
        return shape(format!("shifts and dimensions must align. shifts: {}, dims:{}", shifts.len(), dims.len()));
    }
    let mut y = super::clone(&x.detach())?;
    if x.rank() == 0 {
        return index("Dimension specified as 0 but tensor has no dimensions");
    }
    for (&by, &d) in shifts.iter().zip(dims) {
        let d = wrap_dim(d, x.rank())?;
        let n = x.shape().get(d).copied().unwrap_or(1) as i64;
        if n > 0 {
            let from = (0..n).map(|i| (i - by % n + n) % n).collect();
            y = index_select(&y, d as i64, &Tensor::from_vec(from, &[n as usize]))?;
        }
    }
    let (back, dims): (Vec<i64>, _) = (shifts.iter().map(|s| -s).collect(), dims.to_vec());
    Tape::of("RollBackward0", &[x]).record(y, move |c| c.each(&[&|| roll(&c.gy()?, &back, &dims)]))
}

/// The lower triangles of matrices, up to diagonal `k`; zeros above.
pub fn tril(x: &Tensor, k: i64) -> Result<Tensor> {
    triangle("TrilBackward0", "tril", x, k, true)
}
/// The upper triangles of matrices, from diagonal `k`; zeros below.
pub fn triu(x: &Tensor, k: i64) -> Result<Tensor> {
    triangle("TriuBackward0", "triu", x, k, false)
}
fn triangle(name: &'static str, op: &'static str, x: &Tensor, k: i64, lower: bool) -> Result<Tensor> {
    if x.rank() < 2 {
        return shape(format!("{op}: input tensor must have at least 2 dimensions"));
    }
    let (n, m) = (x.shape()[x.rank() - 2], x.shape()[x.rank() - 1]);
    let mut mask = memory::alloc::<Bool>(n * m)?;
    for (at, v) in mask.iter_mut().enumerate() {
        let over = (at % m) as i64 - (at / m) as i64;
        *v = if lower { over <= k } else { over >= k }.into();
    }
    let zero = if x.dtype() == DType::Bool { Scalar::Bool(false) } else { Scalar::Int(0) };
    let y = where_(&Tensor::from_vec(mask, &[n, m]), &x.detach(), &Tensor::number(zero))?;
    Tape::of(name, &[x]).record(y, move |c| c.each(&[&|| triangle(name, op, &c.gy()?, k, lower)]))
}

/// The diagonal `k` of the planes of dimensions `a` and `b`, as a last dimension: a view.
pub fn diagonal(x: &Tensor, k: i64, a: i64, b: i64) -> Result<Tensor> {
    let (i, j) = (wrap_dim(a, x.rank())?, wrap_dim(b, x.rank())?);
    if i == j {
        return index(format!("diagonal dimensions cannot be identical {a}, {b}"));
    }
    let (rows, cols) = (x.shape()[i] as i64, x.shape()[j] as i64);
    let (down, right) = ((-k).max(0), k.max(0));
    let n = (rows - down).min(cols - right).max(0) as usize;
    picked("DiagonalBackward0", x, move |l| {
        let mut out = l.without(i.max(j)).without(i.min(j));
        if n > 0 {
            out.offset += down as usize * l.strides[i] + right as usize * l.strides[j];
        }
        out.shape.push(n);
        out.strides.push(l.strides[i] + l.strides[j]);
        out
    })
}

/// Zeros with x's last dimension on diagonal `k` of the new dimensions `a` and `b`.
pub fn diag_embed(x: &Tensor, k: i64, a: i64, b: i64) -> Result<Tensor> {
    let rank = x.rank() + 1;
    let (i, j) = (wrap_dim(a, rank)?, wrap_dim(b, rank)?);
    if i == j {
        return index(format!("diagonal dimensions cannot be identical {a}, {b}"));
    }
    let n = x.shape().last().copied().unwrap_or(1) + k.unsigned_abs() as usize;
    let mut dims: Dims = x.shape().get(..rank - 2).unwrap_or_default().into();
    dims.insert(i.min(j), n);
    dims.insert(i.max(j), n);
    let y = Tensor::full(&dims, Scalar::Int(0), x.dtype())?;
    copy_(&diagonal(&y, k, i as i64, j as i64)?.detach(), &x.detach())?;
    y.storage().reset_version();
    let (i, j) = (i as i64, j as i64);
    Tape::of("DiagEmbedBackward0", &[x]).record(y, move |c| c.each(&[&|| diagonal(&c.gy()?, k, i, j)]))
}

/// Windows of `size` along dimension `d`, `step` apart, as a last dimension: a view.
pub fn unfold(x: &Tensor, d: i64, size: i64, step: i64) -> Result<Tensor> {
    let d = wrap_dim(d, x.rank())?;
    let n = x.shape().get(d).copied().unwrap_or(1) as i64;
    if size < 0 {
        return argument(format!("size is {size} but must be >= 0"));
    }
    if size > n {
        return argument(format!("maximum size for tensor at dimension {d} is {n} but size is {size}"));
    }
    if step <= 0 {
        return argument(format!("step is {step} but must be > 0"));
    }
    let count = ((n - size) / step + 1) as usize;
    picked("UnfoldBackward0", x, move |l| {
        let mut out = l.clone();
        let stride = out.strides.get(d).copied().unwrap_or(1);
        if d < out.rank() {
            out.shape[d] = count;
            out.strides[d] = stride * step as usize;
        }
        out.shape.push(size as usize);
        out.strides.push(stride);
        out
    })
}

/// The row and column indices of a triangle of an n x m matrix, [2, count].
pub fn triangle_indices(n: usize, m: usize, k: i64, lower: bool) -> Result<Tensor> {
    if n.max(m) >= 1 << 31 {
        return argument(format!("triangle indices: expected sizes below 2^31, received {n} and {m}"));
    }
    let width = m as i64;
    let line = |i: i64| match lower {
        true => 0..i.saturating_add(k).saturating_add(1).clamp(0, width),
        false => i.saturating_add(k).clamp(0, width)..width,
    };
    let count: usize = (0..n as i64).map(|i| line(i).count()).sum();
    let mut out = memory::alloc::<i64>(2 * count)?;
    let (rows, cols) = out.split_at_mut(count);
    let places = (0..n as i64).flat_map(|i| line(i).map(move |j| (i, j)));
    rows.iter_mut().zip(cols).zip(places).for_each(|((r, c), at)| (*r, *c) = at);
    Ok(Tensor::from_vec(out, &[2, count]))
}
