//! Memory: the addon's global allocator with a cache of large blocks, the memory limit, reusable scratch.
//!
//! Fresh pages cost more than most kernels (a first touch of 64 MB takes 7 to 29 ms), so large blocks are reused.

mod cache;
mod limit;
mod scratch;

pub use limit::memory_limit;
pub use scratch::{Pod, scratch, scratch2};

use mimalloc::MiMalloc;
use std::alloc::{GlobalAlloc, Layout};
use std::time::Duration;

/// Blocks of at least this many bytes come from the cache of large blocks.
const LARGE: usize = 256 << 10;

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

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(p: *mut u8, n: usize, v: u8) -> bool {
        // SAFETY: every caller passes a live block of `n` initialised bytes.
        unsafe { std::slice::from_raw_parts(p, n) }.iter().all(|&x| x == v)
    }

    #[test]
    fn zeroed_blocks_are_zero_even_when_reused() {
        for size in [100, LARGE, 3 << 20, (5 << 20) + 123] {
            let layout = Layout::from_size_align(size, 64).unwrap();
            for _ in 0..3 {
                // SAFETY: a valid layout; each block is freed once with it.
                unsafe {
                    let p = Allocator.alloc_zeroed(layout);
                    assert!((p as usize).is_multiple_of(64) && filled(p, size, 0));
                    p.write_bytes(7, size);
                    Allocator.dealloc(p, layout);
                }
            }
        }
    }

    #[test]
    fn realloc_keeps_the_contents_across_all_borders() {
        let sizes = [10, LARGE - 1, LARGE, LARGE + 5, 2 << 20, 3 << 20, (3 << 20) + 1, 9 << 20, LARGE, 10];
        // SAFETY: each block has the layout of its last size.
        unsafe {
            let mut layout = Layout::from_size_align(sizes[0], 16).unwrap();
            let mut p = Allocator.alloc(layout);
            p.write_bytes(3, sizes[0]);
            for w in sizes.windows(2) {
                p = Allocator.realloc(p, layout, w[1]);
                assert!(filled(p, w[0].min(w[1]), 3));
                p.write_bytes(3, w[1]);
                layout = Layout::from_size_align(w[1], 16).unwrap();
            }
            Allocator.dealloc(p, layout);
        }
    }

    #[test]
    fn threads_share_the_cache() {
        std::thread::scope(|s| {
            for t in 0..4u8 {
                s.spawn(move || {
                    let mut live: Vec<(*mut u8, Layout)> = vec![];
                    for i in 0..200usize {
                        let layout = Layout::from_size_align(LARGE + i % 7 * 300_000, 64).unwrap();
                        // SAFETY: valid layouts; every block is freed once with its own.
                        unsafe {
                            let p = Allocator.alloc(layout);
                            p.write_bytes(t, layout.size());
                            live.push((p, layout));
                            if live.len() > 3 {
                                let (p, l) = live.remove(0);
                                assert!(filled(p, l.size(), t));
                                Allocator.dealloc(p, l);
                            }
                        }
                    }
                    // SAFETY: as above.
                    live.into_iter().for_each(|(p, l)| unsafe { Allocator.dealloc(p, l) });
                });
            }
        });
        empty_cache();
    }

    #[test]
    fn the_limit_is_sensible() {
        assert!(memory_limit() > 64 << 20);
    }
}
