//! The fused gradient of one layer in one direction: the steps backwards, then one product for each weight.

use super::forward::{Slices, plain, transposed};
use super::layer::{Cell, Layer};
use super::steps::Steps;
use candlewick_kernels::float::Float;
use candlewick_tensor::{Element, Result, memory};

/// What the forward pass kept.
pub(super) struct Kept<'a, T> {
    pub(super) y: &'a [T],
    pub(super) gates: &'a [T],
    pub(super) inner: &'a [T],
    pub(super) raw: &'a [T],
}

/// The gradients of the outputs; what nothing flowed to is absent.
pub(super) struct Above<'a, T> {
    pub(super) y: Option<&'a [T]>,
    pub(super) h: Option<&'a [T]>,
    pub(super) c: Option<&'a [T]>,
}

/// The gradients of the gates at all steps, and of the states before the first ones.
pub(super) struct Below<T> {
    /// Of the inputs' part of the gates.
    pub(super) gates: Vec<T>,
    /// Of the state's part where that is another (GRU), else empty.
    pub(super) recurrent: Vec<T>,
    /// Of the output after the projection, where there is one.
    pub(super) projected: Vec<T>,
    pub(super) h0: Vec<T>,
    pub(super) c0: Vec<T>,
    /// The states before each step: what the recurrent weight was multiplied with.
    pub(super) states: Vec<T>,
}

fn given<T: Element>(g: Option<&[T]>, n: usize) -> Result<Vec<T>> {
    g.map_or_else(|| memory::filled(n, T::default()), |g| Ok(g.to_vec()))
}

pub(super) fn backward<T: Element + Float>(
    l: &Layer,
    steps: &Steps,
    s: &Slices<T>,
    kept: &Kept<T>,
    above: &Above<T>,
) -> Result<Below<T>> {
    let (total, batch) = (steps.total(), steps.batch());
    let (hidden, out) = (l.hidden, l.out);
    let width = l.cell.gates() * hidden;
    let gru = l.cell == Cell::Gru;
    let projects = s.w_hr.is_some();

    let mut dgates = memory::alloc::<T>(total * width)?;
    let mut drecurrent = memory::alloc::<T>(if gru { total * width } else { 0 })?;
    let mut projected = memory::alloc::<T>(if projects { total * out } else { 0 })?;
    let mut states = memory::alloc::<T>(total * out)?;
    let mut dh = given(above.h, batch * out)?;
    let mut dc = given(above.c, if l.cell == Cell::Lstm { batch * hidden } else { 0 })?;
    let mut wide = memory::alloc::<T>(if projects { batch * hidden } else { 0 })?;
    let mut cells = memory::alloc::<T>(dc.len())?;

    for step in steps.order().into_iter().rev() {
        let (start, rows) = steps.rows(step);
        let (narrow, deep, gated) = (start * out, start * hidden, start * width);
        let (dh, dnow) = (&mut dh[..rows * out], &mut dgates[gated..][..rows * width]);
        if let Some(dy) = above.y {
            dh.iter_mut().zip(&dy[narrow..]).for_each(|(d, &g)| *d += g);
        }
        let before = &mut states[narrow..][..rows * out];
        steps.before(step, s.h0, kept.y, out, before);
        let gates = &kept.gates[gated..][..rows * width];
        match l.cell {
            Cell::Plain(f) => T::plain_step_backward(f, &kept.y[narrow..][..rows * out], dh, dnow),
            Cell::Lstm => {
                let cells = &mut cells[..rows * hidden];
                steps.before(step, s.c0.unwrap_or_default(), kept.inner, hidden, cells);
                let dc = &mut dc[..rows * hidden];
                let after = &kept.inner[deep..][..rows * hidden];
                let dout: &[T] = match s.w_hr {
                    Some(w_hr) => {
                        projected[narrow..][..rows * out].copy_from_slice(dh);
                        let wide = &mut wide[..rows * hidden];
                        T::gemm(rows, hidden, out, plain(dh, out), plain(w_hr, hidden), wide, hidden, false);
                        wide
                    }
                    None => dh,
                };
                T::lstm_step_backward(gates, cells, after, dout, dc, dnow, hidden);
            }
            Cell::Gru => {
                let drec = &mut drecurrent[gated..][..rows * width];
                T::gru_step_backward(gates, &kept.inner[deep..][..rows * hidden], before, dh, dnow, drec, hidden);
            }
        }
        let through: &[T] = if gru { &drecurrent[gated..][..rows * width] } else { dnow };
        T::gemm(rows, out, width, plain(through, width), plain(s.w_hh, out), dh, out, gru);
    }
    Ok(Below { gates: dgates, recurrent: drecurrent, projected, h0: dh, c0: dc, states })
}

/// a^T b: the gradient of a weight [m, n] from rows of a [rows, m] and b [rows, n].
pub(super) fn weight<T: Element + Float>(a: &[T], b: &[T], rows: usize, m: usize, n: usize) -> Result<Vec<T>> {
    let mut w = memory::alloc::<T>(m * n)?;
    T::gemm(m, n, rows, transposed(a, m), plain(b, n), &mut w, n, false);
    Ok(w)
}

/// a b: the gradient of what a weight b [m, n] was multiplied with.
pub(super) fn through<T: Element + Float>(a: &[T], b: &[T], rows: usize, m: usize, n: usize) -> Result<Vec<T>> {
    let mut x = memory::alloc::<T>(rows * n)?;
    T::gemm(rows, n, m, plain(a, m), plain(b, n), &mut x, n, false);
    Ok(x)
}

/// The sum of rows: the gradient of a bias.
pub(super) fn bias<T: Element + Float>(rows: &[T], width: usize) -> Result<Vec<T>> {
    let mut sum = memory::filled(width, T::default())?;
    for row in rows.chunks_exact(width.max(1)) {
        sum.iter_mut().zip(row).for_each(|(s, &v)| *s += v);
    }
    Ok(sum)
}
