//! Adam and AdamW. [Kingma & Ba 2015; Loshchilov & Hutter 2019]

use crate::slices::{Real, check, refuse, with_contiguous};
use candlewick_kernels::optim::{AdamConfig, adam as kernel};
use candlewick_tensor::{DType, Result, Tensor};

/// The running moments of the parameters.
pub struct AdamState<'a> {
    /// Means of the gradients.
    pub means: &'a [Tensor],
    /// Means of their squares.
    pub squares: &'a [Tensor],
    /// The largest of those so far (amsgrad), or empty.
    pub largest: &'a [Tensor],
    /// How many steps each parameter has made, this one included.
    pub steps: &'a [u64],
}

/// Updates each parameter from its gradient.
pub fn adam(params: &[Tensor], grads: &[Tensor], s: &AdamState, c: &AdamConfig) -> Result<()> {
    for (i, (p, g)) in params.iter().zip(grads).enumerate() {
        let (m, v, largest) = (&s.means[i], &s.squares[i], s.largest.get(i));
        let beside: Vec<&Tensor> = [Some(g), Some(m), Some(v), largest].into_iter().flatten().collect();
        check("adam", p, &beside)?;
        let all: Vec<&Tensor> = [Some(p), Some(g), Some(m), Some(v), largest].into_iter().flatten().collect();
        with_contiguous(&all, 1, |t| match p.dtype() {
            DType::F32 => step::<f32>(t, s.steps[i], c),
            DType::F64 => step::<f64>(t, s.steps[i], c),
            d => refuse("adam", d),
        })?;
    }
    Ok(())
}

fn step<T: Real>(t: &[Tensor], step: u64, c: &AdamConfig) -> Result<()> {
    // SAFETY: the parameter and its states are distinct tensors of distinct storages; no other slice is alive.
    let (p, m, v) = unsafe { (t[0].data_mut::<T>()?, t[2].data_mut::<T>()?, t[3].data_mut::<T>()?) };
    let largest = match t.get(4) {
        // SAFETY: as above.
        Some(l) => Some(unsafe { l.data_mut::<T>()? }),
        None => None,
    };
    kernel(p, t[1].data::<T>()?, m, v, largest, step, c);
    Ok(())
}
