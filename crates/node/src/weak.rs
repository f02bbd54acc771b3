//! Weak references to JavaScript objects that let minor collections take them. A `WeakRef` of JavaScript keeps its target
//! until the running job ends, which in a synchronous loop is never.

use crate::error::{Result, argument};
use crate::options::AnyObject;
use candlewick_tensor::autograd;
use napi::{Env, sys};
use napi_derive::napi;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::c_void;
use std::ptr;

thread_local! {
    static REFERENCES: RefCell<HashMap<u64, sys::napi_ref>> = RefCell::default();
    static GONE: RefCell<Vec<u64>> = const { RefCell::new(vec![]) };
}

/// Runs inside the collection: deletes the reference and notes the number. Never calls back into JavaScript.
unsafe extern "C" fn gone(env: sys::napi_env, data: *mut c_void, _: *mut c_void) {
    let id = data as u64;
    let _ = REFERENCES.try_with(|r| {
        if let Some(reference) = r.borrow_mut().remove(&id) {
            // SAFETY: env is live, the reference is ours and is deleted once, in answer to its finalizer.
            unsafe { sys::napi_delete_reference(env, reference) };
        }
    });
    let _ = GONE.try_with(|g| g.borrow_mut().push(id));
}

/// Remembers a hook's object under its number for as long as JavaScript keeps it alive.
#[napi(catch_unwind, ts_args_type = "hook: object, id: number")]
pub fn watch_hook(env: Env, hook: AnyObject, id: f64) -> Result<()> {
    let mut reference = ptr::null_mut();
    // SAFETY: env and the object are live; the data is a number and no pointer.
    let status = unsafe {
        sys::napi_add_finalizer(
            env.raw(),
            hook.0,
            id as u64 as *mut c_void,
            Some(gone),
            ptr::null_mut(),
            &mut reference,
        )
    };
    if status != sys::Status::napi_ok {
        return argument("expected an object");
    }
    REFERENCES.with(|r| r.borrow_mut().insert(id as u64, reference));
    Ok(())
}

/// The object of a hook, if it is still alive.
#[napi(catch_unwind, ts_return_type = "object | null")]
pub fn find_hook(env: Env, id: f64) -> Result<Option<AnyObject>> {
    let reference = REFERENCES.with(|r| r.borrow().get(&(id as u64)).copied());
    let mut value = ptr::null_mut();
    if let Some(reference) = reference {
        // SAFETY: env is live; references in the map are not deleted yet.
        unsafe { sys::napi_get_reference_value(env.raw(), reference, &mut value) };
    }
    Ok((!value.is_null()).then_some(AnyObject(value)))
}

/// Hooks whose nodes have run or were freed, or whose objects are gone, since the last call.
#[napi(catch_unwind)]
pub fn drain_hooks() -> Result<Vec<f64>> {
    let mut ids = autograd::drain_hooks();
    GONE.with(|g| ids.append(&mut g.borrow_mut()));
    Ok(ids.into_iter().map(|id| id as f64).collect())
}
