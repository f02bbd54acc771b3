//! Max pooling: the largest value of each window, and where it was.

use crate::spatial::{Planes, check_filled, listable, moved, numel};
use crate::wide::{is_half, refuse, wide};
use crate::window::{PoolConfig, Windows};
use candlewick_kernels::entries::{Moved, Pooled};
use candlewick_kernels::pooling::Axis;
use candlewick_tensor::autograd::Tape;
use candlewick_tensor::ops::{gather, reshape, rounded};
use candlewick_tensor::{DType, Element, Error, Result, Tensor, memory};

/// The names of nodes by the number of spatial dimensions. PyTorch pools one dimension as two and squeezes.
const SLIDING: [&str; 3] = ["SqueezeBackward1", "MaxPool2DWithIndicesBackward0", "MaxPool3DWithIndicesBackward0"];
const ADAPTIVE: [&str; 3] = ["SqueezeBackward1", "AdaptiveMaxPool2DBackward0", "AdaptiveMaxPool3DBackward0"];

/// The maxima of x [N, C, ...] (or [C, ...]) over sliding windows of the last `spatial` dimensions, and their int64 positions
/// in each plane. Of equal values the first wins; NaN wins over all.
pub fn max_pool(x: &Tensor, spatial: usize, c: &PoolConfig) -> Result<(Tensor, Tensor)> {
    let op = format!("max_pool{spatial}d");
    let w = Windows::of(&op, x, spatial, c)?;
    maxima(SLIDING[spatial - 1], &op, x, &w.planes, w.output, || w.axes())
}

/// The maxima of `size` bins a dimension (None keeps the extent), and their positions.
pub fn adaptive_max_pool(x: &Tensor, size: &[Option<usize>]) -> Result<(Tensor, Tensor)> {
    let (spatial, op) = (size.len(), format!("adaptive_max_pool{}d", size.len()));
    check_filled(&op, x, spatial)?;
    let planes = Planes::of(x, spatial);
    let output = bins(&planes, size);
    if !x.dtype().is_float() {
        return refuse(&op, x.dtype());
    }
    let axes = || std::array::from_fn(|i| Axis::adaptive(planes.size[i], output[i]));
    maxima(ADAPTIVE[spatial - 1], &op, x, &planes, output, axes)
}

/// The sizes that adaptive pooling was asked for.
pub(crate) fn bins(planes: &Planes, size: &[Option<usize>]) -> [usize; 3] {
    std::array::from_fn(|i| match (i + size.len()).checked_sub(3) {
        Some(d) => size[d].unwrap_or(planes.size[i]),
        None => 1,
    })
}

/// Maxima over windows; `axes` is called once the output has its memory.
fn maxima(
    name: &'static str,
    op: &str,
    x: &Tensor,
    planes: &Planes,
    output: [usize; 3],
    axes: impl FnOnce() -> [Axis; 3],
) -> Result<(Tensor, Tensor)> {
    let computing = x.dtype().computing();
    if x.dtype() != computing && x.dtype() != DType::Bool {
        let (y, at) = maxima(name, op, &x.to_dtype(computing)?, planes, output, axes)?;
        return Ok((rounded(&y, x.dtype())?, at));
    }
    let x = x.contiguous()?;
    let dims = planes.dims(output);
    let mut places = memory::alloc::<i64>(numel(op, &dims)?)?;
    listable(output, 3)?;
    let y = match x.dtype() {
        DType::F32 => largest::<f32>(&x, planes.count, &dims, axes, &mut places),
        DType::F64 => largest::<f64>(&x, planes.count, &dims, axes, &mut places),
        DType::I64 => largest::<i64>(&x, planes.count, &dims, axes, &mut places),
        d => refuse(op, d),
    }?;
    let places = Tensor::from_vec(places, &dims);
    let planes = planes.clone();
    let y = Tape::of(name, &[&x])
        .keep(&places)
        .record(y, move |c| c.each(&[&|| put(name, &c.gy()?, None, &c.saved(0)?, &planes)]))?;
    Ok((y, places))
}

fn largest<T: Element + Pooled<T>>(
    x: &Tensor,
    planes: usize,
    dims: &[usize],
    axes: impl FnOnce() -> [Axis; 3],
    places: &mut [i64],
) -> Result<Tensor> {
    let mut y = memory::alloc::<T>(places.len())?;
    if !y.is_empty() {
        T::max_pool(planes, &axes(), x.data::<T>()?, &mut y, places);
    }
    Ok(Tensor::from_vec(y, dims))
}

/// Sends g to the places that won, which lie inside: the gradient of a maximum at x. It does not change with x.
pub(crate) fn put(
    name: &'static str,
    g: &Tensor,
    x: Option<&Tensor>,
    places: &Tensor,
    planes: &Planes,
) -> Result<Tensor> {
    let (g, places) = (g.contiguous()?, places.contiguous()?);
    let dims = planes.dims(planes.size);
    let area = planes.size.iter().product();
    let dx = wide!("max_pool_backward", g.dtype(), T => {
        let mut dx = memory::alloc::<T>(numel("max_pool_backward", &dims)?)?;
        let from = g.numel().checked_div(planes.count).unwrap_or(0);
        T::max_pool_backward(planes.count, area, from, g.data::<T>()?, places.data::<i64>()?, &mut dx);
        Tensor::from_vec(dx, &dims)
    });
    let planes = planes.count;
    let inputs: Vec<&Tensor> = [Some(&g), x].into_iter().flatten().collect();
    Tape::of(name, &inputs)
        .keep(&places)
        .record(dx, move |c| c.each(&[&|| take(&c.gy()?, &c.saved(0)?, planes), &|| c.gy()?.zeros_like()]))
}

/// The elements of every plane of x at these places: the gradient of [`put`], and of [`max_unpool`].
fn take(x: &Tensor, places: &Tensor, planes: usize) -> Result<Tensor> {
    let rows = |t: &Tensor| reshape(t, &[planes as i64, t.numel().checked_div(planes).unwrap_or(0) as i64]);
    let dims: Vec<i64> = places.shape().iter().map(|&d| d as i64).collect();
    reshape(&gather(&rows(x)?, 1, &rows(places)?)?, &dims)
}

/// The gradient of [`max_pool`] for the gradient `g` of its values and the positions that it gave.
pub fn max_pool_backward(g: &Tensor, x: &Tensor, spatial: usize, c: &PoolConfig, places: &Tensor) -> Result<Tensor> {
    let w = Windows::of(&format!("max_pool{spatial}d"), x, spatial, c)?;
    let dims = w.planes.dims(w.output);
    if g.shape() != dims || places.shape() != dims {
        return Err(Error::Shape(format!(
            "max_pool{spatial}d_with_indices_backward: expected grad_output and indices of shape {dims:?}, received {:?} and {:?}",
            g.shape(),
            places.shape()
        )));
    }
    check_places(places, &w.planes.size, spatial)?;
    if is_half(g.dtype()) {
        return crate::wide::in_f32(g, |g| max_pool_backward(g, x, spatial, c, places));
    }
    put(SLIDING[spatial - 1], g, Some(x), places, &w.planes)
}

fn check_places(places: &Tensor, size: &[usize; 3], spatial: usize) -> Result<()> {
    if places.dtype() != DType::I64 {
        let title = places.dtype().title();
        return Err(Error::DType(format!("elements in indices should be type int64 but got: {title}")));
    }
    let area = size.iter().product::<usize>() as i64;
    match places.contiguous()?.data::<i64>()?.iter().find(|&&i| i < 0 || i >= area) {
        Some(i) => Err(Error::Index(format!(
            "Found an invalid max index: {i} (output volumes are of size {})",
            crate::wide::by(&size[3 - spatial..], "x")
        ))),
        None => Ok(()),
    }
}

/// x put back at the positions that max pooling gave, into zeros of the given size. Of several at one place the last stays.
pub fn max_unpool(x: &Tensor, places: &Tensor, size: &[usize]) -> Result<Tensor> {
    let spatial = size.len();
    let op = format!("max_unpooling{spatial}d_forward_out_cpu");
    if ![spatial + 1, spatial + 2].contains(&x.rank()) {
        return Err(Error::Shape(format!(
            "Input to max_unpooling{spatial}d should be a {}d or {}d Tensor, but got a tensor with {} dimensions.",
            spatial + 1,
            spatial + 2,
            x.rank()
        )));
    }
    if places.shape() != x.shape() {
        return Err(Error::Shape(format!(
            "Expected shape of indices to be same as that of the input tensor ({:?}) but got indices tensor with shape: {:?}",
            x.shape(),
            places.shape()
        )));
    }
    check_filled(&op, x, spatial)?;
    let output = crate::spatial::three(size, 1);
    check_places(places, &output, spatial)?;
    if is_half(x.dtype()) {
        return crate::wide::in_f32(x, |x| max_unpool(x, places, size));
    }
    let (x, places) = (x.contiguous()?, places.contiguous()?);
    let planes = Planes::of(&x, spatial);
    let dims = planes.dims(output);
    if !matches!(x.dtype(), DType::F32 | DType::F64) {
        return refuse(&format!("max_unpool{spatial}d"), x.dtype());
    }
    numel(&op, &dims)?;
    let (to, from, at) = (output.iter().product(), planes.size.iter().product(), places.data::<i64>()?);
    // SAFETY: the places are filled from x.
    let y =
        unsafe { moved!(x.dtype(), &dims, |T, y| T::max_unpool(planes.count, to, from, x.plain_data::<T>()?, at, y)) };
    let name = ["SqueezeBackward1", "MaxUnpool2DBackward0", "MaxUnpool3DBackward0"][spatial - 1];
    let count = planes.count;
    Tape::of(name, &[&x]).keep(&places).record(y, move |c| c.each(&[&|| take(&c.gy()?, &c.saved(0)?, count)]))
}
