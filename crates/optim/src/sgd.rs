//! Stochastic gradient descent with momentum and Nesterov's variant. [Sutskever et al. 2013]

use crate::slices::{Real, check, refuse, with_contiguous};
use candlewick_kernels::optim::{SgdConfig, sgd as kernel};
use candlewick_tensor::{DType, Result, Tensor};

/// Updates each parameter from its gradient. `buffers` is empty without momentum; where `first[i]`, buffer i is fresh.
pub fn sgd(params: &[Tensor], grads: &[Tensor], buffers: &[Tensor], first: &[bool], c: &SgdConfig) -> Result<()> {
    for (i, (p, g)) in params.iter().zip(grads).enumerate() {
        let buffer = buffers.get(i);
        let fresh = first.get(i).copied().unwrap_or(true);
        let beside: Vec<&Tensor> = [Some(g), buffer].into_iter().flatten().collect();
        check("sgd", p, &beside)?;
        let all: Vec<&Tensor> = [Some(p), Some(g), buffer].into_iter().flatten().collect();
        with_contiguous(&all, 1, |t| match p.dtype() {
            DType::F32 => step::<f32>(t, fresh, c),
            DType::F64 => step::<f64>(t, fresh, c),
            d => refuse("sgd", d),
        })?;
    }
    Ok(())
}

fn step<T: Real>(t: &[Tensor], fresh: bool, c: &SgdConfig) -> Result<()> {
    // SAFETY: `check` found the tensors' storages distinct from the parameter's, and no other slice is alive.
    let p = unsafe { t[0].data_mut::<T>()? };
    let buffer = match t.get(2) {
        // SAFETY: as above; a buffer belongs to one parameter.
        Some(b) => Some(unsafe { b.data_mut::<T>()? }),
        None => None,
    };
    kernel(p, t[1].data::<T>()?, buffer, fresh, c);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn momentum_accumulates() {
        let (p, g) = (Tensor::from_vec(vec![1f32, 2.0], &[2]), Tensor::from_vec(vec![0.5f32, -1.0], &[2]));
        let buffer = p.zeros_like().unwrap();
        let c =
            SgdConfig { lr: 0.1, momentum: 0.9, dampening: 0.0, weight_decay: 0.0, nesterov: false, maximize: false };
        for first in [true, false] {
            let one = std::slice::from_ref::<Tensor>;
            sgd(one(&p), one(&g), one(&buffer), &[first], &c).unwrap();
        }
        let v = p.to_f64_vec().unwrap();
        assert!((v[0] - 0.855).abs() < 1e-6 && (v[1] - 2.29).abs() < 1e-6, "{v:?}");
    }
}
