//! Work off the isolate's thread. The one wrapper catches panics where `catch_unwind` of a function does not reach.

use crate::error::Code;
use napi::bindgen_prelude::{AsyncTask, Either, Task, ToNapiValue, TypeName};
use napi::{Env, Result};
use napi_derive::napi;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why work off the thread failed: the promise resolves to this, and lib/ throws the class of its code.
#[napi(object)]
pub struct Failure {
    /// `ERR_IO`, ...
    pub code: String,
    /// What went wrong.
    pub message: String,
}

/// A result, or the code and the message of an error: it crosses threads.
pub type Outcome<T> = std::result::Result<T, (&'static str, String)>;

/// Work that gives a `T`, and what makes a JavaScript value of it on the isolate's thread.
pub struct Job<T: Send + 'static, J: ToNapiValue + TypeName + 'static> {
    work: Option<Box<dyn FnOnce() -> Outcome<T> + Send>>,
    finish: fn(T) -> J,
}

/// Runs work on a thread of the pool.
pub fn spawn<T: Send + 'static, J: ToNapiValue + TypeName + 'static>(
    work: impl FnOnce() -> Outcome<T> + Send + 'static,
    finish: fn(T) -> J,
) -> AsyncTask<Job<T, J>> {
    AsyncTask::new(Job { work: Some(Box::new(work)), finish })
}

impl<T: Send + 'static, J: ToNapiValue + TypeName + 'static> Task for Job<T, J> {
    type Output = Outcome<T>;
    type JsValue = Either<J, Failure>;

    fn compute(&mut self) -> Result<Self::Output> {
        let Some(work) = self.work.take() else { return Ok(Err(("ERR_INTERNAL", "the work has run".into()))) };
        Ok(catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(("ERR_INTERNAL", "a panic in a task".into()))))
    }

    fn resolve(&mut self, _: Env, output: Self::Output) -> Result<Self::JsValue> {
        Ok(match output {
            Ok(value) => Either::A((self.finish)(value)),
            Err((code, message)) => Either::B(Failure { code: code.into(), message }),
        })
    }
}

/// An error of files as (code, message), with the file's name in front.
pub fn file_error(name: &str, e: &candlewick_io::Error) -> (&'static str, String) {
    (e.code(), format!("{name}: {e}"))
}

/// The same as the error of a function.
pub fn raise<T>(r: Outcome<T>) -> crate::error::Result<T> {
    r.map_err(|(code, message)| napi::Error::new(Code::new(code), message))
}
