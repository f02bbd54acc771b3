//! The fused forward pass of one layer in one direction: one product for the inputs of all steps, then the steps.

use super::layer::{Cell, Layer};
use super::steps::Steps;
use candlewick_kernels::float::Float;
use candlewick_kernels::gemm::Mat;
use candlewick_tensor::{Element, Result, memory};

/// The slices of a layer's tensors, all contiguous.
pub(super) struct Slices<'a, T> {
    pub(super) x: &'a [T],
    pub(super) w_ih: &'a [T],
    pub(super) w_hh: &'a [T],
    pub(super) b_ih: Option<&'a [T]>,
    pub(super) b_hh: Option<&'a [T]>,
    pub(super) w_hr: Option<&'a [T]>,
    pub(super) h0: &'a [T],
    pub(super) c0: Option<&'a [T]>,
}

/// The results, and what the gradient needs beside them.
pub(super) struct Pass<T> {
    pub(super) y: Vec<T>,
    pub(super) h: Vec<T>,
    pub(super) c: Option<Vec<T>>,
    /// The gates after their functions.
    pub(super) gates: Vec<T>,
    /// LSTM: c after every step. GRU: the state's part of n. Else empty.
    pub(super) inner: Vec<T>,
    /// The output before the projection, where there is one.
    pub(super) raw: Vec<T>,
}

/// x W^T: the matrix W [n, k] read by columns.
pub(super) fn transposed<T>(w: &[T], k: usize) -> Mat<'_, T> {
    Mat { data: w, row: 1, col: k }
}

pub(super) fn plain<T>(data: &[T], columns: usize) -> Mat<'_, T> {
    Mat { data, row: columns, col: 1 }
}

fn repeat_rows<T: Copy>(row: &[T], out: &mut [T]) {
    out.chunks_exact_mut(row.len().max(1)).for_each(|o| o.copy_from_slice(row));
}

pub(super) fn forward<T: Element + Float>(l: &Layer, steps: &Steps, s: &Slices<T>) -> Result<Pass<T>> {
    let (total, batch) = (steps.total(), steps.batch());
    let (input, hidden, out) = (l.input, l.hidden, l.out);
    let width = l.cell.gates() * hidden;
    let gru = l.cell == Cell::Gru;

    let mut gates = memory::alloc::<T>(total * width)?;
    if let (Some(b_ih), Some(b_hh)) = (s.b_ih, s.b_hh) {
        // A GRU's second bias belongs to the state's part.
        let both: Vec<T> = b_ih.iter().zip(b_hh).map(|(&a, &b)| if gru { a } else { a + b }).collect();
        repeat_rows(&both, &mut gates);
    }
    T::gemm(total, width, input, plain(s.x, input), transposed(s.w_ih, input), &mut gates, width, s.b_ih.is_some());

    let mut y = memory::alloc::<T>(total * out)?;
    let mut h = s.h0.to_vec();
    let mut c = s.c0.map(<[T]>::to_vec);
    let mut inner = match l.cell {
        Cell::Plain(_) => vec![],
        _ => memory::alloc::<T>(total * hidden)?,
    };
    let mut raw = if s.w_hr.is_some() { memory::alloc::<T>(total * hidden)? } else { vec![] };
    let mut part = if gru { memory::alloc::<T>(batch * width)? } else { vec![] };

    for step in steps.order() {
        let (start, rows) = steps.rows(step);
        let now = &mut gates[start * width..][..rows * width];
        let state = &mut h[..rows * out];
        if gru {
            let part = &mut part[..rows * width];
            if let Some(b) = s.b_hh {
                repeat_rows(b, part);
            }
            T::gemm(rows, width, out, plain(state, out), transposed(s.w_hh, out), part, width, s.b_hh.is_some());
            let kept = inner[start * hidden..][..rows * hidden].chunks_exact_mut(hidden);
            kept.zip(part.chunks_exact(width)).for_each(|(k, p)| k.copy_from_slice(&p[2 * hidden..]));
            T::gru_step(now, part, state, hidden);
        } else {
            T::gemm(rows, width, out, plain(state, out), transposed(s.w_hh, out), now, width, true);
        }
        match (l.cell, &mut c) {
            (Cell::Plain(f), _) => {
                T::plain_step(f, now);
                state.copy_from_slice(now);
            }
            (Cell::Lstm, Some(c)) => {
                let c = &mut c[..rows * hidden];
                if let Some(w_hr) = s.w_hr {
                    let raw = &mut raw[start * hidden..][..rows * hidden];
                    T::lstm_step(now, c, raw, hidden);
                    T::gemm(rows, out, hidden, plain(raw, hidden), transposed(w_hr, hidden), state, out, false);
                } else {
                    T::lstm_step(now, c, state, hidden);
                }
                inner[start * hidden..][..rows * hidden].copy_from_slice(c);
            }
            _ => {}
        }
        y[start * out..][..rows * out].copy_from_slice(state);
    }
    Ok(Pass { y, h, c, gates, inner, raw })
}
