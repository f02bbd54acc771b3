//! What can be wrong with a file.

/// The error of this crate. Its text names what was expected and what came; the caller puts the file's path in front.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system refused: a file that is missing, a full disk.
    #[error("{0}")]
    System(#[from] std::io::Error),
    /// The file is damaged: truncated, or its checksums do not match.
    #[error("{0}")]
    Damaged(String),
    /// The file is whole and of another kind.
    #[error("{0}")]
    Kind(String),
    /// A pickle that breaks its own rules, or asks for what is refused for safety.
    #[error("{0}")]
    Unpickling(String),
    /// What the file holds is known and not supported: complex numbers, quantised tensors.
    #[error("{0}")]
    Unsupported(String),
    /// The tensor crate's refusal, of memory for example.
    #[error(transparent)]
    Tensor(#[from] candlewick_tensor::Error),
}

/// The result of every function here.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The code that JavaScript sees in `error.code`.
    pub fn code(&self) -> &'static str {
        match self {
            Error::System(_) | Error::Damaged(_) | Error::Kind(_) => "ERR_IO",
            Error::Unpickling(_) | Error::Unsupported(_) => "ERR_UNPICKLING",
            Error::Tensor(e) => e.code(),
        }
    }
}

/// `Err(Error::Damaged(..))`.
pub(crate) fn damaged<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::Damaged(message.into()))
}
/// `Err(Error::Kind(..))`.
pub(crate) fn kind<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::Kind(message.into()))
}
/// `Err(Error::Unpickling(..))`.
pub(crate) fn unpickling<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::Unpickling(message.into()))
}
/// `Err(Error::Unsupported(..))`.
pub(crate) fn unsupported<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::Unsupported(message.into()))
}
