//! Copies: contiguous, clone, conversion between dtypes and devices, `copy_` and `fill_`.

use super::map::{Fn1, map1, result_layout};
use crate::autograd::Tape;
use crate::element::dispatch;
use crate::error::shape;
use crate::iter::{Lane, Plan};
use crate::layout::{broadcast, list};
use crate::{DType, Device, Element, Error, Layout, Result, Tensor, memory};

/// Conversion of one element.
#[derive(Clone, Copy)]
struct Cast;
impl<T: Element, U: Element> Fn1<T, U> for Cast {
    #[inline(always)]
    fn call(self, x: T) -> U {
        x.cast()
    }
}
#[derive(Clone, Copy)]
struct Same;
impl<T: Element> Fn1<T, T> for Same {
    #[inline(always)]
    fn call(self, x: T) -> T {
        x
    }
}

/// A copy with its own storage, in x's stride order.
pub fn clone(x: &Tensor) -> Result<Tensor> {
    let y = dispatch!(x.dtype(), T => map1::<T, T>(x, Same))?;
    Tape::of("CloneBackward0", &[x]).record(y, |c| c.each(&[&|| c.gy()]))
}

impl Tensor {
    /// The tensor itself if it is row-major, else a row-major copy.
    pub fn contiguous(&self) -> Result<Tensor> {
        if self.is_contiguous() {
            return Ok(self.clone());
        }
        let y = dispatch!(self.dtype(), T => {
            let mut out = memory::alloc::<T>(self.numel())?;
            gather_into(self, &mut out)?;
            Tensor::from_vec(out, self.shape())
        });
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

/// Writes the elements in row-major order.
fn gather_into<T: Element>(x: &Tensor, out: &mut [T]) -> Result<()> {
    let all = x.storage().slice::<T>()?;
    Plan::new(&Layout::contiguous(x.shape()), [x.layout()]).fill(out, |out, [at], [step]| {
        match Lane::of(all, at, step, out.len()) {
            Lane::Run(run) => out.copy_from_slice(run),
            lane => out.iter_mut().enumerate().for_each(|(i, o)| *o = lane.get(i)),
        }
    });
    Ok(())
}

/// Conversion to a dtype.
pub fn to_dtype(x: &Tensor, dtype: DType) -> Result<Tensor> {
    if x.dtype() == dtype {
        return Ok(x.clone());
    }
    let y = dispatch!(x.dtype(), T => dispatch!(dtype, U => map1::<T, U>(x, Cast)))?;
    if !dtype.is_float() {
        return Ok(y);
    }
    Tape::of("ToCopyBackward0", &[x]).record(y, |c| c.each(&[&|| c.gy()]))
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
    x.check_inplace()?;
    let tape = Tape::of("FillBackward0", &[x, value]);
    write_strided(&x.detach(), &to_dtype(&value.detach(), x.dtype())?)?;
    tape.record_inplace(x, |c| c.each(&[&|| c.gy()?.zeros_like(), &|| c.gy()]))
}

/// Writes `src` (same dtype, other storage, broadcast) to the places of the view `x`, whatever its strides.
pub(crate) fn write_strided(x: &Tensor, src: &Tensor) -> Result<()> {
    let l = x.layout();
    x.bump_version();
    dispatch!(x.dtype(), T => {
        let from = src.storage().slice::<T>()?;
        // SAFETY: src has another storage (its callers cloned it otherwise), and nothing else is read.
        let all = unsafe { x.storage().slice_mut::<T>()? };
        if l.is_dense() {
            let dense = Layout { offset: 0, ..l.clone() };
            let out = &mut all[l.offset..l.offset + l.numel()];
            Plan::new(&dense, [src.layout()]).fill(out, |out, [at], [step]| match Lane::of(from, at, step, out.len()) {
                Lane::Run(run) => out.copy_from_slice(run),
                Lane::Same(v) => out.fill(v),
                lane => out.iter_mut().enumerate().for_each(|(i, o)| *o = lane.get(i)),
            });
            return Ok(());
        }
        let order = result_layout(&[x])?;
        Plan::new(&order, [l, src.layout()]).each(|n, [to, at], [step_to, step]| {
            for i in 0..n {
                all[to + i * step_to] = from[at + i * step];
            }
        });
        Ok(())
    })
}
