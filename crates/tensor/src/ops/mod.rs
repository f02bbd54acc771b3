//! The primitive operations, each with its gradient.

mod binary;
mod compare;
mod copy;
mod create;
mod extremum;
mod function;
mod gather;
mod hook;
mod index;
mod join;
mod linalg_qr;
mod map;
mod matmul;
mod random;
mod reduce;
mod select;
mod slice;
#[cfg(test)]
mod tests;
mod total_norm;
mod unary;
mod variance;
mod view;

pub use binary::*;
pub use compare::*;
pub use copy::*;
pub use create::*;
pub use extremum::*;
pub use function::*;
pub use gather::*;
pub use hook::*;
pub use index::*;
pub use join::*;
pub use linalg_qr::*;
pub use matmul::*;
pub use random::*;
pub use reduce::*;
pub use select::*;
pub use slice::*;
pub use total_norm::*;
pub use unary::*;
pub use variance::*;
pub use view::*;
