//! Scaled dot-product attention: softmax(scale Q K^T + mask) V.   [Vaswani et al. 2017]
//! One kernel where nothing is dropped and no gradient of the mask is asked for, else a composition.

mod fused;
mod multi_head;
mod projections;

pub use multi_head::{MultiHeadConfig, MultiHeadWeights, multi_head_attention};

use crate::dropout::{DropoutKind, dropout};
use crate::softmax::softmax;
use crate::wide::{is_half, refuse};
use candlewick_tensor::autograd::no_grad;
use candlewick_tensor::ops::{add, all, eq, equal, expand, masked_fill, matmul, mul, reshape, transpose, unsqueeze};
use candlewick_tensor::random::Generator;
use candlewick_tensor::{Bool, DType, Error, Result, Scalar, Tensor, memory};

/// How attention is computed.
#[derive(Clone, Copy, Debug, Default)]
pub struct AttentionConfig {
    /// The probability that a weight is dropped.
    pub dropout: f64,
    /// Whether query i sees only keys 0..=i.
    pub causal: bool,
    /// Multiplies the products; 1/sqrt(width) if absent.
    pub scale: Option<f64>,
    /// Whether several heads of queries may share a head of keys and values.
    pub grouped: bool,
}

/// Attention of queries [..., L, E] to keys [..., S, E] and values [..., S, Ev]; gives [..., L, Ev]. A boolean mask says
/// which places take part, another is added to the scores.
pub fn scaled_dot_product_attention(
    q: &Tensor,
    k: &Tensor,
    v: &Tensor,
    mask: Option<&Tensor>,
    o: &AttentionConfig,
    g: &mut Generator,
) -> Result<Tensor> {
    check(q, k, v, mask, o)?;
    if is_half(q.dtype()) {
        let wide = |t: &Tensor| t.to_dtype(DType::F32);
        let mask = mask.map(|m| if m.dtype() == DType::Bool { Ok(m.clone()) } else { wide(m) }).transpose()?;
        return scaled_dot_product_attention(&wide(q)?, &wide(k)?, &wide(v)?, mask.as_ref(), o, g)?.to_dtype(q.dtype());
    }
    let mask = mask.map(|m| additive(m, q.dtype())).transpose()?;
    match fused::attention(q, k, v, mask.as_ref(), o)? {
        Some(y) => Ok(y),
        None => composed(q, k, v, mask.as_ref(), o, g),
    }
}

fn check(q: &Tensor, k: &Tensor, v: &Tensor, mask: Option<&Tensor>, o: &AttentionConfig) -> Result<()> {
    let [a, b, c] = [q, k, v].map(|t| scalar_name(t.dtype()));
    if a != b || a != c {
        return Err(Error::DType(format!(
            "Expected query, key, and value to have the same dtype, but got query.dtype: {a} key.dtype: {b} and value.dtype: {c} instead."
        )));
    }
    let [x, y, z] = [q, k, v].map(Tensor::rank);
    if x.min(y).min(z) < 2 {
        return Err(Error::Shape(format!(
            "Expected query, key, and value to all be  at least 2 dimensional, but got query.dim: {x} key.dim: {y} and value.dim: {z} instead."
        )));
    }
    if !q.dtype().is_float() {
        return refuse("scaled_dot_product_attention", q.dtype());
    }
    if let Some(m) = mask {
        if m.dtype() != DType::Bool && m.dtype() != q.dtype() {
            return Err(Error::DType(format!(
                "Expected attn_mask dtype to be bool or float or to match query dtype, but got attn_mask.dtype: {} and  query.dtype: {a} instead.",
                scalar_name(m.dtype())
            )));
        }
        if o.causal {
            return Err(Error::Argument(
                "_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True".into(),
            ));
        }
    }
    if !(0.0..=1.0).contains(&o.dropout) {
        return Err(Error::Argument(format!("dropout probability has to be between 0 and 1, but got {}", o.dropout)));
    }
    Ok(())
}

/// PyTorch's C++ name of an element type.
fn scalar_name(d: DType) -> String {
    match d {
        DType::F16 => "c10::Half".into(),
        DType::BF16 => "c10::BFloat16".into(),
        DType::I64 => "long int".into(),
        DType::I16 => "short int".into(),
        DType::I8 => "signed char".into(),
        DType::U8 => "unsigned char".into(),
        other => other.title().to_lowercase(),
    }
}

/// A mask as what is added to the scores: minus infinity where a boolean one is false.
fn additive(mask: &Tensor, dtype: DType) -> Result<Tensor> {
    if mask.dtype() != DType::Bool {
        return Ok(mask.clone());
    }
    hidden(&candlewick_tensor::ops::logical_not(mask)?, dtype)
}

/// Zeros, and minus infinity where `where_true` is.
fn hidden(where_true: &Tensor, dtype: DType) -> Result<Tensor> {
    let zeros = Tensor::full(where_true.shape(), Scalar::Int(0), dtype)?;
    masked_fill(&zeros, where_true, &Tensor::number(Scalar::Float(f64::NEG_INFINITY)))
}

/// Heads of keys or values repeated for the queries' heads that share them.
fn repeated(x: &Tensor, heads: usize) -> Result<Tensor> {
    let rank = x.rank();
    let own = x.shape()[rank - 3];
    if own == heads {
        return Ok(x.clone());
    }
    let mut wide: Vec<i64> = x.shape().iter().map(|&d| d as i64).collect();
    wide.insert(rank - 2, (heads / own.max(1)) as i64);
    let mut dims: Vec<i64> = x.shape().iter().map(|&d| d as i64).collect();
    dims[rank - 3] = heads as i64;
    reshape(&expand(&unsqueeze(x, rank as i64 - 2)?, &wide)?, &dims)
}

/// Errors: heads that cannot be shared.
fn check_heads(q: &Tensor, k: &Tensor, v: &Tensor) -> Result<()> {
    let heads = |t: &Tensor| t.rank().checked_sub(3).map(|d| t.shape()[d]);
    match (heads(q), heads(k), heads(v)) {
        (Some(q), Some(k), Some(v)) if k > 0 && v > 0 && q % k == 0 && q % v == 0 => Ok(()),
        (Some(_), Some(_), Some(_)) => {
            Err(Error::Shape("Number of heads in key and value must divide the number of heads in query".into()))
        }
        _ => Err(Error::Shape("enable_gqa: expected query, key and value of at least 3 dimensions".into())),
    }
}

/// The scores of a query that sees nothing are all minus infinity; its weights are zeros.
fn safe_softmax(scores: &Tensor) -> Result<Tensor> {
    let nothing =
        no_grad(|| all(&eq(&scores.detach(), &Tensor::number(Scalar::Float(f64::NEG_INFINITY)))?, Some(&[-1]), true))?;
    let zero = Tensor::number(Scalar::Int(0));
    masked_fill(&softmax(&masked_fill(scores, &nothing, &zero)?, -1, None)?, &nothing, &zero)
}

/// The formula in other operations.
fn composed(
    q: &Tensor,
    k: &Tensor,
    v: &Tensor,
    mask: Option<&Tensor>,
    o: &AttentionConfig,
    g: &mut Generator,
) -> Result<Tensor> {
    let (k, v) = if o.grouped {
        check_heads(q, k, v)?;
        let heads = q.shape()[q.rank() - 3];
        (repeated(k, heads)?, repeated(v, heads)?)
    } else {
        (k.clone(), v.clone())
    };
    let (rows, cols) = (q.shape()[q.rank() - 2], k.shape()[k.rank() - 2]);
    let factor = Tensor::number(Scalar::Float(scale_of(q, o).sqrt()));
    let mut scores = matmul(&mul(q, &factor)?, &mul(&transpose(&k, -2, -1)?, &factor)?)?;
    if o.causal {
        scores = add(&scores, &hidden(&later(rows, cols)?, q.dtype())?)?;
    }
    if let Some(m) = mask {
        scores = add(&scores, m)?;
    }
    matmul(&dropout(&safe_softmax(&scores)?, DropoutKind::default(), o.dropout, true, g)?, &v)
}

/// The causal mask [n, n] that is added to scores: minus infinity above the diagonal, else 0.
pub fn causal_mask(n: usize, dtype: DType) -> Result<Tensor> {
    hidden(&later(n, n)?, dtype)
}

/// Whether a mask is [n, n] and hides exactly what comes after each query: boolean, or what is added to scores.
pub fn is_causal_mask(mask: &Tensor) -> Result<bool> {
    match mask.shape() {
        &[rows, cols] if rows == cols => {
            let causal =
                if mask.dtype() == DType::Bool { later(rows, cols)? } else { causal_mask(rows, mask.dtype())? };
            equal(mask, &causal)
        }
        _ => Ok(false),
    }
}

/// Which keys come after each query.
fn later(rows: usize, cols: usize) -> Result<Tensor> {
    let mut after = memory::filled(rows.saturating_mul(cols), Bool(0))?;
    for (row, flags) in after.chunks_exact_mut(cols.max(1)).enumerate() {
        flags[cols.min(row + 1)..].fill(Bool(1));
    }
    Ok(Tensor::from_vec(after, &[rows, cols]))
}

fn scale_of(q: &Tensor, o: &AttentionConfig) -> f64 {
    let width = q.shape()[q.rank() - 1] as f64;
    o.scale.unwrap_or(1.0 / width.sqrt())
}
