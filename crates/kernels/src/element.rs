//! The Rust types of the elements, and what generic kernels may do with them.

use crate::dtype::DType;
use half::{bf16, f16};

/// A bool element: one byte, 0 or 1, never part of arithmetic by accident.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(transparent)]
pub struct Bool(pub u8);

impl From<bool> for Bool {
    fn from(b: bool) -> Self {
        Bool(b as u8)
    }
}

/// A type that a tensor can hold.
pub trait Element: Copy + Default + Send + Sync + PartialEq + PartialOrd + 'static {
    /// Its dtype.
    const DTYPE: DType;
    /// The value as float64.
    fn to_f64(self) -> f64;
    /// The nearest value of this type; integers truncate, bool tests for zero.
    fn from_f64(v: f64) -> Self;
    /// The value as int64, floats truncated.
    fn to_i64(self) -> i64;
    /// The value of this type, wrapping.
    fn from_i64(v: i64) -> Self;
    /// Conversion between any two element types, as `tensor.to(dtype)`.
    #[inline(always)]
    fn cast<U: Element>(self) -> U {
        if Self::DTYPE.is_float() { U::from_f64(self.to_f64()) } else { U::from_i64(self.to_i64()) }
    }
}

/// Arithmetic on elements: integers wrap, bool adds by "or" and multiplies by "and", halves compute in float32.
pub trait Number: Element {
    /// a + b
    fn add(self, o: Self) -> Self;
    /// a - b
    fn sub(self, o: Self) -> Self;
    /// a * b
    fn mul(self, o: Self) -> Self;
    /// a / b for floats; integers round towards zero. The caller has excluded integer division by zero.
    fn div(self, o: Self) -> Self;
    /// Division rounded down.
    fn div_floor(self, o: Self) -> Self;
    /// The remainder with the sign of the divisor, as Python's.
    fn rem(self, o: Self) -> Self;
    /// a to the power of b.
    fn pow(self, o: Self) -> Self;
    /// -a
    fn neg(self) -> Self;
    /// |a|
    fn abs(self) -> Self;
    /// Whether it is not a number.
    fn is_nan(self) -> bool;
}

/// A float cut to an int64: what does not fit is the lowest, as x86 has it and PyTorch shows it.
#[inline(always)]
fn long(v: f64) -> i64 {
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&v) { v as i64 } else { i64::MIN }
}

/// The same for an int32, by way of which narrower integers are made.
#[inline(always)]
fn int(v: f64) -> i32 {
    if v > -2_147_483_649.0 && v < 2_147_483_648.0 { v as i32 } else { i32::MIN }
}

macro_rules! integer {
    ($($t:ty, $d:ident;)*) => {$(
        impl Element for $t {
            const DTYPE: DType = DType::$d;
            #[inline(always)] fn to_f64(self) -> f64 { self as f64 }
            #[inline(always)] fn from_f64(v: f64) -> Self {
                if matches!(DType::$d, DType::I64) { long(v) as $t } else { int(v) as $t }
            }
            #[inline(always)] fn to_i64(self) -> i64 { self as i64 }
            #[inline(always)] fn from_i64(v: i64) -> Self { v as $t }
        }
        impl Number for $t {
            #[inline(always)] fn add(self, o: Self) -> Self { self.wrapping_add(o) }
            #[inline(always)] fn sub(self, o: Self) -> Self { self.wrapping_sub(o) }
            #[inline(always)] fn mul(self, o: Self) -> Self { self.wrapping_mul(o) }
            #[inline(always)] fn div(self, o: Self) -> Self { if o == 0 { 0 } else { self.wrapping_div(o) } }
            #[inline(always)] fn div_floor(self, o: Self) -> Self {
                let q = Number::div(self, o);
                if Number::rem(self, o) != 0 && ((self as i64) < 0) != ((o as i64) < 0) { q.wrapping_sub(1) } else { q }
            }
            #[inline(always)] fn rem(self, o: Self) -> Self {
                if o == 0 { return 0; }
                let r = self.wrapping_rem(o);
                if r != 0 && ((r as i64) < 0) != ((o as i64) < 0) { r.wrapping_add(o) } else { r }
            }
            #[inline(always)] fn pow(self, o: Self) -> Self {
                match o as i64 {
                    e if e >= 0 => self.wrapping_pow(e.min(u32::MAX as i64) as u32),
                    e => match self as i64 { 1 => 1, -1 => if e % 2 == 0 { 1 } else { (0 as $t).wrapping_sub(1) }, _ => 0 },
                }
            }
            #[inline(always)] fn neg(self) -> Self { self.wrapping_neg() }
            #[inline(always)] fn abs(self) -> Self { if (self as i64) < 0 { self.wrapping_neg() } else { self } }
            #[inline(always)] fn is_nan(self) -> bool { false }
        }
    )*};
}
integer! { i64, I64; i32, I32; i16, I16; i8, I8; u8, U8; }

macro_rules! float {
    ($($t:ty, $d:ident, $wide:ty, $to:expr, $from:expr;)*) => {$(
        impl Element for $t {
            const DTYPE: DType = DType::$d;
            #[inline(always)] fn to_f64(self) -> f64 { f64::from(self) }
            #[inline(always)] fn from_f64(v: f64) -> Self { $from(v as $wide) }
            #[inline(always)] fn to_i64(self) -> i64 { long(f64::from(self)) }
            #[inline(always)] fn from_i64(v: i64) -> Self { $from(v as $wide) }
        }
        impl Number for $t {
            #[inline(always)] fn add(self, o: Self) -> Self { $from($to(self) + $to(o)) }
            #[inline(always)] fn sub(self, o: Self) -> Self { $from($to(self) - $to(o)) }
            #[inline(always)] fn mul(self, o: Self) -> Self { $from($to(self) * $to(o)) }
            #[inline(always)] fn div(self, o: Self) -> Self { $from($to(self) / $to(o)) }
            #[inline(always)] fn div_floor(self, o: Self) -> Self {
                let (a, b): ($wide, $wide) = ($to(self), $to(o));
                if b == 0.0 { return $from(a / b); }
                let r = a % b;
                let q = (a - r) / b - if r != 0.0 && (r < 0.0) != (b < 0.0) { 1.0 } else { 0.0 };
                let floor = q.floor();
                $from(if q - floor > 0.5 { floor + 1.0 } else if q == 0.0 { (0.0 as $wide).copysign(a / b) } else { floor })
            }
            #[inline(always)] fn rem(self, o: Self) -> Self {
                let (a, b): ($wide, $wide) = ($to(self), $to(o));
                let r = a % b;
                $from(if r != 0.0 && (r < 0.0) != (b < 0.0) { r + b } else { r })
            }
            #[inline(always)] fn pow(self, o: Self) -> Self { $from($to(self).powf($to(o))) }
            #[inline(always)] fn neg(self) -> Self { -self }
            #[inline(always)] fn abs(self) -> Self { $from($to(self).abs()) }
            #[inline(always)] fn is_nan(self) -> bool { <$t>::is_nan(self) }
        }
    )*};
}
float! {
    f32, F32, f32, (|x| x), (|x| x);
    f64, F64, f64, (|x| x), (|x| x);
    f16, F16, f32, f16::to_f32, f16::from_f32;
    bf16, BF16, f32, bf16::to_f32, bf16::from_f32;
}

impl Element for Bool {
    const DTYPE: DType = DType::Bool;
    #[inline(always)]
    fn to_f64(self) -> f64 {
        self.0 as f64
    }
    #[inline(always)]
    fn from_f64(v: f64) -> Self {
        Bool((v != 0.0) as u8)
    }
    #[inline(always)]
    fn to_i64(self) -> i64 {
        self.0 as i64
    }
    #[inline(always)]
    fn from_i64(v: i64) -> Self {
        Bool((v != 0) as u8)
    }
}

impl Number for Bool {
    #[inline(always)]
    fn add(self, o: Self) -> Self {
        Bool(self.0 | o.0)
    }
    #[inline(always)]
    fn sub(self, o: Self) -> Self {
        Bool(self.0 ^ o.0)
    }
    #[inline(always)]
    fn mul(self, o: Self) -> Self {
        Bool(self.0 & o.0)
    }
    #[inline(always)]
    fn div(self, o: Self) -> Self {
        Bool(self.0 & o.0)
    }
    #[inline(always)]
    fn div_floor(self, o: Self) -> Self {
        Bool(self.0 & o.0)
    }
    #[inline(always)]
    fn rem(self, o: Self) -> Self {
        Bool(self.0 & !o.0 & 1)
    }
    #[inline(always)]
    fn pow(self, o: Self) -> Self {
        Bool(self.0 | (o.0 ^ 1))
    }
    #[inline(always)]
    fn neg(self) -> Self {
        self
    }
    #[inline(always)]
    fn abs(self) -> Self {
        self
    }
    #[inline(always)]
    fn is_nan(self) -> bool {
        false
    }
}
