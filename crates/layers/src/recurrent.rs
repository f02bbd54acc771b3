//! Recurrent networks: layers and directions of RNN, LSTM and GRU, over batches of equal or of packed sequences.
//! The input projection of all steps is one matrix product; the steps are one node of the graph for each layer and direction.

mod backward;
mod composed;
mod forward;
mod layer;
mod steps;

pub use layer::Cell;

use crate::dropout::{DropoutKind, dropout};
use crate::wide::{is_half, list};
use candlewick_tensor::ops::{cat, reshape, rounded, select, stack, transpose};
use candlewick_tensor::random::Generator;
use candlewick_tensor::{DType, Error, Result, Tensor};
use layer::{Inputs, layer};
use steps::Steps;

/// What a recurrent network is made of.
#[derive(Clone, Debug)]
pub struct RecurrentConfig {
    /// The kind of its layers.
    pub cell: Cell,
    /// Layers on top of each other.
    pub layers: usize,
    /// Whether each layer also reads the sequence from its end.
    pub bidirectional: bool,
    /// Whether the batch is the first dimension of the input and not the second.
    pub batch_first: bool,
    /// Whether there are biases.
    pub bias: bool,
    /// Whether an LSTM projects its output.
    pub projected: bool,
    /// The probability of dropping between layers.
    pub dropout: f64,
    /// Whether to drop at all.
    pub training: bool,
}

impl RecurrentConfig {
    fn directions(&self) -> usize {
        if self.bidirectional { 2 } else { 1 }
    }

    fn tensors_each(&self) -> usize {
        2 + 2 * usize::from(self.bias) + usize::from(self.projected)
    }
}

/// Runs a network. `x` is [T, N, in] ([N, T, in] with `batch_first`), or with `sizes` the packed rows [sum of sizes, in];
/// `hx` holds h [layers * directions, N, out] and, for an LSTM, c [.., N, hidden]; `weights` holds for each layer and
/// direction w_ih, w_hh, then b_ih, b_hh and w_hr where there are such. Gives the output and the last states.
pub fn recurrent(
    x: &Tensor,
    sizes: Option<&[usize]>,
    hx: &[Tensor],
    weights: &[Tensor],
    o: &RecurrentConfig,
    g: &mut Generator,
) -> Result<Vec<Tensor>> {
    if is_half(x.dtype()) && hx.iter().chain(weights).all(|t| t.dtype() == x.dtype()) {
        let wide = |ts: &[Tensor]| ts.iter().map(|t| t.to_dtype(DType::F32)).collect::<Result<Vec<_>>>();
        let ys = recurrent(&x.to_dtype(DType::F32)?, sizes, &wide(hx)?, &wide(weights)?, o, g)?;
        return ys.iter().map(|y| rounded(y, x.dtype())).collect();
    }
    let lstm = o.cell == Cell::Lstm;
    check_count("hidden states", hx.len(), 1 + usize::from(lstm))?;
    check_count("weights", weights.len(), o.layers * o.directions() * o.tensors_each())?;
    let states = o.layers * o.directions();
    if let Some(h) = hx.iter().find(|h| h.rank() != 3 || h.shape()[0] != states) {
        return Err(Error::Shape(format!("Expected {states} hidden states in 3 dimensions, got {}", list(h.shape()))));
    }
    let (rows, sizes) = match sizes {
        Some(sizes) => (x.clone(), packed_sizes(x, sizes)?),
        None => padded_rows(x, o.batch_first)?,
    };
    let mut y = rows;
    let mut last: [Vec<Tensor>; 2] = Default::default();
    for depth in 0..o.layers {
        let mut outputs = vec![];
        for direction in 0..o.directions() {
            let at = depth * o.directions() + direction;
            let inputs = inputs_of(&y, hx, &weights[at * o.tensors_each()..][..o.tensors_each()], at, o)?;
            let mut found = layer(o.cell, inputs, Steps::new(&sizes, direction == 1))?.into_iter();
            outputs.extend(found.next());
            for (list, state) in last.iter_mut().zip(found) {
                list.push(state);
            }
        }
        y = if let [one] = outputs.as_slice() { one.clone() } else { cat(&outputs, 1)? };
        if depth + 1 < o.layers {
            y = dropout(&y, DropoutKind::default(), o.dropout, o.training, g)?;
        }
    }
    let states = last.iter().filter(|list| !list.is_empty()).map(|list| stack(list, 0));
    let y = if x.rank() == 3 { unrolled(&y, &sizes, o.batch_first)? } else { y };
    [Ok(y)].into_iter().chain(states).collect()
}

/// One step of one cell: h' [N, hidden] and, for an LSTM, c'.
pub fn recurrent_cell(cell: Cell, x: &Tensor, hx: &[Tensor], weights: &[Tensor]) -> Result<Vec<Tensor>> {
    let o = RecurrentConfig {
        cell,
        layers: 1,
        bidirectional: false,
        batch_first: false,
        bias: weights.len() > 2,
        projected: false,
        dropout: 0.0,
        training: false,
    };
    if x.rank() != 2 {
        return Err(Error::Shape(format!("Expected input to be 1D or 2D, got {}D instead", x.rank())));
    }
    let hx: Vec<Tensor> = hx.iter().map(|h| candlewick_tensor::ops::unsqueeze(h, 0)).collect::<Result<_>>()?;
    let mut out = recurrent(x, Some(&[x.shape()[0]]), &hx, weights, &o, &mut Generator::new(0))?;
    if cell != Cell::Lstm {
        out.truncate(1);
        return Ok(out);
    }
    let c = out.pop().map(|c| select(&c, 0, 0)).transpose()?;
    out.truncate(1);
    out.extend(c);
    Ok(out)
}

fn check_count(what: &str, got: usize, want: usize) -> Result<()> {
    if got == want { Ok(()) } else { Err(Error::Argument(format!("expected {want} {what}, received {got}"))) }
}

/// Sizes that begin with the whole batch and never grow, together all rows.
fn packed_sizes(x: &Tensor, sizes: &[usize]) -> Result<Vec<usize>> {
    let total: usize = sizes.iter().sum();
    if x.rank() != 2 || total != x.shape()[0] || sizes.windows(2).any(|w| w[0] < w[1]) || sizes.contains(&0) {
        return Err(Error::Shape(format!(
            "packed sequence: expected batch sizes that do not grow and sum to the rows of {}, received {}",
            list(x.shape()),
            list(sizes)
        )));
    }
    Ok(sizes.to_vec())
}

/// [T, N, in] as rows, one step after another.
fn padded_rows(x: &Tensor, batch_first: bool) -> Result<(Tensor, Vec<usize>)> {
    if x.rank() != 3 {
        return Err(Error::Shape(format!("input must have 3 dimensions, got {}", x.rank())));
    }
    let x = if batch_first { transpose(x, 0, 1)? } else { x.clone() };
    let [steps, batch, width] = [0, 1, 2].map(|d: usize| x.shape()[d]);
    if steps == 0 {
        return Err(Error::Shape("Expected sequence length to be larger than 0 in RNN".into()));
    }
    if steps >= 1 << 28 {
        return Err(Error::Shape(format!("RNN: expected fewer than 2^28 steps, received {steps}")));
    }
    Ok((reshape(&x, &[(steps * batch) as i64, width as i64])?, vec![batch; steps]))
}

/// Rows as [T, N, out] again.
fn unrolled(y: &Tensor, sizes: &[usize], batch_first: bool) -> Result<Tensor> {
    let y = reshape(y, &[sizes.len() as i64, sizes[0] as i64, y.shape()[1] as i64])?;
    if batch_first { transpose(&y, 0, 1) } else { Ok(y) }
}

fn inputs_of(x: &Tensor, hx: &[Tensor], weights: &[Tensor], at: usize, o: &RecurrentConfig) -> Result<Inputs> {
    Ok(Inputs {
        x: x.clone(),
        w_ih: weights[0].clone(),
        w_hh: weights[1].clone(),
        h0: select(&hx[0], 0, at as i64)?,
        c0: hx.get(1).map(|c| select(c, 0, at as i64)).transpose()?,
        biases: o.bias.then(|| (weights[2].clone(), weights[3].clone())),
        w_hr: o.projected.then(|| weights[o.tensors_each() - 1].clone()),
    })
}
