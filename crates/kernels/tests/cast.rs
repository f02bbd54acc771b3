//! Conversions between all pairs of types against the definition, and copies of any stride.

use candlewick_kernels::cast::{add, convert, copy};
use candlewick_kernels::dtype::DType;
use candlewick_kernels::element::{Bool, Element, Number};
use half::{bf16, f16};
use std::fmt::Debug;

const VALUES: [f64; 12] = [0.0, -0.0, 1.0, -1.5, 2.75, 100.0, -100.0, 1e-3, 255.0, 65504.0, 3e9, -7.0];

/// Calls `f` with a value of each type.
macro_rules! each_type {
    ($f:ident, $($prefix:ty)?) => {
        $f::<$($prefix,)? f32>(); $f::<$($prefix,)? f64>(); $f::<$($prefix,)? f16>(); $f::<$($prefix,)? bf16>();
        $f::<$($prefix,)? i64>(); $f::<$($prefix,)? i32>(); $f::<$($prefix,)? i16>(); $f::<$($prefix,)? i8>();
        $f::<$($prefix,)? u8>(); $f::<$($prefix,)? Bool>();
    };
}

fn to_all<T: Element + Debug>() {
    each_type!(pair, T);
}

fn pair<T: Element + Debug, U: Element + Debug>() {
    for n in [0, 1, 11, 513, 1100] {
        let x: Vec<T> = (0..n).map(|i| T::from_f64(VALUES[i % VALUES.len()])).collect();
        let mut y = vec![U::default(); n];
        // SAFETY: both have n elements of these types.
        unsafe { convert(T::DTYPE, x.as_ptr().cast(), U::DTYPE, y.as_mut_ptr().cast(), n) };
        let want: Vec<U> = x.iter().map(|v| v.cast()).collect();
        assert_eq!(y, want, "{} to {}", T::DTYPE.name(), U::DTYPE.name());
    }
}

#[test]
fn every_type_converts_to_every_other() {
    each_type!(to_all,);
}

fn sum<T: Number + Debug>() {
    let x: Vec<T> = (0..7).map(|i| T::from_f64(f64::from(i))).collect();
    let mut y: Vec<T> = (0..21).map(|i| T::from_f64(f64::from(i % 5))).collect();
    let want: Vec<T> = y.iter().enumerate().map(|(i, v)| if i % 3 == 0 { v.add(x[i / 3]) } else { *v }).collect();
    // SAFETY: element 3 * i of y exists for each of the seven elements of x.
    unsafe { add(T::DTYPE, x.as_ptr().cast(), y.as_mut_ptr().cast(), 3, 7) };
    assert_eq!(y, want, "{}", T::DTYPE.name());
}

#[test]
fn every_type_adds() {
    each_type!(sum,);
}

#[test]
fn copies_keep_their_strides() {
    let x: Vec<u32> = (0..40).collect();
    for (step, to_step) in [(1, 1), (0, 1), (3, 1), (1, 2), (3, 3)] {
        let mut y = [99u32; 40];
        // SAFETY: both have the elements that twelve steps of three reach.
        unsafe { copy(4, x.as_ptr().cast(), step, y.as_mut_ptr().cast(), to_step, 12) };
        for (i, &v) in y.iter().enumerate() {
            let written = i % to_step == 0 && i / to_step < 12;
            assert_eq!(v, if written { (i / to_step * step) as u32 } else { 99 }, "{step} to {to_step}");
        }
    }
    assert_eq!(DType::F32.size(), 4);
}
