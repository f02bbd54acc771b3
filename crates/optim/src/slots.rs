//! The parameters of a step with their gradients and states, and the loop over them.

use candlewick_kernels::float::Float;
use candlewick_kernels::optim::{Rule, step};
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
    /// Updates each parameter by the rule of its number. Half types are computed in float32.
    /// Errors: other numbers of gradients and states; shapes and dtypes that differ from the parameter's; shared memory.
    pub fn step<const S: usize, R: Rule<S>>(&self, op: &str, mut rule: impl FnMut(usize) -> R) -> Result<()> {
        let states: Vec<&[Tensor]> = self.states.iter().map(|s| &s[..]).collect();
        pairs(op, &self.params, &self.grads, &states)?;
        if states.len() != S {
            return Err(Error::Argument(format!("{op}: expected {S} states for each parameter")));
        }
        for (i, (p, g)) in self.params.iter().zip(&self.grads).enumerate() {
            let states: [&Tensor; S] = std::array::from_fn(|k| &self.states[k][i]);
            check(op, p, g, &states)?;
            match p.dtype() {
                DType::F64 => one::<f64, S>(p, g, states, rule(i))?,
                _ => one::<f32, S>(p, g, states, rule(i))?,
            }
        }
        Ok(())
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
fn one<T: Element + Float, const S: usize>(p: &Tensor, g: &Tensor, s: [&Tensor; S], rule: impl Rule<S>) -> Result<()> {
    let dense = |t: &Tensor| t.detach().to_dtype(T::DTYPE)?.contiguous();
    let (flat, grad) = (dense(p)?, dense(g)?);
    let states = s.iter().map(|t| dense(t)).collect::<Result<Vec<_>>>()?;
    // SAFETY: `check` found all storages distinct, so no two of these slices overlap.
    let mut slices = states.iter().map(|t| unsafe { t.data_mut::<T>() }).collect::<Result<Vec<_>>>()?.into_iter();
    let slices: [&mut [T]; S] = std::array::from_fn(|_| slices.next().unwrap_or_default());
    // SAFETY: as above.
    step(unsafe { flat.data_mut::<T>()? }, grad.data::<T>()?, slices, rule);
    for (t, c) in std::iter::once(p).chain(s).zip(std::iter::once(&flat).chain(&states)) {
        if !t.shares_storage(c) {
            copy_(&t.detach(), c)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use candlewick_kernels::optim::{Decay, Sgd};

    fn slots(p: Tensor, g: Tensor) -> Slots {
        let state = p.zeros_like().unwrap();
        Slots { params: vec![p], grads: vec![g], states: vec![vec![state]] }
    }

    fn sgd(first: bool) -> Sgd {
        Sgd { lr: 0.1, momentum: 0.9, dampening: 0.0, nesterov: false, decay: Decay::coupled(0.0, false), first }
    }

    #[test]
    fn momentum_accumulates_in_every_dtype() {
        for dtype in [DType::F32, DType::F64, DType::BF16] {
            let of = |v: Vec<f32>| Tensor::from_vec(v, &[2]).to_dtype(dtype).unwrap();
            let all = slots(of(vec![1.0, 2.0]), of(vec![0.5, -1.0]));
            for first in [true, false] {
                all.step::<1, _>("sgd", |_| sgd(first)).unwrap();
            }
            let (v, tolerance) = (all.params[0].to_f64_vec().unwrap(), if dtype == DType::BF16 { 1e-2 } else { 1e-6 });
            assert!((v[0] - 0.855).abs() < tolerance && (v[1] - 2.29).abs() < tolerance, "{v:?}");
        }
    }

    #[test]
    fn what_does_not_belong_together_is_refused() {
        let p = Tensor::from_vec(vec![1f32, 2.0], &[2]);
        let error = |s: Slots| s.step::<1, _>("sgd", |_| sgd(true)).unwrap_err().to_string();
        assert!(error(slots(p.clone(), Tensor::from_vec(vec![1f32], &[1]))).contains("beside the parameter"));
        assert!(error(slots(p.clone(), p.clone())).contains("shares memory"));
        let shared =
            Slots { params: vec![p.clone()], grads: vec![p.zeros_like().unwrap()], states: vec![vec![p.clone()]] };
        assert!(error(shared).contains("shares memory"));
        assert!(error(Slots { states: vec![], ..slots(p.clone(), p.zeros_like().unwrap()) }).contains("1 states"));
    }
}
