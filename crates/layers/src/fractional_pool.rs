//! Max pooling over windows of one size whose places are drawn at random.   [Graham 2014]

use crate::max_pool::put;
use crate::spatial::{Planes, numel, spread};
use crate::wide::{is_half, refuse, wide};
use candlewick_kernels::entries::Pooled;
use candlewick_kernels::pooling::Axis;
use candlewick_tensor::autograd::Tape;
use candlewick_tensor::ops::rounded;
use candlewick_tensor::random::Generator;
use candlewick_tensor::{DType, Error, Result, Tensor, memory, ops};

fn fail<T>(message: String) -> Result<T> {
    Err(Error::Shape(message))
}

/// The maxima of x [N, C, ...] (or [C, ...]) over `output` windows a dimension and their positions. `samples` [N, C, dims] in
/// 0..1 place the windows; without them they are drawn.
pub fn fractional_max_pool(
    x: &Tensor,
    kernel: &[usize],
    output: &[usize],
    samples: Option<&Tensor>,
    g: &mut Generator,
) -> Result<(Tensor, Tensor)> {
    let spatial = output.len();
    let op = format!("fractional_max_pool{spatial}d");
    let (min, max) = (spatial + 1, spatial + 2);
    if ![min, max].contains(&x.rank()) {
        return fail(format!("{op}(): Expected {min}D or {max}D tensor, but got: {:?}", x.shape()));
    }
    if let Some(d) = (x.rank() - min..x.rank()).find(|&d| x.shape()[d] == 0) {
        return fail(format!(
            "{op}(): Expected input to have non-zero size for non-batch dimensions, but got{:?} with dimension {d} being empty.",
            x.shape()
        ));
    }
    let planes = Planes::of(x, spatial);
    let (kernel, output) = (spread(&op, "kernel_size", kernel, spatial, 1)?, crate::spatial::three(output, 1));
    for i in 3 - spatial..3 {
        let (k, n, size) = (kernel[i], output[i], planes.size[i]);
        if k == 0 || n.checked_add(k - 1).is_none_or(|reach| reach > size) {
            let axis = ["time", "height", "width"][i];
            return fail(format!("{op}(): pool {axis} {k} too large relative to input {axis} {size}"));
        }
    }
    if !x.dtype().is_float() {
        return refuse("check_uniform_bounds", x.dtype());
    }
    let channels = x.shape()[x.rank() - min];
    let want = [planes.count / channels, channels, spatial];
    let samples = match samples {
        Some(s) => s.detach(),
        None => ops::rand(&want, x.dtype(), g)?,
    };
    if samples.rank() != 3 {
        return fail(format!("Expect _random_samples to have 3 dimensions; got {}.", samples.rank()));
    }
    let who = ["batch", "channels", "dimensions"];
    if let Some(d) = (0..3).find(|&d| samples.shape()[d] != want[d]) {
        let got = samples.shape()[d];
        return fail(format!("Expect _random_samples.size({d}) equals to {} ({}); got {got}.", want[d], who[d]));
    }
    let places = Places { samples: samples.to_f64_vec()?, spatial, kernel, output };
    pool(&op, x, planes, &places)
}

/// Where windows begin.
struct Places {
    samples: Vec<f64>,
    spatial: usize,
    kernel: [usize; 3],
    output: [usize; 3],
}

impl Places {
    /// The windows of plane `p`. Of two dimensions the first sample places the columns, as in PyTorch.
    fn axes(&self, p: usize, size: [usize; 3], single: bool) -> [Axis; 3] {
        let round = |v: f64| if single { f64::from(v as f32) } else { v };
        std::array::from_fn(|i| {
            let Some(d) = (i + self.spatial).checked_sub(3) else { return Axis::adaptive(1, 1) };
            let d = if self.spatial == 2 { 1 - d } else { d };
            let (u, n, k) = (self.samples[p * self.spatial + d], self.output[i], self.kernel[i]);
            let room = size[i] - k;
            let step = round(room as f64 / n.saturating_sub(1) as f64);
            let at = |v: f64| round(round(v) * step) as i64;
            let start = |j: usize| {
                if j + 1 == n { room } else { at(j as f64 + u).saturating_sub(at(u)).clamp(0, room as i64) as usize }
            };
            Axis::starts(size[i], k, &(0..n).map(start).collect::<Vec<_>>())
        })
    }
}

fn pool(op: &str, x: &Tensor, planes: Planes, places: &Places) -> Result<(Tensor, Tensor)> {
    if is_half(x.dtype()) {
        let (y, at) = pool(op, &x.to_dtype(DType::F32)?, planes, places)?;
        return Ok((rounded(&y, x.dtype())?, at));
    }
    let x = x.contiguous()?;
    let dims = planes.dims(places.output);
    let n = numel(op, &dims)?;
    let mut at = memory::alloc::<i64>(n)?;
    let y = wide!(op, x.dtype(), T => {
        let mut y = memory::alloc::<T>(n)?;
        let (from, to) = (planes.size.iter().product::<usize>(), n.checked_div(planes.count).unwrap_or(0));
        if n > 0 {
            let windows = y.chunks_exact_mut(to).zip(at.chunks_exact_mut(to)).zip(x.data::<T>()?.chunks_exact(from));
            for (p, ((y, at), x)) in windows.enumerate() {
                T::max_pool(1, &places.axes(p, planes.size, size_of::<T>() == 4), x, y, at);
            }
        }
        Tensor::from_vec(y, &dims)
    });
    let at = Tensor::from_vec(at, &dims);
    let name = if places.spatial == 2 { "FractionalMaxPool2DBackward0" } else { "FractionalMaxPool3DBackward0" };
    let y = Tape::of(name, &[&x])
        .keep(&at)
        .record(y, move |c| c.each(&[&|| put(name, &c.gy()?, None, &c.saved(0)?, &planes)]))?;
    Ok((y, at))
}
