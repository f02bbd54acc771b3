//! Gradients of a fused operation when they are to be differentiated again: its composition is recorded and differentiated.

use candlewick_tensor::autograd::{Ctx, Grads, grad, no_dispatch};
use candlewick_tensor::ops::alias;
use candlewick_tensor::{Result, Tensor};

/// The gradients of `f` at `inputs`, recorded: one per input, for those that need one. `f` gives the outputs of the node,
/// in its order.
pub(crate) fn recorded_grads(
    c: &Ctx,
    inputs: &[Tensor],
    f: impl FnOnce(&[Tensor]) -> Result<Vec<Tensor>>,
) -> Result<Grads> {
    // Aliases stand between the composition and the graph behind the inputs, where one may lead to another.
    let inputs: Vec<Tensor> = inputs.iter().map(alias).collect::<Result<_>>()?;
    let outputs = f(&inputs)?;
    let (roots, above): (Vec<_>, Vec<_>) = outputs
        .into_iter()
        .zip(c.gys())
        .filter(|(y, g)| g.is_some() && y.requires_grad())
        .map(|(y, g)| (y, g.clone()))
        .unzip();
    let at: Vec<usize> = (0..inputs.len()).filter(|&i| c.needs(i)).collect();
    let leaves: Vec<Tensor> = at.iter().map(|&i| inputs[i].clone()).collect();
    let found = grad(&roots, &leaves, &above, true, true, true, &no_dispatch)?;
    let mut grads = Grads::from_elem(None, inputs.len());
    for (i, g) in at.into_iter().zip(found) {
        grads[i] = g;
    }
    Ok(grads)
}
