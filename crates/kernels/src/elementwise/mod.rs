//! Element-wise functions over rows of any element type. A function is compiled for the types that compute: f32, f64 and, for
//! arithmetic, i64. Rows of other types, rows with gaps and rows of one repeated element pass through a block in the cache.

pub mod activation;
pub mod arithmetic;
mod choose;
pub mod compare;
mod function;
pub mod loss;
pub mod plain;
pub mod unary;

pub use choose::choose;

use crate::cast::{BLOCK, Block, convert, copy};
use crate::dtype::DType;

/// A function of one element, applied to rows of a computing type (see [`DType::computing`]).
pub trait Map1: Sync {
    /// The type of the results where `c` computes.
    fn result(&self, c: DType) -> DType {
        c
    }
    /// y[i] = f(x[i]) for i < n.
    ///
    /// # Safety
    /// x is valid for n elements of type `c`, y for n of type `result(c)`, and they do not overlap.
    unsafe fn row(&self, c: DType, x: *const u8, y: *mut u8, n: usize);
}

/// A function of two elements, applied to rows of a computing type.
pub trait Map2: Sync {
    /// The type of the results where `c` computes.
    fn result(&self, c: DType) -> DType {
        c
    }
    /// y[i] = f(a[i], b[i]) for i < n.
    ///
    /// # Safety
    /// As of [`Map1::row`], for both operands.
    unsafe fn row(&self, c: DType, a: *const u8, b: *const u8, y: *mut u8, n: usize);
}

/// Elements to read: the first one, and how many elements apart the others lie. A step of 0 repeats the first.
#[derive(Clone, Copy)]
pub struct Operand {
    /// The first element.
    pub ptr: *const u8,
    /// Elements from one to the next.
    pub step: usize,
    /// Their type.
    pub dtype: DType,
}

impl Operand {
    /// Whether rows of type `c` are read where they lie; `y`, which will be written, must lie elsewhere.
    #[inline(always)]
    fn is_direct(&self, c: DType, y: *mut u8) -> bool {
        self.step == 1 && self.dtype == c && !std::ptr::eq(self.ptr, y)
    }

    /// `n` elements from `at` as a row of type `c`: in place, or copied into the block.
    ///
    /// # Safety
    /// The elements are valid, n <= BLOCK, and blocks are asked for in order, the first at 0 with the largest n.
    unsafe fn block(&self, c: DType, at: usize, n: usize, block: &mut Block, y: *mut u8) -> *const u8 {
        if self.step == 0 && at > 0 {
            return block.ptr(); // filled by the first call
        }
        let from = self.ptr.wrapping_add(at * self.step * self.dtype.size());
        if self.is_direct(c, y) {
            return from;
        }
        // SAFETY: the caller's promises; the block has room for n elements.
        unsafe { Operand { ptr: from, ..*self }.store(block.ptr(), c, n) };
        block.ptr()
    }

    /// Writes `n` elements to `y`, converted to type `to`.
    ///
    /// # Safety
    /// The elements are valid and aligned, and y has room for n of type `to`, which do not overlap.
    pub unsafe fn store(&self, y: *mut u8, to: DType, n: usize) {
        // SAFETY: the caller's promises; a block has room for `len` elements.
        unsafe {
            if self.dtype == to {
                return copy(to.size(), self.ptr, self.step, y, 1, n);
            }
            if self.step == 1 {
                return convert(self.dtype, self.ptr, to, y, n);
            }
            let mut dense = Block::new();
            for at in (0..n).step_by(BLOCK) {
                let (len, size) = (BLOCK.min(n - at), self.dtype.size());
                copy(size, self.ptr.add(at * self.step * size), self.step, dense.ptr(), 1, len);
                convert(self.dtype, dense.ptr(), to, y.add(at * to.size()), len);
            }
        }
    }
}

/// y[i] = f(x[i]) for i < n, computed in type `c` and stored as type `to`. y may start where x does.
///
/// # Safety
/// The elements named are valid and aligned; y overlaps x only where it starts with it and has its type and step.
pub unsafe fn map1(f: &dyn Map1, c: DType, x: Operand, y: *mut u8, to: DType, n: usize) {
    let out = f.result(c);
    if out == to && x.is_direct(c, y) {
        // SAFETY: the caller's promises, passed on.
        return unsafe { f.row(c, x.ptr, y, n) };
    }
    // SAFETY: as above; a block is read before it is written.
    blocks(out, y, to, n, |at, n, target, blocks| unsafe {
        let x = x.block(c, at, n, &mut blocks[0], y);
        f.row(c, x, target, n);
    });
}

/// y[i] = f(a[i], b[i]) for i < n, computed in type `c` and stored as type `to`. y may start where a or b does.
///
/// # Safety
/// As of [`map1`], for both operands.
#[inline]
pub unsafe fn map2(f: &dyn Map2, c: DType, a: Operand, b: Operand, y: *mut u8, to: DType, n: usize) {
    let out = f.result(c);
    if out == to && a.is_direct(c, y) && b.is_direct(c, y) {
        // SAFETY: the caller's promises, passed on.
        return unsafe { f.row(c, a.ptr, b.ptr, y, n) };
    }
    // SAFETY: as above; a block is read before it is written.
    blocks(out, y, to, n, |at, n, target, blocks| unsafe {
        let [first, second] = blocks;
        let (a, b) = (a.block(c, at, n, first, y), b.block(c, at, n, second, y));
        f.row(c, a, b, target, n);
    });
}

/// Cuts a row into blocks: `f(at, n, target, blocks)` writes n results of type `out`, which are then stored as `to`.
#[inline(always)]
fn blocks(out: DType, y: *mut u8, to: DType, n: usize, f: impl Fn(usize, usize, *mut u8, &mut [Block; 2])) {
    let mut blocks = [Block::new(), Block::new()];
    let mut results = Block::new();
    for at in (0..n).step_by(BLOCK) {
        let len = BLOCK.min(n - at);
        let here = y.wrapping_add(at * to.size());
        if out == to {
            f(at, len, here, &mut blocks);
        } else {
            f(at, len, results.ptr(), &mut blocks);
            // SAFETY: `f` has written `len` results of type `out`, and the caller vouches for y.
            unsafe { convert(out, results.ptr(), to, here, len) };
        }
    }
}
