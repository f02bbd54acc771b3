//! NumPy's arrays, element types and scalars in a pickle; those of Python 2 too, as the batches of CIFAR are.

use super::globals::Known;
use super::read::Machine;
use crate::error::{Result, unpickling, unsupported};
use crate::graph::{Node, Ref};
use crate::numeric::{numpy_dtype, swap_bytes};
use candlewick_tensor::DType;

impl Machine<'_> {
    /// `numpy.dtype("f4", ...)`; its state gives the byte order.
    pub(super) fn numpy_dtype(&mut self, name: Ref) -> Result<Ref> {
        let Some(name) = self.text_of(name) else { return unpickling("numpy.dtype without a name") };
        let (order, name) = match name.as_bytes().first() {
            Some(b'<' | b'=' | b'|') => (false, name[1..].to_string()),
            Some(b'>') => (true, name[1..].to_string()),
            _ => (false, name),
        };
        Ok(self.add_known(Known::NumpyDType(name, order), "numpy.dtype"))
    }

    /// The state of an element type: `(3, "<", ...)`.
    pub(super) fn dtype_order(&mut self, target: Ref, state: Ref) -> Result<()> {
        let order = self.items_of(state)?.get(1).and_then(|&r| self.text_of(r));
        if let Some(Known::NumpyDType(_, big)) = self.known.get_mut(&target) {
            *big = order.as_deref() == Some(">");
        }
        Ok(())
    }

    fn dtype_of(&self, at: Ref) -> Result<(String, bool)> {
        match self.known.get(&at) {
            Some(Known::NumpyDType(name, big)) => Ok((name.clone(), *big)),
            _ => unpickling("an array without an element type"),
        }
    }

    /// The state of an array: `(version, shape, dtype, is_fortran, bytes)`.
    pub(super) fn fill_array(&mut self, target: Ref, state: Ref) -> Result<()> {
        let parts = self.items_of(state)?;
        let [.., shape, dtype, fortran, bytes] = parts[..] else {
            return unpickling("the state of an array has five parts");
        };
        let fortran = self.bool_of(fortran)?;
        let made = self.numpy_array(dtype, shape, bytes, fortran)?;
        self.graph.nodes[target as usize] = self.graph.nodes[made as usize].clone();
        self.known.remove(&target);
        Ok(())
    }

    /// An array of these bytes: a tensor.
    pub(super) fn numpy_array(&mut self, dtype: Ref, shape: Ref, bytes: Ref, fortran: bool) -> Result<Ref> {
        let (name, big_endian) = self.dtype_of(dtype)?;
        if matches!(self.graph.nodes[bytes as usize], Node::List(_)) {
            return unsupported("NumPy arrays of Python objects are not supported");
        }
        let (dtype, shape, bytes) = (numpy_dtype(&name)?, self.sizes_of(shape)?, self.latin1(bytes)?);
        let strides = strides_of(&shape, fortran);
        self.inline_tensor(dtype, shape, strides, bytes, big_endian)
    }

    /// A scalar: a number or a bool.
    pub(super) fn numpy_scalar(&mut self, dtype: Ref, value: Ref) -> Result<Ref> {
        let (name, big) = self.dtype_of(dtype)?;
        let mut bytes = self.latin1(value)?;
        let d = match name.as_str() {
            "u2" | "u4" | "u8" => None, // no tensor's type, but a number
            name => Some(numpy_dtype(name)?),
        };
        let size = d.map_or(name.as_bytes().get(1).map_or(0, |b| usize::from(b - b'0')), DType::size);
        if bytes.len() != size {
            return unpickling(format!("a NumPy scalar of type {name} with {} bytes", bytes.len()));
        }
        if big {
            swap_bytes(&mut bytes, size);
        }
        let mut wide = [if name.starts_with('i') && bytes.last().is_some_and(|b| b & 0x80 != 0) { 0xff } else { 0 }; 8];
        wide[..size].copy_from_slice(&bytes);
        let word = u64::from_le_bytes(wide);
        let node = match d {
            Some(DType::F32) => Node::Float(f64::from(f32::from_bits(word as u32))),
            Some(DType::F64) => Node::Float(f64::from_bits(word)),
            Some(DType::F16) => Node::Float(half::f16::from_bits(word as u16).to_f64()),
            Some(DType::Bool) => Node::Bool(word != 0),
            None if word > i64::MAX as u64 => Node::Big(false, word.to_string()),
            _ => Node::Int(word as i64),
        };
        Ok(self.graph.add(node))
    }
}

/// The strides of a whole array, the last dimension running fastest, or with `fortran` the first.
pub(crate) fn strides_of(shape: &[usize], fortran: bool) -> Vec<usize> {
    let mut strides = vec![1; shape.len()];
    let mut step = 1usize;
    for i in 0..shape.len() {
        let d = if fortran { i } else { shape.len() - 1 - i };
        strides[d] = step;
        step = step.saturating_mul(shape[d].max(1));
    }
    strides
}
