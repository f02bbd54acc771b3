//! Pickles as data: a reader that knows a list of names and runs nothing, and a writer of protocol 2.

mod globals;
mod numpy;
mod opcode;
mod read;
mod tensor;
mod write;

pub(crate) use numpy::strides_of;
pub(crate) use read::Pickle;
pub use read::{Unknown, read_pickle};
pub use write::write_pickle;
pub(crate) use write::{Target, write as write_values};
