//! Arguments that are neither handles nor plain values: integers, dtypes, numbers of any kind, typed arrays.

use crate::handle::TensorHandle;
use candlewick_tensor::{DType, Scalar, Tensor, default_dtype};
use napi::bindgen_prelude::{FromNapiValue, Status, ToNapiValue, TypeName, ValidateNapiValue};
use napi::{Error, Result, ValueType, sys};
use std::ptr;

fn refuse<T>(message: String) -> Result<T> {
    Err(Error::new(Status::InvalidArg, message))
}

fn kind(env: sys::napi_env, value: sys::napi_value) -> sys::napi_valuetype {
    let mut kind = 0;
    // SAFETY: napi-rs calls conversions with live arguments.
    unsafe { sys::napi_typeof(env, value, &mut kind) };
    kind
}

fn double(env: sys::napi_env, value: sys::napi_value) -> f64 {
    let mut v = 0.0;
    // SAFETY: as above; the caller saw a number.
    unsafe { sys::napi_get_value_double(env, value, &mut v) };
    v
}

macro_rules! named {
    ($($t:ty, $name:literal, $kind:ident;)*) => {$(
        impl TypeName for $t {
            fn type_name() -> &'static str { $name }
            fn value_type() -> ValueType { ValueType::$kind }
        }
        impl ValidateNapiValue for $t {}
    )*};
}
named! {
    Int, "Int", Number;
    Dtype, "Dtype", Number;
    Number, "Scalar", Number;
    Operand, "Operand", Unknown;
    ArrayView, "ArrayView", Object;
    AnyObject, "object", Object;
}

/// A whole number: a size, a dimension, an index.
#[derive(Clone, Copy)]
pub struct Int(pub i64);

impl FromNapiValue for Int {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        match kind(env, value) {
            sys::ValueType::napi_number => {
                let v = double(env, value);
                if v.fract() != 0.0 || v.abs() > 9007199254740992.0 {
                    return refuse(format!("expected an integer, received {v}"));
                }
                Ok(Int(v as i64))
            }
            sys::ValueType::napi_bigint => {
                let (mut v, mut lossless) = (0, false);
                // SAFETY: napi-rs calls with live arguments; the value is a bigint.
                unsafe { sys::napi_get_value_bigint_int64(env, value, &mut v, &mut lossless) };
                if lossless { Ok(Int(v)) } else { refuse("expected an integer of 64 bits".into()) }
            }
            _ => refuse("expected an integer, received another type".into()),
        }
    }
}

/// A list of whole numbers as i64.
pub fn ints(list: &[Int]) -> Vec<i64> {
    list.iter().map(|i| i.0).collect()
}

/// A list of sizes.
pub fn sizes(list: &[Int]) -> candlewick_tensor::Result<Vec<usize>> {
    list.iter().map(|i| size(*i)).collect()
}

/// One size.
pub fn size(i: Int) -> candlewick_tensor::Result<usize> {
    let negative = |_| {
        candlewick_tensor::Error::Shape(format!(
            "Trying to create tensor with negative dimension {}: expected sizes of 0 or more",
            i.0
        ))
    };
    usize::try_from(i.0).map_err(negative)
}

/// The code of a dtype.
#[derive(Clone, Copy)]
pub struct Dtype(pub DType);

impl FromNapiValue for Dtype {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        if kind(env, value) == sys::ValueType::napi_number
            && let v = double(env, value)
            && v >= 0.0
            && let Some(d) = DType::from_code(v as u32)
        {
            return Ok(Dtype(d));
        }
        refuse("expected a dtype".into())
    }
}

/// A dtype that may be absent.
pub fn dtype(d: Option<Dtype>) -> Option<DType> {
    d.map(|d| d.0)
}

/// A dtype, or the default one.
pub fn dtype_or_default(d: Option<Dtype>) -> DType {
    dtype(d).unwrap_or(default_dtype())
}

/// A plain number: integer-valued is an int, another a float; bigint, boolean, or `{ value, dtype }`.
#[derive(Clone, Copy)]
pub struct Number(pub Scalar);

impl FromNapiValue for Number {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        match kind(env, value) {
            sys::ValueType::napi_number => {
                let v = double(env, value);
                // -0 is a float: an int has no sign for it.
                let whole = v.fract() == 0.0 && v.abs() < 9.2e18 && !(v == 0.0 && v.is_sign_negative());
                Ok(Number(if whole { Scalar::Int(v as i64) } else { Scalar::Float(v) }))
            }
            sys::ValueType::napi_boolean => {
                // SAFETY: napi-rs calls with live arguments.
                Ok(Number(Scalar::Bool(unsafe { bool::from_napi_value(env, value)? })))
            }
            sys::ValueType::napi_bigint => {
                // SAFETY: as above.
                Ok(Number(Scalar::Int(unsafe { Int::from_napi_value(env, value)? }.0)))
            }
            sys::ValueType::napi_object => {
                // SAFETY: as above.
                let typed = unsafe { napi::bindgen_prelude::Object::from_napi_value(env, value)? };
                let (v, d) = (typed.get::<f64>("value")?, typed.get::<Dtype>("dtype")?);
                match (v, d) {
                    (Some(v), Some(Dtype(DType::Bool))) => Ok(Number(Scalar::Bool(v != 0.0))),
                    (Some(v), Some(Dtype(d))) if d.is_float() => Ok(Number(Scalar::Float(v))),
                    (Some(v), Some(_)) => Ok(Number(Scalar::Int(v as i64))),
                    _ => refuse("expected a tensor or a number, received an object".into()),
                }
            }
            _ => refuse("expected a tensor or a number, received another type".into()),
        }
    }
}

/// A tensor, or a plain number.
pub struct Operand(pub Tensor);

impl FromNapiValue for Operand {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        // SAFETY: napi-rs calls with live arguments.
        unsafe {
            match kind(env, value) {
                sys::ValueType::napi_external => Ok(Operand(TensorHandle::from_napi_value(env, value)?.clone())),
                _ => Ok(Operand(Tensor::number(Number::from_napi_value(env, value)?.0))),
            }
        }
    }
}

/// What a typed array holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    F32,
    F64,
    I64,
    I32,
    I16,
    I8,
    U8,
    U16,
}

/// The memory of a JavaScript typed array, for the length of a call.
pub struct ArrayView {
    pub kind: Kind,
    data: *mut u8,
    len: usize,
}

impl FromNapiValue for ArrayView {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        let (mut kind, mut len, mut data) = (0, 0, ptr::null_mut());
        // SAFETY: napi-rs calls with live arguments; the call fails for anything but a typed array.
        let status = unsafe {
            sys::napi_get_typedarray_info(env, value, &mut kind, &mut len, &mut data, ptr::null_mut(), ptr::null_mut())
        };
        if status != sys::Status::napi_ok {
            return refuse("expected a typed array".into());
        }
        let kind = match kind {
            sys::TypedarrayType::int8_array => Kind::I8,
            sys::TypedarrayType::uint8_array | sys::TypedarrayType::uint8_clamped_array => Kind::U8,
            sys::TypedarrayType::int16_array => Kind::I16,
            sys::TypedarrayType::uint16_array => Kind::U16,
            sys::TypedarrayType::int32_array => Kind::I32,
            sys::TypedarrayType::float32_array => Kind::F32,
            sys::TypedarrayType::float64_array => Kind::F64,
            sys::TypedarrayType::bigint64_array => Kind::I64,
            _ => return refuse("typed arrays of this kind have no dtype: expected Float32Array, Float64Array, BigInt64Array, Int32Array, Int16Array, Int8Array or Uint8Array".into()),
        };
        Ok(ArrayView { kind, data: data.cast(), len })
    }
}

impl ArrayView {
    /// The elements. `T` must be the type that `kind` names.
    pub fn slice<T: Copy>(&self) -> &[T] {
        if self.len == 0 {
            return &[];
        }
        // SAFETY: V8 gave the pointer and the length in elements, aligned for them; JavaScript does not run during the call.
        unsafe { std::slice::from_raw_parts(self.data.cast::<T>(), self.len) }
    }

    /// The elements, to write to.
    pub fn slice_mut<T: Copy>(&mut self) -> &mut [T] {
        if self.len == 0 {
            return &mut [];
        }
        // SAFETY: as above; tensors never share memory with typed arrays.
        unsafe { std::slice::from_raw_parts_mut(self.data.cast::<T>(), self.len) }
    }

    /// The number of elements.
    pub fn len(&self) -> usize {
        self.len
    }
}

/// Any JavaScript object, passed through.
pub struct AnyObject(pub sys::napi_value);

impl FromNapiValue for AnyObject {
    unsafe fn from_napi_value(_: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        Ok(AnyObject(value))
    }
}
impl ToNapiValue for AnyObject {
    unsafe fn to_napi_value(_: sys::napi_env, object: Self) -> Result<sys::napi_value> {
        Ok(object.0)
    }
}
