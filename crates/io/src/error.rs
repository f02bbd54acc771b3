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

impl Error {
    /// The same, said of a part of the file.
    pub(crate) fn within(self, part: &str) -> Error {
        let say = |m: String| format!("{part}: {m}");
        match self {
            Error::Damaged(m) => Error::Damaged(say(m)),
            Error::Kind(m) => Error::Kind(say(m)),
            Error::Unpickling(m) => Error::Unpickling(say(m)),
            Error::Unsupported(m) => Error::Unsupported(say(m)),
            other => other,
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
