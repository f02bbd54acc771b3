//! Attention as one node: views are read in place, scores never leave the kernel's blocks.

use super::{AttentionConfig, check_heads, composed, scale_of};
use crate::composed::recorded_grads;
use crate::wide::wide;
use candlewick_kernels::attention::{Attention, Heads, Mask};
use candlewick_kernels::float::Float;
use candlewick_tensor::autograd::{Ctx, Grads, Tape, is_grad_enabled, no_grad};
use candlewick_tensor::ops::expand;
use candlewick_tensor::random::Generator;
use candlewick_tensor::{Element, Result, Tensor, memory};

/// The kernel's result, or None where it does not apply: dropout, a mask that is learned, leading sizes that broadcast,
/// nothing to compute.
pub(super) fn attention(
    q: &Tensor,
    k: &Tensor,
    v: &Tensor,
    mask: Option<&Tensor>,
    o: &AttentionConfig,
) -> Result<Option<Tensor>> {
    if o.grouped {
        check_heads(q, k, v)?;
    }
    let learned = is_grad_enabled() && mask.is_some_and(Tensor::requires_grad);
    let Some(sizes) = Sizes::of(q, k, v, o).filter(|_| o.dropout == 0.0 && !learned) else { return Ok(None) };
    let mask = match mask {
        Some(m) => match spread(m, &sizes) {
            Some(m) => Some(m),
            None => return Ok(None),
        },
        None => None,
    };
    wide!("scaled_dot_product_attention", q.dtype(), T => node::<T>([q, k, v], mask, sizes, *o).map(Some))
}

/// The mask repeated to [..., rows, cols] without copying, if it broadcasts to that.
fn spread(mask: &Tensor, s: &Sizes) -> Option<Tensor> {
    let dims: Vec<i64> = s.lead.iter().chain([&s.rows, &s.cols]).map(|&d| d as i64).collect();
    no_grad(|| expand(&mask.detach(), &dims)).ok()
}

/// The sizes of one attention.
#[derive(Clone)]
struct Sizes {
    /// The dimensions before the last two of queries, and of keys and values.
    lead: Vec<usize>,
    key_lead: Vec<usize>,
    rows: usize,
    cols: usize,
    width: usize,
    value: usize,
    scale: f64,
    causal: bool,
}

impl Sizes {
    /// None where the kernel does not apply.
    fn of(q: &Tensor, k: &Tensor, v: &Tensor, o: &AttentionConfig) -> Option<Sizes> {
        let split = |t: &Tensor| {
            let n = t.rank() - 2;
            (t.shape()[..n].to_vec(), t.shape()[n], t.shape()[n + 1])
        };
        let ((lead, rows, width), (key_lead, cols, key_width), (value_lead, values, value)) =
            (split(q), split(k), split(v));
        let same = |a: &[usize], b: &[usize]| {
            a == b || (o.grouped && a.len() == b.len() && a[..a.len() - 1] == b[..b.len() - 1])
        };
        let some = [rows, width, cols, value].iter().chain(&lead).chain(&key_lead).all(|&n| n > 0);
        (width == key_width && cols == values && key_lead == value_lead && same(&lead, &key_lead) && some)
            .then(|| Sizes { scale: scale_of(q, o), causal: o.causal, lead, key_lead, rows, cols, width, value })
    }

    fn heads(&self) -> usize {
        self.lead.iter().product()
    }

    fn shape(&self, lead: &[usize], rows: usize, width: usize) -> Vec<usize> {
        lead.iter().copied().chain([rows, width]).collect()
    }
}

/// Where each matrix of a tensor begins.
fn starts(x: &Tensor) -> Vec<usize> {
    let lead = x.rank() - 2;
    let mut starts = vec![x.layout().offset];
    for (&n, &stride) in x.shape()[..lead].iter().zip(x.strides()) {
        starts = starts.iter().flat_map(|s| (0..n).map(move |i| s + i * stride)).collect();
    }
    starts
}

/// A tensor whose rows the kernel can read: itself, or a copy where elements of a row lie apart.
fn readable(x: &Tensor) -> Result<Tensor> {
    let x = x.detach();
    if x.strides()[x.rank() - 1] == 1 { Ok(x) } else { x.contiguous() }
}

/// Tensors in the form of the kernel's argument.
struct Held {
    tensors: Vec<(Tensor, Vec<usize>)>,
    mask: Option<(Tensor, Vec<usize>)>,
}

impl Held {
    fn of(tensors: &[&Tensor], mask: Option<&Tensor>) -> Result<Held> {
        let tensors = tensors.iter().map(|t| readable(t).map(|t| (t.clone(), starts(&t)))).collect::<Result<_>>()?;
        Ok(Held { tensors, mask: mask.map(|m| (m.clone(), starts(m))) })
    }

    fn argument<T: Element + Float>(&self, s: &Sizes) -> Result<Attention<'_, T>> {
        let heads = |i: usize| -> Result<Heads<'_, T>> {
            let (t, starts) = &self.tensors[i];
            Ok(Heads { data: t.storage().slice()?, starts, row: t.strides()[t.rank() - 2] })
        };
        let mask = self.mask.as_ref().map(|(m, starts)| -> Result<Mask<'_, T>> {
            let n = m.rank();
            Ok(Mask { data: m.storage().slice()?, starts, row: m.strides()[n - 2], col: m.strides()[n - 1] })
        });
        Ok(Attention {
            q: heads(0)?,
            k: heads(1)?,
            v: heads(2)?,
            mask: mask.transpose()?,
            causal: s.causal,
            scale: <T as Float>::from_f64(s.scale),
            rows: s.rows,
            cols: s.cols,
            width: s.width,
            value: s.value,
        })
    }
}

fn node<T: Element + Float>(x: [&Tensor; 3], mask: Option<Tensor>, s: Sizes, o: AttentionConfig) -> Result<Tensor> {
    let held = Held::of(&x, mask.as_ref())?;
    let mut out = memory::alloc::<T>(s.heads() * s.rows * s.value)?;
    let mut lse = memory::alloc::<T>(s.heads() * s.rows)?;
    T::attention(&held.argument(&s)?, &mut out, &mut lse);
    let y = Tensor::from_vec(out, &s.shape(&s.lead, s.rows, s.value));
    let lse = Tensor::from_vec(lse, &s.shape(&s.lead, s.rows, 1));
    let tape = Tape::of("ScaledDotProductFlashAttentionForCpuBackward0", &x).keep(x[0]).keep(x[1]).keep(x[2]);
    let tape = tape.keep_output(&y).keep(&lse);
    let tape = mask.iter().fold(tape, |tape, m| tape.keep(m));
    let masked = mask.is_some();
    tape.record(y, move |c| gradients::<T>(c, masked, &s, &o))
}

fn gradients<T: Element + Float>(c: &Ctx, masked: bool, s: &Sizes, o: &AttentionConfig) -> Result<Grads> {
    let [q, k, v] = [c.saved(0)?, c.saved(1)?, c.saved(2)?];
    let mask = if masked { Some(c.saved(5)?) } else { None };
    if is_grad_enabled() {
        return recorded_grads(c, &[q, k, v], |x| {
            Ok(vec![composed(&x[0], &x[1], &x[2], mask.as_ref(), o, &mut Generator::new(0))?])
        });
    }
    let held = Held::of(&[&q, &k, &v], mask.as_ref())?;
    let (out, lse, gy) = (c.saved(3)?, c.saved(4)?, c.gy()?.contiguous()?);
    let keys = s.key_lead.iter().product::<usize>();
    let mut dq = memory::alloc::<T>(s.heads() * s.rows * s.width)?;
    let mut dk = memory::alloc::<T>(keys * s.cols * s.width)?;
    let mut dv = memory::alloc::<T>(keys * s.cols * s.value)?;
    let a = held.argument(s)?;
    T::attention_backward(&a, out.data()?, lse.data()?, gy.data()?, &mut dq, &mut dk, &mut dv);
    let made = [
        Tensor::from_vec(dq, &s.shape(&s.lead, s.rows, s.width)),
        Tensor::from_vec(dk, &s.shape(&s.key_lead, s.cols, s.width)),
        Tensor::from_vec(dv, &s.shape(&s.key_lead, s.cols, s.value)),
    ];
    Ok(made.into_iter().enumerate().map(|(i, g)| c.needs(i).then_some(g)).collect())
}
