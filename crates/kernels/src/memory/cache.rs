//! Free lists of large mappings: four size classes to a doubling, huge pages from 2 MB on, a bounded total.
//!
//! A free block holds the link to the next one in its first bytes.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;
pub use system::PAGE;

/// The smallest class is 2^SHIFT bytes.
pub const SHIFT: u32 = 18;
const CLASSES: usize = 4 * 24;

struct Link {
    next: *mut Link,
}

struct Lists([*mut Link; CLASSES]);
// SAFETY: the lists own their blocks and are only reached through the mutex.
unsafe impl Send for Lists {}

static LISTS: Mutex<Lists> = Mutex::new(Lists([std::ptr::null_mut(); CLASSES]));
static BYTES: AtomicUsize = AtomicUsize::new(0);
static BOUND: AtomicUsize = AtomicUsize::new(0);
/// Milliseconds of the coarse clock at the last use.
static LAST: AtomicU64 = AtomicU64::new(0);

fn lists() -> MutexGuard<'static, Lists> {
    LISTS.lock().unwrap_or_else(|e| e.into_inner())
}

/// (class, its size in bytes): the smallest of 2^e * {4, 5, 6, 7} / 4 that holds `size`; no class beyond the last.
pub fn class(size: usize) -> (Option<usize>, usize) {
    let size = size.max(1 << SHIFT);
    let e = (size - 1).ilog2().max(SHIFT);
    let quarter = 1usize << (e - 2);
    let Some(quarters) = size.checked_next_multiple_of(quarter).map(|s| s / quarter) else { return (None, size) };
    // 2^e < size <= 2^(e+1) gives 5..=8 quarters, and exactly 2^SHIFT gives 4.
    let c = 4 * (e - SHIFT) as usize + quarters - 4;
    ((c < CLASSES).then_some(c), quarters * quarter)
}

/// Whether blocks of both sizes are interchangeable.
pub fn same_class(a: usize, b: usize) -> bool {
    class(a) == class(b)
}

/// A block of at least `size` bytes and whether it is fresh, that is, zero; null if there is no memory.
pub fn take(size: usize) -> (*mut u8, bool) {
    let (c, bytes) = class(size);
    LAST.store(system::now_ms(), Relaxed);
    if let Some(c) = c {
        let mut lists = lists();
        let p = lists.0[c];
        if !p.is_null() {
            // SAFETY: a block on a list is mapped, owned by the list and starts with its link.
            lists.0[c] = unsafe { (*p).next };
            BYTES.fetch_sub(bytes, Relaxed);
            return (p.cast(), false);
        }
    }
    let mut p = system::map(bytes);
    if p.is_null() && bytes_cached() {
        release();
        p = system::map(bytes);
    }
    (p, true)
}

/// Takes back a block.
///
/// # Safety
/// `p` came from `take` with a size of the same class and is not used again.
pub unsafe fn give(p: *mut u8, size: usize) {
    let (c, bytes) = class(size);
    if let Some(c) = c {
        let mut lists = lists();
        if BYTES.load(Relaxed) + bytes <= bound() {
            // SAFETY: the block is ours now, large enough and aligned to a page.
            unsafe { p.cast::<Link>().write(Link { next: lists.0[c] }) };
            lists.0[c] = p.cast();
            BYTES.fetch_add(bytes, Relaxed);
            return;
        }
    }
    // SAFETY: mapped by `take` with this many bytes.
    unsafe { system::unmap(p, bytes) };
}

/// Unmaps every cached block.
pub fn release() {
    for c in 0..CLASSES {
        let bytes = (4 + c % 4) << (SHIFT as usize + c / 4 - 2);
        loop {
            let p = {
                let mut lists = lists();
                let p = lists.0[c];
                if p.is_null() {
                    break;
                }
                // SAFETY: as in `take`.
                lists.0[c] = unsafe { (*p).next };
                BYTES.fetch_sub(bytes, Relaxed);
                p
            };
            // SAFETY: no longer on a list, and of this class's size.
            unsafe { system::unmap(p.cast(), bytes) };
        }
    }
}

/// Cached bytes.
pub fn bytes() -> usize {
    BYTES.load(Relaxed)
}

/// Whether no block was asked for within `idle`.
pub fn unused_for(idle: Duration) -> bool {
    system::now_ms().saturating_sub(LAST.load(Relaxed)) as u128 >= idle.as_millis()
}

fn bytes_cached() -> bool {
    bytes() > 0
}

/// An eighth of the memory limit, at least 64 MiB.
fn bound() -> usize {
    match BOUND.load(Relaxed) {
        0 => {
            let b = usize::try_from(super::memory_limit() / 8).unwrap_or(usize::MAX).clamp(64 << 20, 4 << 30);
            BOUND.store(b, Relaxed);
            b
        }
        b => b,
    }
}

#[cfg(target_os = "linux")]
mod system {
    /// Blocks are aligned to this at least.
    pub const PAGE: usize = 4096;
    const HUGE: usize = 2 << 20;

    /// Zeroed pages, aligned to 2 MB and advised to be huge from that size on; null on failure.
    pub fn map(bytes: usize) -> *mut u8 {
        let huge = bytes >= HUGE;
        let Some(asked) = bytes.checked_add(if huge { HUGE } else { 0 }) else { return std::ptr::null_mut() };
        // SAFETY: an anonymous mapping touches no memory in use; the trimmed ends belong to it and are unused.
        unsafe {
            let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
            let p = libc::mmap(std::ptr::null_mut(), asked, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0);
            if p == libc::MAP_FAILED {
                return std::ptr::null_mut();
            }
            let p = p.cast::<u8>();
            if !huge {
                return p;
            }
            let head = p.align_offset(HUGE);
            if head > 0 {
                libc::munmap(p.cast(), head);
            }
            let p = p.add(head);
            if HUGE > head {
                libc::munmap(p.add(bytes).cast(), HUGE - head);
            }
            libc::madvise(p.cast(), bytes, libc::MADV_HUGEPAGE);
            p
        }
    }

    /// Gives pages back.
    ///
    /// # Safety
    /// `map(bytes)` returned `p`, and nothing uses it any more.
    pub unsafe fn unmap(p: *mut u8, bytes: usize) {
        // SAFETY: the caller's promise.
        unsafe { libc::munmap(p.cast(), bytes) };
    }

    /// Milliseconds of a coarse monotonic clock.
    pub fn now_ms() -> u64 {
        let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: `t` is valid for writing.
        unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC_COARSE, &mut t) };
        t.tv_sec as u64 * 1000 + t.tv_nsec as u64 / 1_000_000
    }
}

/// No cache elsewhere: `is_large` is false for every layout.
#[cfg(not(target_os = "linux"))]
mod system {
    pub const PAGE: usize = 4096;

    pub fn map(_bytes: usize) -> *mut u8 {
        std::ptr::null_mut()
    }

    /// # Safety
    /// Never called: `map` returns no block.
    pub unsafe fn unmap(_p: *mut u8, _bytes: usize) {}

    pub fn now_ms() -> u64 {
        0
    }
}
