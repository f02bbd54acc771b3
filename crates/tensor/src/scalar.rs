//! A number without a tensor.

use crate::DType;
use candlewick_kernels::cast;

/// A plain number: its kind takes part in promotion, its size does not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar {
    /// true or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A float.
    Float(f64),
}

impl Scalar {
    /// As float64.
    pub fn to_f64(self) -> f64 {
        match self {
            Scalar::Bool(b) => b as u8 as f64,
            Scalar::Int(i) => i as f64,
            Scalar::Float(f) => f,
        }
    }
    /// As int64; a float is truncated.
    pub fn to_i64(self) -> i64 {
        match self {
            Scalar::Bool(b) => b as i64,
            Scalar::Int(i) => i,
            Scalar::Float(f) => f as i64,
        }
    }

    /// This number as an element of a dtype, in the low bits of the result.
    pub fn element(self, dtype: DType) -> u64 {
        match self {
            Scalar::Float(f) => cast::element_of_f64(f, dtype),
            other => cast::element_of_i64(other.to_i64(), dtype),
        }
    }
}

impl From<f64> for Scalar {
    fn from(f: f64) -> Self {
        Scalar::Float(f)
    }
}
impl From<i64> for Scalar {
    fn from(i: i64) -> Self {
        Scalar::Int(i)
    }
}
impl From<bool> for Scalar {
    fn from(b: bool) -> Self {
        Scalar::Bool(b)
    }
}
