//! The tensor: a layout over a storage, with its place in the autograd graph.

use crate::autograd::{Meta, is_inference};
use crate::dtype::number_dtype;
use crate::error::shape;
use crate::layout::{checked_numel, list};
use crate::{Bool, DType, Device, Element, Layout, Result, Scalar, Storage};
use candlewick_kernels::cast;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

/// A strided view of a storage. Cloning shares everything: it is the same tensor.
#[derive(Clone)]
pub struct Tensor(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    id: u64,
    storage: Arc<Storage>,
    layout: Layout,
    dtype: DType,
    number: bool,
    /// A version counter apart from the storage's: of `x.data` and its views.
    version: Option<Arc<AtomicU32>>,
    pub(crate) meta: Meta,
}

fn next_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Relaxed)
}

impl Tensor {
    fn build(
        id: u64,
        storage: Arc<Storage>,
        layout: Layout,
        dtype: DType,
        number: bool,
        version: Option<Arc<AtomicU32>>,
        inference: bool,
    ) -> Tensor {
        let meta = Meta::new(inference);
        Tensor(Arc::new(Inner { id, storage, layout, dtype, number, version, meta }))
    }

    /// A tensor over a storage of its own.
    fn fresh(storage: Storage, layout: Layout, dtype: DType, number: bool) -> Tensor {
        Self::build(next_id(), Arc::new(storage), layout, dtype, number, None, is_inference())
    }

    /// A contiguous tensor of a vector's elements. The vector's length is the shape's product.
    pub fn from_vec<T: Element>(v: Vec<T>, shape: &[usize]) -> Tensor {
        debug_assert_eq!(v.len(), shape.iter().product::<usize>());
        Self::with_layout(v, Layout::contiguous(shape))
    }

    /// A dense tensor whose elements lie in the vector as the layout says.
    pub fn with_layout<T: Element>(v: Vec<T>, layout: Layout) -> Tensor {
        debug_assert!(layout.end() <= v.len());
        Self::fresh(Storage::from_vec(v), layout, T::DTYPE, false)
    }

    /// All elements of a storage.
    pub fn from_storage(storage: Storage) -> Tensor {
        let (layout, dtype) = (Layout::contiguous(&[storage.len()]), storage.dtype());
        Self::fresh(storage, layout, dtype, false)
    }

    /// Other elements of this tensor's storage, apart from its graph. Errors: places outside of the storage.
    pub fn strided(&self, shape: &[usize], strides: &[usize], offset: usize) -> Result<Tensor> {
        Ok(crate::ops::as_strided(&self.detach(), shape, strides, Some(offset))?.with_own_history())
    }
    fn with_own_history(&self) -> Tensor {
        let i = &self.0;
        Self::build(next_id(), i.storage.clone(), i.layout.clone(), i.dtype, false, None, self.is_inference())
    }

    /// A dense tensor with unspecified values: whoever asks writes all of them.
    pub fn blank(layout: Layout, dtype: DType) -> Result<Tensor> {
        Ok(Self::fresh(Storage::blank(dtype, layout.numel())?, layout, dtype, false))
    }

    /// A tensor from data that may have the wrong length.
    pub fn new<T: Element>(v: Vec<T>, dims: &[usize]) -> Result<Tensor> {
        let n = checked_numel(dims)?;
        if v.len() != n {
            return shape(format!("shape '{}' is invalid for input of size {}", list(dims), v.len()));
        }
        Ok(Self::from_vec(v, dims))
    }

    /// A plain number as a zero-dimensional tensor that does not take part in promotion by its width.
    pub fn number(s: Scalar) -> Tensor {
        let dtype = number_dtype(s);
        let storage = match s {
            Scalar::Bool(b) => Storage::from_vec(vec![Bool::from(b)]),
            Scalar::Int(i) => Storage::from_vec(vec![i]),
            Scalar::Float(f) => Storage::from_vec(vec![f]),
        };
        Self::fresh(storage, Layout::contiguous(&[]), dtype, true)
    }

    /// A tensor of one value.
    pub fn full(dims: &[usize], value: Scalar, dtype: DType) -> Result<Tensor> {
        checked_numel(dims)?;
        Self::filled(Layout::contiguous(dims), value, dtype)
    }

    /// A tensor of one value with another's strides, where those are dense.
    pub fn full_like(&self, value: Scalar, dtype: DType) -> Result<Tensor> {
        Self::filled(self.dense_layout(), value, dtype)
    }

    fn filled(layout: Layout, value: Scalar, dtype: DType) -> Result<Tensor> {
        let (n, y) = (layout.numel(), Self::blank(layout, dtype)?);
        let value = value.element(dtype);
        // SAFETY: the storage is new and has room for n elements.
        unsafe { cast::copy(dtype.size(), (&raw const value).cast(), 0, y.storage().bytes()?, 1, n) };
        Ok(y)
    }

    /// A layout over a storage of `len` zeros.
    pub(crate) fn zeroed(len: usize, layout: Layout, dtype: DType) -> Result<Tensor> {
        debug_assert!(layout.end() <= len);
        Ok(Self::full(&[len], Scalar::Int(0), dtype)?.with_view(layout))
    }

    /// Zeros of this tensor's shape, strides and dtype.
    pub fn zeros_like(&self) -> Result<Tensor> {
        self.full_like(Scalar::Int(0), self.dtype())
    }

    /// Another layout over the same storage, without any autograd.
    pub(crate) fn with_view(&self, mut layout: Layout) -> Tensor {
        if layout.numel() == 0 {
            layout.offset = 0; // nothing is read, and the offset may lie outside
        }
        debug_assert!(layout.end() <= self.0.storage.len());
        let i = &self.0;
        Self::build(next_id(), i.storage.clone(), layout, i.dtype, i.number, i.version.clone(), self.is_inference())
    }

    /// The same elements under a new identity, without any autograd.
    pub(crate) fn alias(&self) -> Tensor {
        self.with_view(self.0.layout.clone())
    }

    /// The same elements without a graph and with a version counter of their own: writing them goes unnoticed by autograd.
    pub fn data_alias(&self) -> Tensor {
        let i = &self.0;
        Self::build(
            next_id(),
            i.storage.clone(),
            i.layout.clone(),
            i.dtype,
            false,
            Some(Arc::default()),
            self.is_inference(),
        )
    }

    /// How often the elements were written in place, as far as autograd watches.
    pub fn version(&self) -> u32 {
        self.0.version.as_ref().map_or_else(|| self.0.storage.version(), |v| v.load(Relaxed))
    }

    /// Says that the elements were written in place.
    pub fn bump_version(&self) {
        match &self.0.version {
            Some(v) => _ = v.fetch_add(1, Relaxed),
            None => self.0.storage.bump_version(),
        }
    }

    /// This tensor's identity over another's elements: what assigning `x.data` means. Neither has a graph.
    pub fn with_data(&self, data: &Tensor) -> Tensor {
        let d = &data.0;
        let t = Self::build(self.0.id, d.storage.clone(), d.layout.clone(), d.dtype, false, None, data.is_inference());
        t.0.meta.adopt(&self.0.meta);
        t
    }

    /// The layout that results take after this input: its own strides if they are dense, else row-major.
    pub(crate) fn dense_layout(&self) -> Layout {
        let l = &self.0.layout;
        if l.is_dense() { Layout { offset: 0, ..l.clone() } } else { Layout::contiguous(&l.shape) }
    }

    /// A number that no other tensor has.
    pub fn id(&self) -> u64 {
        self.0.id
    }
    /// The storage behind it.
    pub fn storage(&self) -> &Arc<Storage> {
        &self.0.storage
    }
    /// Shape, strides and offset.
    pub fn layout(&self) -> &Layout {
        &self.0.layout
    }
    /// The extent of each dimension.
    pub fn shape(&self) -> &[usize] {
        &self.0.layout.shape
    }
    /// The step of each dimension.
    pub fn strides(&self) -> &[usize] {
        &self.0.layout.strides
    }
    /// The number of dimensions.
    pub fn rank(&self) -> usize {
        self.0.layout.rank()
    }
    /// The number of elements.
    pub fn numel(&self) -> usize {
        self.0.layout.numel()
    }
    /// The type of the elements.
    pub fn dtype(&self) -> DType {
        self.0.dtype
    }
    /// Where the bytes are.
    pub fn device(&self) -> Device {
        self.0.storage.device()
    }
    /// Whether it stands for a plain number.
    pub fn is_number(&self) -> bool {
        self.0.number
    }
    /// Whether it lies row-major without gaps.
    pub fn is_contiguous(&self) -> bool {
        self.0.layout.is_contiguous()
    }
    /// Whether two tensors are views of one storage.
    pub fn shares_storage(&self, other: &Tensor) -> bool {
        Arc::ptr_eq(&self.0.storage, &other.0.storage)
    }
    /// Whether they are one and the same tensor.
    pub fn is(&self, other: &Tensor) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The elements of a contiguous tensor.
    pub fn data<T: Element>(&self) -> Result<&[T]> {
        debug_assert!(self.is_contiguous());
        let (offset, n) = (self.0.layout.offset, self.numel());
        Ok(&self.0.storage.slice::<T>()?[offset..offset + n])
    }

    /// The elements of a contiguous tensor, to write to; raises the version.
    ///
    /// # Safety
    /// As [`Storage::slice_mut`].
    #[allow(clippy::mut_from_ref)]
    pub unsafe fn data_mut<T: Element>(&self) -> Result<&mut [T]> {
        debug_assert!(self.is_contiguous());
        let (offset, n) = (self.0.layout.offset, self.numel());
        self.bump_version();
        // SAFETY: by this function's contract.
        Ok(&mut unsafe { self.0.storage.slice_mut::<T>()? }[offset..offset + n])
    }

    /// The elements of a contiguous tensor as plain integers of their size: to move them unread.
    pub fn plain_data<T: Copy>(&self) -> Result<&[T]> {
        debug_assert!(self.is_contiguous());
        let (offset, n) = (self.0.layout.offset, self.numel());
        Ok(&self.0.storage.plain::<T>()?[offset..offset + n])
    }

    /// The same, to write to; raises the version.
    ///
    /// # Safety
    /// As [`Storage::slice_mut`]; what is written are elements of this tensor's dtype.
    #[allow(clippy::mut_from_ref)]
    pub unsafe fn plain_data_mut<T: Copy>(&self) -> Result<&mut [T]> {
        debug_assert!(self.is_contiguous());
        let (offset, n) = (self.0.layout.offset, self.numel());
        self.bump_version();
        // SAFETY: by this function's contract.
        Ok(&mut unsafe { self.0.storage.plain_mut::<T>()? }[offset..offset + n])
    }

    /// The value of a tensor of one element.
    pub fn item(&self) -> Result<Scalar> {
        if self.numel() != 1 {
            return shape(format!("a Tensor with {} elements cannot be converted to Scalar", self.numel()));
        }
        let dtype = self.dtype();
        let at = self.0.storage.bytes()?.wrapping_add(self.0.layout.offset * dtype.size());
        // SAFETY: the one element lies at the offset.
        unsafe {
            Ok(match dtype {
                DType::Bool => Scalar::Bool(cast::value_i64(dtype, at) != 0),
                d if d.is_float() => Scalar::Float(cast::value_f64(dtype, at)),
                _ => Scalar::Int(cast::value_i64(dtype, at)),
            })
        }
    }

    /// All elements in row-major order as float64: for printing and tests.
    pub fn to_f64_vec(&self) -> Result<Vec<f64>> {
        let x = self.detach().to_dtype(DType::F64)?.contiguous()?;
        Ok(x.data::<f64>()?.to_vec())
    }
}
