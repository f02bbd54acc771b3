//! Whether operations record: a flag per isolate.

use std::cell::Cell;

thread_local! {
    static ENABLED: Cell<bool> = const { Cell::new(true) };
    static INFERENCE: Cell<bool> = const { Cell::new(false) };
}

/// Whether operations record now.
pub fn is_grad_enabled() -> bool {
    ENABLED.get()
}

/// Turns recording on or off; returns what it was.
pub fn set_grad_enabled(on: bool) -> bool {
    ENABLED.replace(on)
}

/// Whether inference mode is on: nothing records, and new tensors can never take part in autograd.
pub fn is_inference() -> bool {
    INFERENCE.get()
}

/// Turns inference mode on or off; returns what it was.
pub fn set_inference(on: bool) -> bool {
    INFERENCE.replace(on)
}

/// Runs a function with recording on or off, and puts the mode back even if it panics.
pub fn with_grad_mode<R>(on: bool, f: impl FnOnce() -> R) -> R {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            set_grad_enabled(self.0);
        }
    }
    let _restore = Restore(set_grad_enabled(on));
    f()
}

/// Runs a function without recording.
pub fn no_grad<R>(f: impl FnOnce() -> R) -> R {
    with_grad_mode(false, f)
}
