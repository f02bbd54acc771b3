//! Which vector instructions this process uses, chosen once at run time, and `dispatch`, which compiles a plain loop
//! for each of them.
//!
//! `CANDLEWICK_SIMD=avx512|avx2|neon|portable` forces a level that the machine has.

use std::cell::Cell;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

/// A set of vector instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Level {
    /// AVX-512 F, VL, DQ and BW, with AVX2 and FMA.
    Avx512 = 1,
    /// AVX2 and FMA.
    Avx2 = 2,
    /// 64-bit ARM's vectors.
    Neon = 3,
    /// What the compiler's baseline has; no fused multiply-add.
    Portable = 4,
}

static CHOSEN: AtomicU8 = AtomicU8::new(0);
static FORCED: AtomicU8 = AtomicU8::new(0);

/// The level in use.
#[inline]
pub fn level() -> Level {
    let forced = FORCED.load(Relaxed);
    if forced != 0 {
        return from_u8(forced);
    }
    match CHOSEN.load(Relaxed) {
        0 => choose(),
        l => from_u8(l),
    }
}

/// Every level this machine can run, best first.
pub fn available() -> Vec<Level> {
    [Level::Avx512, Level::Avx2, Level::Neon, Level::Portable].into_iter().filter(|&l| has(l)).collect()
}

/// Runs `f` with `level()` forced to `l` for the whole process; for tests. One at a time; nesting is allowed.
///
/// Panics if the machine lacks `l`.
pub fn with_level<R>(l: Level, f: impl FnOnce() -> R) -> R {
    thread_local! { static DEPTH: Cell<u32> = const { Cell::new(0) }; }
    static ONE: Mutex<()> = Mutex::new(());
    struct Restore(u8);
    impl Drop for Restore {
        fn drop(&mut self) {
            FORCED.store(self.0, Relaxed);
            DEPTH.set(DEPTH.get() - 1);
        }
    }
    assert!(has(l), "this machine has no {l:?}");
    let _one = (DEPTH.get() == 0).then(|| ONE.lock().unwrap_or_else(|e| e.into_inner()));
    DEPTH.set(DEPTH.get() + 1);
    let _restore = Restore(FORCED.swap(l as u8, Relaxed));
    f()
}

/// A loop to be compiled for every level. Mark `run`, and what it calls, `#[inline(always)]`.
pub trait Kernel {
    /// What it computes.
    type Output;
    /// The loop.
    fn run(self) -> Self::Output;
}

/// Runs `k` compiled for `level()`.
///
/// Multiplications and additions are never fused by the compiler, so a plain loop gives the same bits at all levels.
#[inline]
pub fn dispatch<K: Kernel>(k: K) -> K::Output {
    match level() {
        // SAFETY: `level` only names levels that `has` found on this machine.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe { in_avx512(k) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => unsafe { in_avx2(k) },
        _ => k.run(),
    }
}

/// Runs `k` in a function with the features of `Level::Avx512`.
///
/// # Safety
/// The machine has `Level::Avx512`.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")]
pub(crate) unsafe fn in_avx512<K: Kernel>(k: K) -> K::Output {
    k.run()
}

/// Runs `k` in a function with the features of `Level::Avx2`.
///
/// # Safety
/// The machine has `Level::Avx2`.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
pub(crate) unsafe fn in_avx2<K: Kernel>(k: K) -> K::Output {
    k.run()
}

fn from_u8(l: u8) -> Level {
    match l {
        1 => Level::Avx512,
        2 => Level::Avx2,
        3 => Level::Neon,
        _ => Level::Portable,
    }
}

#[cfg(target_arch = "x86_64")]
fn has(l: Level) -> bool {
    let avx2 = || is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
    let avx512 = || {
        is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512bw")
    };
    match l {
        Level::Avx512 => avx2() && avx512(),
        Level::Avx2 => avx2(),
        Level::Neon => false,
        Level::Portable => true,
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn has(l: Level) -> bool {
    match l {
        Level::Neon => cfg!(target_arch = "aarch64"),
        Level::Portable => true,
        _ => false,
    }
}

#[cold]
fn choose() -> Level {
    let wanted = match std::env::var("CANDLEWICK_SIMD").as_deref() {
        Ok("avx512") => Some(Level::Avx512),
        Ok("avx2") => Some(Level::Avx2),
        Ok("neon") => Some(Level::Neon),
        Ok("portable") => Some(Level::Portable),
        _ => None,
    };
    let all = available();
    let l = wanted.filter(|l| all.contains(l)).unwrap_or(all[0]);
    CHOSEN.store(l as u8, Relaxed);
    l
}
