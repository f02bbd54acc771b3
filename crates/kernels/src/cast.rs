//! Rows of elements copied, converted and added, whatever their type: the size or the type is chosen once a row.

use crate::dtype::DType::{self, *};
use crate::element::{self, Element, Number};
use half::{bf16, f16};

/// Elements that pass through the cache at a time where a row needs more than one step.
pub(crate) const BLOCK: usize = 512;

/// Room for a block of elements of any type.
#[repr(C, align(64))]
pub(crate) struct Block([std::mem::MaybeUninit<u64>; BLOCK]);

impl Block {
    /// A block of unspecified bytes.
    #[inline(always)]
    pub(crate) fn new() -> Block {
        Block([std::mem::MaybeUninit::uninit(); BLOCK])
    }

    /// Its first byte.
    #[inline(always)]
    pub(crate) fn ptr(&mut self) -> *mut u8 {
        self.0.as_mut_ptr().cast()
    }
}

/// Copies `n` elements of `size` bytes; neighbours lie `step` elements apart in `from` and `to_step` in `to`.
///
/// # Safety
/// Both are aligned to `size` and valid for the elements touched, which do not overlap.
pub unsafe fn copy(size: usize, from: *const u8, step: usize, to: *mut u8, to_step: usize, n: usize) {
    // SAFETY: the caller's promises, passed on.
    unsafe {
        match size {
            1 => copy_of::<u8>(from.cast(), step, to.cast(), to_step, n),
            2 => copy_of::<u16>(from.cast(), step, to.cast(), to_step, n),
            4 => copy_of::<u32>(from.cast(), step, to.cast(), to_step, n),
            _ => copy_of::<u64>(from.cast(), step, to.cast(), to_step, n),
        }
    }
}

unsafe fn copy_of<T: Copy>(from: *const T, step: usize, to: *mut T, to_step: usize, n: usize) {
    if n == 0 {
        return;
    }
    // SAFETY: the caller's promises.
    unsafe {
        match (step, to_step) {
            (1, 1) => from.copy_to_nonoverlapping(to, n),
            (0, 1) => std::slice::from_raw_parts_mut(to, n).fill(*from),
            (_, 1) => (0..n).for_each(|i| *to.add(i) = *from.add(i * step)),
            _ => (0..n).for_each(|i| *to.add(i * to_step) = *from.add(i * step)),
        }
    }
}

/// Converts `n` consecutive elements of type `from` to type `to`, as `tensor.to(dtype)` does.
///
/// # Safety
/// The pointers are aligned and valid for `n` elements of their types, which do not overlap.
pub unsafe fn convert(from: DType, x: *const u8, to: DType, y: *mut u8, n: usize) {
    if from == to {
        // SAFETY: the caller's promises, passed on.
        return unsafe { copy(from.size(), x, 1, y, 1, n) };
    }
    // SAFETY: the types of the loops are those that `from` and `to` name.
    unsafe {
        match (from, to) {
            (F32, _) => convert_from::<f32>(x, to, y, n),
            (F64, _) => convert_from::<f64>(x, to, y, n),
            (I64, _) => convert_from::<i64>(x, to, y, n),
            (F16, F32) => convert_of::<f16, f32>(x, y, n),
            (BF16, F32) => convert_of::<bf16, f32>(x, y, n),
            (I32, I64) => convert_of::<i32, i64>(x, y, n),
            (I16, I64) => convert_of::<i16, i64>(x, y, n),
            (I8, I64) => convert_of::<i8, i64>(x, y, n),
            (U8, I64) => convert_of::<u8, i64>(x, y, n),
            (Bool, I64) => convert_of::<element::Bool, i64>(x, y, n),
            // Images and masks: too frequent for two steps.
            (U8 | Bool, F32) => convert_of::<u8, f32>(x, y, n),
            _ => convert_twice(from, x, to, y, n),
        }
    }
}

/// A number as an element of type `to`, in the low bits of the result.
pub fn element_of_f64(v: f64, to: DType) -> u64 {
    element_of(v, to)
}

/// An integer as an element of type `to`, in the low bits of the result.
pub fn element_of_i64(v: i64, to: DType) -> u64 {
    element_of(v, to)
}

fn element_of<T: Element>(v: T, to: DType) -> u64 {
    let mut element = 0u64;
    // SAFETY: both are one element.
    unsafe { convert(T::DTYPE, (&raw const v).cast(), to, (&raw mut element).cast(), 1) };
    u64::from_le(element)
}

/// An element as a float64.
///
/// # Safety
/// `x` points to an element of type `from`.
pub unsafe fn value_f64(from: DType, x: *const u8) -> f64 {
    let mut v = 0.0;
    // SAFETY: the caller's promise.
    unsafe { convert(from, x, F64, (&raw mut v).cast(), 1) };
    v
}

/// An element as an int64.
///
/// # Safety
/// `x` points to an element of type `from`.
pub unsafe fn value_i64(from: DType, x: *const u8) -> i64 {
    let mut v = 0;
    // SAFETY: the caller's promise.
    unsafe { convert(from, x, I64, (&raw mut v).cast(), 1) };
    v
}

/// Converts by way of the type that `from` computes in, which holds all of its values.
unsafe fn convert_twice(from: DType, x: *const u8, to: DType, y: *mut u8, n: usize) {
    let (between, mut block) = (from.computing(), Block::new());
    for at in (0..n).step_by(BLOCK) {
        let len = BLOCK.min(n - at);
        // SAFETY: the block has room for `len` elements; the rest is the caller's promise.
        unsafe {
            convert(from, x.add(at * from.size()), between, block.ptr(), len);
            convert(between, block.ptr(), to, y.add(at * to.size()), len);
        }
    }
}

unsafe fn convert_from<T: Element>(x: *const u8, to: DType, y: *mut u8, n: usize) {
    // SAFETY: the caller's promises.
    unsafe {
        match to {
            F32 => convert_of::<T, f32>(x, y, n),
            F64 => convert_of::<T, f64>(x, y, n),
            F16 => convert_of::<T, f16>(x, y, n),
            BF16 => convert_of::<T, bf16>(x, y, n),
            I64 => convert_of::<T, i64>(x, y, n),
            I32 => convert_of::<T, i32>(x, y, n),
            I16 => convert_of::<T, i16>(x, y, n),
            I8 => convert_of::<T, i8>(x, y, n),
            U8 => convert_of::<T, u8>(x, y, n),
            Bool => convert_of::<T, element::Bool>(x, y, n),
        }
    }
}

unsafe fn convert_of<T: Element, U: Element>(x: *const u8, y: *mut u8, n: usize) {
    // SAFETY: the caller's promises.
    let (x, y) =
        unsafe { (std::slice::from_raw_parts(x.cast::<T>(), n), std::slice::from_raw_parts_mut(y.cast::<U>(), n)) };
    y.iter_mut().zip(x).for_each(|(y, x)| *y = x.cast());
}

/// y[i * step] += x[i] for i < n, elements of one type.
///
/// # Safety
/// The pointers are aligned and valid for the elements touched, which do not overlap.
pub unsafe fn add(dtype: DType, x: *const u8, y: *mut u8, step: usize, n: usize) {
    // SAFETY: the caller's promises, passed on.
    unsafe {
        match dtype {
            F32 => add_of::<f32>(x, y, step, n),
            F64 => add_of::<f64>(x, y, step, n),
            F16 => add_of::<f16>(x, y, step, n),
            BF16 => add_of::<bf16>(x, y, step, n),
            I64 => add_of::<i64>(x, y, step, n),
            I32 => add_of::<i32>(x, y, step, n),
            I16 => add_of::<i16>(x, y, step, n),
            I8 => add_of::<i8>(x, y, step, n),
            U8 => add_of::<u8>(x, y, step, n),
            Bool => add_of::<element::Bool>(x, y, step, n),
        }
    }
}

unsafe fn add_of<T: Number>(x: *const u8, y: *mut u8, step: usize, n: usize) {
    let (x, y) = (x.cast::<T>(), y.cast::<T>());
    // SAFETY: the caller's promises.
    (0..n).for_each(|i| unsafe { *y.add(i * step) = (*y.add(i * step)).add(*x.add(i)) });
}
