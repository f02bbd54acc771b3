//! Memory: the addon's global allocator with a cache of large blocks, the memory limit, reusable scratch.
//!
//! Fresh pages cost more than most kernels (a first touch of 64 MB takes 7 to 29 ms), so large blocks are reused.

#[doc(hidden)]
pub mod cache;
mod limit;
mod scratch;

pub use limit::memory_limit;
pub use scratch::{Pod, scratch, scratch2};

use mimalloc::MiMalloc;
use std::alloc::{GlobalAlloc, Layout};
use std::time::Duration;

/// Blocks of at least this many bytes come from the cache of large blocks.
#[doc(hidden)]
pub const LARGE: usize = 256 << 10;

/// The addon's allocator: mimalloc for small blocks, cached mappings for those of 256 KiB and more (Linux only).
pub struct Allocator;

#[inline]
fn is_large(layout: &Layout) -> bool {
    cfg!(target_os = "linux") && layout.size() >= LARGE && layout.align() <= cache::PAGE
}

// SAFETY: whether a block is large depends only on its layout, so each block returns to where it came from; mimalloc
// and the cache both return blocks of at least the size and alignment asked for, or null.
unsafe impl GlobalAlloc for Allocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if is_large(&layout) {
            return cache::take(layout.size()).0;
        }
        // SAFETY: the caller's promises, passed on.
        unsafe { MiMalloc.alloc(layout) }
    }

    #[inline]
    unsafe fn dealloc(&self, p: *mut u8, layout: Layout) {
        if is_large(&layout) {
            // SAFETY: a large layout means that `cache::take` returned the block, for the same size.
            return unsafe { cache::give(p, layout.size()) };
        }
        // SAFETY: the caller's promises, passed on.
        unsafe { MiMalloc.dealloc(p, layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if is_large(&layout) {
            let (p, fresh) = cache::take(layout.size());
            if !p.is_null() && !fresh {
                // SAFETY: the block has at least this size.
                unsafe { p.write_bytes(0, layout.size()) };
            }
            return p;
        }
        // SAFETY: the caller's promises, passed on.
        unsafe { MiMalloc.alloc_zeroed(layout) }
    }

    #[inline]
    unsafe fn realloc(&self, p: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller promises that `size`, rounded up to the alignment, does not overflow.
        let new = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        match (is_large(&layout), is_large(&new)) {
            // SAFETY: the caller's promises, passed on.
            (false, false) => unsafe { MiMalloc.realloc(p, layout, size) },
            (true, true) if cache::same_class(layout.size(), size) => p,
            _ => {
                // SAFETY: two live blocks that cannot overlap, each at least as long as the copy.
                unsafe {
                    let q = self.alloc(new);
                    if !q.is_null() {
                        q.copy_from_nonoverlapping(p, layout.size().min(size));
                        self.dealloc(p, layout);
                    }
                    q
                }
            }
        }
    }
}

/// Returns every cached large block to the operating system.
pub fn empty_cache() {
    cache::release();
}

/// Bytes of large blocks that are cached, that is, mapped but not in use.
pub fn cached_bytes() -> usize {
    cache::bytes()
}

/// Empties the cache if no large block was asked for within `idle`; true if the cache is empty afterwards.
pub(crate) fn release_if_idle(idle: Duration) -> bool {
    if cache::unused_for(idle) {
        cache::release();
    }
    cache::bytes() == 0
}
