//! Walking several strided operands at once: dimensions are ordered by the output and merged where they lie evenly, so
//! that most work is long contiguous runs.

use crate::Layout;
use candlewick_kernels::pool;
use smallvec::SmallVec;

/// Elements below which a piece of element-wise work is not worth a second thread.
pub const GRAIN: usize = 1 << 15;

struct Dim<const N: usize> {
    size: usize,
    steps: [usize; N],
}

/// How to read `N` inputs in the memory order of a dense output.
pub struct Plan<const N: usize> {
    /// Outermost first; never empty.
    dims: SmallVec<[Dim<N>; 5]>,
    start: [usize; N],
    numel: usize,
}

impl<const N: usize> Plan<N> {
    /// `inputs` are broadcast to the shape of `out`, which is dense.
    pub fn new(out: &Layout, inputs: [&Layout; N]) -> Plan<N> {
        let wide = inputs.map(|l| l.broadcast_to(&out.shape));
        let mut order: SmallVec<[usize; 5]> = (0..out.rank()).filter(|&d| out.shape[d] != 1).collect();
        order.sort_by_key(|&d| std::cmp::Reverse(out.strides[d]));
        let mut dims: SmallVec<[Dim<N>; 5]> = SmallVec::new();
        for d in order {
            let (size, steps) = (out.shape[d], std::array::from_fn(|i| wide[i].strides[d]));
            match dims.last_mut() {
                Some(last) if (0..N).all(|i| last.steps[i] == steps[i] * size) => {
                    *last = Dim { size: last.size * size, steps };
                }
                _ => dims.push(Dim { size, steps }),
            }
        }
        if dims.is_empty() {
            dims.push(Dim { size: 1, steps: [1; N] });
        }
        Plan { dims, start: std::array::from_fn(|i| wide[i].offset), numel: out.numel() }
    }

    /// Calls `f(start, length, offsets, steps)` for runs of the output that together cover it, on several threads if it is
    /// large: element `j` of a run is element `start + j` of the output in memory order and element `offsets[i] + j * steps[i]`
    /// of input `i`'s storage.
    pub fn rows(&self, f: &Run<'_, N>) {
        if self.numel > 0 {
            pool::chunks(self.numel, GRAIN, &|r| self.walk(r.start, r.end, f));
        }
    }

    fn walk(&self, mut start: usize, end: usize, f: &Run<'_, N>) {
        let last = self.dims.len() - 1;
        let inner = &self.dims[last];
        let (mut row, mut column) = (start / inner.size, start % inner.size);
        while start < end {
            let mut at = self.start;
            let mut rest = row;
            for dim in self.dims[..last].iter().rev() {
                let i = rest % dim.size;
                rest /= dim.size;
                (0..N).for_each(|k| at[k] += i * dim.steps[k]);
            }
            (0..N).for_each(|k| at[k] += column * inner.steps[k]);
            let n = (end - start).min(inner.size - column);
            f(start, n, at, inner.steps);
            start += n;
            (row, column) = (row + 1, 0);
        }
    }

    /// The same walk on this thread without an output: `f(length, offsets, steps)` in the output's order.
    pub fn each(&self, mut f: impl FnMut(usize, [usize; N], [usize; N])) {
        if self.numel == 0 {
            return;
        }
        let inner = &self.dims[self.dims.len() - 1];
        let outer = &self.dims[..self.dims.len() - 1];
        for row in 0..self.numel / inner.size {
            let (mut at, mut rest) = (self.start, row);
            for dim in outer.iter().rev() {
                let i = rest % dim.size;
                rest /= dim.size;
                (0..N).for_each(|k| at[k] += i * dim.steps[k]);
            }
            f(inner.size, at, inner.steps);
        }
    }
}

/// What a plan calls for each run.
pub type Run<'a, const N: usize> = dyn Fn(usize, usize, [usize; N], [usize; N]) + Sync + 'a;

/// The start of a slice that threads fill together.
struct Base<U>(*mut U);
// SAFETY: it is only used for parts that no two threads share.
unsafe impl<U: Send> Sync for Base<U> {}

impl<U> Base<U> {
    /// # Safety
    /// start..start + n lies in the slice, which is borrowed meanwhile, and nobody else has a part that overlaps.
    #[allow(clippy::mut_from_ref)]
    unsafe fn part(&self, start: usize, n: usize) -> &mut [U] {
        // SAFETY: by this function's contract.
        unsafe { std::slice::from_raw_parts_mut(self.0.add(start), n) }
    }
}

/// Cuts a slice into nearly equal pieces of at least `grain` elements and works on them in parallel; `f` gets the start.
pub fn pieces<U: Send>(out: &mut [U], grain: usize, f: impl Fn(usize, &mut [U]) + Sync) {
    let base = Base(out.as_mut_ptr());
    let work: &(dyn Fn(std::ops::Range<usize>) + Sync) = &|r| {
        // SAFETY: the ranges lie in 0..out.len() and are disjoint; `out` is borrowed for the whole call.
        f(r.start, unsafe { base.part(r.start, r.len()) })
    };
    pool::chunks(out.len(), grain, work);
}
