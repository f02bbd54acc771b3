//! The bytes behind tensors: a storage of candle's, shared by all views, with a version that in-place operations raise. The
//! one file that turns storage into slices.
//!
//! candle's `Storage` and not its `Tensor`: the five allocations of a candle tensor cost as much as adding ten elements does.

use crate::element::dispatch;
use crate::memory::{self, Account};
use crate::{DType, Device, Element, Error, Result};
use candle_core::CpuStorage;
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

/// A buffer and its version.
pub struct Storage {
    buffer: candle_core::Storage,
    /// The buffer's first byte, null where it is not in main memory. Taken from the vector before candle owns it, and
    /// stable because nothing ever replaces or grows that vector.
    ptr: *mut u8,
    len: usize,
    dtype: DType,
    device: Device,
    version: AtomicU32,
    announced: AtomicBool,
    _account: Account,
}

// SAFETY: `ptr` points into `buffer`, which is Send and Sync. Writers go through `slice_mut`, whose contract excludes
// concurrent access.
unsafe impl Send for Storage {}
// SAFETY: as above.
unsafe impl Sync for Storage {}

impl Storage {
    /// Takes over a vector.
    pub fn from_vec<T: Element>(mut v: Vec<T>) -> Storage {
        let (ptr, len) = (v.as_mut_ptr().cast::<u8>(), v.len());
        let storage = match T::DTYPE {
            DType::F32 => CpuStorage::F32(same(v)),
            DType::F64 => CpuStorage::F64(same(v)),
            DType::F16 => CpuStorage::F16(same(v)),
            DType::BF16 => CpuStorage::BF16(same(v)),
            DType::I64 => CpuStorage::I64(same(v)),
            DType::I32 => CpuStorage::I32(same(v)),
            DType::I16 => CpuStorage::I16(same(v)),
            DType::I8 | DType::U8 | DType::Bool => CpuStorage::U8(same(v)),
        };
        Storage {
            buffer: candle_core::Storage::Cpu(storage),
            ptr,
            len,
            dtype: T::DTYPE,
            device: Device::Cpu,
            version: AtomicU32::new(0),
            announced: AtomicBool::new(false),
            _account: Account::open(len * size_of::<T>()),
        }
    }

    /// Room for `n` elements of a dtype, with unspecified values: whoever asks writes all of them.
    pub fn blank(dtype: DType, n: usize) -> Result<Storage> {
        Ok(dispatch!(dtype, T => Storage::from_vec(memory::alloc::<T>(n)?)))
    }

    /// `n` elements whose bytes `fill` writes over zeros. The bytes of a bool become 0 and 1, whatever was written.
    pub fn from_bytes<E: From<Error>>(
        dtype: DType,
        n: usize,
        fill: impl FnOnce(&mut [u8]) -> std::result::Result<(), E>,
    ) -> std::result::Result<Storage, E> {
        let storage = dispatch!(dtype, T => Storage::from_vec(memory::filled(n, T::default())?));
        if n > 0 {
            // SAFETY: the storage is new, holds n initialised elements, and any bytes are elements of a numeric dtype.
            let bytes = unsafe { std::slice::from_raw_parts_mut(storage.ptr, n * dtype.size()) };
            let filled = fill(bytes);
            if dtype == DType::Bool {
                bytes.iter_mut().for_each(|b| *b = u8::from(*b != 0));
            }
            filled?;
        }
        Ok(storage)
    }

    /// The buffer's bytes.
    pub fn as_bytes(&self) -> Result<&[u8]> {
        self.check_cpu()?;
        if self.len == 0 {
            return Ok(&[]);
        }
        // SAFETY: `ptr` is the first of `len` initialised elements without padding, and lives as long as the storage.
        Ok(unsafe { std::slice::from_raw_parts(self.ptr, self.len * self.dtype.size()) })
    }

    /// The first byte of the buffer.
    pub fn bytes(&self) -> Result<*mut u8> {
        self.check_cpu()?;
        Ok(self.ptr)
    }

    /// The whole buffer.
    pub fn slice<T: Element>(&self) -> Result<&[T]> {
        self.check::<T>()?;
        // SAFETY: `ptr` and `len` are those of a live vector of T's layout; see `check`.
        Ok(unsafe { std::slice::from_raw_parts(self.ptr.cast::<T>(), self.len) })
    }

    /// The whole buffer, to write to.
    ///
    /// # Safety
    /// - No other slice of this storage is alive while the result is: an operation that reads and writes one storage
    ///   copies what it reads first.
    /// - No other thread uses the storage (a tensor belongs to one isolate; pool threads get disjoint parts).
    #[allow(clippy::mut_from_ref)]
    pub unsafe fn slice_mut<T: Element>(&self) -> Result<&mut [T]> {
        self.check::<T>()?;
        // SAFETY: as in `slice`; exclusive by this function's contract.
        Ok(unsafe { std::slice::from_raw_parts_mut(self.ptr.cast::<T>(), self.len) })
    }

    /// The whole buffer as plain integers of its elements' size: to move elements unread.
    pub(crate) fn plain<T: Copy>(&self) -> Result<&[T]> {
        self.check_size::<T>()?;
        // SAFETY: as in `slice`; the integer has the elements' size and alignment, and any bits are one.
        Ok(unsafe { std::slice::from_raw_parts(self.ptr.cast::<T>(), self.len) })
    }

    /// The same, to write to.
    ///
    /// # Safety
    /// As of `slice_mut`; what is written comes from a storage of the same dtype.
    #[allow(clippy::mut_from_ref)]
    pub(crate) unsafe fn plain_mut<T: Copy>(&self) -> Result<&mut [T]> {
        self.check_size::<T>()?;
        // SAFETY: as above; exclusive by this function's contract.
        Ok(unsafe { std::slice::from_raw_parts_mut(self.ptr.cast::<T>(), self.len) })
    }

    fn check_size<T>(&self) -> Result<()> {
        assert_eq!(size_of::<T>(), self.dtype.size());
        self.check_cpu()
    }

    fn check<T: Element>(&self) -> Result<()> {
        if T::DTYPE != self.dtype {
            return Err(Error::Internal(format!("storage of {} read as {}", self.dtype.name(), T::DTYPE.name())));
        }
        self.check_cpu()
    }

    fn check_cpu(&self) -> Result<()> {
        if self.ptr.is_null() && self.len > 0 {
            return Err(Error::Device(format!("expected a tensor on cpu, received one on {}", self.device)));
        }
        Ok(())
    }

    /// The element type.
    pub fn dtype(&self) -> DType {
        self.dtype
    }

    /// candle's storage, which owns the bytes; int8 and bool are its U8.
    pub fn buffer(&self) -> &candle_core::Storage {
        &self.buffer
    }

    /// Elements in the buffer.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether the buffer has no element.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The device of the buffer.
    pub fn device(&self) -> Device {
        self.device
    }

    /// How often it was written in place.
    pub fn version(&self) -> u32 {
        self.version.load(Relaxed)
    }

    /// Says that it was written in place.
    pub fn bump_version(&self) {
        self.version.fetch_add(1, Relaxed);
    }

    /// Says that nobody has seen it yet: what an operation wrote to make it does not count.
    pub fn reset_version(&self) {
        self.version.store(0, Relaxed);
    }

    /// True once: when the first handle to this storage reaches JavaScript and its bytes count as born there.
    pub fn announce(&self) -> bool {
        !self.announced.swap(true, Relaxed)
    }
}

/// Reinterprets a vector as one of the type with the same layout.
fn same<T: Element, U>(v: Vec<T>) -> Vec<U> {
    assert!(size_of::<T>() == size_of::<U>() && align_of::<T>() == align_of::<U>());
    let mut v = ManuallyDrop::new(v);
    // SAFETY: size and alignment are equal, so the allocation's layout is too; T and U are plain numbers (U is T itself,
    // or u8 for Bool and i8).
    unsafe { Vec::from_raw_parts(v.as_mut_ptr().cast::<U>(), v.len(), v.capacity()) }
}
