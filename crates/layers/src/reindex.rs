//! Planes whose elements come from other places along each axis: what padding and nearest neighbours share. The gradient adds
//! every element back where it came from.

use crate::spatial::{Planes, listable, moved, numel};
use crate::wide::{in_f32, is_half, wide};
use candlewick_kernels::entries::Moved;
use candlewick_kernels::resample::OUTSIDE;
use candlewick_tensor::autograd::Tape;
use candlewick_tensor::{Result, Scalar, Tensor, memory};
use std::sync::Arc;

/// Where every element of the output comes from.
pub(crate) struct Reindex {
    pub name: &'static str,
    pub planes: Planes,
    /// For each axis the places in the input, or nowhere.
    maps: [Vec<usize>; 3],
    fill: Scalar,
}

impl Reindex {
    /// `from(axis, i)` is the place of element `i` of the output, whose size is given.
    pub fn new(
        name: &'static str,
        planes: Planes,
        output: [usize; 3],
        fill: Scalar,
        from: impl Fn(usize, usize) -> Option<usize>,
    ) -> Result<Arc<Reindex>> {
        let mut maps = [vec![], vec![], vec![]];
        listable(output, 1)?;
        // The output itself must fit before lists of its places are made.
        let elements = output.iter().fold(planes.count, |n, &size| n.saturating_mul(size));
        memory::alloc::<u8>(elements)?;
        for (axis, map) in maps.iter_mut().enumerate() {
            map.extend((0..output[axis]).map(|i| from(axis, i).unwrap_or(OUTSIDE)));
        }
        Ok(Arc::new(Reindex { name, planes, maps, fill }))
    }

    fn refs(&self) -> [&[usize]; 3] {
        self.maps.each_ref().map(Vec::as_slice)
    }
}

/// The elements of x by a list of places.
pub(crate) fn reindex(x: &Tensor, r: Arc<Reindex>) -> Result<Tensor> {
    let x = x.contiguous()?;
    let dims = r.planes.dims(r.refs().map(|m| m.len()));
    numel(r.name, &dims)?;
    let (count, size, fill) = (r.planes.count, r.planes.size, r.fill.element(x.dtype()));
    // SAFETY: the places are filled from x and with an element of its dtype.
    let y = unsafe {
        moved!(x.dtype(), &dims, |T, y| T::gather(count, size, r.refs(), fill as T, x.plain_data::<T>()?, y))
    };
    Tape::of(r.name, &[&x]).record(y, move |c| c.each(&[&|| back(&c.gy()?, r.clone())]))
}

fn back(g: &Tensor, r: Arc<Reindex>) -> Result<Tensor> {
    if is_half(g.dtype()) {
        return in_f32(g, |g| back(g, r));
    }
    let g = g.contiguous()?;
    let dims = r.planes.dims(r.planes.size);
    let dx = wide!(r.name, g.dtype(), T => {
        let mut dx = memory::alloc::<T>(numel(r.name, &dims)?)?;
        T::resample_scatter(r.planes.count, r.planes.size, r.refs(), g.data::<T>()?, &mut dx);
        Tensor::from_vec(dx, &dims)
    });
    Tape::of(r.name, &[&g]).record(dx, move |c| {
        let zero = Reindex { name: r.name, planes: r.planes.clone(), maps: r.maps.clone(), fill: Scalar::Int(0) };
        let zero = Arc::new(zero);
        c.each(&[&|| reindex(&c.gy()?, zero.clone())])
    })
}
