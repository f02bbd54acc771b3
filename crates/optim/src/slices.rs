//! Access to a parameter and its state as slices in one memory order.

use candlewick_kernels::float::Float;
use candlewick_tensor::ops::copy_;
use candlewick_tensor::{DType, Element, Error, Result, Tensor};

/// What a step over one parameter works on: float32 or float64.
pub(crate) trait Real: Element + Float {}
impl Real for f32 {}
impl Real for f64 {}

/// Refuses states and gradients that do not belong to their parameter.
pub(crate) fn check(op: &str, p: &Tensor, others: &[&Tensor]) -> Result<()> {
    for t in others {
        if t.shape() != p.shape() || t.dtype() != p.dtype() {
            return Err(Error::Shape(format!(
                "{op}: expected {} of shape {:?} beside the parameter, received {} of {:?}",
                p.dtype().name(),
                p.shape(),
                t.dtype().name(),
                t.shape()
            )));
        }
        if t.shares_storage(p) {
            return Err(Error::Argument(format!("{op}: a gradient or state shares memory with its parameter")));
        }
    }
    Ok(())
}

/// Runs `f` on contiguous versions of the tensors and writes the written ones (all but `read`) back where that made copies.
pub(crate) fn with_contiguous(tensors: &[&Tensor], read: usize, f: impl FnOnce(&[Tensor]) -> Result<()>) -> Result<()> {
    let flat = tensors.iter().map(|t| t.detach().contiguous()).collect::<Result<Vec<_>>>()?;
    f(&flat)?;
    for (i, (t, c)) in tensors.iter().zip(&flat).enumerate() {
        if i != read && !t.shares_storage(c) {
            copy_(&t.detach(), c)?;
        }
    }
    Ok(())
}

/// A step for the dtype of a parameter; the half types have none yet.
pub(crate) fn refuse<T>(op: &str, d: DType) -> Result<T> {
    Err(Error::DType(format!("{op}: expected parameters of float32 or float64, received {}", d.name())))
}
