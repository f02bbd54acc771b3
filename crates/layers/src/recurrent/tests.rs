//! Every cell against differences and against its composition, with packed rows, both directions and a projection.

use super::composed::composed;
use super::layer::Layer;
use super::*;
use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_kernels::recurrent::Plain;

const CELLS: [(Cell, usize); 4] =
    [(Cell::Plain(Plain::Tanh), 1), (Cell::Plain(Plain::Relu), 1), (Cell::Lstm, 4), (Cell::Gru, 3)];

fn config(cell: Cell, bidirectional: bool, bias: bool, projected: bool) -> RecurrentConfig {
    let (layers, batch_first, dropout, training) = (1, false, 0.0, false);
    RecurrentConfig { cell, layers, bidirectional, batch_first, bias, projected, dropout, training }
}

/// x, then the states, then the weights of each direction: 2 inputs, 3 hidden units, perhaps 2 projected.
fn tensors(o: &RecurrentConfig, gates: usize, rows: usize, batch: usize) -> Vec<Tensor> {
    let (n, d) = (3, o.directions());
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

#[test]
fn the_composition_agrees() {
    for (cell, gates) in CELLS {
        let o = config(cell, false, true, false);
        let v = tensors(&o, gates, 6, 3);
        let states = 1 + usize::from(cell == Cell::Lstm);
        for reverse in [false, true] {
            let inputs = || inputs_of(&v[0], &v[1..1 + states], &v[1 + states..], 0, &o).unwrap();
            let steps = Steps::new(&[3, 2, 1], reverse);
            let fused = layer(cell, inputs(), steps.clone()).unwrap();
            let l = Layer { cell, input: 2, hidden: 3, out: 3 };
            for (a, b) in fused.iter().zip(composed(&l, &inputs(), &steps).unwrap()) {
                let (a, b) = (a.to_f64_vec().unwrap(), b.to_f64_vec().unwrap());
                assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-12), "{cell:?}: {a:?} is not {b:?}");
            }
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
