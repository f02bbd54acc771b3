//! Layers over images and sequences. `spatial` is the number of dimensions that they slide over; lists have one number for
//! all of them or one for each.

use crate::error::{Result, argument};
use crate::handle::{TensorHandle, optional};
use crate::options::{Int, Number, ints, size, sizes};
use crate::random::with;
use crate::reply::{one, pair};
use candlewick_layers::{AvgPoolConfig, ConvConfig, FoldConfig, GridConfig, InterpolateConfig, PadMode, PoolConfig};
use candlewick_tensor::Error;
use napi_derive::napi;

type Inner<T> = candlewick_tensor::Result<T>;

fn dimensions(spatial: u32) -> Result<usize> {
    match spatial {
        1..=3 => Ok(spatial as usize),
        _ => argument(format!("expected 1, 2 or 3 dimensions, received {spatial}")),
    }
}

/// Sizes of which none is negative; `what` is PyTorch's word for them.
fn natural(what: &str, list: &[Int]) -> Inner<Vec<usize>> {
    match list.iter().find(|n| n.0 < 0) {
        Some(_) => Err(Error::Shape(format!("{what} is not supported"))),
        None => sizes(list),
    }
}

fn conv_config(stride: &[Int], padding: &[Int], dilation: &[Int], groups: Int) -> Inner<ConvConfig> {
    let groups = natural("non-positive groups", &[groups])?[0];
    let (stride, padding) = (natural("non-positive stride", stride)?, natural("negative padding", padding)?);
    Ok(ConvConfig { stride, padding, dilation: natural("negative dilation", dilation)?, groups })
}

/// Convolution.
#[napi(catch_unwind)]
pub fn conv(
    x: TensorHandle,
    w: TensorHandle,
    b: Option<TensorHandle>,
    spatial: u32,
    stride: Vec<Int>,
    padding: Vec<Int>,
    dilation: Vec<Int>,
    groups: Int,
) -> Result<TensorHandle> {
    let n = dimensions(spatial)?;
    one(conv_config(&stride, &padding, &dilation, groups)
        .and_then(|c| candlewick_layers::conv(&x, &w, optional(&b), n, &c)))
}

/// Transposed convolution.
#[napi(catch_unwind)]
pub fn conv_transpose(
    x: TensorHandle,
    w: TensorHandle,
    b: Option<TensorHandle>,
    spatial: u32,
    stride: Vec<Int>,
    padding: Vec<Int>,
    output_padding: Vec<Int>,
    groups: Int,
    dilation: Vec<Int>,
) -> Result<TensorHandle> {
    let n = dimensions(spatial)?;
    one((|| {
        let c = conv_config(&stride, &padding, &dilation, groups)?;
        let extra = natural("negative output_padding", &output_padding)?;
        candlewick_layers::conv_transpose(&x, &w, optional(&b), n, &c, &extra)
    })())
}

fn pool_config(
    kernel: &[Int],
    stride: &[Int],
    padding: &[Int],
    dilation: &[Int],
    ceil_mode: bool,
) -> Inner<PoolConfig> {
    if let Some(p) = padding.iter().find(|p| p.0 < 0) {
        return Err(Error::Shape(format!("pad must be non-negative, but got pad: {}", p.0)));
    }
    let (kernel, stride) = (sizes(kernel)?, sizes(stride)?);
    Ok(PoolConfig { kernel, stride, padding: sizes(padding)?, dilation: sizes(dilation)?, ceil_mode })
}

/// The maxima of the windows and their positions (int64). An empty stride is the kernel.
#[napi(catch_unwind, ts_return_type = "[TensorHandle, TensorHandle]")]
pub fn max_pool(
    x: TensorHandle,
    spatial: u32,
    kernel: Vec<Int>,
    stride: Vec<Int>,
    padding: Vec<Int>,
    dilation: Vec<Int>,
    ceil_mode: bool,
) -> Result<Vec<TensorHandle>> {
    let n = dimensions(spatial)?;
    pair(
        pool_config(&kernel, &stride, &padding, &dilation, ceil_mode)
            .and_then(|c| candlewick_layers::max_pool(&x, n, &c)),
    )
}

/// The gradient of maxPool for given positions.
#[napi(catch_unwind)]
pub fn max_pool_backward(
    g: TensorHandle,
    x: TensorHandle,
    spatial: u32,
    kernel: Vec<Int>,
    stride: Vec<Int>,
    padding: Vec<Int>,
    dilation: Vec<Int>,
    ceil_mode: bool,
    indices: TensorHandle,
) -> Result<TensorHandle> {
    let n = dimensions(spatial)?;
    one(pool_config(&kernel, &stride, &padding, &dilation, ceil_mode)
        .and_then(|c| candlewick_layers::max_pool_backward(&g, &x, n, &c, &indices)))
}

/// Values put back at the positions that maxPool gave; `output` is the spatial size.
#[napi(catch_unwind)]
pub fn max_unpool(x: TensorHandle, indices: TensorHandle, output: Vec<Int>) -> Result<TensorHandle> {
    dimensions(output.len() as u32)?;
    one(sizes(&output).and_then(|size| candlewick_layers::max_unpool(&x, &indices, &size)))
}

/// The means of the windows.
#[napi(catch_unwind)]
pub fn avg_pool(
    x: TensorHandle,
    spatial: u32,
    kernel: Vec<Int>,
    stride: Vec<Int>,
    padding: Vec<Int>,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor_override: Option<Int>,
) -> Result<TensorHandle> {
    let n = dimensions(spatial)?;
    one(pool_config(&kernel, &stride, &padding, &[Int(1)], ceil_mode).and_then(|c| {
        let divisor = divisor_override.map(|d| d.0);
        candlewick_layers::avg_pool(&x, n, &c, &AvgPoolConfig { count_include_pad, divisor })
    }))
}

/// The power means of the windows, times their size.
#[napi(catch_unwind)]
pub fn lp_pool(
    x: TensorHandle,
    spatial: u32,
    p: f64,
    kernel: Vec<Int>,
    stride: Vec<Int>,
    ceil_mode: bool,
) -> Result<TensorHandle> {
    let n = dimensions(spatial)?;
    one(pool_config(&kernel, &stride, &[Int(0)], &[Int(1)], ceil_mode)
        .and_then(|c| candlewick_layers::lp_pool(&x, p, n, &c)))
}

fn bins(output: &[Option<Int>]) -> Inner<Vec<Option<usize>>> {
    output.iter().map(|n| n.map(size).transpose()).collect()
}

/// The means of a fixed number of bins a dimension; null keeps an extent.
#[napi(catch_unwind)]
pub fn adaptive_avg_pool(x: TensorHandle, output: Vec<Option<Int>>) -> Result<TensorHandle> {
    dimensions(output.len() as u32)?;
    one(bins(&output).and_then(|output| candlewick_layers::adaptive_avg_pool(&x, &output)))
}

/// The maxima of a fixed number of bins a dimension, and their positions.
#[napi(catch_unwind, ts_return_type = "[TensorHandle, TensorHandle]")]
pub fn adaptive_max_pool(x: TensorHandle, output: Vec<Option<Int>>) -> Result<Vec<TensorHandle>> {
    dimensions(output.len() as u32)?;
    pair(bins(&output).and_then(|output| candlewick_layers::adaptive_max_pool(&x, &output)))
}

/// The maxima of windows at random places, and their positions.
#[napi(catch_unwind, ts_return_type = "[TensorHandle, TensorHandle]")]
pub fn fractional_max_pool(
    x: TensorHandle,
    kernel: Vec<Int>,
    output: Vec<Int>,
    samples: Option<TensorHandle>,
) -> Result<Vec<TensorHandle>> {
    dimensions(output.len() as u32)?;
    pair((|| {
        let (kernel, output) = (sizes(&kernel)?, sizes(&output)?);
        with(&None, |g| candlewick_layers::fractional_max_pool(&x, &kernel, &output, optional(&samples), g))
    })())
}

/// Pads by (left, right) pairs, the last dimension first.
#[napi(catch_unwind, ts_args_type = "x: TensorHandle, pads: Array<number>, mode: string, value?: Scalar | null")]
pub fn pad(x: TensorHandle, pads: Vec<Int>, mode: String, value: Option<Number>) -> Result<TensorHandle> {
    one(PadMode::parse(&mode, value.map(|v| v.0)).and_then(|mode| candlewick_layers::pad(&x, &ints(&pads), mode)))
}

/// Another size by a size (with the scale that positions follow from) or a factor.
#[napi(catch_unwind)]
pub fn interpolate(
    x: TensorHandle,
    size: Option<Vec<Int>>,
    scale: Option<Vec<f64>>,
    positions: Option<Vec<f64>>,
    mode: String,
    align_corners: Option<bool>,
    recompute: Option<bool>,
    antialias: bool,
) -> Result<TensorHandle> {
    let size = size.map(|size| ints(&size));
    one(candlewick_layers::interpolate(
        &x,
        &InterpolateConfig { size, scale, positions, mode: &mode, align_corners, recompute, antialias },
    ))
}

/// Channels become pixels.
#[napi(catch_unwind)]
pub fn pixel_shuffle(x: TensorHandle, factor: Int) -> Result<TensorHandle> {
    one(candlewick_layers::pixel_shuffle(&x, factor.0))
}

/// Pixels become channels.
#[napi(catch_unwind)]
pub fn pixel_unshuffle(x: TensorHandle, factor: Int) -> Result<TensorHandle> {
    one(candlewick_layers::pixel_unshuffle(&x, factor.0))
}

/// Groups of channels interleaved.
#[napi(catch_unwind)]
pub fn channel_shuffle(x: TensorHandle, groups: Int) -> Result<TensorHandle> {
    one(candlewick_layers::channel_shuffle(&x, groups.0))
}

fn two(name: &str, list: &[Int]) -> Inner<[i64; 2]> {
    match list {
        [n] => Ok([n.0; 2]),
        [h, w] => Ok([h.0, w.0]),
        _ => Err(Error::Shape(format!("It is expected {name} equals to 2, but got size {}", list.len()))),
    }
}

fn fold_config(kernel: &[Int], dilation: &[Int], padding: &[Int], stride: &[Int]) -> Inner<FoldConfig> {
    Ok(FoldConfig {
        kernel: two("kernel_size", kernel)?,
        dilation: two("dilation", dilation)?,
        padding: two("padding", padding)?,
        stride: two("stride", stride)?,
    })
}

/// Sliding windows as columns.
#[napi(catch_unwind, js_name = "im2col")]
pub fn im2col(
    x: TensorHandle,
    kernel: Vec<Int>,
    dilation: Vec<Int>,
    padding: Vec<Int>,
    stride: Vec<Int>,
) -> Result<TensorHandle> {
    one(fold_config(&kernel, &dilation, &padding, &stride).and_then(|c| candlewick_layers::unfold(&x, &c)))
}

/// Columns added into images.
#[napi(catch_unwind, js_name = "col2im")]
pub fn col2im(
    x: TensorHandle,
    output: Vec<Int>,
    kernel: Vec<Int>,
    dilation: Vec<Int>,
    padding: Vec<Int>,
    stride: Vec<Int>,
) -> Result<TensorHandle> {
    one((|| {
        let c = fold_config(&kernel, &dilation, &padding, &stride)?;
        candlewick_layers::fold(&x, two("output_size", &output)?, &c)
    })())
}

/// Images sampled at the points of a grid.
#[napi(catch_unwind)]
pub fn grid_sample(
    x: TensorHandle,
    grid: TensorHandle,
    mode: String,
    padding: String,
    align_corners: bool,
) -> Result<TensorHandle> {
    one(GridConfig::parse(&mode, &padding, align_corners).and_then(|c| candlewick_layers::grid_sample(&x, &grid, &c)))
}

/// The grid of affine maps.
#[napi(catch_unwind)]
pub fn affine_grid(theta: TensorHandle, size: Vec<Int>, align_corners: bool) -> Result<TensorHandle> {
    one(candlewick_layers::affine_grid(&theta, &ints(&size), align_corners))
}

/// Normalisation over neighbouring channels.
#[napi(catch_unwind)]
pub fn local_response_norm(x: TensorHandle, size: Int, alpha: f64, beta: f64, k: f64) -> Result<TensorHandle> {
    one(crate::options::size(size).and_then(|n| candlewick_layers::local_response_norm(&x, n, alpha, beta, k)))
}
