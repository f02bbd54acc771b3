//! Losses, distances and one-hot encoding.

use crate::error::Result;
use crate::handle::{TensorHandle, optional};
use crate::options::{Int, Operand, ints};
use crate::reply::one;
use candlewick_layers::{self as layers, CtcConfig, Reduction};
use candlewick_tensor::Tensor;
use napi_derive::napi;

/// Reads the reduction, then computes.
fn reduced(word: &str, f: impl FnOnce(Reduction) -> candlewick_tensor::Result<Tensor>) -> Result<TensorHandle> {
    one(Reduction::parse(word).and_then(f))
}

/// Cross entropy of logits.
#[napi(catch_unwind)]
pub fn cross_entropy(
    x: TensorHandle,
    target: TensorHandle,
    weight: Option<TensorHandle>,
    ignore_index: Int,
    reduction: String,
    label_smoothing: f64,
) -> Result<TensorHandle> {
    reduced(&reduction, |r| layers::cross_entropy(&x, &target, optional(&weight), ignore_index.0, r, label_smoothing))
}

/// Negative log-likelihood of log-probabilities.
#[napi(catch_unwind)]
pub fn nll_loss(
    x: TensorHandle,
    target: TensorHandle,
    weight: Option<TensorHandle>,
    ignore_index: Int,
    reduction: String,
) -> Result<TensorHandle> {
    reduced(&reduction, |r| layers::nll_loss(&x, &target, optional(&weight), ignore_index.0, r))
}

/// Squared error.
#[napi(catch_unwind)]
pub fn mse_loss(
    x: TensorHandle,
    target: TensorHandle,
    weight: Option<TensorHandle>,
    reduction: String,
) -> Result<TensorHandle> {
    reduced(&reduction, |r| layers::mse_loss(&x, &target, optional(&weight), r))
}

/// Absolute error.
#[napi(catch_unwind, js_name = "l1Loss")]
pub fn l1_loss(
    x: TensorHandle,
    target: TensorHandle,
    weight: Option<TensorHandle>,
    reduction: String,
) -> Result<TensorHandle> {
    reduced(&reduction, |r| layers::l1_loss(&x, &target, optional(&weight), r))
}

/// Squared error below beta, absolute above.
#[napi(catch_unwind, js_name = "smoothL1Loss")]
pub fn smooth_l1_loss(x: TensorHandle, target: TensorHandle, beta: f64, reduction: String) -> Result<TensorHandle> {
    reduced(&reduction, |r| layers::smooth_l1_loss(&x, &target, beta, r))
}

/// Squared error below delta, absolute with that slope above.
#[napi(catch_unwind)]
pub fn huber_loss(
    x: TensorHandle,
    target: TensorHandle,
    delta: f64,
    weight: Option<TensorHandle>,
    reduction: String,
) -> Result<TensorHandle> {
    reduced(&reduction, |r| layers::huber_loss(&x, &target, delta, optional(&weight), r))
}

/// Binary cross entropy of probabilities.
#[napi(catch_unwind)]
pub fn binary_cross_entropy(
    x: TensorHandle,
    target: TensorHandle,
    weight: Option<TensorHandle>,
    reduction: String,
) -> Result<TensorHandle> {
    reduced(&reduction, |r| layers::binary_cross_entropy(&x, &target, optional(&weight), r))
}

/// Binary cross entropy of logits.
#[napi(catch_unwind)]
pub fn binary_cross_entropy_with_logits(
    x: TensorHandle,
    target: TensorHandle,
    weight: Option<TensorHandle>,
    pos_weight: Option<TensorHandle>,
    reduction: String,
) -> Result<TensorHandle> {
    reduced(&reduction, |r| {
        layers::binary_cross_entropy_with_logits(&x, &target, optional(&weight), optional(&pos_weight), r)
    })
}

/// ln(1 + e^(-target x))
#[napi(catch_unwind)]
pub fn soft_margin_loss(x: TensorHandle, target: TensorHandle, reduction: String) -> Result<TensorHandle> {
    reduced(&reduction, |r| layers::soft_margin_loss(&x, &target, r))
}

/// Kullback-Leibler divergence of log-probabilities.
#[napi(catch_unwind)]
pub fn kl_div(x: TensorHandle, target: TensorHandle, reduction: String, log_target: bool) -> Result<TensorHandle> {
    reduced(&reduction, |r| layers::kl_div(&x, &target, r, log_target))
}

/// Poisson negative log-likelihood.
#[napi(catch_unwind, js_name = "poissonNllLoss")]
pub fn poisson_nll_loss(
    x: TensorHandle,
    target: TensorHandle,
    log_input: bool,
    full: bool,
    eps: f64,
    reduction: String,
) -> Result<TensorHandle> {
    reduced(&reduction, |r| layers::poisson_nll_loss(&x, &target, log_input, full, eps, r))
}

/// Gaussian negative log-likelihood.
#[napi(catch_unwind, js_name = "gaussianNllLoss")]
pub fn gaussian_nll_loss(
    x: TensorHandle,
    target: TensorHandle,
    variance: Operand,
    full: bool,
    eps: f64,
    reduction: String,
) -> Result<TensorHandle> {
    reduced(&reduction, |r| layers::gaussian_nll_loss(&x, &target, &variance.0, full, eps, r))
}

/// x for targets 1, max(0, margin - x) for targets -1
#[napi(catch_unwind)]
pub fn hinge_embedding_loss(
    x: TensorHandle,
    target: TensorHandle,
    margin: f64,
    reduction: String,
) -> Result<TensorHandle> {
    reduced(&reduction, |r| layers::hinge_embedding_loss(&x, &target, margin, r))
}

/// max(0, margin - target (a - b))
#[napi(catch_unwind)]
pub fn margin_ranking_loss(
    a: TensorHandle,
    b: TensorHandle,
    target: TensorHandle,
    margin: f64,
    reduction: String,
) -> Result<TensorHandle> {
    reduced(&reduction, |r| layers::margin_ranking_loss(&a, &b, &target, margin, r))
}

/// Cosine similarity wanted or, up to the margin, not.
#[napi(catch_unwind)]
pub fn cosine_embedding_loss(
    a: TensorHandle,
    b: TensorHandle,
    target: TensorHandle,
    margin: f64,
    reduction: String,
) -> Result<TensorHandle> {
    reduced(&reduction, |r| layers::cosine_embedding_loss(&a, &b, &target, margin, r))
}

/// max(0, |anchor - positive| - |anchor - negative| + margin)
#[napi(catch_unwind)]
pub fn triplet_margin_loss(
    anchor: TensorHandle,
    positive: TensorHandle,
    negative: TensorHandle,
    margin: f64,
    p: f64,
    eps: f64,
    swap: bool,
    reduction: String,
) -> Result<TensorHandle> {
    reduced(&reduction, |r| layers::triplet_margin_loss([&anchor, &positive, &negative], margin, p, eps, swap, r))
}

/// Margins of one class above the others.
#[napi(catch_unwind)]
pub fn multi_margin_loss(
    x: TensorHandle,
    target: TensorHandle,
    p: Int,
    margin: f64,
    weight: Option<TensorHandle>,
    reduction: String,
) -> Result<TensorHandle> {
    reduced(&reduction, |r| layers::multi_margin_loss(&x, &target, p.0, margin, optional(&weight), r))
}

/// Margins of several classes above the others.
#[napi(catch_unwind)]
pub fn multilabel_margin_loss(x: TensorHandle, target: TensorHandle, reduction: String) -> Result<TensorHandle> {
    reduced(&reduction, |r| layers::multilabel_margin_loss(&x, &target, r))
}

/// Binary cross entropies of logits, their mean over the classes.
#[napi(catch_unwind)]
pub fn multilabel_soft_margin_loss(
    x: TensorHandle,
    target: TensorHandle,
    weight: Option<TensorHandle>,
    reduction: String,
) -> Result<TensorHandle> {
    reduced(&reduction, |r| layers::multilabel_soft_margin_loss(&x, &target, optional(&weight), r))
}

/// Connectionist temporal classification.
#[napi(catch_unwind)]
pub fn ctc_loss(
    x: TensorHandle,
    targets: TensorHandle,
    input_lengths: Vec<Int>,
    target_lengths: Vec<Int>,
    blank: Int,
    reduction: String,
    zero_infinity: bool,
) -> Result<TensorHandle> {
    let config = CtcConfig { blank: blank.0, zero_infinity };
    let (inputs, lengths) = (ints(&input_lengths), ints(&target_lengths));
    reduced(&reduction, |r| layers::ctc_loss(&x, &targets, &inputs, &lengths, config, r))
}

/// The p-norm of a - b + eps along the last dimension.
#[napi(catch_unwind)]
pub fn pairwise_distance(a: TensorHandle, b: TensorHandle, p: f64, eps: f64, keepdim: bool) -> Result<TensorHandle> {
    one(layers::pairwise_distance(&a, &b, p, eps, keepdim))
}

/// The cosine of the angle between a and b.
#[napi(catch_unwind)]
pub fn cosine_similarity(a: TensorHandle, b: TensorHandle, d: Int, eps: f64) -> Result<TensorHandle> {
    one(layers::cosine_similarity(&a, &b, d.0, eps))
}

/// x / max(|x|_p, eps)
#[napi(catch_unwind)]
pub fn normalize(x: TensorHandle, p: f64, dims: Vec<Int>, eps: f64) -> Result<TensorHandle> {
    one(layers::normalize(&x, p, &ints(&dims), eps))
}

/// The distances of all pairs of rows.
#[napi(catch_unwind)]
pub fn pdist(x: TensorHandle, p: f64) -> Result<TensorHandle> {
    one(layers::pdist(&x, p))
}

/// x1^T A x2 + b
#[napi(catch_unwind)]
pub fn bilinear(x1: TensorHandle, x2: TensorHandle, w: TensorHandle, b: Option<TensorHandle>) -> Result<TensorHandle> {
    one(layers::bilinear(&x1, &x2, &w, optional(&b)))
}

/// 1 at each class, 0 elsewhere.
#[napi(catch_unwind)]
pub fn one_hot(x: TensorHandle, classes: Int) -> Result<TensorHandle> {
    one(layers::one_hot(&x, classes.0))
}
