//! Helpers of the tests: numbers that are the same everywhere, and gradients by finite differences.

use candlewick_tensor::autograd::{grad, no_dispatch, no_grad, with_grad_mode};
use candlewick_tensor::ops::{mul, sum};
use candlewick_tensor::{Result, Tensor};

/// Distinct values between -1.5 and 1.5, none near 0.
pub fn wave(shape: &[usize], phase: f64) -> Tensor {
    let n = shape.iter().product::<usize>();
    let v = |i: usize| (i as f64 * 0.7 + phase).sin();
    Tensor::from_vec((0..n).map(|i| v(i) * 1.2 + v(i).signum() * 0.3).collect::<Vec<f64>>(), shape)
}

/// A leaf that asks for its gradient.
pub fn leaf(x: Tensor) -> Tensor {
    x.set_requires_grad(true).unwrap();
    x
}

fn weighted(y: &Tensor) -> Tensor {
    sum(&mul(y, &wave(y.shape(), 0.3)).unwrap(), None, false, None).unwrap()
}

/// Compares the gradients of `f` with central differences, in float64.
pub fn gradcheck(inputs: &[Tensor], f: impl Fn(&[Tensor]) -> Result<Tensor>) {
    let loss = weighted(&f(inputs).unwrap());
    let grads = grad(&[loss], inputs, &[None], false, false, true, &no_dispatch).unwrap();
    let at = |changed: &[Tensor]| no_grad(|| weighted(&f(changed).unwrap()).item().unwrap().to_f64());
    for (i, x) in inputs.iter().enumerate() {
        let values = x.to_f64_vec().unwrap();
        let exact = grads[i].as_ref().map_or(vec![0.0; values.len()], |g| g.to_f64_vec().unwrap());
        for j in 0..values.len() {
            let shifted = |by: f64| {
                let mut v = values.clone();
                v[j] += by;
                let mut changed = inputs.to_vec();
                changed[i] = Tensor::from_vec(v, x.shape());
                at(&changed)
            };
            let numeric = (shifted(1e-6) - shifted(-1e-6)) / 2e-6;
            assert!(
                (numeric - exact[j]).abs() < 1e-5 * (1.0 + numeric.abs()),
                "input {i}, element {j}: {} is not {numeric}",
                exact[j]
            );
        }
    }
}

/// The same for the gradient's gradient, by the inputs and by the gradient that comes from above.
pub fn gradgradcheck(inputs: &[Tensor], f: impl Fn(&[Tensor]) -> Result<Tensor> + Copy) {
    let above = leaf(wave(f(inputs).unwrap().shape(), 0.9));
    let all: Vec<Tensor> = inputs.iter().cloned().chain([above]).collect();
    let n = inputs.len();
    for i in 0..n {
        gradcheck(&all, |xs| {
            with_grad_mode(true, || {
                let tracked = |x: &Tensor| if x.requires_grad() { x.clone() } else { leaf(x.clone()) };
                let xs: Vec<Tensor> = xs.iter().map(tracked).collect();
                let y = f(&xs[..n])?;
                let g = grad(&[y], &xs[i..=i], &[Some(xs[n].clone())], true, true, true, &no_dispatch)?;
                g[0].clone().map_or_else(|| xs[i].zeros_like(), Ok)
            })
        });
    }
}
