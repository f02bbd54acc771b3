//! Multi-head attention: projections, heads side by side, attention, one more projection.   [Vaswani et al. 2017]

use super::projections::{by_heads, fixed, projected};
use super::{AttentionConfig, hidden, scaled_dot_product_attention};
use crate::dropout::{DropoutKind, dropout};
use crate::linear::linear;
use crate::softmax::softmax;
use candlewick_tensor::ops::{
    add, cat, expand, matmul, mean, mul, permute, reshape, squeeze, transpose, unsqueeze, view,
};
use candlewick_tensor::random::Generator;
use candlewick_tensor::{DType, Error, Result, Scalar, Tensor};

/// What the layer has learned, and keys and values that replace the projected ones.
#[derive(Clone, Default)]
pub struct MultiHeadWeights {
    /// [3 E, E]: the projections of query, key and value on top of each other; or the three apart.
    pub in_proj: Option<Tensor>,
    /// [E, E], [E, kdim], [E, vdim]
    pub apart: Option<[Tensor; 3]>,
    /// [3 E]
    pub in_bias: Option<Tensor>,
    /// [1, 1, E] each: one more key and its value.
    pub bias_kv: Option<[Tensor; 2]>,
    /// [E, E]
    pub out_proj: Option<Tensor>,
    /// [E]
    pub out_bias: Option<Tensor>,
    /// [N heads, S, E / heads] in the place of the projected keys.
    pub static_k: Option<Tensor>,
    /// [N heads, S, E / heads] in the place of the projected values.
    pub static_v: Option<Tensor>,
}

/// How the layer computes.
#[derive(Clone, Debug)]
pub struct MultiHeadConfig {
    /// The expected width of the query.
    pub embed: usize,
    /// The number of heads.
    pub heads: usize,
    /// Whether to add a key and a value of zeros.
    pub zero_attention: bool,
    /// The probability that a weight is dropped.
    pub dropout: f64,
    /// Whether to give the weights too.
    pub need_weights: bool,
    /// Whether to give their mean over the heads.
    pub average: bool,
    /// Whether the mask is said to be the causal one.
    pub causal: bool,
    /// Whether the batch is the first dimension and not the second.
    pub batch_first: bool,
}

pub(super) fn shape<T>(message: String) -> Result<T> {
    Err(Error::Shape(message))
}

pub(super) fn dims(sizes: &[usize]) -> Vec<i64> {
    sizes.iter().map(|&d| d as i64).collect()
}

/// Queries [L, N, E], keys [S, N, kdim], values [S, N, vdim], or all without N. Gives the output [L, N, E] and, if asked,
/// the weights [N, L, S] or [N, heads, L, S].
pub fn multi_head_attention(
    x: [&Tensor; 3],
    w: &MultiHeadWeights,
    padding: Option<&Tensor>,
    mask: Option<&Tensor>,
    o: &MultiHeadConfig,
    g: &mut Generator,
) -> Result<(Tensor, Option<Tensor>)> {
    let batched = check_ranks(x, padding, mask, o)?;
    let turned = |t: &Tensor| match (batched, o.batch_first) {
        (true, true) => transpose(t, 0, 1),
        (true, false) => Ok(t.clone()),
        (false, _) => unsqueeze(t, 1),
    };
    // What is one tensor stays one: its projections are one product.
    let q = turned(x[0])?;
    let k = if x[1].is(x[0]) { q.clone() } else { turned(x[1])? };
    let v = if x[2].is(x[1]) { k.clone() } else { turned(x[2])? };
    let padding = if batched { padding.cloned() } else { padding.map(|p| unsqueeze(p, 0)).transpose()? };
    let (y, weights) = attend([&q, &k, &v], w, padding.as_ref(), mask, o, g)?;
    if !batched {
        return Ok((squeeze(&y, Some(&[1]))?, weights.map(|w| squeeze(&w, Some(&[0]))).transpose()?));
    }
    Ok((if o.batch_first { transpose(&y, 0, 1)? } else { y }, weights))
}

fn check_ranks(x: [&Tensor; 3], padding: Option<&Tensor>, mask: Option<&Tensor>, o: &MultiHeadConfig) -> Result<bool> {
    let rank = x[0].rank();
    let (word, batched) = match rank {
        3 => ("batched (3-D)", true),
        2 => ("unbatched (2-D)", false),
        n => {
            return shape(format!("query should be unbatched 2D or batched 3D tensor but received {n}-D query tensor"));
        }
    };
    if x[1].rank() != rank || x[2].rank() != rank {
        return shape(format!(
            "For {word} `query`, expected `key` and `value` to be {rank}-D but found {}-D and {}-D tensors respectively",
            x[1].rank(),
            x[2].rank()
        ));
    }
    if let Some(p) = padding.filter(|p| p.rank() != rank - 1) {
        return shape(format!(
            "For {word} `query`, expected `key_padding_mask` to be `None` or {}-D but found {}-D tensor instead",
            rank - 1,
            p.rank()
        ));
    }
    if let Some(m) = mask.filter(|m| !matches!(m.rank(), 2 | 3)) {
        return shape(format!(
            "For {word} `query`, expected `attn_mask` to be `None`, 2-D or 3-D but found {}-D tensor instead",
            m.rank()
        ));
    }
    for (name, m) in [("key_padding_mask", padding), ("attn_mask", mask)] {
        if m.is_some_and(|m| m.dtype() != DType::Bool && !m.dtype().is_float()) {
            return Err(Error::DType(format!("only bool and floating types of {name} are supported")));
        }
    }
    if o.causal && mask.is_none() {
        return Err(Error::Argument(
            "Need attn_mask if specifying the is_causal hint. You may use the Transformer module method `generate_square_subsequent_mask` to create this mask.".into(),
        ));
    }
    Ok(batched)
}

fn attend(
    x: [&Tensor; 3],
    w: &MultiHeadWeights,
    padding: Option<&Tensor>,
    mask: Option<&Tensor>,
    o: &MultiHeadConfig,
    g: &mut Generator,
) -> Result<(Tensor, Option<Tensor>)> {
    let (len, batch, embed) = (x[0].shape()[0], x[0].shape()[1], x[0].shape()[2]);
    let (heads, source) = (o.heads.max(1), x[1].shape()[0]);
    if embed != o.embed {
        return shape(format!("was expecting embedding dimension of {}, but got {embed}", o.embed));
    }
    if !embed.is_multiple_of(heads) {
        return shape(format!("embed_dim {embed} not divisible by num_heads {heads}"));
    }
    let width = embed / heads;
    let [q, mut k, mut v] = projected(x, w, embed)?;
    let float = |m: &Tensor| if m.dtype() == DType::Bool { hidden(m, x[0].dtype()) } else { Ok(m.clone()) };
    let only_hint = o.causal && padding.is_none() && !o.need_weights;
    let mut mask = mask.filter(|_| !only_hint).map(float).transpose()?;
    let mut padding = padding.map(float).transpose()?;
    if let Some(m) = &mask {
        mask = Some(by_heads(m, batch, heads, len, source)?);
    }
    // One more key: its column is open in both masks.
    let widen = |m: &mut Option<Tensor>| -> Result<()> {
        if let Some(t) = m.take() {
            let mut sizes = t.shape().to_vec();
            *sizes.last_mut().unwrap_or(&mut 1) = 1;
            let zeros = Tensor::full(&sizes, Scalar::Int(0), t.dtype())?;
            *m = Some(cat(&[t, zeros], -1)?);
        }
        Ok(())
    };
    if let Some([bias_k, bias_v]) = &w.bias_kv {
        if w.static_k.is_some() || w.static_v.is_some() {
            let name = if w.static_k.is_some() { "key" } else { "value" };
            return Err(Error::Argument(format!("bias cannot be added to static {name}.")));
        }
        let wide = dims(&[1, batch, embed]);
        k = cat(&[k, expand(bias_k, &wide)?], 0)?;
        v = cat(&[v, expand(bias_v, &wide)?], 0)?;
        widen(&mut mask)?;
        widen(&mut padding)?;
    }
    // [S, N, E] as [N, heads, S, E / heads]: views, where the projections left them.
    let apart = |t: &Tensor| permute(&reshape(t, &dims(&[t.shape()[0], t.shape()[1], heads, width]))?, &[1, 2, 0, 3]);
    let q = apart(&q)?;
    let mut k = w.static_k.as_ref().map_or_else(|| apart(&k), |s| fixed(s, "k", batch, heads, width))?;
    let mut v = w.static_v.as_ref().map_or_else(|| apart(&v), |s| fixed(s, "v", batch, heads, width))?;
    if o.zero_attention {
        let zeros = Tensor::full(&[batch, heads, 1, width], Scalar::Int(0), k.dtype())?;
        k = cat(&[k, zeros.clone()], 2)?;
        v = cat(&[v, zeros], 2)?;
        widen(&mut mask)?;
        widen(&mut padding)?;
    }
    let source = k.shape()[2];
    if let Some(p) = padding {
        for (d, want) in [batch, source].into_iter().enumerate() {
            if p.shape()[d] != want {
                return shape(format!("Expected key_padded_mask.shape[{d}] to be {want}, but got {}", p.shape()[d]));
            }
        }
        let p = view(&p, &dims(&[batch, 1, 1, source]))?;
        mask = Some(mask.map_or(Ok(p.clone()), |m| add(&m, &p))?);
    }
    let (y, weights) = if o.need_weights {
        let scaled = mul(&q, &Tensor::number(Scalar::Float((1.0 / width as f64).sqrt())))?;
        let mut scores = matmul(&scaled, &transpose(&k, -2, -1)?)?;
        if let Some(m) = &mask {
            scores = add(&scores, m)?;
        }
        let weights = dropout(&softmax(&scores, -1, None)?, DropoutKind::default(), o.dropout, true, g)?;
        (matmul(&weights, &v)?, Some(weights))
    } else {
        let c = AttentionConfig { dropout: o.dropout, causal: only_hint, ..AttentionConfig::default() };
        (scaled_dot_product_attention(&q, &k, &v, mask.as_ref(), &c, g)?, None)
    };
    let y = reshape(&permute(&y, &[2, 0, 1, 3])?, &dims(&[len * batch, embed]))?;
    let Some(out_proj) = &w.out_proj else { return Err(Error::Argument("out_proj_weight is None".into())) };
    let y = linear(&y, out_proj, w.out_bias.as_ref())?;
    let y = reshape(&y, &dims(&[len, batch, y.shape()[1]]))?;
    let weights = weights.map(|w| if o.average { mean(&w, Some(&[1]), false, None) } else { Ok(w) }).transpose()?;
    Ok((y, weights))
}
