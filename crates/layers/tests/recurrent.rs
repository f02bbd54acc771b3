//! Every cell against differences and against its formula, with packed rows, both directions and a projection.

mod steps;

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_kernels::recurrent::Plain;
use candlewick_layers::{Cell, RecurrentConfig, linear, recurrent};
use candlewick_tensor::autograd::{grad, no_dispatch};
use candlewick_tensor::ops::{add, cat, mul, narrow, relu, reshape, select, sigmoid, split, sub, tanh};
use candlewick_tensor::random::Generator;
use candlewick_tensor::{Result, Tensor};

const CELLS: [(Cell, usize); 4] =
    [(Cell::Plain(Plain::Tanh), 1), (Cell::Plain(Plain::Relu), 1), (Cell::Lstm, 4), (Cell::Gru, 3)];

fn config(cell: Cell, bidirectional: bool, bias: bool, projected: bool) -> RecurrentConfig {
    let (layers, batch_first, dropout, training) = (1, false, 0.0, false);
    RecurrentConfig { cell, layers, bidirectional, batch_first, bias, projected, dropout, training }
}

/// x, then the states, then the weights of each direction: 2 inputs, 3 hidden units, perhaps 2 projected.
fn tensors(o: &RecurrentConfig, gates: usize, rows: usize, batch: usize) -> Vec<Tensor> {
    let (n, d) = (3, 1 + usize::from(o.bidirectional));
    let out = if o.projected { 2 } else { n };
    let mut shapes = vec![vec![rows, 2], vec![d, batch, out]];
    shapes.extend((o.cell == Cell::Lstm).then(|| vec![d, batch, n]));
    for _ in 0..d {
        shapes.extend([vec![gates * n, 2], vec![gates * n, out]]);
        shapes.extend(o.bias.then(|| [vec![gates * n], vec![gates * n]]).into_iter().flatten());
        shapes.extend(o.projected.then(|| vec![out, n]));
    }
    let small = |(i, s): (usize, &Vec<usize>)| {
        let values = wave(s, i as f64).to_f64_vec().unwrap().iter().map(|v| v * 0.6).collect();
        leaf(Tensor::from_vec::<f64>(values, s))
    };
    shapes.iter().enumerate().map(small).collect()
}

/// All outputs in a row, so that each of them has a gradient.
fn run(o: &RecurrentConfig, sizes: &[usize], v: &[Tensor]) -> Result<Tensor> {
    let states = 1 + usize::from(o.cell == Cell::Lstm);
    let ys = recurrent(&v[0], Some(sizes), &v[1..1 + states], &v[1 + states..], o, &mut Generator::new(0))?;
    cat(&ys.iter().map(|y| reshape(y, &[-1])).collect::<Result<Vec<_>>>()?, 0)
}

#[test]
fn gradients_agree_with_differences() {
    for (cell, gates) in CELLS {
        for (bidirectional, bias) in [(false, true), (true, false)] {
            let o = config(cell, bidirectional, bias, false);
            gradcheck(&tensors(&o, gates, 5, 2), |v| run(&o, &[2, 2, 1], v));
        }
    }
    let o = config(Cell::Lstm, true, true, true);
    gradcheck(&tensors(&o, 4, 5, 2), |v| run(&o, &[2, 2, 1], v));
}

#[test]
fn gradients_of_gradients_agree_with_differences() {
    for (cell, gates) in CELLS {
        let o = config(cell, false, true, false);
        gradgradcheck(&tensors(&o, gates, 3, 2), |v| run(&o, &[2, 1], v));
    }
    let o = config(Cell::Lstm, false, false, true);
    gradgradcheck(&tensors(&o, 4, 3, 2), |v| run(&o, &[2, 1], v));
}

/// The states after one step of one sequence: h and, for an LSTM, c. The weights are w_ih, w_hh, b_ih, b_hh.
fn step(cell: Cell, x: &Tensor, states: &[Tensor], w: &[Tensor]) -> Result<Vec<Tensor>> {
    let h = &states[0];
    let (x, u) = (linear(x, &w[0], Some(&w[2]))?, linear(h, &w[1], Some(&w[3]))?);
    let n = h.shape()[1] as i64;
    match cell {
        Cell::Plain(Plain::Tanh) => Ok(vec![tanh(&add(&x, &u)?)?]),
        Cell::Plain(Plain::Relu) => Ok(vec![relu(&add(&x, &u)?)?]),
        Cell::Lstm => {
            let gates = split(&add(&x, &u)?, n, 1)?;
            let [i, f, o] = [0, 1, 3].map(|k: usize| sigmoid(&gates[k]).unwrap());
            let c = add(&mul(&f, &states[1])?, &mul(&i, &tanh(&gates[2])?)?)?;
            Ok(vec![mul(&o, &tanh(&c)?)?, c])
        }
        Cell::Gru => {
            let (x, u) = (split(&x, n, 1)?, split(&u, n, 1)?);
            let [r, z] = [0, 1].map(|k: usize| sigmoid(&add(&x[k], &u[k]).unwrap()).unwrap());
            let candidate = tanh(&add(&x[2], &mul(&r, &u[2])?)?)?;
            Ok(vec![add(&candidate, &mul(&z, &sub(h, &candidate)?)?)?])
        }
    }
}

/// What [`run`] gives for two directions with biases, by one sequence after the other.
fn formula(o: &RecurrentConfig, sizes: &[usize], v: &[Tensor]) -> Vec<f64> {
    let states = 1 + usize::from(o.cell == Cell::Lstm);
    let row = |t: usize, sequence: usize| sizes[..t].iter().sum::<usize>() + sequence;
    let (mut y, mut last) = (vec![vec![]; v[0].shape()[0]], vec![vec![]; states]);
    for direction in 0..2 {
        let w = &v[1 + states + 4 * direction..][..4];
        for sequence in 0..sizes[0] {
            let length = sizes.iter().filter(|&&n| n > sequence).count();
            let first = |h: &Tensor| narrow(&select(h, 0, direction as i64).unwrap(), 0, sequence as i64, 1).unwrap();
            let mut now: Vec<Tensor> = v[1..1 + states].iter().map(first).collect();
            for k in 0..length {
                let at = row(if direction == 0 { k } else { length - 1 - k }, sequence);
                now = step(o.cell, &narrow(&v[0], 0, at as i64, 1).unwrap(), &now, w).unwrap();
                y[at].extend(now[0].to_f64_vec().unwrap());
            }
            last.iter_mut().zip(&now).for_each(|(all, state)| all.extend(state.to_f64_vec().unwrap()));
        }
    }
    y.into_iter().chain(last).flatten().collect()
}

#[test]
fn the_composition_agrees() {
    let near = |a: &[f64], b: &[f64]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12);
    for (cell, gates) in CELLS {
        let o = config(cell, true, true, false);
        let v = tensors(&o, gates, 6, 3);
        let y = run(&o, &[3, 2, 1], &v).unwrap();
        let (got, want) = (y.to_f64_vec().unwrap(), formula(&o, &[3, 2, 1], &v));
        assert!(near(&got, &want), "{cell:?}: {got:?} is not {want:?}");
        // Kernels compute a gradient; one that has a gradient itself is the composition's.
        let above = wave(y.shape(), 0.9);
        let gradients = |create: bool| {
            let above = [Some(above.clone())];
            grad(std::slice::from_ref(&y), &v, &above, true, create, false, &no_dispatch).unwrap()
        };
        for (a, b) in gradients(false).iter().flatten().zip(gradients(true).iter().flatten()) {
            assert!(!a.requires_grad() && b.requires_grad());
            let (a, b) = (a.to_f64_vec().unwrap(), b.to_f64_vec().unwrap());
            assert!(near(&a, &b), "{cell:?}: {a:?} is not {b:?}");
        }
    }
}

#[test]
fn wrong_sizes_are_named() {
    let o = config(Cell::Gru, false, true, false);
    let mut v = tensors(&o, 3, 4, 2);
    v[2] = wave(&[9, 5], 0.0);
    let e = run(&o, &[2, 2], &v).unwrap_err().to_string();
    assert_eq!(e, "recurrent layer: expected weight_ih of shape [9, 2], received [9, 5]");
    assert!(run(&o, &[1, 2], &v).unwrap_err().to_string().starts_with("packed sequence: expected batch sizes"));
}
