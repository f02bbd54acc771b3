//! Handles: tensors and generators as JavaScript Externals. The only file that turns JavaScript's pointers into ours.

use candlewick_kernels::memory::empty_cache;
use candlewick_tensor::random::Generator;
use candlewick_tensor::{Tensor, memory};
use napi::bindgen_prelude::{FromNapiValue, Status, ToNapiValue, TypeName, ValidateNapiValue};
use napi::{Error, Result, ValueType, sys};
use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::ops::Deref;
use std::ptr;
use std::rc::Rc;

/// What an External of this addon points to. The tag tells its kind before the rest is looked at.
#[repr(C)]
struct Slot<T> {
    tag: u64,
    value: Option<T>,
}

const TENSOR: u64 = 0x6361_6e64_6c65_5f74;
const GENERATOR: u64 = 0x6361_6e64_6c65_5f67;

thread_local! {
    static LIVE: Cell<i64> = const { Cell::new(0) };
    static COUNTERS: Cell<*mut f64> = const { Cell::new(ptr::null_mut()) };
}

/// Points the isolate's counters at an array of two numbers that JavaScript reads without a call: bytes born, bytes alive.
///
/// # Safety
/// The memory stays valid for the life of the isolate: JavaScript never lets the array go.
pub unsafe fn share_counters(counters: *mut f64) {
    COUNTERS.set(counters);
}

/// The tensor handles of this isolate that JavaScript has not let go.
pub fn live() -> i64 {
    LIVE.get()
}

/// A tensor on its way in or out.
pub struct TensorHandle(Tensor);

impl Deref for TensorHandle {
    type Target = Tensor;
    fn deref(&self) -> &Tensor {
        &self.0
    }
}
impl From<Tensor> for TensorHandle {
    fn from(t: Tensor) -> Self {
        TensorHandle(t)
    }
}

/// The tensors of a list of handles.
pub fn tensors(handles: Vec<TensorHandle>) -> Vec<Tensor> {
    handles.into_iter().map(|h| h.0).collect()
}

/// The tensor of an optional handle.
pub fn optional(handle: &Option<TensorHandle>) -> Option<&Tensor> {
    handle.as_ref().map(|h| &h.0)
}

/// A random generator on its way in or out.
pub struct GeneratorHandle(pub Rc<RefCell<Generator>>);

/// Reads the slot of an External of this addon.
///
/// # Safety
/// `env` and `value` are live; the External's value was made by `wrap` with the same `T` for this tag.
unsafe fn slot<'a, T>(env: sys::napi_env, value: sys::napi_value, tag: u64, what: &str) -> Result<&'a mut Slot<T>> {
    let mut data = ptr::null_mut();
    // SAFETY: env and value are live by this function's contract.
    let status = unsafe { sys::napi_get_value_external(env, value, &mut data) };
    let data = data.cast::<Slot<T>>();
    // SAFETY: every External that lib/ holds was made by `wrap`, which starts it with a tag.
    if status != sys::Status::napi_ok || data.is_null() || unsafe { (*data).tag } != tag {
        return Err(Error::new(Status::InvalidArg, format!("expected a {what}")));
    }
    // SAFETY: the tag says that it is a Slot<T>; it lives until its finalizer, and this thread alone uses it.
    Ok(unsafe { &mut *data })
}

/// Makes an External that frees its value when it is collected.
///
/// # Safety
/// `env` is live.
unsafe fn wrap<T>(
    env: sys::napi_env,
    tag: u64,
    value: T,
    finalize: unsafe extern "C" fn(sys::napi_env, *mut c_void, *mut c_void),
) -> Result<sys::napi_value> {
    let data = Box::into_raw(Box::new(Slot { tag, value: Some(value) }));
    let mut result = ptr::null_mut();
    // SAFETY: env is live; `finalize` frees exactly this box, once.
    let status = unsafe { sys::napi_create_external(env, data.cast(), Some(finalize), ptr::null_mut(), &mut result) };
    if status != sys::Status::napi_ok {
        // SAFETY: the External was not made, so nothing else owns the box.
        drop(unsafe { Box::from_raw(data) });
        return Err(Error::new(Status::from(status), "cannot make a handle"));
    }
    Ok(result)
}

unsafe extern "C" fn finalize_tensor(_: sys::napi_env, data: *mut c_void, _: *mut c_void) {
    LIVE.set(LIVE.get() - 1);
    // SAFETY: `wrap` made this box and gives it here once. A drop that panics must not unwind into the collector.
    let _ = std::panic::catch_unwind(|| drop(unsafe { Box::from_raw(data.cast::<Slot<Tensor>>()) }));
    publish(0);
}

unsafe extern "C" fn finalize_generator(_: sys::napi_env, data: *mut c_void, _: *mut c_void) {
    // SAFETY: as above.
    drop(unsafe { Box::from_raw(data.cast::<Slot<Rc<RefCell<Generator>>>>()) });
}

/// Adds to the bytes born and updates the bytes alive.
fn publish(born: usize) {
    let counters = COUNTERS.get();
    if !counters.is_null() {
        // SAFETY: `share_counters` was given two numbers that stay valid, and only this thread writes them here.
        unsafe {
            *counters += born as f64;
            *counters.add(1) = memory::live_bytes() as f64;
        }
    }
}

/// Lets the tensor of a handle go at once. A second time does nothing.
pub struct Disposal;

impl FromNapiValue for Disposal {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        // SAFETY: napi-rs calls with live arguments; TENSOR slots hold tensors.
        let slot = unsafe { slot::<Tensor>(env, value, TENSOR, "tensor")? };
        drop(slot.value.take());
        publish(0);
        Ok(Disposal)
    }
}
impl ValidateNapiValue for Disposal {}
impl TypeName for Disposal {
    fn type_name() -> &'static str {
        "TensorHandle"
    }
    fn value_type() -> ValueType {
        ValueType::External
    }
}

impl TypeName for TensorHandle {
    fn type_name() -> &'static str {
        "TensorHandle"
    }
    fn value_type() -> ValueType {
        ValueType::External
    }
}
impl ValidateNapiValue for TensorHandle {}

impl FromNapiValue for TensorHandle {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        // SAFETY: napi-rs calls with live arguments; TENSOR slots hold tensors.
        let slot = unsafe { slot::<Tensor>(env, value, TENSOR, "tensor")? };
        match &slot.value {
            Some(t) => Ok(TensorHandle(t.clone())),
            None => {
                Err(Error::new(Status::InvalidArg, "ERR_DISPOSED: the tensor was disposed and cannot be used any more"))
            }
        }
    }
}

impl ToNapiValue for TensorHandle {
    unsafe fn to_napi_value(env: sys::napi_env, handle: Self) -> Result<sys::napi_value> {
        let storage = handle.0.storage();
        let born = if storage.announce() { storage.len() * handle.0.dtype().size() } else { 0 };
        // SAFETY: napi-rs calls with a live env.
        let value = unsafe { wrap(env, TENSOR, handle.0, finalize_tensor)? };
        LIVE.set(LIVE.get() + 1);
        publish(born);
        Ok(value)
    }
}

impl TypeName for GeneratorHandle {
    fn type_name() -> &'static str {
        "GeneratorHandle"
    }
    fn value_type() -> ValueType {
        ValueType::External
    }
}
impl ValidateNapiValue for GeneratorHandle {}

impl FromNapiValue for GeneratorHandle {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        // SAFETY: napi-rs calls with live arguments; GENERATOR slots hold generators.
        let slot = unsafe { slot::<Rc<RefCell<Generator>>>(env, value, GENERATOR, "generator")? };
        slot.value.clone().map(GeneratorHandle).ok_or_else(|| Error::new(Status::InvalidArg, "expected a generator"))
    }
}

impl ToNapiValue for GeneratorHandle {
    unsafe fn to_napi_value(env: sys::napi_env, handle: Self) -> Result<sys::napi_value> {
        // SAFETY: napi-rs calls with a live env.
        unsafe { wrap(env, GENERATOR, handle.0, finalize_generator) }
    }
}

/// Gives the memory kept for reuse back to the system.
pub fn release_cache() {
    empty_cache();
}

/// What is kept for JavaScript without being shown to it.
pub trait Kept: 'static {
    /// Tells its Externals from others.
    const TAG: u64;
    /// What an error calls it.
    const NAME: &'static str;
}

/// Something kept, on its way in or out.
pub struct Handle<T: Kept>(pub Rc<T>);

/// An opened file of tensors.
pub type FileHandle = Handle<crate::files::FileState>;
/// Images whose files have been read.
pub type ImagesHandle = Handle<crate::image_batch::OpenedImages>;

unsafe extern "C" fn finalize_kept<T: Kept>(_: sys::napi_env, data: *mut c_void, _: *mut c_void) {
    // SAFETY: `wrap` made this box and gives it here once.
    drop(unsafe { Box::from_raw(data.cast::<Slot<Rc<T>>>()) });
}

impl<T: Kept> TypeName for Handle<T> {
    fn type_name() -> &'static str {
        T::NAME
    }
    fn value_type() -> ValueType {
        ValueType::External
    }
}
impl<T: Kept> ValidateNapiValue for Handle<T> {}

impl<T: Kept> FromNapiValue for Handle<T> {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        // SAFETY: napi-rs calls with live arguments; slots with this tag hold this type.
        let slot = unsafe { slot::<Rc<T>>(env, value, T::TAG, T::NAME)? };
        let kept = slot.value.clone();
        kept.map(Handle).ok_or_else(|| Error::new(Status::InvalidArg, format!("expected a {}", T::NAME)))
    }
}

impl<T: Kept> ToNapiValue for Handle<T> {
    unsafe fn to_napi_value(env: sys::napi_env, handle: Self) -> Result<sys::napi_value> {
        // SAFETY: napi-rs calls with a live env.
        unsafe { wrap(env, T::TAG, handle.0, finalize_kept::<T>) }
    }
}
