//! A pointer that tasks of the pool share, each touching its own part.

/// A raw pointer that may cross threads.
pub(crate) struct Raw<T>(pub *mut T);

impl<T> Clone for Raw<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Raw<T> {}
// SAFETY: only a pointer; whoever dereferences it states why no two threads touch the same element.
unsafe impl<T> Send for Raw<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Raw<T> {}

impl<T> Raw<T> {
    /// The pointer of a slice that tasks will write.
    pub fn new(s: &mut [T]) -> Self {
        Raw(s.as_mut_ptr())
    }

    /// The address of element `i`.
    #[inline(always)]
    pub fn at(self, i: usize) -> *mut T {
        self.0.wrapping_add(i)
    }

    /// `len` elements from `i` as a slice.
    ///
    /// # Safety
    /// They lie in the slice, which outlives the use, and nobody else touches them meanwhile.
    #[inline(always)]
    pub unsafe fn slice<'a>(self, i: usize, len: usize) -> &'a mut [T] {
        // SAFETY: the caller's promise.
        unsafe { std::slice::from_raw_parts_mut(self.at(i), len) }
    }
}
