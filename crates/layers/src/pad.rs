//! Padding the last dimensions: with a value, the mirrored or repeated border, or the other side.

use crate::reindex::{Reindex, reindex};
use crate::spatial::Planes;
use crate::wide::list;
use candlewick_tensor::ops::reshape;
use candlewick_tensor::{DType, Error, Result, Scalar, Tensor};

/// What is put beyond the border.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PadMode {
    /// One value.
    Constant(Scalar),
    /// The elements before the border, mirrored.
    Reflect,
    /// The element at the border.
    Replicate,
    /// The elements from the other side.
    Circular,
}

impl PadMode {
    /// PyTorch's name of a mode; only "constant" takes a value, the others none or zero.
    pub fn parse(name: &str, value: Option<Scalar>) -> Result<PadMode> {
        let mode = match name {
            "constant" => return Ok(PadMode::Constant(value.unwrap_or(Scalar::Int(0)))),
            "reflect" => PadMode::Reflect,
            "replicate" => PadMode::Replicate,
            "circular" => PadMode::Circular,
            _ => return Err(Error::Argument(format!("Unrecognised padding mode {name}"))),
        };
        if value.is_some_and(|v| v.to_f64() != 0.0) {
            return Err(Error::Argument(format!("Padding mode \"{name}\" doesn't take in value argument")));
        }
        Ok(mode)
    }
}

fn fail<T>(message: String) -> Result<T> {
    Err(Error::Shape(message))
}

/// Pads x by (left, right) pairs, the last dimension first; negative numbers take away.
/// Errors, in PyTorch's words: more pairs than dimensions, for the modes that copy one pair fewer at least, sizes.
pub fn pad(x: &Tensor, pads: &[i64], mode: PadMode) -> Result<Tensor> {
    if !pads.len().is_multiple_of(2) {
        return fail("Padding length must be divisible by 2".into());
    }
    if pads.iter().any(|p| p.unsigned_abs() > 1 << 48) {
        return fail(format!("pad: expected sizes below 2^48, received {pads:?}"));
    }
    match mode {
        PadMode::Constant(value) => constant_pad(x, pads, value),
        _ => copied(x, pads, mode),
    }
}

/// Pads any number of dimensions with a value.
pub fn constant_pad(x: &Tensor, pads: &[i64], value: Scalar) -> Result<Tensor> {
    let padded = pads.len() / 2;
    if padded > x.rank() {
        return fail(format!(
            "Padding length should be less than or equal to two times the input dimension but got padding length {} and input of dimension {}",
            pads.len(),
            x.rank()
        ));
    }
    // Three dimensions at a time, then the next two with everything behind them as one.
    let now = padded.clamp(1, 3).min(x.rank());
    if now == 0 {
        return candlewick_tensor::ops::clone(x);
    }
    let planes = Planes::of(x, now);
    let mut before = [0; 3];
    let mut output = planes.size;
    for (d, pair) in pads.chunks_exact(2).take(now).enumerate() {
        let size = planes.size[2 - d] as i64 + pair[0] + pair[1];
        if size < 0 || (planes.size[2 - d] as i64 + pair[0].min(pair[1])) < 0 {
            return fail("narrow(): length must be non-negative.".into());
        }
        (before[2 - d], output[2 - d]) = (pair[0], size as usize);
    }
    let size = planes.size;
    let from = |axis: usize, i: usize| usize::try_from(i as i64 - before[axis]).ok().filter(|&i| i < size[axis]);
    let y = reindex(x, Reindex::new("ConstantPadNdBackward0", planes, output, value, from)?)?;
    if padded <= now {
        return Ok(y);
    }
    let (lead, done) = y.shape().split_at(y.rank() - now);
    let signed = |dims: &[usize]| dims.iter().map(|&d| d as i64).collect::<Vec<_>>();
    let flat = [signed(lead), vec![done.iter().product::<usize>() as i64]].concat();
    let rest = constant_pad(&reshape(&y, &flat)?, &[&[0, 0], &pads[2 * now..]].concat(), value)?;
    let shape = [signed(&rest.shape()[..rest.rank() - 1]), signed(done)].concat();
    reshape(&rest, &shape)
}

/// Pads one, two or three dimensions with elements of x.
fn copied(x: &Tensor, pads: &[i64], mode: PadMode) -> Result<Tensor> {
    let spatial = pads.len() / 2;
    if !(1..=3).contains(&spatial) || ![spatial + 1, spatial + 2].contains(&x.rank()) {
        return fail(format!(
            "Padding size {} is not supported for {}D input tensor.\nSupported combinations for non-constant padding:\n  - 2D or 3D input: padding size = 2 (pads last dimension)\n  - 3D or 4D input: padding size = 4 (pads last 2 dimensions)\n  - 4D or 5D input: padding size = 6 (pads last 3 dimensions)",
            pads.len(),
            x.rank()
        ));
    }
    let planes = Planes::of(x, spatial);
    let pair = |axis: usize| pads.chunks_exact(2).nth(2 - axis).map_or((0, 0), |p| (p[0], p[1]));
    let names = match mode {
        PadMode::Reflect => ["ReflectionPad1DBackward0", "ReflectionPad2DBackward0", "ReflectionPad3DBackward0"],
        PadMode::Replicate => ["ReplicationPad1DBackward0", "ReplicationPad2DBackward0", "ReplicationPad3DBackward0"],
        _ => ["CopySlices"; 3],
    };
    if mode != PadMode::Circular {
        check_border(x, spatial, mode)?;
    }
    let sizes: [i64; 3] = std::array::from_fn(|i| planes.size[i] as i64 + pair(i).0 + pair(i).1);
    for axis in 3 - spatial..3 {
        let (n, (left, right)) = (planes.size[axis] as i64, pair(axis));
        match mode {
            PadMode::Circular if left > n || right > n => {
                return fail("Padding value causes wrapping around more than once.".into());
            }
            PadMode::Circular if sizes[axis] < 0 || n + left.min(right) < 0 => {
                return fail("Negative padding value is resulting in an empty dimension".into());
            }
            PadMode::Reflect if left >= n || right >= n => {
                return fail(format!(
                    "Argument #{}: Padding size should be less than the corresponding input dimension, but got: padding ({left}, {right}) at dimension {} of input {}",
                    if spatial == 3 { 2 * (6 - axis) } else { 4 },
                    x.rank() + axis - 3,
                    list(x.shape())
                ));
            }
            _ => {}
        }
    }
    let own = 3 - spatial;
    if mode != PadMode::Circular && sizes.iter().any(|&n| n < 1) {
        let named =
            |v: &[String]| ["D", "H", "W"][own..].iter().zip(v).map(|(a, n)| format!("{a}: {n}")).collect::<Vec<_>>();
        let of = |v: Vec<String>| named(&v[own..]);
        let (from, to) = (
            of(planes.size.iter().map(|n| n.to_string()).collect()),
            of(sizes.iter().map(|n| n.to_string()).collect()),
        );
        return fail(match spatial {
            1 => format!("input ({}) is too small. Calculated output {}", from[0], to[0]),
            _ => format!(
                "Calculated output {} must be >= 1 in every dimension (input {})",
                to.join(" "),
                from.join(", ")
            ),
        });
    }
    let size = planes.size.map(|n| n as i64);
    let from = |axis: usize, i: usize| {
        let ((left, right), n) = (pair(axis), size[axis]);
        let at = i as i64 - left;
        let at = match mode {
            PadMode::Reflect if at < 0 => -at,
            PadMode::Reflect if at >= n => 2 * (n - 1) - at,
            PadMode::Replicate => at.clamp(0, n - 1),
            // What is taken away does not come back on the other side.
            PadMode::Circular => {
                (i as i64 - left.max(0)).rem_euclid((n + left.min(0) + right.min(0)).max(1)) - left.min(0)
            }
            _ => at,
        };
        Some(at as usize)
    };
    let output = sizes.map(|n| n as usize);
    reindex(x, Reindex::new(names[spatial - 1], planes, output, Scalar::Int(0), from)?)
}

/// The modes that read the border need one.
fn check_border(x: &Tensor, spatial: usize, mode: PadMode) -> Result<()> {
    let (min, max) = (spatial + 1, spatial + 2);
    if x.shape()[x.rank() - min..].contains(&0) {
        return fail(format!(
            "Expected {min}D or {max}D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, but got: {}",
            list(x.shape())
        ));
    }
    if x.dtype() == DType::Bool {
        let kind = if mode == PadMode::Reflect { "reflection" } else { "replication" };
        return crate::wide::refuse(&format!("{kind}_pad{spatial}d"), x.dtype());
    }
    Ok(())
}
