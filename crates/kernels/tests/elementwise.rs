//! Rows of any type, stride and length against the definition, at every level: the walk through blocks, and in place.

use candlewick_kernels::dtype::DType;
use candlewick_kernels::element::{Bool, Element, Number};
use candlewick_kernels::elementwise::arithmetic::{Add, Remainder};
use candlewick_kernels::elementwise::compare::Lt;
use candlewick_kernels::elementwise::unary::{Exp, Neg};
use candlewick_kernels::elementwise::{Map2, Operand, choose, map1, map2};
use candlewick_kernels::simd::{available, with_level};
use half::{bf16, f16};
use std::fmt::Debug;

const LENGTHS: [usize; 6] = [0, 1, 7, 512, 513, 1500];

fn numbers<T: Element>(n: usize, seed: usize) -> Vec<T> {
    (0..n.max(1)).map(|i| T::from_f64(((i * 7 + seed * 3) % 23) as f64 - 9.0)).collect()
}

fn operand<T: Element>(x: &[T], step: usize) -> Operand {
    Operand { ptr: x.as_ptr().cast(), step, dtype: T::DTYPE }
}

fn run2<T: Number, U: Element + Debug>(f: &dyn Map2, naive: impl Fn(T, T) -> U, steps: [usize; 2]) {
    for n in LENGTHS {
        let (a, b) = (numbers::<T>(n * 3, 1), numbers::<T>(n * 3, 2));
        let mut y = vec![U::default(); n];
        let c = T::DTYPE.computing();
        // SAFETY: the operands have n elements at these steps, y has n.
        unsafe { map2(f, c, operand(&a, steps[0]), operand(&b, steps[1]), y.as_mut_ptr().cast(), U::DTYPE, n) };
        let want: Vec<U> = (0..n).map(|i| naive(a[i * steps[0]], b[i * steps[1]])).collect();
        assert_eq!(y, want, "{} {n} {steps:?}", T::DTYPE.name());
    }
}

fn two<T: Number + Debug>() {
    for steps in [[1, 1], [1, 0], [0, 1], [3, 1], [2, 3], [0, 0]] {
        run2::<T, T>(&Add, T::add, steps);
        run2::<T, Bool>(&Lt, |a, b| (a < b).into(), steps);
    }
}

#[test]
fn functions_of_two_meet_their_definition() {
    for l in available() {
        with_level(l, || {
            two::<f32>();
            two::<f64>();
            two::<f16>();
            two::<bf16>();
            two::<i64>();
            two::<i32>();
            two::<i16>();
            two::<i8>();
            two::<u8>();
        });
    }
}

#[test]
fn in_place_reads_before_it_writes() {
    for n in LENGTHS {
        let (start, b) = (numbers::<f32>(n, 1), numbers::<f32>(n, 2));
        let mut a = start.clone();
        let first = a.as_mut_ptr();
        let there = Operand { ptr: first.cast(), step: 1, dtype: DType::F32 };
        // SAFETY: y is a, element for element.
        unsafe { map2(&Remainder, DType::F32, there, operand(&b, 1), first.cast(), DType::F32, n) };
        // SAFETY: as above.
        unsafe { map1(&Neg, DType::F32, there, first.cast(), DType::F32, n) };
        assert!((0..n).all(|i| a[i].to_bits() == (-start[i].rem(b[i])).to_bits() || a[i].is_nan()));
    }
}

#[test]
fn small_types_convert_on_the_way() {
    let x = numbers::<i16>(600, 4);
    let mut y = vec![f16::ZERO; 600];
    // SAFETY: both have 600 elements.
    unsafe { map1(&Exp, DType::F32, operand(&x, 1), y.as_mut_ptr().cast(), DType::F16, 600) };
    for (x, y) in x.iter().zip(&y) {
        let want = f64::from(*x).exp();
        assert!((f64::from(*y) - want).abs() <= want * 1e-3 || (want > 65504.0 && y.is_infinite()), "{x}: {y}");
    }
}

#[test]
fn a_mask_chooses() {
    for n in LENGTHS {
        let mask: Vec<Bool> = (0..n.max(1)).map(|i| (i % 3 == 0).into()).collect();
        let (a, b) = (numbers::<i64>(n * 2, 1), numbers::<f32>(1, 2));
        let mut y = vec![0f64; n];
        // SAFETY: the operands have n elements at these steps, y has n.
        unsafe { choose(operand(&mask, 1), operand(&a, 2), operand(&b, 0), y.as_mut_ptr().cast(), DType::F64, n) };
        assert!((0..n).all(|i| y[i] == if i % 3 == 0 { a[i * 2] as f64 } else { f64::from(b[0]) }));
    }
}
