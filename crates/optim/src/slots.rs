//! The parameters of a step with their gradients and states, and the loop over them.

use candlewick_kernels::optim::Step;
use candlewick_tensor::ops::copy_;
use candlewick_tensor::{DType, Element, Error, Result, Tensor};

/// What a step works on.
pub struct Slots {
    /// The parameters.
    pub params: Vec<Tensor>,
    /// Their gradients.
    pub grads: Vec<Tensor>,
    /// For each state of the optimizer, one tensor per parameter.
    pub states: Vec<Vec<Tensor>>,
}

impl Slots {
    /// Updates each parameter by the rule of its number, which has so many `states`. Half types are computed in float32.
    /// Errors: other numbers of gradients and states; shapes and dtypes that differ from the parameter's; shared memory.
    pub fn step<R: Step<f32> + Step<f64>>(
        &self,
        op: &str,
        states: usize,
        mut rule: impl FnMut(usize) -> R,
    ) -> Result<()> {
        self.check(op, states)?;
        (0..self.params.len()).try_for_each(|i| {
            let rule = rule(i);
            self.one(op, i, &rule, &rule)
        })
    }

    fn check(&self, op: &str, expected: usize) -> Result<()> {
        let states: Vec<&[Tensor]> = self.states.iter().map(|s| &s[..]).collect();
        pairs(op, &self.params, &self.grads, &states)?;
        if states.len() != expected {
            return Err(Error::Argument(format!("{op}: expected {expected} states for each parameter")));
        }
        Ok(())
    }

    fn one(&self, op: &str, i: usize, single: &dyn Step<f32>, double: &dyn Step<f64>) -> Result<()> {
        let (p, g) = (&self.params[i], &self.grads[i]);
        let states: Vec<&Tensor> = self.states.iter().map(|s| &s[i]).collect();
        check(op, p, g, &states)?;
        match p.dtype() {
            DType::F64 => update(p, g, &states, double),
            _ => update(p, g, &states, single),
        }
    }
}

/// Refuses lists that do not go together.
pub(crate) fn pairs(op: &str, params: &[Tensor], grads: &[Tensor], states: &[&[Tensor]]) -> Result<()> {
    let n = params.len();
    if grads.len() != n || states.iter().any(|s| s.len() != n) {
        return Err(Error::Argument(format!("{op}: expected a gradient and states for each parameter")));
    }
    Ok(())
}

/// Refuses states and gradients that do not belong to their parameter.
fn check(op: &str, p: &Tensor, g: &Tensor, states: &[&Tensor]) -> Result<()> {
    if !p.dtype().is_float() {
        return Err(Error::DType(format!(
            "{op}: expected parameters of a floating-point dtype, received {}",
            p.dtype().name()
        )));
    }
    for (i, t) in std::iter::once(g).chain(states.iter().copied()).enumerate() {
        if t.shape() != p.shape() || t.dtype() != p.dtype() {
            return Err(Error::Shape(format!(
                "{op}: expected {} of shape {:?} beside the parameter, received {} of {:?}",
                p.dtype().name(),
                p.shape(),
                t.dtype().name(),
                t.shape()
            )));
        }
        let shares = |o: &&Tensor| t.shares_storage(o);
        if shares(&p) || (i > 0 && (shares(&g) || states[i..].iter().any(shares))) {
            return Err(Error::Argument(format!(
                "{op}: a gradient or state shares memory with its parameter or another"
            )));
        }
    }
    Ok(())
}

/// A step of one parameter in `T`: what is not contiguous, or of another dtype, is copied and written back.
fn update<T: Element>(p: &Tensor, g: &Tensor, s: &[&Tensor], rule: &dyn Step<T>) -> Result<()> {
    let dense = |t: &Tensor| t.detach().to_dtype(T::DTYPE)?.contiguous();
    let (flat, grad) = (dense(p)?, dense(g)?);
    let states = s.iter().map(|t| dense(t)).collect::<Result<Vec<_>>>()?;
    // SAFETY: `check` found all storages distinct, so no two of these slices overlap.
    let slices = states.iter().map(|t| unsafe { t.data_mut::<T>() }).collect::<Result<Vec<_>>>()?;
    // SAFETY: as above.
    rule.step(unsafe { flat.data_mut::<T>()? }, grad.data::<T>()?, slices);
    for (t, c) in std::iter::once(p).chain(s.iter().copied()).zip(std::iter::once(&flat).chain(&states)) {
        if !t.shares_storage(c) {
            copy_(&t.detach(), c)?;
        }
    }
    Ok(())
}
