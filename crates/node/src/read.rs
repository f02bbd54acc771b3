//! Looking at tensors.

use crate::error::{Result, argument, coded};
use crate::handle::TensorHandle;
use crate::options::{ArrayView, Int, Kind};
use candlewick_tensor::{DType, Element, Error, Scalar, Tensor, display as printing};
use napi::bindgen_prelude::{BigInt, Either3};
use napi_derive::napi;

/// The extent of each dimension.
#[napi(catch_unwind)]
pub fn shape(x: TensorHandle) -> Result<Vec<f64>> {
    Ok(x.shape().iter().map(|&n| n as f64).collect())
}

/// The step of each dimension, in elements.
#[napi(catch_unwind)]
pub fn strides(x: TensorHandle) -> Result<Vec<f64>> {
    Ok(x.strides().iter().map(|&n| n as f64).collect())
}

/// Where the first element lies in the storage.
#[napi(catch_unwind)]
pub fn storage_offset(x: TensorHandle) -> Result<f64> {
    Ok(x.layout().offset as f64)
}

/// The code of the dtype.
#[napi(catch_unwind)]
pub fn dtype(x: TensorHandle) -> Result<u32> {
    Ok(x.dtype() as u32)
}

/// `cpu` or `cuda:N`.
#[napi(catch_unwind)]
pub fn device(x: TensorHandle) -> Result<String> {
    Ok(x.device().to_string())
}

/// The number of elements.
#[napi(catch_unwind)]
pub fn numel(x: TensorHandle) -> Result<f64> {
    Ok(x.numel() as f64)
}

/// The number of dimensions.
#[napi(catch_unwind)]
pub fn dim(x: TensorHandle) -> Result<u32> {
    Ok(x.rank() as u32)
}

/// The extent of one dimension.
#[napi(catch_unwind)]
pub fn size(x: TensorHandle, d: Int) -> Result<f64> {
    let n = x.rank() as i64;
    if d.0 < -n || d.0 >= n {
        let (low, high) = if n == 0 { (-1, 0) } else { (-n, n - 1) };
        return coded(Err(Error::Index(format!(
            "Dimension out of range (expected to be in range of [{low}, {high}], but got {})",
            d.0
        ))));
    }
    Ok(x.shape()[d.0.rem_euclid(n) as usize] as f64)
}

/// Whether it lies row-major without gaps.
#[napi(catch_unwind)]
pub fn is_contiguous(x: TensorHandle) -> Result<bool> {
    Ok(x.is_contiguous())
}

/// A number that no other tensor has.
#[napi(catch_unwind)]
pub fn id(x: TensorHandle) -> Result<f64> {
    Ok(x.id() as f64)
}

/// The value of a tensor of one element: int64 as bigint, bool as boolean, else a number.
#[napi(catch_unwind)]
pub fn item(x: TensorHandle) -> Result<Either3<f64, bool, BigInt>> {
    Ok(match coded(x.item())? {
        Scalar::Float(v) => Either3::A(v),
        Scalar::Bool(b) => Either3::B(b),
        Scalar::Int(i) if x.dtype() == DType::I64 => Either3::C(BigInt::from(i)),
        Scalar::Int(i) => Either3::A(i as f64),
    })
}

/// Writes the elements, row-major, into a typed array of the dtype's kind (float16, bfloat16: Float32Array, or their bits into a
/// Uint16Array; bool: Uint8Array) or, converted, into a Float64Array.
#[napi(
    catch_unwind,
    ts_args_type = "x: TensorHandle, out: Float32Array | Float64Array | BigInt64Array | Int32Array | Int16Array | Int8Array | Uint8Array | Uint16Array"
)]
pub fn read_into(x: TensorHandle, mut out: ArrayView) -> Result<()> {
    if out.len() != x.numel() {
        return argument(format!("expected an array of {} elements, received one of {}", x.numel(), out.len()));
    }
    fn copy<T: Element>(x: &Tensor, out: &mut [T]) -> candlewick_tensor::Result<()> {
        out.copy_from_slice(x.data::<T>()?);
        Ok(())
    }
    coded((|| {
        let x = x.detach().contiguous()?;
        match (x.dtype(), out.kind) {
            (DType::F32, Kind::F32) => copy(&x, out.slice_mut::<f32>()),
            (DType::F64, Kind::F64) => copy(&x, out.slice_mut::<f64>()),
            (DType::I64, Kind::I64) => copy(&x, out.slice_mut::<i64>()),
            (DType::I32, Kind::I32) => copy(&x, out.slice_mut::<i32>()),
            (DType::I16, Kind::I16) => copy(&x, out.slice_mut::<i16>()),
            (DType::I8, Kind::I8) => copy(&x, out.slice_mut::<i8>()),
            (DType::U8, Kind::U8) => copy(&x, out.slice_mut::<u8>()),
            (DType::Bool, Kind::U8) => copy(&x.to_dtype(DType::U8)?, out.slice_mut::<u8>()),
            (DType::F16 | DType::BF16, Kind::F32) => copy(&x.to_dtype(DType::F32)?, out.slice_mut::<f32>()),
            (DType::F16 | DType::BF16, Kind::U16) => {
                out.slice_mut::<u16>().copy_from_slice(&candlewick_tensor::half_bits(&x)?);
                Ok(())
            }
            (_, Kind::F64) => copy(&x.to_dtype(DType::F64)?, out.slice_mut::<f64>()),
            (d, kind) => Err(Error::DType(format!("cannot read {} into an array of {kind:?}", d.name()))),
        }
    })())
}

/// PyTorch's printed form; `name` is what stands before the bracket.
#[napi(catch_unwind)]
pub fn display(x: TensorHandle, name: String) -> Result<String> {
    coded(printing::display(&x, &name))
}
