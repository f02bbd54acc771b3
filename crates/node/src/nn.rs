//! Linear, convolution and pooling layers.

use crate::error::{Result, argument, coded};
use crate::handle::{TensorHandle, optional};
use crate::options::{Int, size, sizes};
use candlewick_layers::{AvgPoolConfig, ConvConfig, MaxPoolConfig};
use candlewick_tensor::{Error, Tensor};
use napi_derive::napi;

fn one(r: candlewick_tensor::Result<Tensor>) -> Result<TensorHandle> {
    coded(r.map(Into::into))
}

/// One number for both dimensions, or two.
fn pair(list: &[Int]) -> candlewick_tensor::Result<[usize; 2]> {
    match sizes(list)?.as_slice() {
        [n] => Ok([*n, *n]),
        [a, b] => Ok([*a, *b]),
        other => Err(Error::Argument(format!("expected one integer or a pair, received {other:?}"))),
    }
}

/// x W^T + b
#[napi(catch_unwind)]
pub fn linear(x: TensorHandle, w: TensorHandle, b: Option<TensorHandle>) -> Result<TensorHandle> {
    one(candlewick_layers::linear(&x, &w, optional(&b)))
}

/// Convolution in 1, 2 or 3 dimensions; each list has one number or one per dimension.
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
    if !(1..=3).contains(&spatial) {
        return argument(format!("conv: expected 1, 2 or 3 dimensions, received {spatial}"));
    }
    one((|| {
        let c = ConvConfig {
            stride: sizes(&stride)?,
            padding: sizes(&padding)?,
            dilation: sizes(&dilation)?,
            groups: size(groups)?,
        };
        candlewick_layers::conv(&x, &w, optional(&b), spatial as usize, &c)
    })())
}

/// The maxima of the windows and their positions (int64).
#[napi(catch_unwind, js_name = "maxPool2d", ts_return_type = "[TensorHandle, TensorHandle]")]
pub fn max_pool2d(
    x: TensorHandle,
    kernel: Vec<Int>,
    stride: Vec<Int>,
    padding: Vec<Int>,
    dilation: Vec<Int>,
    ceil_mode: bool,
) -> Result<Vec<TensorHandle>> {
    coded((|| {
        let c = MaxPoolConfig {
            kernel: pair(&kernel)?,
            stride: pair(&stride)?,
            padding: pair(&padding)?,
            dilation: pair(&dilation)?,
            ceil_mode,
        };
        let (y, places) = candlewick_layers::max_pool2d(&x, &c)?;
        Ok(vec![y.into(), places.into()])
    })())
}

/// The means of the windows.
#[napi(catch_unwind, js_name = "avgPool2d")]
pub fn avg_pool2d(
    x: TensorHandle,
    kernel: Vec<Int>,
    stride: Vec<Int>,
    padding: Vec<Int>,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor_override: Option<Int>,
) -> Result<TensorHandle> {
    one((|| {
        let divisor = divisor_override.map(size).transpose()?;
        let c = AvgPoolConfig {
            kernel: pair(&kernel)?,
            stride: pair(&stride)?,
            padding: pair(&padding)?,
            ceil_mode,
            count_include_pad,
            divisor,
        };
        candlewick_layers::avg_pool2d(&x, &c)
    })())
}

/// The means of a fixed number of bins; null keeps an extent.
#[napi(catch_unwind, js_name = "adaptiveAvgPool2d")]
pub fn adaptive_avg_pool2d(x: TensorHandle, output: Vec<Option<Int>>) -> Result<TensorHandle> {
    one((|| {
        let read = |i: Option<Int>| i.map(size).transpose();
        match output.as_slice() {
            [n] => candlewick_layers::adaptive_avg_pool2d(&x, [read(*n)?, read(*n)?]),
            [a, b] => candlewick_layers::adaptive_avg_pool2d(&x, [read(*a)?, read(*b)?]),
            _ => Err(Error::Argument("adaptive_avg_pool2d: output_size must be 2".into())),
        }
    })())
}
