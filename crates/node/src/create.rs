//! Making tensors.

use crate::error::{Result, argument, coded};
use crate::handle::TensorHandle;
use crate::options::{ArrayView, Dtype, Int, Kind, Number, dtype, dtype_or_default, size, sizes};
use candlewick_tensor::{Bool, DType, Element, Scalar, Tensor, memory, ops};
use napi_derive::napi;

/// Copies a typed array into a tensor of this shape; the elements are converted to `dtype` (bool: any Uint8Array).
#[napi(
    catch_unwind,
    ts_args_type = "data: Float32Array | Float64Array | BigInt64Array | Int32Array | Int16Array | Int8Array | Uint8Array | Uint8ClampedArray | Uint16Array, shape: Array<Int>, dtype?: Dtype | undefined | null"
)]
pub fn from_typed_array(data: ArrayView, shape: Vec<Int>, dtype: Option<Dtype>) -> Result<TensorHandle> {
    fn copy<T: Element>(v: &[T], shape: &[usize], to: Option<Dtype>) -> candlewick_tensor::Result<Tensor> {
        let mut out = memory::alloc::<T>(v.len())?;
        out.copy_from_slice(v);
        let t = Tensor::new(out, shape)?;
        to.map_or(Ok(t.clone()), |d| t.to_dtype(d.0))
    }
    coded((|| {
        let shape = sizes(&shape)?;
        let t = match (data.kind, dtype.map(|d| d.0)) {
            (Kind::F32, _) => copy(data.slice::<f32>(), &shape, dtype),
            (Kind::F64, _) => copy(data.slice::<f64>(), &shape, dtype),
            (Kind::I64, _) => copy(data.slice::<i64>(), &shape, dtype),
            (Kind::I32, _) => copy(data.slice::<i32>(), &shape, dtype),
            (Kind::I16, _) => copy(data.slice::<i16>(), &shape, dtype),
            (Kind::I8, _) => copy(data.slice::<i8>(), &shape, dtype),
            (Kind::U8, Some(DType::Bool)) => {
                copy(&data.slice::<u8>().iter().map(|&b| Bool::from(b != 0)).collect::<Vec<_>>(), &shape, None)
            }
            (Kind::U8, _) => copy(data.slice::<u8>(), &shape, dtype),
            (Kind::U16, Some(d @ (DType::F16 | DType::BF16))) => from_bits(data.slice::<u16>(), &shape, d),
            (Kind::U16, _) => copy(&data.slice::<u16>().iter().map(|&v| v as i32).collect::<Vec<_>>(), &shape, dtype),
        };
        Ok(t?.into())
    })())
}

/// The raw bits of half-precision numbers.
fn from_bits(bits: &[u16], shape: &[usize], d: DType) -> candlewick_tensor::Result<Tensor> {
    let wide = |b: u16| match d {
        DType::BF16 => f32::from_bits((b as u32) << 16),
        _ => candlewick_tensor::f16_from_bits(b),
    };
    Tensor::new(bits.iter().map(|&b| wide(b)).collect(), shape)?.to_dtype(d)
}

/// A tensor whose values nobody has set (zeros).
#[napi(catch_unwind)]
pub fn empty(shape: Vec<Int>, dtype: Option<Dtype>) -> Result<TensorHandle> {
    full(shape, Number(Scalar::Int(0)), Some(Dtype(dtype_or_default(dtype))))
}

/// A tensor of one value; without a dtype the value's kind decides.
#[napi(catch_unwind, ts_args_type = "shape: Array<Int>, value: Scalar, dtype?: Dtype | undefined | null")]
pub fn full(shape: Vec<Int>, value: Number, dtype: Option<Dtype>) -> Result<TensorHandle> {
    let natural = match value.0 {
        Scalar::Bool(_) => DType::Bool,
        Scalar::Int(_) => DType::I64,
        Scalar::Float(_) => dtype_or_default(None),
    };
    let d = dtype.map_or(natural, |d| d.0);
    coded(sizes(&shape).and_then(|s| Tensor::full(&s, value.0, d)).map(Into::into))
}

/// As `empty`, with another tensor's shape and stride order.
#[napi(catch_unwind)]
pub fn empty_like(x: TensorHandle, dtype: Option<Dtype>) -> Result<TensorHandle> {
    full_like(x, Number(Scalar::Int(0)), dtype)
}

/// As `full`, with another tensor's shape, stride order and (without a dtype) dtype.
#[napi(catch_unwind, ts_args_type = "x: TensorHandle, value: Scalar, dtype?: Dtype | undefined | null")]
pub fn full_like(x: TensorHandle, value: Number, dtype: Option<Dtype>) -> Result<TensorHandle> {
    let d = dtype.map_or(x.dtype(), |d| d.0);
    coded(x.full_like(value.0, d).map(Into::into))
}

/// start, start + step, ... below end.
#[napi(catch_unwind, ts_args_type = "start: Scalar, end: Scalar, step: Scalar, dtype?: Dtype | undefined | null")]
pub fn arange(start: Number, end: Number, step: Number, dtype_: Option<Dtype>) -> Result<TensorHandle> {
    coded(ops::arange(start.0, end.0, step.0, dtype(dtype_)).map(Into::into))
}

fn check_steps(steps: Int) -> Result<()> {
    if steps.0 < 0 { argument("number of steps must be non-negative") } else { Ok(()) }
}

/// `steps` values evenly from start to end.
#[napi(catch_unwind)]
pub fn linspace(start: f64, end: f64, steps: Int, dtype_: Option<Dtype>) -> Result<TensorHandle> {
    check_steps(steps)?;
    coded(size(steps).and_then(|n| ops::linspace(start, end, n, dtype(dtype_))).map(Into::into))
}

/// Ones on the diagonal of an n x m matrix.
#[napi(catch_unwind)]
pub fn eye(n: Int, m: Int, dtype_: Option<Dtype>) -> Result<TensorHandle> {
    for (name, v) in [("n", n.0), ("m", m.0)] {
        if v < 0 {
            return argument(format!("{name} must be greater or equal to 0, got {v}"));
        }
    }
    coded((|| Ok(ops::eye(size(n)?, size(m)?, dtype(dtype_))?.into()))())
}

/// Powers of `base` with evenly spaced exponents.
#[napi(catch_unwind)]
pub fn logspace(start: f64, end: f64, steps: Int, base: f64, dtype: Option<Dtype>) -> Result<TensorHandle> {
    check_steps(steps)?;
    coded(size(steps).and_then(|n| ops::logspace(start, end, n, base, dtype.map(|d| d.0))).map(Into::into))
}
