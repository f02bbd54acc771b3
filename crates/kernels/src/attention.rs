//! Softmax attention by blocks of query rows, with its gradient: O = softmax(scale Q K^T + mask) V, head by head.
//!
//! The scores of a block live in scratch memory only; the gradient computes them again from the logarithm of each row's
//! sum.   [Dao et al. 2022]

mod rows;

use crate::float::Float;
use crate::gemm::{Mat, gemm};
use crate::memory::scratch2;
use crate::pool;
use crate::raw::Raw;
use crate::simd::dispatch;
use crate::sizes::span;
use rows::{Gradient, Scaled, Softmax};

/// Query rows whose scores are computed together.
const BLOCK: usize = 64;
/// Columns that a transpose writes side by side.
const LINE: usize = 16;

/// Matrices, one for each head: row r of head i begins at `starts[i] + r * row`, its elements lie side by side.
#[derive(Clone, Copy, Debug)]
pub struct Heads<'a, T> {
    /// The elements of all heads.
    pub data: &'a [T],
    /// Where each head begins.
    pub starts: &'a [usize],
    /// Distance between rows.
    pub row: usize,
}

/// What is added to the scores: element (r, c) of head i is `data[starts[i] + r * row + c * col]`.
#[derive(Clone, Copy, Debug)]
pub struct Mask<'a, T> {
    /// The elements.
    pub data: &'a [T],
    /// Where each head's part begins.
    pub starts: &'a [usize],
    /// Distance between rows, 0 to repeat one.
    pub row: usize,
    /// Distance between columns, 0 to repeat one.
    pub col: usize,
}

/// One attention. Several query heads in a row may share a head of keys and values.
#[derive(Clone, Copy, Debug)]
pub struct Attention<'a, T> {
    /// [rows, width] for each head.
    pub q: Heads<'a, T>,
    /// [cols, width] for each head of keys.
    pub k: Heads<'a, T>,
    /// [cols, value] for each head of keys.
    pub v: Heads<'a, T>,
    /// Added to the scores.
    pub mask: Option<Mask<'a, T>>,
    /// Whether row r sees only columns 0..=r.
    pub causal: bool,
    /// Multiplies the products.
    pub scale: T,
    /// Queries of a head.
    pub rows: usize,
    /// Keys of a head.
    pub cols: usize,
    /// Elements of a query and of a key.
    pub width: usize,
    /// Elements of a value.
    pub value: usize,
}

impl<'a, T: Float> Attention<'a, T> {
    fn check(&self) {
        let fits = |h: &Heads<T>, rows: usize, width: usize| {
            let end = span(rows, width, h.row, 1);
            h.starts.iter().all(|s| s + end <= h.data.len())
        };
        assert!(fits(&self.q, self.rows, self.width), "attention: q exceeds its slice");
        assert!(fits(&self.k, self.cols, self.width), "attention: k exceeds its slice");
        assert!(fits(&self.v, self.cols, self.value), "attention: v exceeds its slice");
        let (q, k) = (self.q.starts.len(), self.k.starts.len());
        assert!(k == self.v.starts.len() && k > 0 && q.is_multiple_of(k), "attention: {q} heads over {k}");
        if let Some(m) = &self.mask {
            let end = span(self.rows, self.cols, m.row, m.col);
            assert!(m.starts.len() == q && m.starts.iter().all(|s| s + end <= m.data.len()), "attention: mask");
        }
    }

    /// Query heads for each head of keys.
    fn group(&self) -> usize {
        self.q.starts.len() / self.k.starts.len()
    }

    /// Columns that the rows up to `end` see.
    fn seen(&self, end: usize) -> usize {
        if self.causal { self.cols.min(end) } else { self.cols }
    }

    /// The scores of rows `from..from + rows` of a head: scale Q K^T + mask, [rows, seen]. `keys` is K^T.
    fn scores(&self, head: usize, from: usize, rows: usize, keys: Mat<T>, q: &mut [T], out: &mut [T]) {
        let cols = self.seen(from + rows);
        let rows_of_q = self.q.at(head, from);
        for (r, to) in q.chunks_exact_mut(self.width).take(rows).enumerate() {
            to.iter_mut().zip(&rows_of_q.data[r * rows_of_q.row..]).for_each(|(t, &x)| *t = x * self.scale);
        }
        gemm(rows, cols, self.width, Mat { data: q, row: self.width, col: 1 }, keys, out, cols, false);
        if self.mask.is_none() && !self.causal {
            return;
        }
        for (r, row) in out.chunks_exact_mut(cols.max(1)).take(rows).enumerate() {
            if let Some(m) = &self.mask {
                let at = m.starts[head] + (from + r) * m.row;
                row.iter_mut().enumerate().for_each(|(c, s)| *s += m.data[at + c * m.col]);
            }
            if self.causal {
                row[(from + r + 1).min(cols)..].fill(T::NEG_INFINITY);
            }
        }
    }
}

impl<'a, T> Heads<'a, T> {
    fn at(&self, head: usize, row: usize) -> Mat<'a, T> {
        Mat { data: &self.data[self.starts[head] + row * self.row..], row: self.row, col: 1 }
    }
}

/// Elements of a transpose, or none where so few rows of queries read it that they do better with strides.
fn turned_len(rows: usize, cols: usize, width: usize) -> usize {
    if rows < BLOCK / 4 { 0 } else { cols * width }
}

/// The transpose of a matrix [cols, width], copied to `to` if that is not empty.
fn turned<'a, T: Float>(m: Mat<'a, T>, cols: usize, to: &'a mut [T]) -> Mat<'a, T> {
    if to.is_empty() {
        return Mat { row: m.col, col: m.row, ..m };
    }
    let width = to.len() / cols;
    for first in (0..cols).step_by(LINE) {
        for w in 0..width {
            for c in first..cols.min(first + LINE) {
                to[w * cols + c] = m.data[c * m.row + w];
            }
        }
    }
    Mat { data: to, row: cols, col: 1 }
}

fn blocks(rows: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..rows).step_by(BLOCK).map(move |from| (from, BLOCK.min(rows - from)))
}

/// `out` [heads, rows, value] and `lse` [heads, rows].
pub(crate) fn attention<T: Float>(a: &Attention<T>, out: &mut [T], lse: &mut [T]) {
    a.check();
    let heads = a.q.starts.len();
    assert!(out.len() == heads * a.rows * a.value && lse.len() == heads * a.rows, "attention: lengths differ");
    let (out, lse) = (Raw::new(out), Raw::new(lse));
    pool::run(heads, &|head| {
        let (keys, block) = (turned_len(a.rows, a.cols, a.width), BLOCK * a.cols);
        scratch2(keys + BLOCK * a.width, block, |keys_and_q: &mut [T], scores: &mut [T]| {
            let (keys, q) = keys_and_q.split_at_mut(keys);
            let keys = turned(a.k.at(head / a.group(), 0), a.cols, keys);
            for (from, rows) in blocks(a.rows) {
                let (cols, at) = (a.seen(from + rows), head * a.rows + from);
                let scores = &mut scores[..rows * cols];
                a.scores(head, from, rows, keys, q, scores);
                // SAFETY: lengths are checked above; each block of rows belongs to one head, each head to one task.
                let (out, lse) = unsafe { (out.slice(at * a.value, rows * a.value), lse.slice(at, rows)) };
                let mut factor = [T::ONE; BLOCK];
                dispatch(Softmax { x: scores, lse, factor: &mut factor, cols });
                let p = Mat { data: scores, row: cols, col: 1 };
                gemm(rows, a.value, cols, p, a.v.at(head / a.group(), 0), out, a.value, false);
                dispatch(Scaled { x: out, factor: &factor, cols: a.value });
            }
        })
    });
}

/// The gradients dq [heads, rows, width], dk [key heads, cols, width] and dv [key heads, cols, value] for `dout`, from what
/// [`attention`] gave. All are row-major.
pub(crate) fn attention_backward<T: Float>(
    a: &Attention<T>,
    out: &[T],
    lse: &[T],
    dout: &[T],
    dq: &mut [T],
    dk: &mut [T],
    dv: &mut [T],
) {
    a.check();
    let (heads, key_heads) = (a.q.starts.len(), a.k.starts.len());
    assert!(out.len() == heads * a.rows * a.value && out.len() == dout.len(), "attention_backward: lengths differ");
    assert!(lse.len() == heads * a.rows && dq.len() == heads * a.rows * a.width, "attention_backward: lengths differ");
    assert!(dk.len() == key_heads * a.cols * a.width && dv.len() == key_heads * a.cols * a.value, "attention_backward");
    dk.fill(T::ZERO);
    dv.fill(T::ZERO);
    let (dq, dk, dv) = (Raw::new(dq), Raw::new(dk), Raw::new(dv));
    pool::run(key_heads, &|key_head| {
        // SAFETY: lengths are checked above; each head of keys, and the query heads over it, belong to one task.
        let (dk, dv) = unsafe {
            let (w, v) = (a.cols * a.width, a.cols * a.value);
            (dk.slice(key_head * w, w), dv.slice(key_head * v, v))
        };
        let (keys, values) = (turned_len(a.rows, a.cols, a.width), turned_len(a.rows, a.cols, a.value));
        let own = keys + values + BLOCK * a.width;
        scratch2(own, 2 * BLOCK * a.cols, |own: &mut [T], blocks_of: &mut [T]| {
            let (keys, rest) = own.split_at_mut(keys);
            let (values, q) = rest.split_at_mut(values);
            let k = a.k.at(key_head, 0);
            let (keys, values) = (turned(k, a.cols, keys), turned(a.v.at(key_head, 0), a.cols, values));
            let (p, d) = blocks_of.split_at_mut(BLOCK * a.cols);
            for head in key_head * a.group()..(key_head + 1) * a.group() {
                for (from, rows) in blocks(a.rows) {
                    let (cols, at) = (a.seen(from + rows), head * a.rows + from);
                    let (p, d) = (&mut p[..rows * cols], &mut d[..rows * cols]);
                    let (o, g) = (&out[at * a.value..][..rows * a.value], &dout[at * a.value..][..rows * a.value]);
                    a.scores(head, from, rows, keys, q, p);
                    let g_rows = Mat { data: g, row: a.value, col: 1 };
                    gemm(rows, cols, a.value, g_rows, values, d, cols, false);
                    let (lse, scale, value) = (&lse[at..at + rows], a.scale, a.value);
                    dispatch(Gradient { p, d, lse, out: o, dout: g, scale, cols, value });
                    // SAFETY: as above.
                    let dq = unsafe { dq.slice(at * a.width, rows * a.width) };
                    gemm(rows, a.width, cols, Mat { data: d, row: cols, col: 1 }, k, dq, a.width, false);
                    let by_column = |data| Mat { data, row: 1, col: cols };
                    gemm(cols, a.width, rows, by_column(d), a.q.at(head, from), dk, a.width, true);
                    gemm(cols, a.value, rows, by_column(p), g_rows, dv, a.value, true);
                }
            }
        })
    });
}
