//! What can be wrong with a drawing.

/// The error of this crate. Its text names what was expected and what came.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A font file that cannot be read, or is none.
    #[error("{0}")]
    Font(String),
    /// A drawing that is no SVG, or too large to be drawn.
    #[error("{0}")]
    Drawing(String),
}

/// The result of every function here.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The code that JavaScript sees in `error.code`.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Font(_) => "ERR_IO",
            Error::Drawing(_) => "ERR_ARGUMENT",
        }
    }
}
