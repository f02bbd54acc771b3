//! Choosing between two rows by a mask.

use super::Operand;
use crate::cast::{BLOCK, Block};
use crate::dtype::DType;

/// y[i] = a[i] where the mask is not zero, else b[i], stored as type `to`.
///
/// # Safety
/// As of [`super::map2`]; the mask has elements of one byte, and y overlaps nothing.
pub unsafe fn choose(mask: Operand, a: Operand, b: Operand, y: *mut u8, to: DType, n: usize) {
    let mut blocks = [Block::new(), Block::new(), Block::new()];
    let [of_mask, of_a, of_b] = &mut blocks;
    for at in (0..n).step_by(BLOCK) {
        let len = BLOCK.min(n - at);
        // SAFETY: the caller's promises; blocks have room for `len` elements.
        unsafe {
            let mask = mask.block(DType::Bool, at, len, of_mask, y);
            let (a, b) = (a.block(to, at, len, of_a, y), b.block(to, at, len, of_b, y));
            let y = y.add(at * to.size());
            match to.size() {
                1 => choose_of::<u8>(mask, a, b, y, len),
                2 => choose_of::<u16>(mask, a, b, y, len),
                4 => choose_of::<u32>(mask, a, b, y, len),
                _ => choose_of::<u64>(mask, a, b, y, len),
            }
        }
    }
}

unsafe fn choose_of<T: Copy>(mask: *const u8, a: *const u8, b: *const u8, y: *mut u8, n: usize) {
    // SAFETY: the caller's promises.
    let (mask, a, b, y) = unsafe {
        (
            std::slice::from_raw_parts(mask, n),
            std::slice::from_raw_parts(a.cast::<T>(), n),
            std::slice::from_raw_parts(b.cast::<T>(), n),
            std::slice::from_raw_parts_mut(y.cast::<T>(), n),
        )
    };
    for (((y, &m), &a), &b) in y.iter_mut().zip(mask).zip(a).zip(b) {
        *y = if m != 0 { a } else { b };
    }
}
