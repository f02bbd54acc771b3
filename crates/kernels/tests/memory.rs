//! The allocator: zeroed blocks, growth over all borders, several threads.

mod cache;
mod scratch;

use candlewick_kernels::memory::{Allocator, LARGE, empty_cache, memory_limit};
use std::alloc::{GlobalAlloc, Layout};

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
