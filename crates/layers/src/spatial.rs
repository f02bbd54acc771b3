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
    let mut long = size.iter().filter(|&&n| n > 1 << 20);
    long.try_for_each(|n| memory::alloc::<i64>(n.saturating_mul(words)).map(drop))
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

/// Runs an expression with `T` bound to the type of the elements, whichever it is.
macro_rules! every {
    ($dtype:expr, $T:ident => $body:expr) => {
        $crate::spatial::every!(@ $dtype, $T => $body; F32 f32, F64 f64, F16 half::f16, BF16 half::bf16, I64 i64, I32 i32,
            I16 i16, I8 i8, U8 u8, Bool candlewick_tensor::Bool)
    };
    (@ $dtype:expr, $T:ident => $body:expr; $($v:ident $t:ty),*) => {
        match $dtype { $(candlewick_tensor::DType::$v => { type $T = $t; $body })* }
    };
}
pub(crate) use every;
