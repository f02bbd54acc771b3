//! Elements moved between channels and pixels, and between groups of channels. Each is a permutation, and its gradient the
//! permutation back.

use candlewick_tensor::autograd::{Tape, no_grad};
use candlewick_tensor::ops::{permute, reshape};
use candlewick_tensor::{Error, Result, Tensor};

fn fail<T>(message: String) -> Result<T> {
    Err(Error::Shape(message))
}

/// A permutation of the elements and the one that undoes it.
#[derive(Clone)]
struct Permutation {
    names: [&'static str; 2],
    /// The shape in which dimensions are exchanged, their order, and the shape of the result.
    split: Vec<usize>,
    order: Vec<i64>,
    result: Vec<usize>,
}

impl Permutation {
    fn run(self, x: &Tensor) -> Result<Tensor> {
        let signed = |dims: &[usize]| dims.iter().map(|&d| d as i64).collect::<Vec<_>>();
        let split = signed(&self.split);
        let y = no_grad(|| reshape(&permute(&reshape(&x.detach(), &split)?, &self.order)?, &signed(&self.result)))?;
        // Where nothing moves the result would be the input itself.
        let y = if y.shares_storage(x) { candlewick_tensor::ops::clone(&y.detach())? } else { y.detach() };
        let back = self.inverse(x.shape());
        Tape::of(self.names[0], &[x]).record(y, move |c| c.each(&[&|| back.clone().run(&c.gy()?)]))
    }

    fn inverse(&self, result: &[usize]) -> Permutation {
        let mut order = vec![0; self.order.len()];
        for (to, &from) in self.order.iter().enumerate() {
            order[from as usize] = to as i64;
        }
        let split = self.order.iter().map(|&d| self.split[d as usize]).collect();
        Permutation { names: [self.names[1], self.names[0]], split, order, result: result.to_vec() }
    }
}

/// The dimensions before the last three, and those.
fn image<'a>(op: &str, x: &'a Tensor) -> Result<(&'a [usize], [usize; 3])> {
    match x.shape() {
        [lead @ .., c, h, w] => Ok((lead, [*c, *h, *w])),
        _ => fail(format!(
            "{op} expects input to have at least 3 dimensions, but got input with {} dimension(s)",
            x.rank()
        )),
    }
}

/// Leaves the leading dimensions in place.
fn behind(lead: usize, order: &[i64]) -> Vec<i64> {
    (0..lead as i64).chain(order.iter().map(|d| d + lead as i64)).collect()
}

const PIXELS: [&str; 2] = ["PixelShuffleBackward0", "PixelUnshuffleBackward0"];

/// [..., C r^2, H, W] -> [..., C, H r, W r].   [Shi et al. 2016]
pub fn pixel_shuffle(x: &Tensor, r: i64) -> Result<Tensor> {
    let (lead, [c, h, w]) = image("pixel_shuffle", x)?;
    if r <= 0 {
        return fail(format!("pixel_shuffle expects a positive upscale_factor, but got {r}"));
    }
    let r = r as usize;
    let square = r.saturating_mul(r);
    if c % square != 0 {
        return fail(format!(
            "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but input.size(-3)={c} is not divisible by {square}"
        ));
    }
    let out = [c / square, h.saturating_mul(r), w.saturating_mul(r)];
    crate::spatial::numel("pixel_shuffle", &out)?;
    let (split, result) = ([lead, &[out[0], r, r, h, w]].concat(), [lead, &out].concat());
    Permutation { names: PIXELS, split, order: behind(lead.len(), &[0, 3, 1, 4, 2]), result }.run(x)
}

/// [..., C, H r, W r] -> [..., C r^2, H, W]: the inverse of [`pixel_shuffle`].
pub fn pixel_unshuffle(x: &Tensor, r: i64) -> Result<Tensor> {
    let (lead, [c, h, w]) = image("pixel_unshuffle", x)?;
    if r <= 0 {
        return fail(format!("pixel_unshuffle expects a positive downscale_factor, but got {r}"));
    }
    let r = r as usize;
    for (name, d, n) in [("height", -2, h), ("width", -1, w)] {
        if n % r != 0 {
            return fail(format!(
                "pixel_unshuffle expects {name} to be divisible by downscale_factor, but input.size({d})={n} is not divisible by {r}"
            ));
        }
    }
    let out = [c.saturating_mul(r).saturating_mul(r), h / r, w / r];
    let (split, result) = ([lead, &[c, out[1], r, out[2], r]].concat(), [lead, &out].concat());
    let names = [PIXELS[1], PIXELS[0]];
    Permutation { names, split, order: behind(lead.len(), &[0, 2, 4, 1, 3]), result }.run(x)
}

/// The channels of x [N, C, ...] as `groups` groups, dealt out in turn: channel i of group g becomes channel i * groups + g.
pub fn channel_shuffle(x: &Tensor, groups: i64) -> Result<Tensor> {
    let [n, c, rest @ ..] = x.shape() else {
        return fail(format!("channel_shuffle expects input with > 2 dims, but got input with sizes {:?}", x.shape()));
    };
    if rest.is_empty() {
        return fail(format!("channel_shuffle expects input with > 2 dims, but got input with sizes {:?}", x.shape()));
    }
    if groups <= 0 {
        return fail(format!("Number of groups to divide channels in must be positive. Value of groups:{groups}"));
    }
    let g = groups as usize;
    if c % g != 0 {
        return fail(format!("Number of channels must be divisible by groups. Got {c} channels and {groups} groups."));
    }
    let split = [&[*n, g, c / g], rest].concat();
    let order = [0, 2, 1].into_iter().chain(3..split.len() as i64).collect();
    let names = ["ChannelShuffleBackward0"; 2];
    Permutation { names, split, order, result: x.shape().to_vec() }.run(x)
}
