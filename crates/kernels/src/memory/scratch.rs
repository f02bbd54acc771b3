//! Reusable 64-byte-aligned buffers, one stack of them a thread, freed when the thread ends.

use std::cell::RefCell;

/// A thread keeps at most this many bytes of buffers between calls.
const KEEP: usize = 32 << 20;

#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([u64; 8]);

mod sealed {
    pub trait Sealed {}
}

/// Numbers for which every bit pattern is a value.
pub trait Pod: Copy + sealed::Sealed + 'static {}

macro_rules! pod {
    ($($t:ty)*) => { $(impl sealed::Sealed for $t {} impl Pod for $t {})* };
}
pod!(f32 f64 i64 i32 i16 i8 u32 u8);

thread_local! { static FREE: RefCell<Vec<Vec<Line>>> = const { RefCell::new(Vec::new()) }; }

/// Lends `f` a buffer of `len` numbers, aligned to 64 bytes, with unspecified contents. Calls may nest.
pub fn scratch<T: Pod, R>(len: usize, f: impl FnOnce(&mut [T]) -> R) -> R {
    let lines = len.checked_mul(size_of::<T>()).expect("scratch size overflows").div_ceil(size_of::<Line>());
    let mut buffer = take(lines);
    // SAFETY: the buffer holds at least `len` initialised T (any bits are a T), with a stricter alignment.
    let slice = unsafe { std::slice::from_raw_parts_mut(buffer.as_mut_ptr().cast::<T>(), len) };
    let r = f(slice);
    give(buffer);
    r
}

/// Two buffers at once.
pub fn scratch2<T: Pod, R>(a: usize, b: usize, f: impl FnOnce(&mut [T], &mut [T]) -> R) -> R {
    scratch(a, |x| scratch(b, |y| f(x, y)))
}

/// The smallest free buffer that is long enough, or a new one in place of the largest.
fn take(lines: usize) -> Vec<Line> {
    let found = FREE.try_with(|free| {
        let mut free = free.borrow_mut();
        let fits = (0..free.len()).filter(|&i| free[i].len() >= lines).min_by_key(|&i| free[i].len());
        let at = fits.or_else(|| (0..free.len()).max_by_key(|&i| free[i].len()));
        at.map(|i| free.swap_remove(i))
    });
    match found {
        Ok(Some(b)) if b.len() >= lines => b,
        old => {
            drop(old);
            vec![Line([0; 8]); lines.next_multiple_of(64)]
        }
    }
}

fn give(buffer: Vec<Line>) {
    // During thread exit the list is gone: the buffer is simply freed.
    let _ = FREE.try_with(|free| {
        let mut free = free.borrow_mut();
        let held: usize = free.iter().map(|b| b.len()).sum();
        if (held + buffer.len()) * size_of::<Line>() <= KEEP {
            free.push(buffer);
        }
    });
}
