//! The types of elements.

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
    pub fn category(self) -> u8 {
        match self {
            Bool => 0,
            d if d.is_float() => 2,
            _ => 1,
        }
    }

    /// The type that arithmetic on this one computes in: float32 for the floats up to its width, int64 for integers and bool.
    pub fn computing(self) -> DType {
        match self {
            F32 | F16 | BF16 => F32,
            F64 => F64,
            _ => I64,
        }
    }
}
