//! What can be wrong with an image.

/// The error of this crate. Its text names what was expected and what came; the caller puts the file's path in front.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is damaged or truncated.
    #[error("{0}")]
    Damaged(String),
    /// The file is no image of a known format, or one that is not supported.
    #[error("{0}")]
    Kind(String),
    /// The image has more pixels than the caller allows.
    #[error("{0}")]
    TooLarge(String),
    /// A value that an argument cannot have.
    #[error("{0}")]
    Argument(String),
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
            Error::Damaged(_) | Error::Kind(_) | Error::TooLarge(_) => "ERR_IO",
            Error::Argument(_) => "ERR_ARGUMENT",
            Error::Tensor(e) => e.code(),
        }
    }
}
