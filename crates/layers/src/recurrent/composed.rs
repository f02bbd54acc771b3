//! The same layer in operations that each have a gradient: what is differentiated twice, and the kernels' reference.

use super::layer::{Cell, Inputs, Layer};
use super::steps::Steps;
use crate::linear::linear;
use candlewick_kernels::recurrent::Plain;
use candlewick_tensor::ops::{add, cat, mul, narrow, relu, sigmoid, split, sub, tanh};
use candlewick_tensor::{Result, Tensor};

/// y, the last h and, for an LSTM, the last c.
pub(super) fn composed(l: &Layer, i: &Inputs, steps: &Steps) -> Result<Vec<Tensor>> {
    let (b_ih, b_hh) = i.biases.as_ref().map_or((None, None), |(a, b)| (Some(a), Some(b)));
    let inputs = linear(&i.x, &i.w_ih, b_ih)?;
    let (mut h, mut c) = (i.h0.clone(), i.c0.clone());
    let mut outputs = vec![None; steps.order().len()];
    for step in steps.order() {
        let (start, rows) = steps.rows(step);
        let x = narrow(&inputs, 0, start as i64, rows as i64)?;
        let before = narrow(&h, 0, 0, rows as i64)?;
        let u = linear(&before, &i.w_hh, b_hh)?;
        let now = match (l.cell, &c) {
            (Cell::Plain(Plain::Tanh), _) => tanh(&add(&x, &u)?)?,
            (Cell::Plain(Plain::Relu), _) => relu(&add(&x, &u)?)?,
            (Cell::Gru, _) => gru(&x, &u, &before, l.hidden)?,
            (Cell::Lstm, Some(cells)) => {
                let (h, after) = lstm(&add(&x, &u)?, &narrow(cells, 0, 0, rows as i64)?, l.hidden)?;
                c = Some(replaced(cells, &after)?);
                i.w_hr.as_ref().map_or(Ok(h.clone()), |w| linear(&h, w, None))?
            }
            (Cell::Lstm, None) => before,
        };
        h = replaced(&h, &now)?;
        outputs[step] = Some(now);
    }
    let outputs: Vec<Tensor> = outputs.into_iter().flatten().collect();
    Ok([cat(&outputs, 0)?, h].into_iter().chain(c).collect())
}

/// The state with its first rows replaced.
fn replaced(state: &Tensor, first: &Tensor) -> Result<Tensor> {
    let (all, rows) = (state.shape()[0], first.shape()[0]);
    if all == rows {
        return Ok(first.clone());
    }
    cat(&[first.clone(), narrow(state, 0, rows as i64, (all - rows) as i64)?], 0)
}

fn lstm(gates: &Tensor, c: &Tensor, hidden: usize) -> Result<(Tensor, Tensor)> {
    let parts = split(gates, hidden as i64, 1)?;
    let (i, f, o) = (sigmoid(&parts[0])?, sigmoid(&parts[1])?, sigmoid(&parts[3])?);
    let c = add(&mul(&f, c)?, &mul(&i, &tanh(&parts[2])?)?)?;
    Ok((mul(&o, &tanh(&c)?)?, c))
}

fn gru(x: &Tensor, u: &Tensor, h: &Tensor, hidden: usize) -> Result<Tensor> {
    let (x, u) = (split(x, hidden as i64, 1)?, split(u, hidden as i64, 1)?);
    let r = sigmoid(&add(&x[0], &u[0])?)?;
    let z = sigmoid(&add(&x[1], &u[1])?)?;
    let n = tanh(&add(&x[2], &mul(&r, &u[2])?)?)?;
    add(&n, &mul(&z, &sub(h, &n)?)?)
}
