//! Pickles as data: a reader that knows a list of names and runs nothing, and a writer of protocol 2.

mod argument;
mod bytes;
mod call;
mod globals;
mod literal;
mod numpy;
mod opcode;
mod read;
mod stack;
mod step;
mod tensor;
mod write;
mod write_tensor;

pub(crate) use numpy::strides_of;
pub(crate) use read::Pickle;
pub use read::{Unknown, read_pickle};
pub use write::write_pickle;
pub(crate) use write::{Target, write as write_values};
