//! Products of vectors and matrices.

use crate::error::Result;
use crate::handle::TensorHandle;
use crate::options::{Int, Number};
use crate::reply::one;
use candlewick_tensor::ops;
use napi_derive::napi;

/// `a @ b`
#[napi(catch_unwind)]
pub fn matmul(a: TensorHandle, b: TensorHandle) -> Result<TensorHandle> {
    one(ops::matmul(&a, &b))
}
/// Two matrices.
#[napi(catch_unwind)]
pub fn mm(a: TensorHandle, b: TensorHandle) -> Result<TensorHandle> {
    one(ops::mm(&a, &b))
}
/// Two batches of matrices.
#[napi(catch_unwind)]
pub fn bmm(a: TensorHandle, b: TensorHandle) -> Result<TensorHandle> {
    one(ops::bmm(&a, &b))
}
/// A matrix and a vector.
#[napi(catch_unwind)]
pub fn mv(a: TensorHandle, b: TensorHandle) -> Result<TensorHandle> {
    one(ops::mv(&a, &b))
}
/// Two vectors.
#[napi(catch_unwind)]
pub fn dot(a: TensorHandle, b: TensorHandle) -> Result<TensorHandle> {
    one(ops::dot(&a, &b))
}
/// Exports products that are added to a tensor.
macro_rules! added {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[napi(
            catch_unwind,
            ts_args_type = "input: TensorHandle, a: TensorHandle, b: TensorHandle, beta: Scalar, alpha: Scalar"
        )]
        pub fn $name(
            input: TensorHandle,
            a: TensorHandle,
            b: TensorHandle,
            beta: Number,
            alpha: Number,
        ) -> Result<TensorHandle> {
            one(ops::$name(&input, &a, &b, beta.0, alpha.0))
        }
    )*};
}
added! {
    /// beta * input + alpha * a @ b
    addmm;
    /// beta * input + alpha * (matrix @ vector)
    addmv;
    /// beta * input + alpha * (a outer b)
    addr;
    /// beta * input + alpha * the batched products
    baddbmm;
    /// beta * input + alpha * the sum of the batched products
    addbmm;
}
/// All products of two elements, [n, m].
#[napi(catch_unwind)]
pub fn outer(a: TensorHandle, b: TensorHandle) -> Result<TensorHandle> {
    one(ops::outer(&a, &b))
}
/// Products over the last dimensions.
#[napi(catch_unwind)]
pub fn inner(a: TensorHandle, b: TensorHandle) -> Result<TensorHandle> {
    one(ops::inner(&a, &b))
}
/// The vector product in space.
#[napi(catch_unwind)]
pub fn cross(a: TensorHandle, b: TensorHandle, d: Int) -> Result<TensorHandle> {
    one(ops::cross(&a, &b, d.0))
}
/// Pairwise p-distances of rows.
#[napi(catch_unwind)]
pub fn cdist(a: TensorHandle, b: TensorHandle, p: f64) -> Result<TensorHandle> {
    one(ops::cdist(&a, &b, p))
}
/// Areas under curves through points, in all or running.
#[napi(catch_unwind)]
pub fn trapezoid(y: TensorHandle, x: Option<TensorHandle>, dx: f64, d: Int, cumulative: bool) -> Result<TensorHandle> {
    one(ops::trapezoid(&y, x.as_deref(), dx, d.0, cumulative))
}
