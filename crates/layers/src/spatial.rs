//! What layers over images share: the last one, two or three dimensions as three, everything before them as planes.

use candlewick_tensor::{Error, Result, Tensor, memory};

/// The shape of a tensor as planes [D, H, W]; one and two dimensions have ones in front.
#[derive(Clone, Debug)]
pub(crate) struct Planes {
    pub count: usize,
    pub size: [usize; 3],
    lead: Vec<usize>,
    spatial: usize,
}

impl Planes {
    /// The last `spatial` dimensions of `x`, which has them.
    pub fn of(x: &Tensor, spatial: usize) -> Planes {
        let (lead, size) = x.shape().split_at(x.rank() - spatial);
        Planes { count: lead.iter().product(), size: three(size, 1), lead: lead.to_vec(), spatial }
    }

    /// The shape with other planes.
    pub fn dims(&self, size: [usize; 3]) -> Vec<usize> {
        [&self.lead, &size[3 - self.spatial..]].concat()
    }
}

/// Up to three numbers as three, the leading ones neutral.
pub(crate) fn three(list: &[usize], neutral: usize) -> [usize; 3] {
    std::array::from_fn(|i| (i + list.len()).checked_sub(3).map_or(neutral, |d| list[d]))
}

/// One number for all dimensions, or one for each, as three; PyTorch's words where there are neither.
pub(crate) fn spread(op: &str, name: &str, list: &[usize], spatial: usize, neutral: usize) -> Result<[usize; 3]> {
    match list {
        [n] => Ok(three(&vec![*n; spatial], neutral)),
        list if list.len() == spatial => Ok(three(list, neutral)),
        _ => Err(Error::Shape(format!(
            "{op}: {name} must either be a single int, or a tuple of {} ints",
            ["one", "two", "three"][spatial - 1]
        ))),
    }
}

/// The number of elements of a shape that an operation is about to make.
pub(crate) fn numel(op: &str, dims: &[usize]) -> Result<usize> {
    let n = dims.iter().try_fold(1usize, |n, &d| n.checked_mul(d));
    n.ok_or_else(|| Error::Shape(format!("{op}: the output {dims:?} is too large")))
}

/// Refuses axes of which a list of this many words an element does not fit in the memory: an error and no abort.
pub(crate) fn listable(size: [usize; 3], words: usize) -> Result<()> {
    let long = size.iter().filter(|&&n| n > 1 << 20).fold(0usize, |sum, &n| sum.saturating_add(n));
    memory::alloc::<i64>(long.saturating_mul(words)).map(drop)
}

/// Refuses inputs that lack dimensions, or have an empty one other than the batch.
pub(crate) fn check_filled(op: &str, x: &Tensor, spatial: usize) -> Result<()> {
    let (min, max) = (spatial + 1, spatial + 2);
    if x.rank() != min && x.rank() != max {
        return Err(Error::Shape(format!("{op}(): Expected {min}D or {max}D tensor, but got {:?}", x.shape())));
    }
    let first = x.rank() - min;
    match (first..x.rank()).find(|&d| x.shape()[d] == 0) {
        Some(d) => Err(Error::Shape(format!(
            "{op}(): Expected input to have non-zero size for non-batch dimensions, but input has sizes {:?} with dimension {d} being empty",
            x.shape()
        ))),
        None => Ok(()),
    }
}

/// A new tensor whose elements a kernel moves unread: `moved!(dtype, dims, |T, y| kernel)` runs the kernel with `T` bound to the
/// plain integer of the elements' size and `y` to the places to fill. Unsafe: the kernel must write elements of this dtype.
macro_rules! moved {
    ($dtype:expr, $dims:expr, |$T:ident, $y:ident| $kernel:expr) => {{
        let new = candlewick_tensor::Tensor::blank(candlewick_tensor::Layout::contiguous($dims), $dtype)?;
        candlewick_tensor::sized!($dtype, $T => {
            let $y = new.plain_data_mut::<$T>()?;
            $kernel
        });
        new.storage().reset_version();
        new
    }};
}
pub(crate) use moved;
