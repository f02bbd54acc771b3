//! Shape, strides and offset: how a view lies in its storage. Counted in elements.

use crate::error::{Result, index, shape};
use smallvec::SmallVec;

/// A shape or strides; up to five dimensions without an allocation.
pub type Dims = SmallVec<[usize; 5]>;

/// A strided view: element `i` lies at `offset + sum(i[d] * strides[d])`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The extent of each dimension.
    pub shape: Dims,
    /// The step in the storage of each dimension.
    pub strides: Dims,
    /// Where the first element lies.
    pub offset: usize,
}

/// Row-major strides of a shape; an empty dimension counts as one, as in PyTorch.
pub fn contiguous_strides(shape: &[usize]) -> Dims {
    let mut strides = Dims::from_elem(1, shape.len());
    for d in (1..shape.len()).rev() {
        strides[d - 1] = strides[d].saturating_mul(shape[d].max(1));
    }
    strides
}

/// The product of a shape, or an error when it does not fit in an isize.
pub fn checked_numel(shape_: &[usize]) -> Result<usize> {
    let product = shape_.iter().try_fold(1usize, |n, &d| n.checked_mul(d));
    match product {
        Some(n) if n <= isize::MAX as usize => Ok(n),
        _ if shape_.contains(&0) => Ok(0),
        _ => shape("Storage size calculation overflowed with sizes=".to_string() + &list(shape_)),
    }
}

/// `[2, 3]`, as PyTorch prints sizes.
pub fn list(dims: &[usize]) -> String {
    format!("[{}]", dims.iter().map(|d| d.to_string()).collect::<Vec<_>>().join(", "))
}

/// A dimension counted from the end when negative. PyTorch's text when it is out of range.
pub fn wrap_dim(dim: i64, rank: usize) -> Result<usize> {
    let n = rank.max(1) as i64;
    if dim < -n || dim >= n {
        return index(format!(
            "Dimension out of range (expected to be in range of [{}, {}], but got {dim})",
            -n,
            n - 1
        ));
    }
    Ok(dim.rem_euclid(n) as usize)
}

/// Wraps a list of dimensions; empty or absent means all. Repeated ones are an error.
pub fn wrap_dims(dims: Option<&[i64]>, rank: usize) -> Result<Dims> {
    match dims {
        None | Some([]) => Ok((0..rank).collect()),
        Some(list) => {
            let mut out = Dims::new();
            for &d in list {
                let d = wrap_dim(d, rank)?;
                if out.contains(&d) {
                    return shape(format!("dim {d} appears multiple times in the list of dims"));
                }
                if rank > 0 {
                    out.push(d);
                }
            }
            Ok(out)
        }
    }
}

/// The shape that two shapes broadcast to.
pub fn broadcast(a: &[usize], b: &[usize]) -> Result<Dims> {
    let rank = a.len().max(b.len());
    let mut out = Dims::from_elem(1, rank);
    for d in 0..rank {
        let at = |s: &[usize]| (d + s.len()).checked_sub(rank).map_or(1, |i| s[i]);
        let (x, y) = (at(a), at(b));
        if x != y && x != 1 && y != 1 {
            return shape(format!(
                "The size of tensor a ({x}) must match the size of tensor b ({y}) at non-singleton dimension {d}"
            ));
        }
        out[d] = if x == 1 { y } else { x };
    }
    Ok(out)
}

impl Layout {
    /// A row-major layout at offset 0.
    pub fn contiguous(shape: &[usize]) -> Layout {
        Layout { shape: shape.into(), strides: contiguous_strides(shape), offset: 0 }
    }

    /// The number of elements.
    pub fn numel(&self) -> usize {
        self.shape.iter().product()
    }

    /// The number of dimensions.
    pub fn rank(&self) -> usize {
        self.shape.len()
    }

    /// Row-major without gaps (dimensions of extent one may have any stride).
    pub fn is_contiguous(&self) -> bool {
        let mut expected = 1;
        for d in (0..self.rank()).rev() {
            if self.shape[d] != 1 {
                if self.strides[d] != expected {
                    return self.numel() == 0;
                }
                expected *= self.shape[d];
            }
        }
        true
    }

    /// Without gaps and overlaps in some order of the dimensions: a permuted contiguous block.
    pub fn is_dense(&self) -> bool {
        let mut dims: Dims = (0..self.rank()).filter(|&d| self.shape[d] != 1).collect();
        dims.sort_by_key(|&d| self.strides[d]);
        let mut expected = 1;
        for d in dims {
            if self.strides[d] != expected {
                return self.numel() == 0;
            }
            expected *= self.shape[d];
        }
        true
    }

    /// Whether two different indices may share an element (an expanded view).
    pub fn overlaps(&self) -> bool {
        self.shape.iter().zip(&self.strides).any(|(&n, &s)| n > 1 && s == 0)
    }

    /// The span of storage that is touched: one past the largest offset.
    pub fn end(&self) -> usize {
        if self.numel() == 0 {
            return self.offset;
        }
        self.offset + self.shape.iter().zip(&self.strides).map(|(n, s)| (n - 1) * s).sum::<usize>() + 1
    }

    /// The same elements under a broadcast shape: stride 0 along what is repeated.
    pub fn broadcast_to(&self, to: &[usize]) -> Layout {
        let lead = to.len() - self.rank();
        let strides = (0..to.len())
            .map(|d| match d.checked_sub(lead) {
                Some(i) if self.shape[i] != 1 || to[d] == 1 => self.strides[i],
                _ => 0,
            })
            .collect();
        Layout { shape: to.into(), strides, offset: self.offset }
    }

    /// The strides of another shape over the same elements, if one exists without copying.
    pub fn view_as(&self, to: &[usize]) -> Option<Layout> {
        if self.numel() == 0 || self.is_contiguous() {
            return Some(Layout { offset: self.offset, ..Layout::contiguous(to) });
        }
        // Walk both shapes from the right, matching runs of dimensions that lie evenly in storage.
        let mut strides = Dims::from_elem(0, to.len());
        let mut t = to.len();
        let (mut run_len, mut run_stride) = (1, *self.strides.last()?);
        for d in (0..self.rank()).rev() {
            run_len *= self.shape[d];
            let broken = d == 0 || (self.shape[d - 1] != 1 && self.strides[d - 1] != run_len * run_stride);
            if !broken {
                continue;
            }
            let mut filled = 1;
            while t > 0 && (filled < run_len || to[t - 1] == 1) {
                t -= 1;
                strides[t] = filled * run_stride;
                filled *= to[t];
            }
            if filled != run_len {
                return None;
            }
            if d > 0 {
                (run_len, run_stride) = (1, self.strides[d - 1]);
            }
        }
        (t == 0).then(|| Layout { shape: to.into(), strides, offset: self.offset })
    }

    /// Removes dimension `d`.
    pub fn without(&self, d: usize) -> Layout {
        let mut out = self.clone();
        out.shape.remove(d);
        out.strides.remove(d);
        out
    }
}
