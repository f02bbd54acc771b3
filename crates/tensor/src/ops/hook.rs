//! A point in the graph where JavaScript sees several gradients at once: full backward hooks of modules stand on it.

use crate::Result;
use crate::Tensor;
use crate::autograd::Tape;

/// The identity of all `xs` in one node; when backward reaches it, hook `id` gets their gradients and may replace them.
/// Returns the tensors themselves where nothing is recorded.
pub fn hook_barrier(xs: &[Tensor], id: u64) -> Result<Vec<Tensor>> {
    let refs: Vec<&Tensor> = xs.iter().collect();
    let tape = Tape::of("BackwardHookFunctionBackward", &refs);
    if !tape.active() {
        return Ok(xs.to_vec());
    }
    let ys: Vec<Tensor> = xs.iter().map(Tensor::alias).collect();
    tape.record_many(&ys.iter().collect::<Vec<_>>(), move |c| {
        let replaced = c.call_hook(id)?;
        Ok(match replaced {
            Some(grads) if grads.len() == c.gys().len() => {
                grads.into_iter().zip(c.gys()).map(|(new, old)| new.or(old.clone())).collect()
            }
            _ => c.gys().iter().cloned().collect(),
        })
    });
    if let Some(y) = ys.first() {
        y.own_hook(id);
    }
    Ok(ys)
}
