//! Random numbers. A generator of null is the isolate's own.

use crate::error::{Result, argument, coded};
use crate::handle::{GeneratorHandle, TensorHandle};
use crate::options::{Dtype, Int, dtype_or_default, size, sizes};
use candlewick_tensor::random::{Generator, swap_default_generator, with_generator};
use candlewick_tensor::{DType, Tensor, ops};
use napi::bindgen_prelude::BigInt;
use napi_derive::napi;
use std::cell::RefCell;
use std::rc::Rc;

/// Draws from the generator given, or the isolate's.
pub fn with<R>(g: &Option<GeneratorHandle>, f: impl FnOnce(&mut Generator) -> R) -> R {
    with_generator(g.as_ref().map(|g| &*g.0), f)
}

/// A new generator with PyTorch's default seed.
#[napi(catch_unwind)]
pub fn create_generator() -> Result<GeneratorHandle> {
    Ok(GeneratorHandle(Rc::new(RefCell::new(Generator::default()))))
}

/// Puts a generator in the place of the isolate's own; gives the one that was there.
#[napi(catch_unwind)]
pub fn swap_default_generator_for(g: GeneratorHandle) -> Result<GeneratorHandle> {
    Ok(GeneratorHandle(swap_default_generator(g.0)))
}

/// Starts the stream of a seed between -2^63 and 2^64 - 1.
#[napi(catch_unwind)]
pub fn generator_manual_seed(g: Option<GeneratorHandle>, seed: BigInt) -> Result<()> {
    let magnitude = match seed.words.as_slice() {
        [] => 0,
        [low, rest @ ..] if rest.iter().all(|&w| w == 0) => *low,
        _ => return argument("Overflow when unpacking long long: a seed lies between -2^63 and 2^64 - 1"),
    };
    if seed.sign_bit && magnitude > 1 << 63 {
        return argument("Overflow when unpacking long long: a seed lies between -2^63 and 2^64 - 1");
    }
    let seed = if seed.sign_bit { magnitude.wrapping_neg() } else { magnitude };
    with(&g, |g| g.manual_seed(seed));
    Ok(())
}

/// The seed that the stream started from.
#[napi(catch_unwind)]
pub fn generator_initial_seed(g: Option<GeneratorHandle>) -> Result<BigInt> {
    Ok(with(&g, |g| g.initial_seed()).into())
}

/// Starts from a seed that nobody can know, and gives it.
#[napi(catch_unwind)]
pub fn generator_seed(g: Option<GeneratorHandle>) -> Result<BigInt> {
    Ok(with(&g, |g| g.seed()).into())
}

/// The state as uint8 [5056], in PyTorch's layout.
#[napi(catch_unwind)]
pub fn generator_get_state(g: Option<GeneratorHandle>) -> Result<TensorHandle> {
    let bytes = with(&g, |g| g.state_bytes());
    let n = bytes.len();
    Ok(Tensor::from_vec(bytes, &[n]).into())
}

/// Goes back to a state.
#[napi(catch_unwind)]
pub fn generator_set_state(g: Option<GeneratorHandle>, state: TensorHandle) -> Result<()> {
    if state.dtype() != DType::U8 {
        return argument("RNG state must be a torch.ByteTensor");
    }
    coded((|| {
        let state = state.detach().contiguous()?;
        with(&g, |g| g.set_state_bytes(state.data::<u8>()?))
    })())
}

/// One int64 of `random_()`: the base seed of a loader.
#[napi(catch_unwind)]
pub fn generator_random64(g: Option<GeneratorHandle>) -> Result<BigInt> {
    Ok((with(&g, |g| g.u64()) & (u64::MAX >> 1)).into())
}

/// Uniform over [0, 1).
#[napi(catch_unwind)]
pub fn rand(shape: Vec<Int>, dtype: Option<Dtype>, g: Option<GeneratorHandle>) -> Result<TensorHandle> {
    coded(sizes(&shape).and_then(|s| with(&g, |g| ops::rand(&s, dtype_or_default(dtype), g))).map(Into::into))
}

/// Standard normal.
#[napi(catch_unwind)]
pub fn randn(shape: Vec<Int>, dtype: Option<Dtype>, g: Option<GeneratorHandle>) -> Result<TensorHandle> {
    coded(sizes(&shape).and_then(|s| with(&g, |g| ops::randn(&s, dtype_or_default(dtype), g))).map(Into::into))
}

/// Whole numbers from low to below high; int64 without a dtype.
#[napi(catch_unwind)]
pub fn randint(
    low: Int,
    high: Int,
    shape: Vec<Int>,
    dtype: Option<Dtype>,
    g: Option<GeneratorHandle>,
) -> Result<TensorHandle> {
    let d = dtype.map_or(DType::I64, |d| d.0);
    coded(sizes(&shape).and_then(|s| with(&g, |g| ops::randint(low.0, high.0, &s, d, g))).map(Into::into))
}

/// 0 .. n-1 in random order; int64 without a dtype.
#[napi(catch_unwind)]
pub fn randperm(n: Int, dtype: Option<Dtype>, g: Option<GeneratorHandle>) -> Result<TensorHandle> {
    let d = dtype.map_or(DType::I64, |d| d.0);
    coded(size(n).and_then(|n| with(&g, |g| ops::randperm(n, d, g))).map(Into::into))
}

/// Uniform over [from, to), in place.
#[napi(catch_unwind, js_name = "uniform_")]
pub fn uniform_in_place(x: TensorHandle, from: f64, to: f64, g: Option<GeneratorHandle>) -> Result<()> {
    coded(with(&g, |g| ops::uniform_(&x, from, to, g)))
}

/// Normal, in place.
#[napi(catch_unwind, js_name = "normal_")]
pub fn normal_in_place(x: TensorHandle, mean: f64, std: f64, g: Option<GeneratorHandle>) -> Result<()> {
    coded(with(&g, |g| ops::normal_(&x, mean, std, g)))
}

/// 1 with probability p, in place.
#[napi(catch_unwind, js_name = "bernoulli_")]
pub fn bernoulli_in_place(x: TensorHandle, p: f64, g: Option<GeneratorHandle>) -> Result<()> {
    coded(with(&g, |g| ops::bernoulli_(&x, p, g)))
}

/// 1 with each element's probability.
#[napi(catch_unwind)]
pub fn bernoulli(p: TensorHandle, g: Option<GeneratorHandle>) -> Result<TensorHandle> {
    coded(with(&g, |g| ops::bernoulli(&p, g)).map(Into::into))
}

/// Uniform over [0, 1), with x's shape and stride order.
#[napi(catch_unwind)]
pub fn rand_like(x: TensorHandle, dtype: Option<Dtype>, g: Option<GeneratorHandle>) -> Result<TensorHandle> {
    let d = dtype.map_or(x.dtype(), |d| d.0);
    coded(with(&g, |g| ops::rand_like(&x, d, g)).map(Into::into))
}

/// Standard normal, with x's shape and stride order.
#[napi(catch_unwind)]
pub fn randn_like(x: TensorHandle, dtype: Option<Dtype>, g: Option<GeneratorHandle>) -> Result<TensorHandle> {
    let d = dtype.map_or(x.dtype(), |d| d.0);
    coded(with(&g, |g| ops::randn_like(&x, d, g)).map(Into::into))
}

/// Exponential, in place.
#[napi(catch_unwind, js_name = "exponential_")]
pub fn exponential_in_place(x: TensorHandle, lambda: f64, g: Option<GeneratorHandle>) -> Result<()> {
    coded(with(&g, |g| ops::exponential_(&x, lambda, g)))
}
/// How many trials it takes, in place.
#[napi(catch_unwind, js_name = "geometric_")]
pub fn geometric_in_place(x: TensorHandle, p: f64, g: Option<GeneratorHandle>) -> Result<()> {
    coded(with(&g, |g| ops::geometric_(&x, p, g)))
}
/// Cauchy, in place.
#[napi(catch_unwind, js_name = "cauchy_")]
pub fn cauchy_in_place(x: TensorHandle, median: f64, sigma: f64, g: Option<GeneratorHandle>) -> Result<()> {
    coded(with(&g, |g| ops::cauchy_(&x, median, sigma, g)))
}
/// e to a normal variable, in place.
#[napi(catch_unwind, js_name = "logNormal_")]
pub fn log_normal_in_place(x: TensorHandle, mean: f64, std: f64, g: Option<GeneratorHandle>) -> Result<()> {
    coded(with(&g, |g| ops::log_normal_(&x, mean, std, g)))
}
/// Whole numbers, in place.
#[napi(catch_unwind, js_name = "random_")]
pub fn random_in_place(x: TensorHandle, from: Option<Int>, to: Option<Int>, g: Option<GeneratorHandle>) -> Result<()> {
    coded(with(&g, |g| ops::random_(&x, from.map(|i| i.0), to.map(|i| i.0), g)))
}
/// Places drawn in proportion to weights.
#[napi(catch_unwind)]
pub fn multinomial(w: TensorHandle, k: Int, replacement: bool, g: Option<GeneratorHandle>) -> Result<TensorHandle> {
    coded(with(&g, |g| ops::multinomial(&w, k.0, replacement, g)).map(Into::into))
}
