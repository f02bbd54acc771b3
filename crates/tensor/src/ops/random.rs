//! Random tensors: uniform, normal, integers, permutations, Bernoulli. Values are drawn in memory order for dense tensors and
//! in row-major order for others, as PyTorch draws them.

use super::copy::{to_dtype, write_strided};
use super::map::Source;
use crate::autograd::Tape;
use crate::error::{argument, dtype as dtype_error};
use crate::layout::checked_numel;
use crate::random::{Generator, fill_normal_f32, fill_normal_f64, normal_block_wanted};
use crate::{DType, Element, Layout, Result, Scalar, Tensor, memory};
use candlewick_kernels::cast;

/// Fills x in place with converted numbers: `f` draws them for one block after the other, in memory order.
pub(crate) fn draw<T: Element>(
    x: &Tensor,
    g: &mut Generator,
    f: &mut dyn FnMut(&mut Generator, &mut [T]),
) -> Result<()> {
    let l = x.layout();
    if !l.is_dense() {
        let y = Tensor::blank(Layout::contiguous(&l.shape), x.dtype())?;
        draw(&y, g, f)?;
        return write_strided(x, &y);
    }
    x.bump_version();
    let (to, n) = (Source::of(x)?, l.numel());
    let mut block = [T::default(); BLOCK];
    for start in (0..n).step_by(BLOCK) {
        let block = &mut block[..BLOCK.min(n - start)];
        f(g, block);
        // SAFETY: nothing of this storage is read meanwhile, and the places lie in it.
        unsafe { cast::convert(T::DTYPE, block.as_ptr().cast(), x.dtype(), to.at(l.offset + start), block.len()) };
    }
    Ok(())
}

/// Numbers that are drawn between conversions.
const BLOCK: usize = 512;

/// The same, one number at a time.
pub(crate) fn draw_each<T: Element>(x: &Tensor, g: &mut Generator, f: impl Fn(&mut Generator) -> T) -> Result<()> {
    draw::<T>(x, g, &mut |g, block| block.iter_mut().for_each(|v| *v = f(g)))
}

/// Gives the elements of x as one slice in memory order, through a copy if x is not dense or of another dtype.
fn in_memory_order<T: Element>(x: &Tensor, f: impl FnOnce(&mut [T])) -> Result<()> {
    let l = x.layout();
    if l.is_dense() && x.dtype() == T::DTYPE {
        x.bump_version();
        // SAFETY: nothing of this storage is read meanwhile.
        f(&mut unsafe { x.storage().slice_mut::<T>()? }[l.offset..l.offset + l.numel()]);
        return Ok(());
    }
    let mut out = memory::alloc::<T>(l.numel())?;
    f(&mut out);
    let order = if l.is_dense() { Layout { offset: 0, ..l.clone() } } else { Layout::contiguous(&l.shape) };
    write_strided(x, &to_dtype(&Tensor::with_layout(out, order), x.dtype())?)
}

pub(crate) fn refuse_integers(op: &str, x: &Tensor) -> Result<()> {
    match x.dtype().is_float() {
        true => Ok(()),
        false => dtype_error(format!("\"{op}\" not implemented for '{}'", x.dtype().title())),
    }
}

/// Values from the uniform distribution over [from, to), in place.
pub fn uniform_(x: &Tensor, from: f64, to: f64, g: &mut Generator) -> Result<()> {
    if from > to {
        return argument(format!("uniform_ expects to return a [from, to) range, but found from={from} > to={to}"));
    }
    if (to - from).is_nan() || (to - from).is_infinite() {
        return argument(format!(
            "uniform_ expects to-from <= std::numeric_limits<{}>::max(), but found to={to} and from={from} which result in to-from to exceed the limit",
            x.dtype().title()
        ));
    }
    x.check_inplace()?;
    refuse_integers("uniform_", x)?;
    let single = |g: &mut Generator| g.unit_f32().mul_add(to as f32 - from as f32, from as f32);
    let halves =
        |round: fn(f32) -> f32| move |g: &mut Generator| below(round(single(g)), round(from as f32), round(to as f32));
    match x.dtype() {
        DType::F64 => draw_each(x, g, |g| below(g.unit_f64().mul_add(to - from, from), from, to)),
        DType::F16 => draw_each(x, g, halves(|v| half::f16::from_f32(v).to_f32())),
        DType::BF16 => draw_each(x, g, halves(|v| half::bf16::from_f32(v).to_f32())),
        _ => draw_each(x, g, |g| below(single(g), from as f32, to as f32)),
    }
}

/// Rounding may reach the upper bound, which does not belong to the range.
fn below<T: PartialEq>(v: T, from: T, to: T) -> T {
    if v == to { from } else { v }
}

/// Values from the normal distribution, in place.
pub fn normal_(x: &Tensor, mean: f64, std: f64, g: &mut Generator) -> Result<()> {
    if std < 0.0 {
        return argument(format!("normal expects std >= 0.0, but found std {std}"));
    }
    x.check_inplace()?;
    refuse_integers("normal_kernel_cpu", x)?;
    if !normal_block_wanted(x.numel(), x.is_contiguous()) {
        return draw_each(x, g, |g| g.normal(mean, std));
    }
    match x.dtype() {
        DType::F64 => in_memory_order::<f64>(x, |out| fill_normal_f64(g, out, mean, std)),
        DType::F32 => in_memory_order::<f32>(x, |out| fill_normal_f32(g, out, mean as f32, std as f32)),
        // The half types: block by block, the last sixteen places anew where the length is no multiple.
        _ => in_memory_order::<f32>(x, |out| {
            let n = out.len();
            let tail = (!n.is_multiple_of(16)).then_some(n - 16);
            for at in (0..n - 15).step_by(16).chain(tail) {
                fill_normal_f32(g, &mut out[at..at + 16], mean as f32, std as f32);
            }
        }),
    }
}

/// A tensor of uniform values over [0, 1).
pub fn rand(dims: &[usize], dtype: DType, g: &mut Generator) -> Result<Tensor> {
    made(blank("rand", dims, dtype)?, |x| uniform_(x, 0.0, 1.0, g))
}

/// A tensor of standard normal values.
pub fn randn(dims: &[usize], dtype: DType, g: &mut Generator) -> Result<Tensor> {
    made(blank("randn", dims, dtype)?, |x| normal_(x, 0.0, 1.0, g))
}

/// Uniform values over [0, 1) with x's shape and stride order.
pub fn rand_like(x: &Tensor, dtype: DType, g: &mut Generator) -> Result<Tensor> {
    made(x.full_like(Scalar::Int(0), dtype)?, |x| uniform_(x, 0.0, 1.0, g))
}

/// Standard normal values with x's shape and stride order.
pub fn randn_like(x: &Tensor, dtype: DType, g: &mut Generator) -> Result<Tensor> {
    made(x.full_like(Scalar::Int(0), dtype)?, |x| normal_(x, 0.0, 1.0, g))
}

/// A new tensor from an in-place fill, at version 0.
fn made(x: Tensor, fill: impl FnOnce(&Tensor) -> Result<()>) -> Result<Tensor> {
    fill(&x)?;
    x.storage().reset_version();
    Ok(x)
}

fn blank(op: &str, dims: &[usize], dtype: DType) -> Result<Tensor> {
    if !dtype.is_float() {
        return dtype_error(format!("\"{op}\" not implemented for '{}'", dtype.title()));
    }
    Tensor::full(dims, Scalar::Int(0), dtype)
}

/// Whole numbers from `low` to below `high`.
pub fn randint(low: i64, high: i64, dims: &[usize], dtype: DType, g: &mut Generator) -> Result<Tensor> {
    if low >= high {
        return argument(format!("random_ expects 'from' to be less than 'to', but got from={low} >= to={high}"));
    }
    check_range(high - 1, dtype, "to - 1")?;
    check_range(low, dtype, "from")?;
    let range = (high as u64).wrapping_sub(low as u64);
    let mut out = memory::alloc::<i64>(checked_numel(dims)?)?;
    out.iter_mut().for_each(|v| *v = (g.below(range) as i64).wrapping_add(low));
    to_dtype(&Tensor::from_vec(out, dims), dtype)
}

/// PyTorch's refusal of a bound that the dtype cannot hold.
pub(crate) fn check_range(bound: i64, dtype: DType, what: &str) -> Result<()> {
    let (low, high, name) = match dtype {
        DType::U8 => (0, 255, "unsigned char"),
        DType::I8 => (-128, 127, "signed char"),
        DType::I16 => (-32768, 32767, "short"),
        DType::I32 => (i32::MIN as i64, i32::MAX as i64, "int"),
        DType::Bool => (0, 1, "bool"),
        _ => return Ok(()),
    };
    if bound < low || bound > high {
        return argument(format!("{what} is out of bounds for {name}"));
    }
    Ok(())
}

/// 0 .. n-1 in random order.
pub fn randperm(n: usize, dtype: DType, g: &mut Generator) -> Result<Tensor> {
    let mut out = memory::alloc::<i64>(n)?;
    out.iter_mut().enumerate().for_each(|(i, v)| *v = i as i64);
    for i in 0..n.saturating_sub(1) {
        let z = i + g.u32() as usize % (n - i);
        out.swap(i, z);
    }
    to_dtype(&Tensor::from_vec(out, &[n]), dtype)
}

/// 1 with probability p, else 0, in place.
pub fn bernoulli_(x: &Tensor, p: f64, g: &mut Generator) -> Result<()> {
    if !(0.0..=1.0).contains(&p) {
        return argument(format!("bernoulli_ expects p to be in [0, 1], but got p={p}"));
    }
    x.check_inplace()?;
    draw_each(x, g, |g| (g.unit_f64() < p) as u8 as f32)
}

/// 1 with the probability that each element of p names, else 0.
pub fn bernoulli(probabilities: &Tensor, g: &mut Generator) -> Result<Tensor> {
    let dtype = probabilities.dtype();
    refuse_integers("bernoulli", probabilities)?;
    let p = super::clone(&to_dtype(&probabilities.detach(), DType::F64)?)?;
    let mut out = memory::alloc::<f64>(p.numel())?;
    for (o, &p) in out.iter_mut().zip(p.storage().slice::<f64>()?) {
        if !(0.0..=1.0).contains(&p) {
            return argument("Expected p_in >= 0 && p_in <= 1 to be true, but got false.");
        }
        let hit = if dtype == DType::F64 { g.unit_f64() < p } else { g.unit_f32() < p as f32 };
        *o = hit as u8 as f64;
    }
    let y = to_dtype(&Tensor::with_layout(out, p.layout().clone()), dtype)?;
    Tape::of("BernoulliBackward0", &[probabilities]).record(y, |c| c.each(&[&|| c.gy()?.zeros_like()]))
}
