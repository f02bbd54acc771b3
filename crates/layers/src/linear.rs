//! Linear: y = x W^T + b, with x [..., in], W [out, in], b [out]; or W [in] and b [].

use crate::wide::{in_f32, is_half, wide};
use candlewick_kernels::gemm::Mat;
use candlewick_tensor::autograd::Tape;
use candlewick_tensor::ops::{add, matmul, mm, reshape, sum, t, unsafe_view};
use candlewick_tensor::{Element, Error, Result, Tensor, memory};

/// Applies the affine map to the last dimension.
/// Errors: an `in` that differs, in the words of a matrix product; dtypes that differ.
pub fn linear(x: &Tensor, w: &Tensor, b: Option<&Tensor>) -> Result<Tensor> {
    if w.rank() == 1 && b.is_none_or(|b| b.rank() == 0) {
        let y = matmul(x, w)?; // one output, without a dimension
        return b.map_or(Ok(y.clone()), |b| add(&y, b));
    }
    if w.rank() != 2 {
        return Err(Error::Shape(format!("linear: expected a weight of 2 dimensions, received {:?}", w.shape())));
    }
    if x.rank() == 0 {
        return Err(Error::Shape("both arguments to linear need to be at least 1D, but they are 0D and 2D".into()));
    }
    if is_half(x.dtype()) && x.dtype() == w.dtype() {
        let wide = |p: &Tensor| p.to_dtype(candlewick_tensor::DType::F32);
        let (w, b) = (wide(w)?, b.map(wide).transpose()?);
        return in_f32(x, |x| linear(x, &w, b.as_ref()));
    }
    if !x.dtype().is_float() && x.dtype() == w.dtype() {
        let y = matmul(x, &t(w)?)?; // integers have no fused kernel
        return b.map_or(Ok(y.clone()), |b| add(&y, b));
    }
    let (out, inner) = (w.shape()[0], w.shape()[1]);
    let last = x.shape()[x.rank() - 1];
    let rows = x.numel().checked_div(last).unwrap_or_else(|| x.shape()[..x.rank() - 1].iter().product());
    if last != inner {
        return Err(Error::Shape(format!(
            "mat1 and mat2 shapes cannot be multiplied ({rows}x{last} and {inner}x{out})"
        )));
    }
    if b.is_none() && w.dtype() != x.dtype() {
        return mm(&reshape(x, &[rows as i64, inner as i64])?, &t(w)?);
    }
    if let Some(p) = [Some(w), b].into_iter().flatten().find(|p| p.dtype() != x.dtype()) {
        let (m1, m2) = (x.dtype().title(), p.dtype().title());
        return Err(Error::DType(format!("mat1 and mat2 must have the same dtype, but got {m1} and {m2}")));
    }
    if let Some(b) = b
        && b.shape() != [out]
    {
        return Err(Error::Shape(format!("linear: expected a bias of shape [{out}], received {:?}", b.shape())));
    }
    if x.rank() == 2 {
        return rows_linear(x, w, b);
    }
    let y = rows_linear(&reshape(x, &[rows as i64, inner as i64])?, w, b)?;
    let mut dims: Vec<i64> = x.shape()[..x.rank() - 1].iter().map(|&d| d as i64).collect();
    dims.push(out as i64);
    unsafe_view(&y, &dims)
}

fn rows_linear(x: &Tensor, w: &Tensor, b: Option<&Tensor>) -> Result<Tensor> {
    let y = wide!("addmm_impl_cpu_", x.dtype(), T => forward::<T>(x, w, b))?;
    let inputs: Vec<&Tensor> = [Some(x), Some(w), b].into_iter().flatten().collect();
    let name = if b.is_some() { "AddmmBackward0" } else { "MmBackward0" };
    let tape = Tape::of(name, &inputs);
    let (need_x, need_w) = (tape.needs(0), tape.needs(1));
    // Only what a needed gradient reads is saved; the other place is taken by what is saved anyway.
    tape.keep(if need_w { x } else { w }).keep(if need_x { w } else { x }).record(y, |c| {
        let gy = c.gy()?;
        c.each(&[&|| mm(&gy, &c.saved(1)?), &|| mm(&t(&gy)?, &c.saved(0)?), &|| sum(&gy, Some(&[0]), false, None)])
    })
}

fn forward<T: Element + candlewick_kernels::float::Float>(
    x: &Tensor,
    w: &Tensor,
    b: Option<&Tensor>,
) -> Result<Tensor> {
    let (m, k, n) = (x.shape()[0], x.shape()[1], w.shape()[0]);
    let mut y = memory::alloc::<T>(m * n)?;
    let b = b.map(Tensor::contiguous).transpose()?;
    if let Some(b) = &b {
        let b = b.data::<T>()?;
        y.chunks_exact_mut(n.max(1)).for_each(|row| row.copy_from_slice(b));
    }
    if k == 0 || m * n == 0 {
        if b.is_none() {
            y.fill(T::default());
        }
        return Ok(Tensor::from_vec(y, &[m, n]));
    }
    let mat = |t: &Tensor, transposed: bool| -> Result<(usize, usize)> {
        let s = t.strides();
        Ok(if transposed { (s[1], s[0]) } else { (s[0], s[1]) })
    };
    let ((xr, xc), (wr, wc)) = (mat(x, false)?, mat(w, true)?);
    let xs = &x.storage().slice::<T>()?[x.layout().offset..];
    let ws = &w.storage().slice::<T>()?[w.layout().offset..];
    T::gemm(m, n, k, Mat { data: xs, row: xr, col: xc }, Mat { data: ws, row: wr, col: wc }, &mut y, n, b.is_some());
    Ok(Tensor::from_vec(y, &[m, n]))
}
