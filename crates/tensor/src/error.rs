//! The one error of the tensor crate, grouped as the JavaScript classes are.

/// What went wrong. The text is PyTorch's where PyTorch has one.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// Shapes, sizes or dimensions that do not fit.
    #[error("{0}")]
    Shape(String),
    /// A dtype that an operation does not take.
    #[error("{0}")]
    DType(String),
    /// A device that is missing or not the expected one.
    #[error("{0}")]
    Device(String),
    /// An index out of range or of the wrong kind.
    #[error("{0}")]
    Index(String),
    /// Misuse of autograd: freed graphs, leaves changed in place, outdated versions.
    #[error("{0}")]
    Autograd(String),
    /// A value that an argument cannot have.
    #[error("{0}")]
    Argument(String),
    /// More memory asked for than there is.
    #[error("{0}")]
    Memory(String),
    /// A tensor used after it was disposed.
    #[error("{0}")]
    Disposed(String),
    /// A failure below us that no input should cause.
    #[error("{0}")]
    Internal(String),
}

/// The result of every operation.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The code that JavaScript sees in `error.code`.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Shape(_) => "ERR_SHAPE",
            Error::DType(_) => "ERR_DTYPE",
            Error::Device(_) => "ERR_DEVICE",
            Error::Index(_) => "ERR_INDEX",
            Error::Autograd(_) => "ERR_AUTOGRAD",
            Error::Argument(_) => "ERR_ARGUMENT",
            Error::Memory(_) => "ERR_MEMORY",
            Error::Disposed(_) => "ERR_DISPOSED",
            Error::Internal(_) => "ERR_INTERNAL",
        }
    }
}

impl From<candle_core::Error> for Error {
    fn from(e: candle_core::Error) -> Self {
        Error::Internal(e.to_string())
    }
}

/// `Err(Error::Shape(..))` from anything printable; the short form that checks use.
pub(crate) fn shape<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::Shape(message.into()))
}
/// `Err(Error::DType(..))`.
pub(crate) fn dtype<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::DType(message.into()))
}
/// `Err(Error::Index(..))`.
pub(crate) fn index<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::Index(message.into()))
}
/// `Err(Error::Argument(..))`.
pub(crate) fn argument<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::Argument(message.into()))
}
/// `Err(Error::Autograd(..))`.
pub(crate) fn autograd<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::Autograd(message.into()))
}
/// PyTorch's refusal of a result that the target cannot hold.
pub(crate) fn cast_error<T>(from: crate::DType, to: crate::DType) -> Result<T> {
    dtype(format!("result type {} can't be cast to the desired output type {}", from.title(), to.title()))
}
