//! Element types and PyTorch's promotion between them.
//! <https://docs.pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc>

use crate::{Scalar, Tensor};
use std::cell::Cell;

/// The type of a tensor's elements. The order of the variants is the code that crosses to JavaScript.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum DType {
    /// IEEE single precision, the default.
    F32,
    /// IEEE double precision.
    F64,
    /// IEEE half precision.
    F16,
    /// The upper half of a float32.
    BF16,
    /// Signed 64-bit integers: labels and indices.
    I64,
    /// Signed 32-bit integers.
    I32,
    /// Signed 16-bit integers.
    I16,
    /// Signed bytes.
    I8,
    /// Unsigned bytes.
    U8,
    /// true and false, a byte each.
    Bool,
}

use DType::*;

impl DType {
    /// Every dtype, at the index of its code.
    pub const ALL: [DType; 10] = [F32, F64, F16, BF16, I64, I32, I16, I8, U8, Bool];

    /// The dtype of a code, if there is one.
    pub fn from_code(code: u32) -> Option<DType> {
        Self::ALL.get(code as usize).copied()
    }

    /// Bytes of one element.
    pub fn size(self) -> usize {
        match self {
            F64 | I64 => 8,
            F32 | I32 => 4,
            F16 | BF16 | I16 => 2,
            I8 | U8 | Bool => 1,
        }
    }

    /// PyTorch's name after `torch.`.
    pub fn name(self) -> &'static str {
        ["float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"][self as usize]
    }

    /// The name that PyTorch's error messages use.
    pub fn title(self) -> &'static str {
        ["Float", "Double", "Half", "BFloat16", "Long", "Int", "Short", "Char", "Byte", "Bool"][self as usize]
    }

    /// The C++ name that some of PyTorch's error messages use.
    pub fn cname(self) -> &'static str {
        match self {
            F16 => "c10::Half",
            BF16 => "c10::BFloat16",
            I64 => "long int",
            I16 => "short int",
            I8 => "signed char",
            U8 => "unsigned char",
            F32 => "float",
            F64 => "double",
            I32 => "int",
            Bool => "bool",
        }
    }

    /// float32, float64, float16 or bfloat16.
    pub fn is_float(self) -> bool {
        matches!(self, F32 | F64 | F16 | BF16)
    }

    /// 0 bool, 1 integer, 2 float: a higher category wins over any lower one.
    fn category(self) -> u8 {
        match self {
            Bool => 0,
            d if d.is_float() => 2,
            _ => 1,
        }
    }

    /// The dtype of a float result computed from this one: itself, or the default dtype for integers and bool.
    pub fn to_float(self) -> DType {
        if self.is_float() { self } else { default_dtype() }
    }
}

thread_local! { static DEFAULT: Cell<DType> = const { Cell::new(F32) }; }

/// The isolate's default float dtype.
pub fn default_dtype() -> DType {
    DEFAULT.get()
}

/// Sets the isolate's default float dtype.
pub fn set_default_dtype(dtype: DType) {
    DEFAULT.set(dtype)
}

/// The smallest dtype that holds both.
pub fn promote(a: DType, b: DType) -> DType {
    match (a.category(), b.category()) {
        _ if a == b => a,
        (x, y) if x > y && (x == 2 || y == 0) => a,
        (x, y) if y > x && (y == 2 || x == 0) => b,
        (2, 2) if a.size() == b.size() => F32, // float16 with bfloat16
        (1, 1) if a.size() == b.size() => I16, // int8 with uint8
        _ if a.size() > b.size() => a,
        _ => b,
    }
}

/// The dtype that operands meet in: tensors with dimensions decide within a category; zero-dimensional tensors, and
/// below them plain numbers, only raise the category.
pub fn result_type(operands: &[&Tensor]) -> DType {
    let mut by_rank: [Option<DType>; 3] = [None; 3]; // dimensioned, zero-dimensional, plain number
    for t in operands {
        let rank = if t.is_number() { 2 } else { usize::from(t.rank() == 0) };
        let dtype = if t.is_number() && t.dtype().is_float() { default_dtype() } else { t.dtype() };
        by_rank[rank] = Some(by_rank[rank].map_or(dtype, |d| promote(d, dtype)));
    }
    let combine = |high: Option<DType>, low: Option<DType>| match (high, low) {
        (Some(h), Some(l)) if l.category() > h.category() => Some(promote(h, l)),
        (h, l) => h.or(l),
    };
    combine(by_rank[0], combine(by_rank[1], by_rank[2])).unwrap_or(default_dtype())
}

/// The dtype in which a plain number is kept: the widest of its kind. Promotion counts a float as the default dtype.
pub(crate) fn number_dtype(s: Scalar) -> DType {
    match s {
        Scalar::Bool(_) => Bool,
        Scalar::Int(_) => I64,
        Scalar::Float(_) => F64,
    }
}
