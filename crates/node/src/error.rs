//! Errors as JavaScript sees them: a message and a `code`.

use candlewick_tensor::Error as TensorError;

/// The `code` of an error: ERR_SHAPE, ERR_DTYPE, ...
pub struct Code(&'static str);

impl Code {
    /// The code of an error of another crate.
    pub fn new(code: &'static str) -> Code {
        Code(code)
    }
}

impl AsRef<str> for Code {
    fn as_ref(&self) -> &str {
        self.0
    }
}

/// What every exported function returns.
pub type Result<T> = napi::Result<T, Code>;

/// Gives an error of the crates below its code.
pub fn coded<T>(r: candlewick_tensor::Result<T>) -> Result<T> {
    r.map_err(|e| napi::Error::new(Code(e.code()), e.to_string()))
}

/// An argument that cannot be.
pub fn argument<T>(message: impl Into<String>) -> Result<T> {
    coded(Err(TensorError::Argument(message.into())))
}
