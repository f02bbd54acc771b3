//! Images of another size: nearest neighbours, linear and cubic interpolation, areas, with and without a filter against
//! aliasing.

mod weights;

use crate::avg_pool::adaptive_avg_pool;
use crate::reindex::{Reindex, reindex};
use crate::spatial::{Planes, numel, three};
use crate::wide::{in_f32, is_half, list, refuse, wide};
use candlewick_kernels::resample::Weights;
use candlewick_tensor::autograd::Tape;
use candlewick_tensor::{DType, Error, Result, Scalar, Tensor, memory, ops};
use std::sync::Arc;
use weights::{Axis, Curve};

/// What [`interpolate`] is asked for; one of `size` and `scale` is there, with one number for all dimensions or one for each.
#[derive(Clone, Debug)]
pub struct InterpolateConfig<'a> {
    /// The size of the output.
    pub size: Option<Vec<i64>>,
    /// The size of the output as a multiple of the input's.
    pub scale: Option<Vec<f64>>,
    /// With `size`: the scale that positions follow from, where it is not that of the sizes.
    pub positions: Option<Vec<f64>>,
    /// PyTorch's name of the mode.
    pub mode: &'a str,
    /// Whether the centres of the outermost elements of input and output coincide.
    pub align_corners: Option<bool>,
    /// Whether positions follow from the two sizes and not from the scale.
    pub recompute: Option<bool>,
    /// Whether shrinking averages over all elements that an output covers.
    pub antialias: bool,
}

fn argument<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::Argument(message.into()))
}

fn tuple<T: std::fmt::Debug>(values: &[T]) -> String {
    let inner = values.iter().map(|v| format!("{v:?}")).collect::<Vec<_>>().join(", ");
    if values.len() == 1 { format!("({inner},)") } else { format!("({inner})") }
}

/// x [N, C, ...] with one, two or three spatial dimensions at another size. Errors: PyTorch's.
pub fn interpolate(x: &Tensor, c: &InterpolateConfig) -> Result<Tensor> {
    let copies = matches!(c.mode, "nearest" | "nearest-exact" | "area");
    if copies && c.align_corners.is_some() {
        return argument(
            "align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear",
        );
    }
    let spatial = x.rank().saturating_sub(2);
    let (output, scales) = sizes(x, spatial, c)?;
    if c.antialias && !(matches!(c.mode, "bilinear" | "bicubic") && x.rank() == 4) {
        return argument(
            "Anti-alias option is restricted to bilinear, bicubic, and lanczos modes and requires a 4-D tensor as input",
        );
    }
    if !(1..=3).contains(&spatial) {
        return unsupported(x, c.mode);
    }
    let target = Target { output, scales, align_corners: c.align_corners.unwrap_or(false) };
    let exact = c.mode == "nearest-exact";
    match (c.mode, spatial) {
        ("nearest" | "nearest-exact", _) => nearest(x, &target, exact),
        ("area", _) => adaptive_avg_pool(x, &target.extents()?.map(Some)[3 - spatial..]),
        ("linear", 1) => smooth("UpsampleLinear1DBackward0", x, &target, Curve::Linear),
        ("bilinear", 2) if c.antialias => smooth("UpsampleBilinear2DAaBackward0", x, &target, Curve::Triangle),
        ("bilinear", 2) => smooth("UpsampleBilinear2DBackward0", x, &target, Curve::Linear),
        ("trilinear", 3) => smooth("UpsampleTrilinear3DBackward0", x, &target, Curve::Linear),
        ("bicubic", 2) if c.antialias => smooth("UpsampleBicubic2DAaBackward0", x, &target, Curve::Keys),
        ("bicubic", 2) => smooth("UpsampleBicubic2DBackward0", x, &target, Curve::Cubic),
        ("linear" | "bilinear" | "trilinear", _) => {
            let needs = match c.mode {
                "linear" => 3,
                "bilinear" => 4,
                _ => 5,
            };
            argument(format!("Got {}D input, but {} mode needs {needs}D input", x.rank(), c.mode))
        }
        _ => unsupported(x, c.mode),
    }
}

fn unsupported<T>(x: &Tensor, mode: &str) -> Result<T> {
    argument(format!(
        "Input Error: Only 3D, 4D and 5D input Tensors supported (got {}D) for the modes: nearest | linear | bilinear | bicubic | trilinear | lanczos | area | nearest-exact (got {mode})",
        x.rank()
    ))
}

/// The output's size, and the scales that positions follow from.
fn sizes(x: &Tensor, spatial: usize, c: &InterpolateConfig) -> Result<(Vec<i64>, Option<Vec<f64>>)> {
    let own = &x.shape()[x.rank() - spatial..];
    let each = |what: &str, shown: &str, short: &str, n: usize| match n {
        n if n == spatial => Ok(()),
        _ => argument(format!(
            "Input and {what} must have the same number of spatial dimensions, but got input with spatial dimensions of {own:?} and {shown}. Please provide input tensor in (N, C, d1, d2, ...,dK) format and {what} in ({short}1, {short}2, ...,{short}K) format."
        )),
    };
    match (&c.size, &c.scale) {
        (Some(_), Some(_)) => argument("only one of size or scale_factor should be defined"),
        (None, None) => argument("either size or scale_factor should be defined"),
        (Some(_), None) if c.recompute == Some(true) => {
            argument("recompute_scale_factor is not meaningful with an explicit size.")
        }
        (Some(size), None) => {
            let size = if size.len() == 1 { vec![size[0]; spatial] } else { size.clone() };
            each("output size", &format!("output size of {}", tuple(&size)), "o", size.len())?;
            Ok((size, c.positions.clone().filter(|p| p.len() == spatial)))
        }
        (None, Some(scale)) => {
            let scale = if scale.len() == 1 { vec![scale[0]; spatial] } else { scale.clone() };
            each("scale_factor", &format!("scale_factor of shape {}", tuple(&scale)), "s", scale.len())?;
            let output = own.iter().zip(&scale).map(|(&n, s)| (n as f64 * s).floor() as i64).collect();
            let keeps = c.mode != "area" && c.recompute != Some(true);
            Ok((output, keeps.then_some(scale)))
        }
    }
}

/// An output's size and how its positions are found.
struct Target {
    output: Vec<i64>,
    scales: Option<Vec<f64>>,
    align_corners: bool,
}

impl Target {
    fn extents(&self) -> Result<[usize; 3]> {
        let mut sizes = vec![];
        for &n in &self.output {
            let size = usize::try_from(n).ok().filter(|&n| n < 1 << 48);
            sizes.push(
                size.ok_or_else(|| Error::Shape(format!("interpolate: expected sizes from 0 to 2^48, received {n}")))?,
            );
        }
        Ok(three(&sizes, 1))
    }

    /// The size, for modes that need something to read and something to write.
    fn filled(&self, x: &Tensor) -> Result<[usize; 3]> {
        let (spatial, s) = (self.output.len(), x.shape());
        let named = |values: Vec<String>| {
            let axes = &["D", "H", "W"][3 - spatial..];
            axes.iter().zip(values).map(|(a, v)| format!("{a}: {v}")).collect::<Vec<_>>().join(", ")
        };
        if s[2..].contains(&0) || self.output.iter().any(|&n| n < 1) {
            return Err(Error::Shape(format!(
                "Input and output sizes should be greater than 0, but got input ({}) output ({})",
                named(s[2..].iter().map(|n| n.to_string()).collect()),
                named(self.output.iter().map(|n| n.to_string()).collect())
            )));
        }
        if s[1] == 0 {
            return Err(Error::Shape(format!(
                "Non-empty {}D data tensor expected but got a tensor with sizes {}",
                s.len(),
                list(s)
            )));
        }
        self.extents()
    }

    fn axis(&self, d: usize, input: usize, output: usize, single: bool) -> Axis {
        let own = 3 - self.output.len();
        let scale = d.checked_sub(own).and_then(|d| self.scales.as_ref().map(|s| s[d]));
        Axis { input, output, scale, align_corners: self.align_corners, single }
    }
}

const NEAREST: [&str; 3] = ["UpsampleNearest1DBackward0", "UpsampleNearest2DBackward0", "UpsampleNearest3DBackward0"];
const EXACT: [&str; 3] =
    ["UpsampleNearestExact1DBackward0", "UpsampleNearestExact2DBackward0", "UpsampleNearestExact3DBackward0"];

fn nearest(x: &Tensor, t: &Target, exact: bool) -> Result<Tensor> {
    let output = t.filled(x)?;
    let spatial = t.output.len();
    if !x.dtype().is_float() && x.dtype() != DType::U8 {
        return refuse(&format!("upsample_nearest{spatial}d"), x.dtype());
    }
    let planes = Planes::of(x, spatial);
    let single = x.dtype() != DType::F64;
    let axes: [Axis; 3] = std::array::from_fn(|d| t.axis(d, planes.size[d], output[d], single));
    let name = if exact { EXACT } else { NEAREST }[spatial - 1];
    let small = spatial == 2 && !exact && output[1] + output[2] <= 128;
    let from = |d: usize, i: usize| if small { axes[d].nearest_small(i) } else { axes[d].nearest(i, exact) };
    reindex(x, Reindex::new(name, planes, output, Scalar::Int(0), |d, i| Some(from(d, i)))?)
}

/// A resampling and the one that its gradient is.
struct Smooth {
    name: &'static str,
    planes: Planes,
    from: [usize; 3],
    to: [usize; 3],
    weights: [Weights; 3],
}

fn smooth(name: &'static str, x: &Tensor, t: &Target, curve: Curve) -> Result<Tensor> {
    if is_half(x.dtype()) {
        return in_f32(x, |x| smooth(name, x, t, curve));
    }
    let size = t.filled(x)?;
    if !x.dtype().is_float() && x.dtype() != DType::U8 {
        return refuse(name, x.dtype());
    }
    let planes = Planes::of(x, t.output.len());
    numel(name, &planes.dims(size))?;
    let single = x.dtype() == DType::F32;
    let weights = |d: usize| t.axis(d, planes.size[d], size[d], single).weights(curve);
    if x.dtype() == DType::U8 {
        return bytes(name, x, &planes, weights);
    }
    let weights = [weights(0)?, weights(1)?, weights(2)?];
    resampled(x, Arc::new(Smooth { name, from: planes.size, to: size, planes, weights }))
}

/// Bytes are rounded after each axis, the last one first, as images are where weights are integers.
fn bytes(
    name: &'static str,
    x: &Tensor,
    planes: &Planes,
    weights: impl Fn(usize) -> Result<Weights>,
) -> Result<Tensor> {
    let half = Tensor::number(Scalar::Float(0.5));
    let (mut y, mut from) = (x.to_dtype(DType::F32)?, planes.size);
    for d in (0..3).rev() {
        let mut axes = from.map(Weights::identity);
        axes[d] = weights(d)?.fixed_point();
        let mut to = from;
        to[d] = axes[d].outputs();
        y = resampled(&y, Arc::new(Smooth { name, from, to, planes: planes.clone(), weights: axes }))?;
        y = ops::clamp(&ops::floor(&ops::add(&y, &half)?)?, Some(0.into()), Some(255.into()))?;
        from = to;
    }
    y.to_dtype(DType::U8)
}

fn resampled(x: &Tensor, s: Arc<Smooth>) -> Result<Tensor> {
    if is_half(x.dtype()) {
        return in_f32(x, |x| resampled(x, s));
    }
    let x = x.contiguous()?;
    let dims = s.planes.dims(s.to);
    let y = wide!(s.name, x.dtype(), T => {
        let mut y = memory::alloc::<T>(numel(s.name, &dims)?)?;
        T::resample(s.planes.count, s.weights.each_ref(), x.data::<T>()?, &mut y);
        Tensor::from_vec(y, &dims)
    });
    Tape::of(s.name, &[&x]).record(y, move |c| {
        let weights = s.weights.each_ref().map(Weights::transposed);
        let back = Arc::new(Smooth { name: s.name, planes: s.planes.clone(), from: s.to, to: s.from, weights });
        c.each(&[&|| resampled(&c.gy()?, back.clone())])
    })
}
