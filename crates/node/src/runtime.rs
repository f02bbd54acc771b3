//! The process: memory, threads, defaults.

use crate::error::{Result, coded};
use crate::handle::{self, Disposal, release_cache};
use crate::options::{ArrayView, Dtype, Int, Kind};
use candlewick_kernels::{memory::cached_bytes, pool, simd};
use candlewick_tensor::{Error, default_dtype, display, memory, set_default_dtype};
use napi::Env;
use napi_derive::napi;

/// Gives the array (of two numbers, kept alive for ever) in which native code counts bytes born and bytes alive.
#[napi(catch_unwind, ts_args_type = "counters: Float64Array")]
pub fn share_counters(mut counters: ArrayView) -> Result<()> {
    if counters.kind != Kind::F64 || counters.len() < 2 {
        return crate::error::argument("expected a Float64Array of two numbers");
    }
    // SAFETY: lib/memory.ts keeps the array for the life of the isolate.
    unsafe { handle::share_counters(counters.slice_mut::<f64>().as_mut_ptr()) };
    Ok(())
}

/// Bytes and tensors in use.
#[napi(object)]
pub struct MemoryStats {
    /// Bytes of all tensors of the process.
    pub allocated_bytes: f64,
    /// The most that `allocatedBytes` was.
    pub peak_bytes: f64,
    /// Tensor handles of this isolate.
    pub live_tensors: f64,
    /// Bytes kept for reuse.
    pub cached_bytes: f64,
    /// Tensors that graphs keep for backward.
    pub saved_tensors: f64,
    /// Their bytes.
    pub saved_bytes: f64,
}

/// Bytes and tensors in use.
#[napi(catch_unwind)]
pub fn memory_stats() -> Result<MemoryStats> {
    let (allocated, peak) = memory::allocated_and_peak();
    let (saved, saved_bytes) = candlewick_tensor::autograd::saved_tensors();
    Ok(MemoryStats {
        allocated_bytes: allocated as f64,
        peak_bytes: peak as f64,
        live_tensors: handle::live() as f64,
        cached_bytes: cached_bytes() as f64,
        saved_tensors: saved as f64,
        saved_bytes: saved_bytes as f64,
    })
}

/// Starts the peak anew.
#[napi(catch_unwind)]
pub fn reset_peak_memory() -> Result<()> {
    memory::reset_peak();
    Ok(())
}

/// Gives the memory kept for reuse back to the system.
#[napi(catch_unwind)]
pub fn empty_cache() -> Result<()> {
    release_cache();
    Ok(())
}

/// The memory that this process may use, in bytes.
#[napi(catch_unwind)]
pub fn memory_limit() -> Result<f64> {
    Ok(candlewick_kernels::memory::memory_limit() as f64)
}

/// Sets the number of threads of all kernels.
#[napi(catch_unwind)]
pub fn set_num_threads(n: Int) -> Result<()> {
    if !(1..=1024).contains(&n.0) {
        return crate::error::argument(format!("set_num_threads expects a positive integer, received {}", n.0));
    }
    pool::set_num_threads(n.0 as usize);
    Ok(())
}

/// The number of threads of all kernels.
#[napi(catch_unwind)]
pub fn get_num_threads() -> Result<u32> {
    Ok(pool::num_threads() as u32)
}

/// Whether this build has CUDA.
#[napi(catch_unwind)]
pub fn cuda_is_available() -> Result<bool> {
    Ok(candlewick_tensor::cuda_is_available())
}

/// The vector instructions in use: Avx512, Avx2, Neon or Portable.
#[napi(catch_unwind)]
pub fn simd_level() -> Result<String> {
    Ok(format!("{:?}", simd::level()))
}

/// Sets the isolate's default float dtype.
#[napi(catch_unwind, js_name = "setDefaultDtype")]
pub fn set_default(d: Dtype) -> Result<()> {
    if !d.0.is_float() {
        return coded(Err(Error::DType(format!(
            "only floating-point types are supported as the default type, received {}",
            d.0.name()
        ))));
    }
    set_default_dtype(d.0);
    Ok(())
}

/// The isolate's default float dtype.
#[napi(catch_unwind)]
pub fn get_default_dtype() -> Result<u32> {
    Ok(default_dtype() as u32)
}

/// Lets a tensor's memory go at once; a second time does nothing.
#[napi(catch_unwind, ts_args_type = "x: TensorHandle")]
pub fn dispose(x: Disposal) -> Result<()> {
    let Disposal = x;
    Ok(())
}

/// Tells V8 of memory that it does not see.
#[napi(catch_unwind)]
pub fn adjust_external_memory(env: Env, bytes: f64) -> Result<()> {
    match env.adjust_external_memory(bytes as i64) {
        Ok(_) => Ok(()),
        Err(e) => coded(Err(Error::Internal(e.to_string()))),
    }
}

/// How tensors print; absent fields stay as they are.
#[napi(object)]
pub struct PrintSettings {
    /// Digits after the point.
    pub precision: Option<u32>,
    /// Elements above which the middle is left out.
    pub threshold: Option<f64>,
    /// Elements shown at each end of a dimension in a summary.
    pub edgeitems: Option<u32>,
    /// Characters a line.
    pub linewidth: Option<u32>,
    /// Scientific notation always or never.
    pub sci_mode: Option<bool>,
    /// `default`, `short` or `full`: the values that the other fields then change. Also resets sciMode.
    pub profile: Option<String>,
}

/// Sets how tensors print in this isolate.
#[napi(catch_unwind)]
pub fn set_printoptions(o: PrintSettings) -> Result<()> {
    let mut p = display::print_options();
    let plain = display::PrintOptions::default();
    match o.profile.as_deref() {
        None => {}
        Some("default") => p = plain,
        Some("short") => p = display::PrintOptions { precision: 2, edgeitems: 2, ..plain },
        Some("full") => p = display::PrintOptions { threshold: usize::MAX, ..plain },
        Some(other) => return crate::error::argument(format!("unknown print profile '{other}'")),
    }
    p.precision = o.precision.map_or(p.precision, |v| v.min(64) as usize);
    p.threshold = o.threshold.map_or(p.threshold, |v| v as usize);
    p.edgeitems = o.edgeitems.map_or(p.edgeitems, |v| v as usize);
    p.linewidth = o.linewidth.map_or(p.linewidth, |v| v as usize);
    p.sci_mode = o.sci_mode.or(p.sci_mode);
    display::set_print_options(p);
    Ok(())
}
