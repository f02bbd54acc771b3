//! Matrix products. Transposed and strided operands are read in place: their strides go to the kernel.

use super::binary::mul;
use super::copy::to_dtype;
use super::view::{expand, reshape, squeeze, t, transpose, unsafe_view, unsqueeze};
use crate::autograd::Tape;
use crate::error::{dtype, shape};
use crate::iter::pieces;
use crate::layout::broadcast;
use crate::{DType, Element, Layout, Result, Tensor, memory};
use candlewick_kernels::entries::Kernels;
use candlewick_kernels::gemm::Mat;

fn same_dtype(a: &Tensor, b: &Tensor) -> Result<()> {
    if a.dtype() != b.dtype() {
        return dtype(format!(
            "expected m1 and m2 to have the same dtype, but got: {} != {}",
            a.dtype().cname(),
            b.dtype().cname()
        ));
    }
    Ok(())
}

/// Matrix number `i` of a tensor whose last two dimensions are matrices; a matrix is the only one.
fn matrix<'a, T: Element>(x: &'a Tensor, i: usize) -> Result<Mat<'a, T>> {
    let r = x.rank();
    let (row, col) = (x.strides()[r - 2], x.strides()[r - 1]);
    let start = x.layout().offset + if r > 2 { i * x.strides()[0] } else { 0 };
    Ok(Mat { data: &x.storage().slice::<T>()?[start..], row, col })
}

type Gemm<T> = fn(usize, usize, usize, Mat<T>, Mat<T>, &mut [T], usize, bool);

/// The products of m x k and k x n matrices, [batch, m, n]. The half types are computed in float32, integers in int64.
fn products(batch: usize, a: &Tensor, b: &Tensor, [m, n, k]: [usize; 3]) -> Result<Tensor> {
    let dtype = a.dtype();
    if dtype == DType::Bool {
        return crate::error::dtype("\"addmm_impl_cpu_\" not implemented for 'Bool'");
    }
    let (a, b) = (to_dtype(&a.detach(), dtype.computing())?, to_dtype(&b.detach(), dtype.computing())?);
    let y = match a.dtype() {
        DType::F32 => each::<f32>(batch, &a, &b, [m, n, k], f32::gemm),
        DType::F64 => each::<f64>(batch, &a, &b, [m, n, k], f64::gemm),
        _ => each::<i64>(batch, &a, &b, [m, n, k], whole),
    };
    to_dtype(&y?, dtype)
}

fn each<T: Element>(batch: usize, a: &Tensor, b: &Tensor, [m, n, k]: [usize; 3], gemm: Gemm<T>) -> Result<Tensor> {
    let mut out = memory::alloc::<T>(batch * m * n)?;
    if k == 0 {
        out.fill(T::default());
    } else if m * n > 0 {
        for (i, c) in out.chunks_exact_mut(m * n).enumerate() {
            gemm(m, n, k, matrix(a, i)?, matrix(b, i)?, c, n, false);
        }
    }
    Ok(Tensor::from_vec(out, &[batch, m, n]))
}

/// The definition, for integers.
fn whole(_: usize, n: usize, k: usize, a: Mat<i64>, b: Mat<i64>, c: &mut [i64], _: usize, _: bool) {
    pieces(c, (1 << 14) / k.max(1) + 1, |start, c| {
        for (at, c) in c.iter_mut().enumerate() {
            let (i, j) = ((start + at) / n, (start + at) % n);
            let product = |l: usize| a.data[i * a.row + l * a.col].wrapping_mul(b.data[l * b.row + j * b.col]);
            *c = (0..k).fold(0, |s, l| s.wrapping_add(product(l)));
        }
    })
}

/// The product of two matrices.
pub fn mm(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    if a.rank() != 2 || b.rank() != 2 {
        let (what, rank) = if a.rank() != 2 { ("self", a.rank()) } else { ("mat2", b.rank()) };
        return shape(format!("mm: {what} must be a matrix, got {rank}-D tensor"));
    }
    check_inner(a, b)?;
    same_dtype(a, b)?;
    let (m, k, n) = (a.shape()[0], a.shape()[1], b.shape()[1]);
    let y = products(1, a, b, [m, n, k])?;
    let y = y.with_view(Layout::contiguous(&[m, n]));
    Tape::of("MmBackward0", &[a, b])
        .keep(a)
        .keep(b)
        .record(y, |c| c.each(&[&|| mm(&c.gy()?, &t(&c.saved(1)?)?), &|| mm(&t(&c.saved(0)?)?, &c.gy()?)]))
}

fn check_inner(a: &Tensor, b: &Tensor) -> Result<()> {
    let (p, q) = (a.shape(), b.shape());
    if p[1] != q[0] {
        return shape(format!("mat1 and mat2 shapes cannot be multiplied ({}x{} and {}x{})", p[0], p[1], q[0], q[1]));
    }
    Ok(())
}

/// The products of matrices in two batches.
pub fn bmm(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    if a.rank() != 3 || b.rank() != 3 {
        return shape(if a.rank() != 3 { "batch1 must be a 3D tensor" } else { "batch2 must be a 3D tensor" });
    }
    same_dtype(a, b)?;
    let (p, q) = (a.shape(), b.shape());
    if p[0] != q[0] || p[2] != q[1] {
        return shape(format!(
            "Expected size for first two dimensions of batch2 tensor to be: [{}, {}] but got: [{}, {}].",
            p[0], p[2], q[0], q[1]
        ));
    }
    let y = products(p[0], a, b, [p[1], q[2], p[2]])?;
    Tape::of("BmmBackward0", &[a, b]).keep(a).keep(b).record(y, |c| {
        c.each(&[&|| bmm(&c.gy()?, &transpose(&c.saved(1)?, 1, 2)?), &|| {
            bmm(&transpose(&c.saved(0)?, 1, 2)?, &c.gy()?)
        }])
    })
}

/// A matrix times a vector.
pub fn mv(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    if a.rank() != 2 || b.rank() != 1 {
        return shape(format!("vector + matrix @ vector expected, got {}, {}, {}", 1, a.rank(), b.rank()));
    }
    if a.shape()[1] != b.shape()[0] {
        return shape(format!(
            "size mismatch, got input ({}), mat ({}x{}), vec ({})",
            a.shape()[0],
            a.shape()[0],
            a.shape()[1],
            b.shape()[0]
        ));
    }
    let y = reshape(&mm(&a.detach(), &reshape(&b.detach(), &[-1, 1])?)?, &[-1])?;
    Tape::of("MvBackward0", &[a, b]).keep(a).keep(b).record(y.alias(), |c| {
        c.each(&[&|| mul(&unsqueeze(&c.gy()?, 1)?, &c.saved(1)?), &|| mv(&t(&c.saved(0)?)?, &c.gy()?)])
    })
}

/// The inner product of two vectors.
pub fn dot(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    if a.rank() != 1 || b.rank() != 1 {
        return shape(format!("1D tensors expected, but got {}D and {}D tensors", a.rank(), b.rank()));
    }
    if a.shape() != b.shape() {
        return shape(format!(
            "inconsistent tensor size, expected tensor [{}] and src [{}] to have the same number of elements, but got {} and {} elements respectively",
            a.numel(),
            b.numel(),
            a.numel(),
            b.numel()
        ));
    }
    let y = reshape(&mm(&reshape(&a.detach(), &[1, -1])?, &reshape(&b.detach(), &[-1, 1])?)?, &[])?;
    Tape::of("DotBackward0", &[a, b])
        .keep(a)
        .keep(b)
        .record(y.alias(), |c| c.each(&[&|| mul(&c.gy()?, &c.saved(1)?), &|| mul(&c.gy()?, &c.saved(0)?)]))
}

/// The product as `@` defines it: vectors, matrices, and batches that broadcast.
pub fn matmul(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    match (a.rank(), b.rank()) {
        (0, _) | (_, 0) => shape(format!(
            "both arguments to matmul need to be at least 1D, but they are {}D and {}D",
            a.rank(),
            b.rank()
        )),
        (1, 1) => dot(a, b),
        (2, 2) => mm(a, b),
        (2, 1) => mv(a, b),
        (1, 2) => squeeze(&mm(&unsqueeze(a, 0)?, b)?, Some(&[0])),
        // A batch times one matrix is one tall matrix product.
        (n, 2) if n > 2 => {
            let k = a.shape()[n - 1] as i64;
            let rows = reshape(a, &[a.shape()[..n - 1].iter().product::<usize>() as i64, k])?;
            let mut dims: Vec<i64> = a.shape()[..n - 1].iter().map(|&d| d as i64).collect();
            dims.push(b.shape()[1] as i64);
            unsafe_view(&mm(&rows, b)?, &dims)
        }
        _ => batched(a, b),
    }
}

fn batched(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let wide_a = if a.rank() == 1 { reshape(a, &[1, -1])? } else { a.clone() };
    let wide_b = if b.rank() == 1 { reshape(b, &[-1, 1])? } else { b.clone() };
    let (ra, rb) = (wide_a.rank(), wide_b.rank());
    let lead = broadcast(&wide_a.shape()[..ra - 2], &wide_b.shape()[..rb - 2])?;
    let lead: Vec<i64> = lead.iter().map(|&d| d as i64).collect();
    let flat = |x: &Tensor| -> Result<Tensor> {
        let last: Vec<i64> = x.shape()[x.rank() - 2..].iter().map(|&d| d as i64).collect();
        let wide = expand(x, &[&lead[..], &last[..]].concat())?;
        reshape(&wide, &[lead.iter().product::<i64>(), last[0], last[1]])
    };
    let y = bmm(&flat(&wide_a)?, &flat(&wide_b)?)?;
    let mut dims = lead;
    dims.extend((a.rank() > 1).then(|| y.shape()[1] as i64));
    dims.extend((b.rank() > 1).then(|| y.shape()[2] as i64));
    unsafe_view(&y, &dims)
}
