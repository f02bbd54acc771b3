//! One layer in one direction: a single node of the graph, whatever the number of steps.

use super::backward::{Above, Kept, backward, bias, through, weight};
use super::composed::composed;
use super::forward::{Pass, Slices, forward};
use super::steps::Steps;
use crate::composed::recorded_grads;
use crate::wide::{list, wide};
use candlewick_kernels::float::Float;
use candlewick_kernels::recurrent::Plain;
use candlewick_tensor::autograd::{Ctx, Grads, Tape, is_grad_enabled, no_grad};
use candlewick_tensor::{Element, Error, Result, Tensor};

/// The kind of a recurrent layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// h = f(W x + U h + b)
    Plain(Plain),
    /// Long short-term memory.   [Hochreiter & Schmidhuber 1997]
    Lstm,
    /// Gated recurrent unit.   [Cho et al. 2014]
    Gru,
}

impl Cell {
    /// Reads the module's word for its mode.
    pub fn parse(mode: &str) -> Result<Cell> {
        match mode {
            "RNN_TANH" => Ok(Cell::Plain(Plain::Tanh)),
            "RNN_RELU" => Ok(Cell::Plain(Plain::Relu)),
            "LSTM" => Ok(Cell::Lstm),
            "GRU" => Ok(Cell::Gru),
            other => Err(Error::Argument(format!("Unrecognized RNN mode: {other}"))),
        }
    }

    /// Gates, each as wide as the hidden state.
    pub(super) fn gates(self) -> usize {
        match self {
            Cell::Plain(_) => 1,
            Cell::Lstm => 4,
            Cell::Gru => 3,
        }
    }

    /// The names that PyTorch's graph has at these places.
    fn node(self) -> &'static str {
        if self == Cell::Lstm { "MkldnnRnnLayerBackward0" } else { "StackBackward0" }
    }
}

/// The tensors of a layer: x [rows, in], the weights, and the states [batch, out], [batch, hidden] before the first step.
#[derive(Clone)]
pub(super) struct Inputs {
    pub(super) x: Tensor,
    pub(super) w_ih: Tensor,
    pub(super) w_hh: Tensor,
    pub(super) h0: Tensor,
    pub(super) c0: Option<Tensor>,
    pub(super) biases: Option<(Tensor, Tensor)>,
    pub(super) w_hr: Option<Tensor>,
}

impl Inputs {
    /// All of them in the order of the node's inputs.
    fn list(&self) -> Vec<Tensor> {
        let biases = self.biases.iter().flat_map(|(a, b)| [a, b]);
        [&self.x, &self.w_ih, &self.w_hh, &self.h0]
            .into_iter()
            .chain(&self.c0)
            .chain(biases)
            .chain(&self.w_hr)
            .cloned()
            .collect()
    }

    /// The same places filled by other tensors.
    fn with(&self, list: &[Tensor]) -> Inputs {
        let mut rest = list[4..].iter().cloned();
        let c0 = self.c0.as_ref().and_then(|_| rest.next());
        let biases = self.biases.as_ref().and_then(|_| rest.next().zip(rest.next()));
        let [x, w_ih, w_hh, h0] = [0, 1, 2, 3].map(|i: usize| list[i].clone());
        Inputs { x, w_ih, w_hh, h0, c0, biases, w_hr: rest.next() }
    }

    fn slices<T: Element>(&self) -> Result<Slices<'_, T>> {
        Ok(Slices {
            x: self.x.data()?,
            w_ih: self.w_ih.data()?,
            w_hh: self.w_hh.data()?,
            h0: self.h0.data()?,
            c0: self.c0.as_ref().map(Tensor::data).transpose()?,
            b_ih: self.biases.as_ref().map(|(b, _)| b.data()).transpose()?,
            b_hh: self.biases.as_ref().map(|(_, b)| b.data()).transpose()?,
            w_hr: self.w_hr.as_ref().map(Tensor::data).transpose()?,
        })
    }

    /// Contiguous and without graph, for the kernels.
    fn plain(&self) -> Result<Inputs> {
        let list: Vec<Tensor> = no_grad(|| self.list().iter().map(|t| t.detach().contiguous()).collect::<Result<_>>())?;
        Ok(self.with(&list))
    }
}

/// The widths of a layer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layer {
    pub(super) cell: Cell,
    pub(super) input: usize,
    pub(super) hidden: usize,
    /// Of the output: `hidden`, or the projection's.
    pub(super) out: usize,
}

impl Layer {
    /// Reads the widths and holds every tensor to them.
    fn of(cell: Cell, i: &Inputs, steps: &Steps) -> Result<Layer> {
        let matrix = |name: &str, t: &Tensor| match t.shape() {
            [rows, columns] => Ok((*rows, *columns)),
            other => Err(Error::Shape(format!("{name}: expected 2 dimensions, received {}", list(other)))),
        };
        let (_, input) = matrix("input", &i.x)?;
        let (width, out) = matrix("weight_hh", &i.w_hh)?;
        let hidden = width / cell.gates();
        let (batch, total) = (steps.batch(), steps.total());
        let mut wanted = vec![
            ("input", &i.x, vec![total, input]),
            ("weight_ih", &i.w_ih, vec![width, input]),
            ("weight_hh", &i.w_hh, vec![cell.gates() * hidden, out]),
            ("hidden state", &i.h0, vec![batch, out]),
        ];
        wanted.extend(i.c0.iter().map(|c| ("cell state", c, vec![batch, hidden])));
        wanted.extend(i.biases.iter().flat_map(|(a, b)| [("bias_ih", a, vec![width]), ("bias_hh", b, vec![width])]));
        wanted.extend(i.w_hr.iter().map(|w| ("weight_hr", w, vec![out, hidden])));
        for (name, t, shape) in wanted {
            if t.shape() != shape {
                let (want, got) = (list(&shape), list(t.shape()));
                return Err(Error::Shape(format!("recurrent layer: expected {name} of shape {want}, received {got}")));
            }
            if t.dtype() != i.x.dtype() {
                let (want, got) = (i.x.dtype().name(), t.dtype().name());
                return Err(Error::DType(format!("recurrent layer: expected {name} of type {want}, received {got}")));
            }
        }
        if (i.w_hr.is_none() && out != hidden) || (cell == Cell::Lstm) != i.c0.is_some() || hidden == 0 {
            return Err(Error::Shape(format!(
                "recurrent layer: a hidden size of {hidden} does not give {out} outputs"
            )));
        }
        Ok(Layer { cell, input, hidden, out })
    }
}

/// Runs the layer over all steps. Gives y [rows, out], the last h [batch, out] and, for an LSTM, the last c [batch, hidden].
pub(super) fn layer(cell: Cell, inputs: Inputs, steps: Steps) -> Result<Vec<Tensor>> {
    let l = Layer::of(cell, &inputs, &steps)?;
    wide!("recurrent layer", inputs.x.dtype(), T => node::<T>(l, inputs, steps))
}

fn node<T: Element + Float>(l: Layer, inputs: Inputs, steps: Steps) -> Result<Vec<Tensor>> {
    let plain = inputs.plain()?;
    let Pass { y, h, c, gates, inner, raw } = forward::<T>(&l, &steps, &plain.slices()?)?;
    let flat = |v: Vec<T>| {
        let n = v.len();
        Tensor::from_vec(v, &[n])
    };
    let (total, batch) = (steps.total(), steps.batch());
    let mut outputs = vec![Tensor::from_vec(y, &[total, l.out]), Tensor::from_vec(h, &[batch, l.out])];
    outputs.extend(c.map(|c| Tensor::from_vec(c, &[batch, l.hidden])));

    let all = inputs.list();
    let mut tape = Tape::of(l.cell.node(), &all.iter().collect::<Vec<_>>());
    if tape.active() {
        tape = all.iter().fold(tape, |tape, t| tape.keep(t)).keep_output(&outputs[0]);
        tape = [gates, inner, raw].into_iter().fold(tape, |tape, v| tape.keep(&flat(v)));
        // The formula keeps the places only: what it reads are the saved tensors, which backward frees.
        let places = inputs.with(&vec![Tensor::from_vec(Vec::<T>::new(), &[0]); all.len()]);
        let many: Vec<&Tensor> = outputs.iter().collect();
        tape.record_many(&many, move |c| gradients::<T>(c, &l, &steps, &places));
    }
    Ok(outputs)
}

fn gradients<T: Element + Float>(c: &Ctx, l: &Layer, steps: &Steps, places: &Inputs) -> Result<Grads> {
    let n = places.list().len();
    let saved: Vec<Tensor> = (0..n).map(|i| c.saved(i)).collect::<Result<_>>()?;
    if is_grad_enabled() {
        return recorded_grads(c, &saved, |list| composed(l, &places.with(list), steps));
    }
    let plain = places.with(&saved).plain()?;
    let s = plain.slices::<T>()?;
    let [y, gates, inner, raw] = [c.saved(n)?, c.saved(n + 1)?, c.saved(n + 2)?, c.saved(n + 3)?];
    let kept = Kept { y: y.data()?, gates: gates.data()?, inner: inner.data()?, raw: raw.data()? };
    let above: Vec<Option<Tensor>> =
        c.gys().iter().map(|g| g.as_ref().map(Tensor::contiguous).transpose()).collect::<Result<_>>()?;
    let at = |i: usize| above.get(i).and_then(Option::as_ref).map(Tensor::data::<T>).transpose();
    let b = backward(l, steps, &s, &kept, &Above { y: at(0)?, h: at(1)?, c: at(2)? })?;

    let (rows, batch, width) = (steps.total(), steps.batch(), l.cell.gates() * l.hidden);
    let recurrent = if b.recurrent.is_empty() { &b.gates } else { &b.recurrent };
    let made = |v: Result<Vec<T>>, shape: &[usize]| v.map(|v| Some(Tensor::from_vec(v, shape)));
    let want = |i: usize, f: &dyn Fn() -> Result<Option<Tensor>>| if c.needs(i) { f() } else { Ok(None) };
    let mut grads = Grads::new();
    grads.push(want(0, &|| made(through(&b.gates, s.w_ih, rows, width, l.input), &[rows, l.input]))?);
    grads.push(want(1, &|| made(weight(&b.gates, s.x, rows, width, l.input), &[width, l.input]))?);
    grads.push(want(2, &|| made(weight(recurrent, &b.states, rows, width, l.out), &[width, l.out]))?);
    grads.push(want(3, &|| made(Ok(b.h0.clone()), &[batch, l.out]))?);
    if places.c0.is_some() {
        grads.push(want(4, &|| made(Ok(b.c0.clone()), &[batch, l.hidden]))?);
    }
    if places.biases.is_some() {
        grads.push(want(grads.len(), &|| made(bias(&b.gates, width), &[width]))?);
        grads.push(want(grads.len(), &|| made(bias(recurrent, width), &[width]))?);
    }
    if places.w_hr.is_some() {
        let f = || made(weight(&b.projected, kept.raw, rows, l.out, l.hidden), &[l.out, l.hidden]);
        grads.push(want(grads.len(), &f)?);
    }
    Ok(grads)
}
