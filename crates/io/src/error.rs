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
            Error::Damaged(m) => Error::damaged(say(m)),
            Error::Kind(m) => Error::kind(say(m)),
            Error::Unpickling(m) => Error::unpickling(say(m)),
            Error::Unsupported(m) => Error::unsupported(say(m)),
            other => other,
        }
    }
}

/// A message that quotes a file is no longer than this many bytes.
const LONGEST: usize = 600;

/// Messages may quote a file, which may be anything: they are cut.
fn brief(message: impl Into<String>) -> String {
    let mut message = message.into();
    if message.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|&i| message.is_char_boundary(i)).unwrap_or(0);
        message.truncate(end);
        message.push_str(" ...");
    }
    message
}

impl Error {
    pub(crate) fn damaged(message: impl Into<String>) -> Error {
        Error::Damaged(brief(message))
    }
    pub(crate) fn kind(message: impl Into<String>) -> Error {
        Error::Kind(brief(message))
    }
    pub(crate) fn unpickling(message: impl Into<String>) -> Error {
        Error::Unpickling(brief(message))
    }
    pub(crate) fn unsupported(message: impl Into<String>) -> Error {
        Error::Unsupported(brief(message))
    }
}

// As results.
pub(crate) fn damaged<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::damaged(message))
}
pub(crate) fn kind<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::kind(message))
}
pub(crate) fn unpickling<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::unpickling(message))
}
pub(crate) fn unsupported<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::unsupported(message))
}
