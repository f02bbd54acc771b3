//! One step of a recurrent layer over the rows of a batch: what is left beside the matrix products, with its gradient.
//! Gates lie side by side in a row: i f g o of an LSTM, r z n of a GRU.

use crate::real::Real;
use crate::simd::{Kernel, dispatch};

/// The nonlinearity of a plain recurrent layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    /// The hyperbolic tangent.
    Tanh,
    /// max(x, 0)
    Relu,
}

fn same(what: &str, lengths: &[usize]) {
    assert!(lengths.windows(2).all(|w| w[0] == w[1]), "{what}: lengths differ: {lengths:?}");
}

struct PlainStep<'a, T>(Plain, &'a mut [T]);

impl<T: Real> Kernel for PlainStep<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        match self.0 {
            Plain::Tanh => self.1.iter_mut().for_each(|x| *x = x.tanh()),
            // NaN stays.
            Plain::Relu => self.1.iter_mut().for_each(|x| *x = if *x < T::ZERO { T::ZERO } else { *x }),
        }
    }
}

/// h = f(gates), in place.
pub(crate) fn plain_step<T: Real>(f: Plain, gates: &mut [T]) {
    dispatch(PlainStep(f, gates));
}

/// dgates = dh f'(gates), f' in terms of its value `h`.
pub(crate) fn plain_step_backward<T: Real>(f: Plain, h: &[T], dh: &[T], dgates: &mut [T]) {
    same("plain_step_backward", &[h.len(), dh.len(), dgates.len()]);
    for ((d, &g), &h) in dgates.iter_mut().zip(dh).zip(h) {
        *d = match f {
            Plain::Tanh => g * (T::ONE - h * h),
            Plain::Relu if h > T::ZERO => g,
            Plain::Relu => T::ZERO,
        };
    }
}

struct LstmStep<'a, T> {
    gates: &'a mut [T],
    cell: &'a mut [T],
    out: &'a mut [T],
    hidden: usize,
}

impl<T: Real> Kernel for LstmStep<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let n = self.hidden;
        let rows = self.gates.chunks_exact_mut(4 * n).zip(self.cell.chunks_exact_mut(n));
        for ((gates, cell), out) in rows.zip(self.out.chunks_exact_mut(n)) {
            let (i, rest) = gates.split_at_mut(n);
            let (f, rest) = rest.split_at_mut(n);
            let (g, o) = rest.split_at_mut(n);
            for j in 0..n {
                i[j] = i[j].sigmoid();
                f[j] = f[j].sigmoid();
                g[j] = g[j].tanh();
                o[j] = o[j].sigmoid();
            }
            for j in 0..n {
                cell[j] = f[j] * cell[j] + i[j] * g[j];
                out[j] = o[j] * cell[j].tanh();
            }
        }
    }
}

/// Applies the gates' functions in place, c = f c + i g in place, h = o tanh(c).
pub(crate) fn lstm_step<T: Real>(gates: &mut [T], cell: &mut [T], out: &mut [T], hidden: usize) {
    same("lstm_step", &[gates.len(), 4 * cell.len(), 4 * out.len()]);
    if hidden > 0 {
        dispatch(LstmStep { gates, cell, out, hidden });
    }
}

struct LstmBack<'a, T> {
    gates: &'a [T],
    before: &'a [T],
    after: &'a [T],
    dh: &'a [T],
    dc: &'a mut [T],
    dgates: &'a mut [T],
    hidden: usize,
}

impl<T: Real> Kernel for LstmBack<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let n = self.hidden;
        for (r, (dgates, dc)) in self.dgates.chunks_exact_mut(4 * n).zip(self.dc.chunks_exact_mut(n)).enumerate() {
            let at = r * n;
            let (i, f) = (&self.gates[4 * at..][..n], &self.gates[4 * at + n..][..n]);
            let (g, o) = (&self.gates[4 * at + 2 * n..][..n], &self.gates[4 * at + 3 * n..][..n]);
            let (before, after, dh) = (&self.before[at..][..n], &self.after[at..][..n], &self.dh[at..][..n]);
            let (di, rest) = dgates.split_at_mut(n);
            let (df, rest) = rest.split_at_mut(n);
            let (dg, d_o) = rest.split_at_mut(n);
            for j in 0..n {
                let t = after[j].tanh();
                let d = dc[j] + dh[j] * o[j] * (T::ONE - t * t);
                di[j] = d * g[j] * i[j] * (T::ONE - i[j]);
                df[j] = d * before[j] * f[j] * (T::ONE - f[j]);
                dg[j] = d * i[j] * (T::ONE - g[j] * g[j]);
                d_o[j] = dh[j] * t * o[j] * (T::ONE - o[j]);
                dc[j] = d * f[j];
            }
        }
    }
}

/// The gradient of [`lstm_step`]: `before` and `after` are c around it, `dc` turns from the one's gradient to the other's.
pub(crate) fn lstm_step_backward<T: Real>(
    gates: &[T],
    before: &[T],
    after: &[T],
    dh: &[T],
    dc: &mut [T],
    dgates: &mut [T],
    hidden: usize,
) {
    same("lstm_step_backward", &[before.len(), after.len(), dh.len(), dc.len()]);
    same("lstm_step_backward", &[gates.len(), dgates.len(), 4 * dc.len()]);
    if hidden > 0 {
        dispatch(LstmBack { gates, before, after, dh, dc, dgates, hidden });
    }
}

struct GruStep<'a, T> {
    gates: &'a mut [T],
    recurrent: &'a [T],
    state: &'a mut [T],
    hidden: usize,
}

impl<T: Real> Kernel for GruStep<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let n = self.hidden;
        let rows = self.gates.chunks_exact_mut(3 * n).zip(self.recurrent.chunks_exact(3 * n));
        for ((gates, part), state) in rows.zip(self.state.chunks_exact_mut(n)) {
            let (r, rest) = gates.split_at_mut(n);
            let (z, c) = rest.split_at_mut(n);
            for j in 0..n {
                r[j] = (r[j] + part[j]).sigmoid();
                z[j] = (z[j] + part[n + j]).sigmoid();
            }
            for j in 0..n {
                c[j] = (c[j] + r[j] * part[2 * n + j]).tanh();
                state[j] = c[j] + z[j] * (state[j] - c[j]);
            }
        }
    }
}

/// `gates` holds the inputs' part and gets r, z, n; `recurrent` the state's part; h = n + z (h - n) in place.
pub(crate) fn gru_step<T: Real>(gates: &mut [T], recurrent: &[T], state: &mut [T], hidden: usize) {
    same("gru_step", &[gates.len(), recurrent.len(), 3 * state.len()]);
    if hidden > 0 {
        dispatch(GruStep { gates, recurrent, state, hidden });
    }
}

struct GruBack<'a, T> {
    gates: &'a [T],
    candidate: &'a [T],
    before: &'a [T],
    dh: &'a mut [T],
    dgates: &'a mut [T],
    drecurrent: &'a mut [T],
    hidden: usize,
}

impl<T: Real> Kernel for GruBack<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let n = self.hidden;
        let rows = self.dgates.chunks_exact_mut(3 * n).zip(self.drecurrent.chunks_exact_mut(3 * n));
        for (row, ((dgates, drec), dh)) in rows.zip(self.dh.chunks_exact_mut(n)).enumerate() {
            let at = row * n;
            let (r, z) = (&self.gates[3 * at..][..n], &self.gates[3 * at + n..][..n]);
            let c = &self.gates[3 * at + 2 * n..][..n];
            let (part, before) = (&self.candidate[at..][..n], &self.before[at..][..n]);
            for j in 0..n {
                let dn = dh[j] * (T::ONE - z[j]) * (T::ONE - c[j] * c[j]);
                let dz = dh[j] * (before[j] - c[j]) * z[j] * (T::ONE - z[j]);
                let dr = dn * part[j] * r[j] * (T::ONE - r[j]);
                (dgates[j], dgates[n + j], dgates[2 * n + j]) = (dr, dz, dn);
                (drec[j], drec[n + j], drec[2 * n + j]) = (dr, dz, dn * r[j]);
                dh[j] *= z[j];
            }
        }
    }
}

/// The gradient of [`gru_step`]: `candidate` is the state's part of n, `before` the state before it; `dh` becomes what
/// passes straight to that state.
pub(crate) fn gru_step_backward<T: Real>(
    gates: &[T],
    candidate: &[T],
    before: &[T],
    dh: &mut [T],
    dgates: &mut [T],
    drecurrent: &mut [T],
    hidden: usize,
) {
    same("gru_step_backward", &[candidate.len(), before.len(), dh.len()]);
    same("gru_step_backward", &[gates.len(), dgates.len(), drecurrent.len(), 3 * dh.len()]);
    if hidden > 0 {
        dispatch(GruBack { gates, candidate, before, dh, dgates, drecurrent, hidden });
    }
}
