//! What multi-head attention makes of its arguments: projected queries, keys and values, masks by heads.

use super::multi_head::{MultiHeadWeights, dims, shape};
use crate::linear::linear;
use crate::wide::list;
use candlewick_tensor::ops::{narrow, reshape, split};
use candlewick_tensor::{Error, Result, Tensor};

/// A mask [L, S] or [N heads, L, S] as [1 or N, 1 or heads, L, S].
pub(super) fn by_heads(mask: &Tensor, batch: usize, heads: usize, rows: usize, cols: usize) -> Result<Tensor> {
    let want = if mask.rank() == 2 { vec![rows, cols] } else { vec![batch * heads, rows, cols] };
    if mask.shape() != want {
        let (n, got) = (mask.rank(), list(mask.shape()));
        let want = want.iter().map(|d| d.to_string()).collect::<Vec<_>>().join(", ");
        return shape(format!("The shape of the {n}D attn_mask is torch.Size({got}), but should be ({want})."));
    }
    let lead = if mask.rank() == 2 { [1, 1] } else { [batch, heads] };
    reshape(mask, &dims(&[lead[0], lead[1], rows, cols]))
}

/// Given keys or values [N heads, S, width] as [N, heads, S, width].
pub(super) fn fixed(t: &Tensor, name: &str, batch: usize, heads: usize, width: usize) -> Result<Tensor> {
    if t.rank() != 3 || t.shape()[0] != batch * heads {
        let got = t.shape().first().copied().unwrap_or(0);
        return shape(format!("expecting static_{name}.size(0) of {}, but got {got}", batch * heads));
    }
    if t.shape()[2] != width {
        return shape(format!("expecting static_{name}.size(2) of {width}, but got {}", t.shape()[2]));
    }
    reshape(t, &dims(&[batch, heads, t.shape()[1], width]))
}

/// Query, key and value after their projections, with as few products as the inputs' identities allow.
pub(super) fn projected(x: [&Tensor; 3], w: &MultiHeadWeights, embed: usize) -> Result<[Tensor; 3]> {
    let [q, k, v] = x;
    let part = |t: &Tensor, from: usize, parts: usize| narrow(t, 0, (from * embed) as i64, (parts * embed) as i64);
    if let Some(b) = w.in_bias.as_ref().filter(|b| b.shape() != [3 * embed]) {
        return shape(format!("expected an input bias of shape [{}], received {}", 3 * embed, list(b.shape())));
    }
    let bias = |from: usize, parts: usize| w.in_bias.as_ref().map(|b| part(b, from, parts)).transpose();
    if let Some(apart) = &w.apart {
        if k.shape()[..2] != v.shape()[..2] {
            return shape(format!(
                "key's sequence and batch dims torch.Size({}) do not match value's torch.Size({})",
                list(&k.shape()[..2]),
                list(&v.shape()[..2])
            ));
        }
        let one = |t: &Tensor, i: usize| linear(t, &apart[i], bias(i, 1)?.as_ref());
        return Ok([one(q, 0)?, one(k, 1)?, one(v, 2)?]);
    }
    if k.shape() != v.shape() {
        let (k, v) = (list(k.shape()), list(v.shape()));
        return shape(format!("key shape torch.Size({k}) does not match value shape torch.Size({v})"));
    }
    let Some(weight) = &w.in_proj else {
        return Err(Error::Argument("use_separate_proj_weight is False but in_proj_weight is None".into()));
    };
    if weight.rank() != 2 || weight.shape()[0] != 3 * embed {
        return shape(format!("expected an input weight of {} rows, received {}", 3 * embed, list(weight.shape())));
    }
    let some = |t: &Tensor, from: usize, parts: usize| -> Result<Vec<Tensor>> {
        let y = linear(t, &part(weight, from, parts)?, bias(from, parts)?.as_ref())?;
        if parts == 1 { Ok(vec![y]) } else { split(&y, embed as i64, 2) }
    };
    let all = match (q.is(k), k.is(v)) {
        (true, true) => split(&linear(q, weight, w.in_bias.as_ref())?, embed as i64, 2)?,
        (false, true) => [some(q, 0, 1)?, some(k, 1, 2)?].concat(),
        _ => [some(q, 0, 1)?, some(k, 1, 1)?, some(v, 2, 1)?].concat(),
    };
    match <[Tensor; 3]>::try_from(all) {
        Ok(all) => Ok(all),
        Err(all) => shape(format!("expected 3 projections, received {}", all.len())),
    }
}
