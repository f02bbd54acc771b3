//! Threads that decode images share one budget in the process: as many at once as computing may use, whatever the number of isolates
//! and loaders.

use candlewick_kernels::pool::num_threads;
use std::sync::{Condvar, Mutex};

static BUSY: Mutex<usize> = Mutex::new(0);
static FREE: Condvar = Condvar::new();

/// A place among the threads that work.
struct Place;

impl Drop for Place {
    fn drop(&mut self) {
        *BUSY.lock().unwrap_or_else(|e| e.into_inner()) -= 1;
        FREE.notify_one();
    }
}

/// Whether no other thread has a place: then there are threads to spare for the kernels of this one.
pub fn is_alone() -> bool {
    *BUSY.lock().unwrap_or_else(|e| e.into_inner()) <= 1
}

/// Runs work once there is a place for it.
pub fn within<R>(work: impl FnOnce() -> R) -> R {
    let busy = BUSY.lock().unwrap_or_else(|e| e.into_inner());
    let mut busy = FREE.wait_while(busy, |busy| *busy >= num_threads()).unwrap_or_else(|e| e.into_inner());
    *busy += 1;
    drop(busy);
    let _place = Place;
    work()
}
