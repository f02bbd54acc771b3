//! Counting and limiting the bytes of tensors: nothing unchecked reaches an allocator that aborts.

use crate::{Element, Error, Result};
use candlewick_kernels::memory::memory_limit;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};

static ALLOCATED: AtomicU64 = AtomicU64::new(0);
static PEAK: AtomicU64 = AtomicU64::new(0);

thread_local! { static LIVE: Arc<AtomicI64> = Arc::default(); }

/// Bytes of the storages that this thread's isolate made and that still live.
pub fn live_bytes() -> i64 {
    LIVE.with(|l| l.load(Relaxed))
}

/// Bytes that all storages of the process hold now, and the most they held.
pub fn allocated_and_peak() -> (u64, u64) {
    (ALLOCATED.load(Relaxed), PEAK.load(Relaxed))
}

/// Starts the peak anew from what is allocated.
pub fn reset_peak() {
    PEAK.store(ALLOCATED.load(Relaxed), Relaxed)
}

/// One storage's entry in the counters; leaves them when it is dropped, on whatever thread.
pub(crate) struct Account {
    bytes: u64,
    live: Arc<AtomicI64>,
}

impl Account {
    pub(crate) fn open(bytes: usize) -> Account {
        let live = LIVE.with(Arc::clone);
        live.fetch_add(bytes as i64, Relaxed);
        let now = ALLOCATED.fetch_add(bytes as u64, Relaxed) + bytes as u64;
        if now > PEAK.load(Relaxed) {
            PEAK.fetch_max(now, Relaxed);
        }
        Account { bytes: bytes as u64, live }
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        self.live.fetch_sub(self.bytes as i64, Relaxed);
        ALLOCATED.fetch_sub(self.bytes, Relaxed);
    }
}

fn limit() -> u64 {
    static LIMIT: OnceLock<u64> = OnceLock::new();
    *LIMIT.get_or_init(memory_limit)
}

/// A vector of `n` elements for an operation to fill; an error when it would not fit in memory.
/// The elements are unspecified (but valid) values: whoever asks writes all of them.
pub fn alloc<T: Element>(n: usize) -> Result<Vec<T>> {
    let bytes = (n as u64).saturating_mul(size_of::<T>() as u64);
    let refuse = || {
        Error::Memory(format!(
            "DefaultCPUAllocator: can't allocate memory: you tried to allocate {bytes} bytes. \
             Error code 12 (Cannot allocate memory)"
        ))
    };
    if bytes > limit().saturating_sub(ALLOCATED.load(Relaxed)) {
        return Err(refuse());
    }
    let mut v = Vec::new();
    v.try_reserve_exact(n).map_err(|_| refuse())?;
    // SAFETY: the capacity is reserved. Every element type is plain old data for which any bit pattern of
    // allocated memory is a number (Bool is a byte), and the op that asked overwrites the whole before it is read.
    #[allow(clippy::uninit_vec)]
    unsafe {
        v.set_len(n)
    };
    Ok(v)
}

/// A vector of `n` copies of one value, checked as [`alloc`] is.
pub fn filled<T: Element>(n: usize, value: T) -> Result<Vec<T>> {
    let mut v = alloc(n)?;
    v.fill(value);
    Ok(v)
}
