//! Choosing the Rust type of a dtype's elements.

pub use candlewick_kernels::element::{Bool, Element, Number};

/// Runs an expression with a type alias bound to the dtype's element type: compiled ten times, so keep it short.
macro_rules! dispatch {
    ($d:expr, $T:ident => $body:expr) => {
        $crate::element::dispatch!(@ $d, $T => $body; F32 f32, F64 f64, F16 half::f16, BF16 half::bf16, I64 i64, I32 i32,
            I16 i16, I8 i8, U8 u8, Bool $crate::Bool)
    };
    (@ $d:expr, $T:ident => $body:expr; $($v:ident $t:ty),*) => {
        match $d { $($crate::DType::$v => { type $T = $t; $body })* }
    };
}

/// Runs an expression with a type alias bound to the plain integer of the dtype's size: for moving elements unread.
#[macro_export]
macro_rules! sized {
    ($d:expr, $T:ident => $body:expr) => {
        match $d.size() {
            1 => {
                type $T = u8;
                $body
            }
            2 => {
                type $T = u16;
                $body
            }
            4 => {
                type $T = u32;
                $body
            }
            _ => {
                type $T = u64;
                $body
            }
        }
    };
}

/// Runs an expression with a type alias bound to the dtype's computing type; the tensors involved have been converted to it.
macro_rules! computing {
    ($d:expr, $T:ident => $body:expr) => {
        match $d.computing() {
            $crate::DType::F32 => {
                type $T = f32;
                $body
            }
            $crate::DType::F64 => {
                type $T = f64;
                $body
            }
            _ => {
                type $T = i64;
                $body
            }
        }
    };
}
pub(crate) use {computing, dispatch};
