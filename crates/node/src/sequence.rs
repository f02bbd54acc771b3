//! Recurrent networks and attention.

use crate::error::{Result, argument, coded};
use crate::handle::{TensorHandle, optional, tensors};
use crate::options::{Dtype, Int, dtype_or_default, size, sizes};
use crate::random::with;
use crate::reply::many;
use candlewick_layers::{AttentionConfig, Cell, MultiHeadConfig, MultiHeadWeights, RecurrentConfig};
use candlewick_tensor::Tensor;
use napi_derive::napi;

/// What a recurrent network is made of.
#[napi(object)]
pub struct RecurrentOptions {
    /// "RNN_TANH", "RNN_RELU", "LSTM" or "GRU".
    pub mode: String,
    /// Layers on top of each other.
    pub layers: u32,
    /// Whether each layer also reads from the end.
    pub bidirectional: bool,
    /// Whether the batch is the first dimension.
    pub batch_first: bool,
    /// Whether there are biases.
    pub bias: bool,
    /// Whether an LSTM projects its output.
    pub projected: bool,
    /// The probability of dropping between layers.
    pub dropout: f64,
    /// Whether to drop.
    pub training: bool,
}

/// The output and the last states of a recurrent network; with `sizes` x holds packed rows.
#[napi(catch_unwind)]
pub fn recurrent(
    x: TensorHandle,
    batch_sizes: Option<Vec<Int>>,
    hx: Vec<TensorHandle>,
    weights: Vec<TensorHandle>,
    o: RecurrentOptions,
) -> Result<Vec<TensorHandle>> {
    many((|| {
        let batch_sizes = batch_sizes.map(|s| sizes(&s)).transpose()?;
        let config = RecurrentConfig {
            cell: Cell::parse(&o.mode)?,
            layers: o.layers as usize,
            bidirectional: o.bidirectional,
            batch_first: o.batch_first,
            bias: o.bias,
            projected: o.projected,
            dropout: o.dropout,
            training: o.training,
        };
        let (hx, weights) = (tensors(hx), tensors(weights));
        with(&None, |g| candlewick_layers::recurrent(&x, batch_sizes.as_deref(), &hx, &weights, &config, g))
    })())
}

/// One step of a recurrent cell: h and, for an LSTM, c.
#[napi(catch_unwind)]
pub fn recurrent_cell(
    mode: String,
    x: TensorHandle,
    hx: Vec<TensorHandle>,
    weights: Vec<TensorHandle>,
) -> Result<Vec<TensorHandle>> {
    many(Cell::parse(&mode).and_then(|c| candlewick_layers::recurrent_cell(c, &x, &tensors(hx), &tensors(weights))))
}

/// softmax(scale Q K^T + mask) V
#[napi(catch_unwind)]
pub fn scaled_dot_product_attention(
    q: TensorHandle,
    k: TensorHandle,
    v: TensorHandle,
    mask: Option<TensorHandle>,
    dropout: f64,
    causal: bool,
    scale: Option<f64>,
    grouped: bool,
) -> Result<TensorHandle> {
    let o = AttentionConfig { dropout, causal, scale, grouped };
    let y = with(&None, |g| candlewick_layers::scaled_dot_product_attention(&q, &k, &v, optional(&mask), &o, g));
    coded(y.map(Into::into))
}

/// Minus infinity above the diagonal of [n, n], else 0.
#[napi(catch_unwind)]
pub fn causal_mask(n: Int, to: Option<Dtype>) -> Result<TensorHandle> {
    coded(size(n).and_then(|n| candlewick_layers::causal_mask(n, dtype_or_default(to))).map(Into::into))
}

/// Whether a mask is the causal one.
#[napi(catch_unwind)]
pub fn is_causal_mask(mask: TensorHandle) -> Result<bool> {
    coded(candlewick_layers::is_causal_mask(&mask))
}

/// How multi-head attention computes.
#[napi(object)]
pub struct MultiHeadOptions {
    /// The expected width of the query.
    pub embed: f64,
    /// The number of heads.
    pub heads: f64,
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
    /// Whether the batch is the first dimension.
    pub batch_first: bool,
}

/// Multi-head attention of x = [query, key, value] with learned = [in_proj, q_proj, k_proj, v_proj, in_bias, bias_k, bias_v,
/// out_proj, out_bias, static_k, static_v] and masks = [key padding, attention]. Gives the output and, if asked, the weights.
#[napi(
    catch_unwind,
    ts_args_type = "x: Array<TensorHandle>, learned: Array<TensorHandle | null>, masks: Array<TensorHandle | null>, o: MultiHeadOptions"
)]
pub fn multi_head_attention(
    x: Vec<TensorHandle>,
    learned: Vec<Option<TensorHandle>>,
    masks: Vec<Option<TensorHandle>>,
    o: MultiHeadOptions,
) -> Result<Vec<TensorHandle>> {
    let [q, k, v] = x.as_slice() else { return argument("expected query, key and value") };
    let learned: Vec<Option<Tensor>> = learned.iter().map(|t| optional(t).cloned()).collect();
    let [in_proj, q_proj, k_proj, v_proj, in_bias, bias_k, bias_v, out_proj, out_bias, static_k, static_v] =
        learned.as_slice()
    else {
        return argument("expected 11 learned tensors");
    };
    let apart = match (q_proj, k_proj, v_proj) {
        (Some(q), Some(k), Some(v)) => Some([q.clone(), k.clone(), v.clone()]),
        _ => None,
    };
    let w = MultiHeadWeights {
        in_proj: in_proj.clone(),
        apart,
        in_bias: in_bias.clone(),
        bias_kv: bias_k.clone().zip(bias_v.clone()).map(|(k, v)| [k, v]),
        out_proj: out_proj.clone(),
        out_bias: out_bias.clone(),
        static_k: static_k.clone(),
        static_v: static_v.clone(),
    };
    let mask = |i: usize| masks.get(i).and_then(optional);
    many((|| {
        let c = MultiHeadConfig {
            embed: size(Int(o.embed as i64))?,
            heads: size(Int(o.heads as i64))?,
            zero_attention: o.zero_attention,
            dropout: o.dropout,
            need_weights: o.need_weights,
            average: o.average,
            causal: o.causal,
            batch_first: o.batch_first,
        };
        let (y, weights) =
            with(&None, |g| candlewick_layers::multi_head_attention([q, k, v], &w, mask(0), mask(1), &c, g))?;
        Ok([y].into_iter().chain(weights).collect())
    })())
}
