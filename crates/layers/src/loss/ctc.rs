//! Connectionist temporal classification: the likelihood of a label sequence over all alignments. [Graves et al. 2006]

use super::{Reduction, number, zero};
use crate::wide::wide;
use candlewick_kernels::{float::Float, pool};
use candlewick_tensor::autograd::{Tape, is_grad_enabled};
use candlewick_tensor::ops::{div, eq, reshape, where_};
use candlewick_tensor::{DType, Element, Error, Result, Tensor, memory};
use std::sync::{Arc, Mutex, PoisonError};

/// Options of [`ctc_loss`].
#[derive(Clone, Copy, Debug)]
pub struct CtcConfig {
    /// The class that stands for no label.
    pub blank: i64,
    /// Infinite losses (inputs too short for their targets) and their gradients become 0.
    pub zero_infinity: bool,
}

/// The batch as the recursions read it.
struct Batch {
    n: usize,
    classes: usize,
    /// For each sample: labels with blanks between and around.
    labels: Vec<Vec<usize>>,
    input_lengths: Vec<usize>,
    target_lengths: Vec<usize>,
}

impl Batch {
    fn log_prob<T: Copy>(&self, x: &[T], t: usize, sample: usize, class: usize) -> T {
        x[(t * self.n + sample) * self.classes + class]
    }
}

/// -ln P(targets | log-probabilities [T, N, C] or [T, C]). Targets [N, S] or all one behind the other. A mean is taken of
/// the losses divided by the targets' lengths.
/// Errors: lengths that do not fit; labels out of range.
pub fn ctc_loss(
    x: &Tensor,
    targets: &Tensor,
    input_lengths: &[i64],
    target_lengths: &[i64],
    config: CtcConfig,
    reduction: Reduction,
) -> Result<Tensor> {
    let batch = Arc::new(read(x, targets, input_lengths, target_lengths, config.blank)?);
    let y = wide!("ctc_loss_cpu", x.dtype(), T => losses::<T>(x, &batch, config)?);
    let y = if config.zero_infinity { where_(&eq(&y, &number(f64::INFINITY))?, &zero(), &y)? } else { y };
    let alone = x.rank() == 2;
    let y = if alone { reshape(&y, &[])? } else { y };
    if reduction != Reduction::Mean {
        return reduction.apply(&y);
    }
    let lengths: Vec<f64> = batch.target_lengths.iter().map(|&l| l.max(1) as f64).collect();
    let lengths = Tensor::from_vec(lengths, if alone { &[] } else { std::slice::from_ref(&batch.n) });
    Reduction::Mean.apply(&div(&y, &lengths.to_dtype(x.dtype())?)?)
}

/// The loss of each sample, [N].
fn losses<T: Element + Float>(x: &Tensor, batch: &Arc<Batch>, config: CtcConfig) -> Result<Tensor> {
    let values = x.detach().contiguous()?;
    let parts: Vec<Mutex<(T, Vec<T>)>> = (0..batch.n).map(|_| Mutex::default()).collect();
    let all = values.data::<T>()?;
    pool::run(batch.n, &|i| *parts[i].lock().unwrap_or_else(PoisonError::into_inner) = forward(batch, all, i));
    let (losses, alphas): (Vec<T>, Vec<Vec<T>>) =
        parts.into_iter().map(|m| m.into_inner().unwrap_or_else(PoisonError::into_inner)).unzip();
    let y = Tensor::from_vec(losses.clone(), &[batch.n]);
    let batch = batch.clone();
    Tape::of("CtcLossBackward0", &[x]).keep(x).record(y, move |c| {
        c.each(&[&|| {
            let (gy, x) = (c.gy()?, c.saved(0)?);
            let (values, above) = (x.detach().contiguous()?, gy.detach().contiguous()?);
            let (all, above) = (values.data::<T>()?, above.data::<T>()?);
            let mut out = memory::filled(all.len(), T::ZERO)?;
            for i in 0..batch.n {
                let dead = config.zero_infinity && losses[i] == -T::NEG_INFINITY;
                if !dead {
                    backward(&batch, all, i, losses[i], &alphas[i], above[i], &mut out);
                }
            }
            let g = Tensor::from_vec(out, x.shape());
            if !is_grad_enabled() {
                return Ok(g);
            }
            Tape::of("CtcLossBackwardBackward0", &[&gy, &x]).record(g, |_| {
                Err(Error::Autograd("derivative for aten::_ctc_loss_backward is not implemented".into()))
            })
        }])
    })
}

fn read(x: &Tensor, targets: &Tensor, inputs: &[i64], lengths: &[i64], blank: i64) -> Result<Batch> {
    let (steps, n, classes) = match *x.shape() {
        [t, n, c] => (t, n, c),
        [t, c] => (t, 1, c),
        _ => return Err(Error::Shape(format!("log_probs must be 2-D or 3-D, but got {}-D", x.rank()))),
    };
    if blank < 0 || blank >= classes as i64 {
        return Err(Error::Argument("blank must be in label range".into()));
    }
    let wrong =
        |text: String| Err(Error::Argument(format!("{text} (while checking arguments for ctc_loss_allocate_outputs)")));
    for (name, list) in [("input_lengths", inputs), ("target_lengths", lengths)] {
        if list.len() != n {
            return Err(Error::Shape(format!("{name} must be of size batch_size")));
        }
        if let Some(l) = list.iter().find(|&&l| l < 0) {
            return wrong(format!("Expected {name} to have value at least 0, but got value {l}"));
        }
    }
    if let Some(l) = inputs.iter().find(|&&l| l > steps as i64) {
        return wrong(format!("Expected input_lengths to have value at most {steps}, but got value {l}"));
    }
    let sizes: Vec<usize> = lengths.iter().map(|&l| l as usize).collect();
    let flat = targets.detach().to_dtype(DType::I64)?.contiguous()?;
    let all = flat.data::<i64>()?;
    let longest = sizes.iter().copied().max().unwrap_or(0);
    let concatenated = targets.rank() == 1;
    let total = sizes.iter().try_fold(0usize, |sum, &l| sum.checked_add(l)).unwrap_or(usize::MAX);
    if concatenated && all.len() != total {
        return wrong(format!(
            "Expected tensor to have size {total} at dimension 0, but got size {} for argument #2 'targets'",
            all.len()
        ));
    }
    if !concatenated {
        let (rows, width) = match *targets.shape() {
            [rows, width] => (rows, width),
            _ => return Err(Error::Shape("targets must be 1-D or 2-D".into())),
        };
        if rows != n {
            return wrong(format!(
                "Expected tensor to have size {n} at dimension 0, but got size {rows} for argument #2 'targets'"
            ));
        }
        if width < longest {
            return wrong(format!(
                "Expected tensor to have size at least {longest} at dimension 1, but got size {width} for argument #2 'targets'"
            ));
        }
    }
    let mut at = 0;
    let mut labels = Vec::with_capacity(n);
    for (i, &len) in sizes.iter().enumerate() {
        let start = if concatenated { at } else { i * targets.shape()[1] };
        at += len;
        let mut padded = vec![blank as usize; 2 * len + 1];
        for (s, &label) in all[start..start + len].iter().enumerate() {
            if label < 0 || label >= classes as i64 {
                return Err(Error::Index(format!(
                    "ctc_loss: expected targets between 0 and {}, received {label}",
                    classes - 1
                )));
            }
            padded[2 * s + 1] = label as usize;
        }
        labels.push(padded);
    }
    let input_lengths = inputs.iter().map(|&l| l as usize).collect();
    Ok(Batch { n, classes, labels, input_lengths, target_lengths: sizes })
}

/// ln(e^a + e^b + ...)
fn log_sum<T: Float>(values: &[T]) -> T {
    let top = values.iter().fold(T::NEG_INFINITY, |m, &v| if v > m { v } else { m });
    if top == T::NEG_INFINITY {
        return top;
    }
    values.iter().fold(T::ZERO, |sum, &v| sum + (v - top).exp()).ln() + top
}

/// A sample's loss, and ln P(the first steps end at each label), [steps, labels].
fn forward<T: Float>(b: &Batch, x: &[T], i: usize) -> (T, Vec<T>) {
    let (labels, steps) = (&b.labels[i], b.input_lengths[i]);
    let width = labels.len();
    let never = T::NEG_INFINITY;
    if steps == 0 {
        return (if width == 1 { T::ZERO } else { -never }, vec![]);
    }
    let mut alpha = vec![never; steps * width];
    for s in 0..width.min(2) {
        alpha[s] = b.log_prob(x, 0, i, labels[s]);
    }
    for t in 1..steps {
        let (before, now) = alpha.split_at_mut(t * width);
        let before = &before[(t - 1) * width..];
        for s in 0..width {
            let one = if s > 0 { before[s - 1] } else { never };
            let two = if s > 1 && labels[s] != labels[s - 2] { before[s - 2] } else { never };
            now[s] = log_sum(&[before[s], one, two]) + b.log_prob(x, t, i, labels[s]);
        }
    }
    let end = &alpha[(steps - 1) * width..];
    let two = if width > 1 { end[width - 2] } else { never };
    (-log_sum(&[end[width - 1], two]), alpha)
}

/// Adds a sample's gradient, the one by the inputs of the log-softmax in front: e^x - P(class at t | targets).
fn backward<T: Float>(b: &Batch, x: &[T], i: usize, loss: T, alpha: &[T], gy: T, out: &mut [T]) {
    let (labels, steps) = (&b.labels[i], b.input_lengths[i]);
    let (width, never) = (labels.len(), T::NEG_INFINITY);
    let mut beta = vec![never; width];
    for t in (0..steps).rev() {
        let next = beta.clone();
        let mut through = vec![never; b.classes];
        for s in (0..width).rev() {
            let here = b.log_prob(x, t, i, labels[s]);
            beta[s] = if t == steps - 1 {
                if s + 2 >= width { here } else { never }
            } else {
                let one = if s + 1 < width { next[s + 1] } else { never };
                let two = if s + 2 < width && labels[s] != labels[s + 2] { next[s + 2] } else { never };
                log_sum(&[next[s], one, two]) + here
            };
            let both = alpha[t * width + s] + beta[s];
            let sum = &mut through[labels[s]];
            *sum = if *sum == never { both } else { log_sum(&[*sum, both]) };
        }
        for (class, &sum) in through.iter().enumerate() {
            let lp = b.log_prob(x, t, i, class);
            out[(t * b.n + i) * b.classes + class] = (lp.exp() - (sum + loss - lp).exp()) * gy;
        }
    }
}
