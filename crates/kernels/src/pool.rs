//! One spin-then-park thread pool for the process.
//!
//! `run(n, f)` calls `f(task)` for every task in 0..n, the caller taking part. A worker enters a job through `gate`,
//! which the caller closes once all tasks are handed out, so one that wakes late never delays the caller.
//! Workers spin about 200 us for the next job, then park; an idle process burns no CPU.

use std::any::Any;
use std::cell::{Cell, UnsafeCell};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering::*};
use std::sync::{Arc, Mutex, TryLockError};
use std::thread::Thread;
use std::time::{Duration, Instant};

const SPIN: Duration = Duration::from_micros(200);
/// A worker parked this long gives cached memory back, if nobody uses it.
const IDLE: Duration = Duration::from_secs(5);
const OPEN: u32 = 1 << 31;

static THREADS: AtomicUsize = AtomicUsize::new(0);
static WORKERS: Mutex<Vec<Worker>> = Mutex::new(Vec::new());
static SHARED: Shared =
    Shared { epoch: AtomicU32::new(0), gate: AtomicU32::new(0), next: AtomicUsize::new(0), job: UnsafeCell::new(None) };

thread_local! { static INSIDE: Cell<bool> = const { Cell::new(false) }; }

type Panic = Box<dyn Any + Send>;

/// What a worker needs: the closure, how many tasks, how many workers may help, where a panic goes.
#[derive(Clone, Copy)]
struct Job {
    call: *const (dyn Fn(usize) + Sync),
    tasks: usize,
    helpers: usize,
    panic: *const Mutex<Option<Panic>>,
}

struct Shared {
    epoch: AtomicU32,
    /// The OPEN bit and the number of workers inside the job.
    gate: AtomicU32,
    next: AtomicUsize,
    job: UnsafeCell<Option<Job>>,
}
// SAFETY: `job` is written only while the gate is closed and empty, by the holder of WORKERS, and read only by a
// worker counted in an open gate; the gate's acquire and release order the two.
unsafe impl Sync for Shared {}

struct Worker {
    thread: Thread,
    parked: Arc<AtomicBool>,
}

/// Threads that a kernel may use, the caller included.
pub fn num_threads() -> usize {
    match THREADS.load(Relaxed) {
        0 => {
            let n = std::thread::available_parallelism().map_or(1, |n| n.get());
            // A concurrent set_num_threads wins.
            THREADS.compare_exchange(0, n, Relaxed, Relaxed).map_or_else(|set| set, |_| n)
        }
        n => n,
    }
}

/// Sets the number of threads, the caller included; takes effect with the next `run`. Zero counts as one.
pub fn set_num_threads(n: usize) {
    THREADS.store(n.max(1), Relaxed);
}

/// Calls `f` for every task in `0..tasks`, on the pool and on this thread, and returns when all have ended.
///
/// Runs serially if called from inside a task or while another thread uses the pool. A panic in a task is raised
/// again here after all tasks have ended.
pub fn run(tasks: usize, f: &(dyn Fn(usize) + Sync)) {
    let threads = num_threads().min(tasks);
    if threads <= 1 || INSIDE.get() {
        return (0..tasks).for_each(f);
    }
    let mut workers = match WORKERS.try_lock() {
        Ok(w) => w,
        Err(TryLockError::Poisoned(w)) => w.into_inner(),
        Err(TryLockError::WouldBlock) => return (0..tasks).for_each(f),
    };
    while workers.len() + 1 < threads {
        match spawn(workers.len()) {
            Some(w) => workers.push(w),
            None => break,
        }
    }
    let helpers = workers.len().min(threads - 1);
    let panic = Mutex::new(None);
    let call: *const (dyn Fn(usize) + Sync + '_) = f;
    // SAFETY: only the lifetime changes; the gate is closed and empty again before `f` goes out of scope.
    let call =
        unsafe { std::mem::transmute::<*const (dyn Fn(usize) + Sync + '_), *const (dyn Fn(usize) + Sync)>(call) };
    let job = Job { call, tasks, helpers, panic: &panic };
    // SAFETY: WORKERS is held and the gate is closed and empty: nobody reads `job` now.
    unsafe { *SHARED.job.get() = Some(job) };
    SHARED.next.store(0, Relaxed);
    SHARED.gate.store(OPEN, Release);
    SHARED.epoch.fetch_add(1, SeqCst);
    for w in &workers[..helpers] {
        if w.parked.load(SeqCst) {
            w.thread.unpark();
        }
    }
    work(&job);
    SHARED.gate.fetch_and(!OPEN, AcqRel);
    let mut turns = 0u32;
    while SHARED.gate.load(Acquire) != 0 {
        turns += 1;
        if turns > 20_000 { std::thread::yield_now() } else { std::hint::spin_loop() }
    }
    drop(workers);
    if let Some(p) = panic.into_inner().unwrap_or_else(|e| e.into_inner()) {
        resume_unwind(p);
    }
}

/// Runs `f` on this thread alone: what it would share with the pool runs serially.
pub fn serially<R>(f: impl FnOnce() -> R) -> R {
    struct Before(bool);
    impl Drop for Before {
        fn drop(&mut self) {
            INSIDE.set(self.0);
        }
    }
    let _before = Before(INSIDE.replace(true));
    f()
}

/// Splits `0..len` into nearly equal ranges of at least `grain` elements and runs `f` on each; serial below two grains.
///
/// The cuts depend on the number of threads: `f` must treat elements independently.
pub fn chunks(len: usize, grain: usize, f: &(dyn Fn(Range<usize>) + Sync)) {
    let parts = (len / grain.max(1)).min(4 * num_threads());
    if parts < 2 || num_threads() == 1 {
        if len > 0 {
            f(0..len);
        }
        return;
    }
    run(parts, &|i| f(i * len / parts..(i + 1) * len / parts));
}

fn work(job: &Job) {
    INSIDE.set(true);
    loop {
        let i = SHARED.next.fetch_add(1, Relaxed);
        if i >= job.tasks {
            break;
        }
        // SAFETY: the caller of `run` keeps the closure and the slot alive until the gate is closed and empty, and
        // this thread is either that caller or counted in the gate.
        let (call, slot) = unsafe { (&*job.call, &*job.panic) };
        if let Err(p) = catch_unwind(AssertUnwindSafe(|| call(i))) {
            slot.lock().unwrap_or_else(|e| e.into_inner()).get_or_insert(p);
        }
    }
    INSIDE.set(false);
}

fn spawn(index: usize) -> Option<Worker> {
    let parked = Arc::new(AtomicBool::new(false));
    let mine = parked.clone();
    let body = move || worker(index, &mine);
    let handle = std::thread::Builder::new().name(format!("candlewick-{}", index + 1)).spawn(body).ok()?;
    Some(Worker { thread: handle.thread().clone(), parked })
}

fn worker(index: usize, parked: &AtomicBool) {
    let mut seen = SHARED.epoch.load(Acquire).wrapping_sub(1);
    loop {
        wait(&mut seen, parked);
        let entered = SHARED.gate.fetch_update(AcqRel, Acquire, |g| (g & OPEN != 0).then_some(g + 1));
        if entered.is_err() {
            continue;
        }
        // SAFETY: counted in the open gate, so `job` is not written until this worker has left.
        if let Some(job) = unsafe { *SHARED.job.get() }
            && index < job.helpers
        {
            work(&job);
        }
        SHARED.gate.fetch_sub(1, AcqRel);
    }
}

/// Returns when the epoch differs from `seen`: spins, then parks.
fn wait(seen: &mut u32, parked: &AtomicBool) {
    let mut since: Option<Instant> = None;
    let mut turns = 0u32;
    loop {
        let e = SHARED.epoch.load(Acquire);
        if e != *seen {
            *seen = e;
            return;
        }
        std::hint::spin_loop();
        turns += 1;
        if turns.is_multiple_of(64) && since.get_or_insert_with(Instant::now).elapsed() > SPIN {
            parked.store(true, SeqCst);
            let mut idle = false;
            while SHARED.epoch.load(SeqCst) == *seen {
                if idle {
                    std::thread::park();
                } else {
                    std::thread::park_timeout(IDLE);
                    idle = SHARED.epoch.load(SeqCst) == *seen && crate::memory::release_if_idle(IDLE);
                }
            }
            parked.store(false, SeqCst);
        }
    }
}
