//! Copies: contiguous, clone, conversion between dtypes and devices, `copy_` and `fill_`.

use super::map::{Source, result_layout};
use crate::autograd::Tape;
use crate::error::shape;
use crate::iter::Plan;
use crate::layout::{broadcast, list};
use crate::{DType, Device, Error, Layout, Result, Tensor};
use candlewick_kernels::cast;

/// A copy with its own storage, in x's stride order.
pub fn clone(x: &Tensor) -> Result<Tensor> {
    let y = copied(x, x.dense_layout(), x.dtype())?;
    Tape::of("CloneBackward0", &[x]).record(y, |c| c.each(&[&|| c.gy()]))
}

impl Tensor {
    /// The tensor itself if it is row-major, else a row-major copy.
    pub fn contiguous(&self) -> Result<Tensor> {
        if self.is_contiguous() {
            return Ok(self.clone());
        }
        let y = copied(self, Layout::contiguous(self.shape()), self.dtype())?;
        Tape::of("CloneBackward0", &[self]).record(y, |c| c.each(&[&|| c.gy()]))
    }

    /// The same values in another dtype; itself if it has it.
    pub fn to_dtype(&self, dtype: DType) -> Result<Tensor> {
        to_dtype(self, dtype)
    }

    /// The same values on another device; itself if it is there.
    pub fn to_device(&self, device: Device) -> Result<Tensor> {
        if self.device() == device {
            return Ok(self.clone());
        }
        Err(Error::Device(format!(
            "cannot move a tensor from {} to {device}: this build has the CPU only",
            self.device()
        )))
    }
}

/// A copy in a layout of the same shape, converted to a dtype.
fn copied(x: &Tensor, layout: Layout, to: DType) -> Result<Tensor> {
    let y = Tensor::blank(layout, to)?;
    write_dense(&y, x)?;
    Ok(y)
}

/// Writes x, broadcast and converted, to a dense tensor that it shares no storage with.
fn write_dense(y: &Tensor, x: &Tensor) -> Result<()> {
    let (from, to, offset) = (Source::of(x)?, Source::of(y)?, y.layout().offset);
    Plan::new(y.layout(), [x.layout()]).rows(&|start, n, [at], [step]| {
        // SAFETY: the plan stays within both storages, and its runs of y are disjoint.
        unsafe { from.operand(at, step).store(to.at(offset + start), y.dtype(), n) }
    });
    Ok(())
}

/// Conversion to a dtype.
pub fn to_dtype(x: &Tensor, dtype: DType) -> Result<Tensor> {
    converted("ToCopyBackward0", x, dtype)
}
/// The last step of an operation that computes in a wider dtype: its node has that operation's name.
pub fn rounded(y: &Tensor, dtype: DType) -> Result<Tensor> {
    converted(y.node_name().unwrap_or("ToCopyBackward0"), y, dtype)
}
fn converted(name: &'static str, x: &Tensor, dtype: DType) -> Result<Tensor> {
    if x.dtype() == dtype {
        return Ok(x.clone());
    }
    let y = copied(x, x.dense_layout(), dtype)?;
    if !dtype.is_float() {
        return Ok(y);
    }
    Tape::of(name, &[x]).record(y, |c| c.each(&[&|| c.gy()]))
}

/// x = src, broadcast and converted.
pub fn copy_(x: &Tensor, src: &Tensor) -> Result<()> {
    if x.is(src) {
        return Ok(());
    }
    check_writable_shape(x, src)?;
    x.check_inplace()?;
    check_overlap(x, src)?;
    let tape = Tape::of("CopyBackwards", &[x, src]);
    let from = to_dtype(&src.detach(), x.dtype())?;
    let from = if from.shares_storage(x) { clone(&from)? } else { from };
    write_strided(&x.detach(), &from)?;
    tape.record_inplace(x, |c| c.each(&[&|| c.gy()?.zeros_like(), &|| c.gy()]))
}

/// Refuses operands of which only a part is the written tensor: they would change while they are read.
pub(crate) fn check_overlap(x: &Tensor, src: &Tensor) -> Result<()> {
    let (a, b) = (x.layout(), src.layout());
    let same = (a.offset, a.end()) == (b.offset, b.end()) && a.strides == b.strides;
    let apart = || a.end() <= b.offset || b.end() <= a.offset;
    if !x.shares_storage(src) || same || !a.is_dense() || !b.is_dense() || apart() {
        return Ok(());
    }
    Err(Error::Argument("unsupported operation: some elements of the input tensor and the written-to tensor refer to a single memory location. Please clone() the tensor before performing the operation.".into()))
}

fn check_writable_shape(x: &Tensor, src: &Tensor) -> Result<()> {
    match broadcast(x.shape(), src.shape()) {
        Ok(wide) if wide.as_slice() == x.shape() => Ok(()),
        Ok(wide) => {
            shape(format!("output with shape {} doesn't match the broadcast shape {}", list(x.shape()), list(&wide)))
        }
        Err(e) => Err(e),
    }
}

/// Every element of x becomes `value`, a tensor of one element.
pub fn fill_(x: &Tensor, value: &Tensor) -> Result<()> {
    if value.rank() != 0 {
        return shape(format!(
            "fill_ only supports 0-dimension value tensor but got tensor with {} dimensions.",
            value.rank()
        ));
    }
    x.check_fill()?;
    let tape = Tape::of("FillBackward0", &[x, value]);
    write_strided(&x.detach(), &to_dtype(&value.detach(), x.dtype())?)?;
    tape.record_inplace(x, |c| c.each(&[&|| c.gy()?.zeros_like(), &|| c.gy()]))
}

/// Writes `src` (same dtype, other storage, broadcast) to the places of the view `x`, whatever its strides.
pub(crate) fn write_strided(x: &Tensor, src: &Tensor) -> Result<()> {
    let l = x.layout();
    x.bump_version();
    if l.is_dense() {
        return write_dense(x, src);
    }
    let (from, to, size) = (Source::of(src)?, Source::of(x)?, x.dtype().size());
    debug_assert_eq!(src.dtype(), x.dtype());
    Plan::new(&result_layout(&[x])?, [l, src.layout()]).each(|n, [target, at], [step_to, step]| {
        // SAFETY: src has another storage (its callers cloned it otherwise), and the plan stays within both.
        unsafe { cast::copy(size, from.at(at), step, to.at(target), step_to, n) }
    });
    Ok(())
}
