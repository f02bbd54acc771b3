//! Weighted sums along each axis: y = A x with one sparse matrix an axis, applied one after the other. The gradient is the
//! same with the matrices transposed.

use super::GRAIN;
use crate::float::Float;
use crate::memory::scratch;
use crate::pool::chunks;
use crate::raw::Raw;
use crate::simd::{Kernel, dispatch};
use crate::sizes::product;

/// A sparse matrix [outputs, inputs], row after row.
#[derive(Clone, Debug)]
pub struct Weights {
    inputs: usize,
    /// Row `i` has the entries `rows[i]..rows[i + 1]`.
    rows: Vec<usize>,
    entries: Vec<(usize, f64)>,
}

impl Weights {
    /// A matrix of rows of (index, weight). Panics if an index is not below `inputs`.
    pub fn new(inputs: usize, rows: &mut dyn Iterator<Item = Vec<(usize, f64)>>) -> Weights {
        let mut w = Weights { inputs, rows: vec![0], entries: vec![] };
        for row in rows {
            w.entries.extend(row);
            w.rows.push(w.entries.len());
        }
        assert!(w.entries.iter().all(|&(i, _)| i < inputs), "resample: an index lies outside");
        w
    }

    /// The matrix that changes nothing.
    pub fn identity(n: usize) -> Weights {
        Weights::new(n, &mut (0..n).map(|i| vec![(i, 1.0)]))
    }

    /// Rows and columns exchanged.
    pub fn transposed(&self) -> Weights {
        let mut rows = vec![vec![]; self.inputs];
        for i in 0..self.outputs() {
            for &(j, w) in self.row(i) {
                rows[j].push((i, w));
            }
        }
        Weights::new(self.outputs(), &mut rows.into_iter())
    }

    /// The weights rounded to 15 bits below the largest: with them sums over bytes are exact in float32.
    pub fn fixed_point(mut self) -> Weights {
        let largest = self.entries.iter().fold(0.0, |m: f64, e| m.max(e.1));
        let fits = |bits: i32| (0.5 + largest * f64::from(1 << (bits + 1))) < f64::from(1 << 15);
        let unit = f64::from(1 << (0..22).find(|&bits| !fits(bits)).unwrap_or(22));
        self.entries.iter_mut().for_each(|e| e.1 = (e.1 * unit).round() / unit);
        self
    }

    /// Elements that it reads.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Elements that it gives.
    pub fn outputs(&self) -> usize {
        self.rows.len() - 1
    }

    fn row(&self, i: usize) -> &[(usize, f64)] {
        &self.entries[self.rows[i]..self.rows[i + 1]]
    }

    fn is_identity(&self) -> bool {
        self.inputs == self.outputs() && (0..self.inputs).all(|i| self.row(i) == [(i, 1.0)])
    }
}

/// y [planes, outputs] = x [planes, inputs] with every axis multiplied by its matrix, the last axis first.
pub(crate) fn resample<T: Float>(planes: usize, axes: [&Weights; 3], x: &[T], y: &mut [T]) {
    let (input, output) = (axes.map(Weights::inputs), axes.map(Weights::outputs));
    let (inside, outside) = (product(&input), product(&output));
    assert_eq!((x.len(), y.len()), (product(&[planes, inside]), product(&[planes, outside])), "resample: lengths");
    let wide = product(&[input[0], input[1], output[2]]);
    let high = product(&[input[0], output[1], output[2]]);
    let out = Raw::new(y);
    chunks(planes, GRAIN / outside.max(inside).max(1) + 1, &|range| {
        for p in range {
            // SAFETY: each plane belongs to one task, lengths are checked.
            let (x, y) = (&x[p * inside..][..inside], unsafe { out.slice(p * outside, outside) });
            let [d, h, w] = axes;
            match (d.is_identity(), h.is_identity()) {
                (true, true) => along_rows(w, x, y),
                (true, false) => scratch(wide, |a: &mut [T]| {
                    along_rows(w, x, a);
                    across_rows(h, input[0], output[2], a, y);
                }),
                _ => scratch(wide, |a: &mut [T]| {
                    along_rows(w, x, a);
                    scratch(high, |b: &mut [T]| {
                        across_rows(h, input[0], output[2], a, b);
                        across_rows(d, 1, output[1] * output[2], b, y);
                    });
                }),
            }
        }
    });
}

/// Every row of x times the matrix.
fn along_rows<T: Float>(m: &Weights, x: &[T], y: &mut [T]) {
    let (from, to) = (m.inputs(), m.outputs());
    if to == 0 || from == 0 {
        return;
    }
    if m.is_identity() {
        return y.copy_from_slice(x);
    }
    let entries: Vec<(usize, T)> = m.entries.iter().map(|&(i, w)| (i, T::from_f64(w))).collect();
    let pairs = (0..to).all(|i| m.rows[i] == 2 * i && m.rows[i + 1] == 2 * i + 2);
    let out = Raw::new(y);
    chunks(x.len() / from, GRAIN / to + 1, &|range| {
        for r in range {
            // SAFETY: each row belongs to one task.
            let (x, y) = (&x[r * from..][..from], unsafe { out.slice(r * to, to) });
            if pairs {
                for (y, e) in y.iter_mut().zip(entries.as_chunks::<2>().0) {
                    *y = x[e[0].0] * e[0].1 + x[e[1].0] * e[1].1;
                }
                continue;
            }
            for (y, row) in y.iter_mut().zip(m.rows.windows(2)) {
                let mut sum = T::ZERO;
                for &(i, w) in &entries[row[0]..row[1]] {
                    sum += x[i] * w;
                }
                *y = sum;
            }
        }
    });
}

/// x [outer, inputs, width] -> y [outer, outputs, width]: sums of whole rows.
fn across_rows<T: Float>(m: &Weights, outer: usize, width: usize, x: &[T], y: &mut [T]) {
    let (from, to) = (m.inputs(), m.outputs());
    if width == 0 {
        return;
    }
    let out = Raw::new(y);
    chunks(outer * to, GRAIN / width + 1, &|range| {
        for r in range {
            // SAFETY: each row belongs to one task.
            let y = unsafe { out.slice(r * width, width) };
            let x = &x[r / to * from * width..][..from * width];
            dispatch(SumRows { row: m.row(r % to), x, y });
        }
    });
}

struct SumRows<'a, T> {
    row: &'a [(usize, f64)],
    x: &'a [T],
    y: &'a mut [T],
}

impl<T: Float> Kernel for SumRows<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let width = self.y.len();
        let at = |i: usize| &self.x[i * width..][..width];
        match *self.row {
            [] => self.y.fill(T::ZERO),
            [(i, a), (j, b)] => {
                let (a, b) = (T::from_f64(a), T::from_f64(b));
                for ((y, &p), &q) in self.y.iter_mut().zip(at(i)).zip(at(j)) {
                    *y = p * a + q * b;
                }
            }
            [(first, w), ref rest @ ..] => {
                let w = T::from_f64(w);
                self.y.iter_mut().zip(at(first)).for_each(|(y, &x)| *y = x * w);
                for &(i, w) in rest {
                    let w = T::from_f64(w);
                    self.y.iter_mut().zip(at(i)).for_each(|(y, &x)| *y += x * w);
                }
            }
        }
    }
}
