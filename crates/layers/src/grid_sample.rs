//! Images sampled at the points of a grid, and the grid of an affine map.   [Jaderberg et al. 2015]

use crate::wide::{is_half, wide};
use candlewick_kernels::grid::{Filter, Grid, Outside};
use candlewick_tensor::autograd::Tape;
use candlewick_tensor::ops::{bmm, reshape, rounded, transpose};
use candlewick_tensor::{DType, Element, Error, Result, Tensor, memory};

/// How a sampling reads the image.
#[derive(Clone, Copy, Debug)]
pub struct GridConfig {
    /// How a value is made of its neighbours.
    pub filter: Filter,
    /// What lies outside of the image.
    pub outside: Outside,
    /// Whether -1 and 1 are the centres of the outermost elements and not their edges.
    pub align_corners: bool,
}

impl GridConfig {
    /// PyTorch's names.
    pub fn parse(mode: &str, padding: &str, align_corners: bool) -> Result<GridConfig> {
        let filter = match mode {
            "bilinear" => Filter::Linear,
            "nearest" => Filter::Nearest,
            "bicubic" => Filter::Cubic,
            _ => {
                return Err(Error::Argument(format!(
                    "nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', but got: '{mode}'"
                )));
            }
        };
        let outside = match padding {
            "zeros" => Outside::Zeros,
            "border" => Outside::Border,
            "reflection" => Outside::Reflection,
            _ => {
                return Err(Error::Argument(format!(
                    "nn.functional.grid_sample(): expected padding_mode to be 'zeros', 'border', or 'reflection', but got: '{padding}'"
                )));
            }
        };
        Ok(GridConfig { filter, outside, align_corners })
    }
}

/// The names of the nodes by the number of dimensions: of the sampling, its gradients and theirs.
const NAMES: [[&str; 3]; 2] = [
    ["GridSampler2DBackward0", "GridSampler2DBackwardBackward0", "aten::grid_sampler_2d_backward_backward"],
    ["GridSampler3DBackward0", "GridSampler3DBackwardBackward0", "aten::grid_sampler_3d_backward_backward"],
];

/// The values of x [N, C, H, W] at grid [N, H', W', 2], or of x [N, C, D, H, W] at grid [N, D', H', W', 3]: coordinates
/// (x, y, z) from -1 to 1 across the image. Errors, in PyTorch's words: ranks, batches, empty images, dtypes.
pub fn grid_sample(x: &Tensor, grid: &Tensor, c: &GridConfig) -> Result<Tensor> {
    check(x, grid)?;
    if is_half(x.dtype()) {
        let wide = |t: &Tensor| t.to_dtype(DType::F32);
        return rounded(&grid_sample(&wide(x)?, &wide(grid)?, c)?, x.dtype());
    }
    let (s, dims) = (x.shape(), x.rank() - 2);
    let v = Grid {
        batch: s[0],
        channels: s[1],
        input: crate::spatial::three(&s[2..], 1),
        dims,
        points: grid.shape()[1..=dims].iter().product(),
        filter: c.filter,
        outside: c.outside,
        align_corners: c.align_corners,
    };
    sample(v, x, grid)
}

fn check(x: &Tensor, grid: &Tensor) -> Result<()> {
    let fail = |m: String| Err(Error::Shape(m));
    let (xs, gs) = (x.shape(), grid.shape());
    if x.dtype() != grid.dtype() {
        let (want, got) = (x.dtype().title(), grid.dtype().title());
        return Err(Error::DType(format!("expected scalar type {want} but found {got}")));
    }
    if xs.is_empty() || gs.is_empty() || xs[0] != gs[0] {
        return fail(format!(
            "grid_sampler(): expected grid and input to have same batch size, but got input with sizes {xs:?} and grid with sizes {gs:?}"
        ));
    }
    if xs.len() < 3 || gs[gs.len() - 1] != xs.len() - 2 {
        return fail(format!(
            "grid_sampler(): expected grid to have size {} in last dimension, but got grid with sizes {gs:?}",
            xs.len() as i64 - 2
        ));
    }
    if ![4, 5].contains(&xs.len()) || gs.len() != xs.len() {
        return fail(format!(
            "grid_sampler(): expected 4D or 5D input and grid with same number of dimensions, but got input with sizes {xs:?} and grid with sizes {gs:?}"
        ));
    }
    if let Some(d) = (2..xs.len()).find(|&d| xs[d] == 0) {
        return fail(format!(
            "grid_sampler(): expected input to have non-empty spatial dimensions, but input has sizes {xs:?} with dimension {d} being empty"
        ));
    }
    Ok(())
}

fn points(v: &Grid, grid: &Tensor) -> Vec<usize> {
    [&[v.batch, v.channels], &grid.shape()[1..=v.dims]].concat()
}

fn image(v: &Grid) -> Vec<usize> {
    [&[v.batch, v.channels], &v.input[3 - v.dims..]].concat()
}

/// y(x, grid)
fn sample(v: Grid, x: &Tensor, grid: &Tensor) -> Result<Tensor> {
    let (x, grid) = (x.contiguous()?, grid.contiguous()?);
    let y = values(&v, &x, &grid, None)?;
    Tape::of(NAMES[v.dims - 2][0], &[&x, &grid]).keep(&x).keep(&grid).record(y, move |c| {
        let (gy, x, grid) = (c.gy()?, c.saved(0)?, c.saved(1)?);
        c.each(&[&|| image_gradient(v, &gy, &grid), &|| grid_gradient(v, &gy, &x, &grid)])
    })
}

/// dx(gy, grid), which is linear in gy.
fn image_gradient(v: Grid, gy: &Tensor, grid: &Tensor) -> Result<Tensor> {
    let gy = gy.contiguous()?;
    let dx = spread(&v, &gy, grid, None)?;
    Tape::of(NAMES[v.dims - 2][1], &[&gy, grid]).keep(&gy).keep(grid).record(dx, move |c| {
        let (h, gy, grid) = (c.gy()?, c.saved(0)?, c.saved(1)?);
        c.each(&[&|| sample(v, &h, &grid), &|| grid_gradient(v, &gy, &h, &grid)])
    })
}

/// dgrid(gy, x, grid), which is linear in gy and in x.
fn grid_gradient(v: Grid, gy: &Tensor, x: &Tensor, grid: &Tensor) -> Result<Tensor> {
    let (gy, x) = (gy.contiguous()?, x.contiguous()?);
    let dgrid = slopes(&v, &gy, &x, grid, None)?;
    let tape = Tape::of(NAMES[v.dims - 2][1], &[&gy, &x, grid]);
    tape.keep(&gy).keep(&x).keep(grid).record(dgrid, move |c| {
        let (h, gy, x, grid) = (c.gy()?.contiguous()?, c.saved(0)?, c.saved(1)?, c.saved(2)?);
        let inputs = [&h, &gy, &x, &grid];
        c.each(&[
            &|| last(v, inputs, values(&v, &x, &grid, Some(&h))?),
            &|| last(v, inputs, spread(&v, &gy, &grid, Some(&h))?),
            &|| last(v, inputs, slopes(&v, &gy, &x, &grid, Some(&h))?),
        ])
    })
}

/// PyTorch ends here too.
fn last(v: Grid, inputs: [&Tensor; 4], y: Tensor) -> Result<Tensor> {
    let name = NAMES[v.dims - 2][2];
    Tape::of(name, &inputs)
        .record(y, move |_| Err(Error::Autograd(format!("derivative for {name} is not implemented"))))
}

fn direction<T: Element>(along: Option<&Tensor>) -> Result<Option<&[T]>> {
    along.map(|a| a.data::<T>()).transpose()
}

fn values(v: &Grid, x: &Tensor, grid: &Tensor, along: Option<&Tensor>) -> Result<Tensor> {
    let dims = points(v, grid);
    wide!("grid_sampler_2d_cpu_kernel_impl", x.dtype(), T => {
        let mut y = memory::alloc::<T>(crate::spatial::numel("grid_sampler", &dims)?)?;
        T::grid_forward(v, x.data::<T>()?, grid.data::<T>()?, direction(along)?, &mut y);
        Ok(Tensor::from_vec(y, &dims))
    })
}

fn spread(v: &Grid, gy: &Tensor, grid: &Tensor, along: Option<&Tensor>) -> Result<Tensor> {
    wide!("grid_sampler_2d_backward_cpu_kernel_impl", gy.dtype(), T => {
        let mut dx = memory::alloc::<T>(image(v).iter().product())?;
        T::grid_backward_input(v, gy.data::<T>()?, grid.data::<T>()?, direction(along)?, &mut dx);
        Ok(Tensor::from_vec(dx, &image(v)))
    })
}

fn slopes(v: &Grid, gy: &Tensor, x: &Tensor, grid: &Tensor, along: Option<&Tensor>) -> Result<Tensor> {
    wide!("grid_sampler_2d_backward_cpu_kernel_impl", gy.dtype(), T => {
        let mut dgrid = memory::alloc::<T>(grid.numel())?;
        T::grid_backward_grid(v, gy.data::<T>()?, x.data::<T>()?, grid.data::<T>()?, direction(along)?, &mut dgrid);
        Ok(Tensor::from_vec(dgrid, grid.shape()))
    })
}

/// The points of an image of this size [N, C, H, W] or [N, C, D, H, W], mapped by theta [N, 2, 3] or [N, 3, 4]: a grid for
/// [`grid_sample`]. Errors, in PyTorch's words: sizes, the shape and dtype of theta.
pub fn affine_grid(theta: &Tensor, size: &[i64], align_corners: bool) -> Result<Tensor> {
    let shown = format!("({})", size.iter().map(|n| n.to_string()).collect::<Vec<_>>().join(", "));
    if !theta.dtype().is_float() {
        return Err(Error::DType(format!(
            "Expected theta to have floating point type, but got torch.{}",
            theta.dtype().name()
        )));
    }
    if ![4, 5].contains(&size.len()) {
        return Err(Error::Shape(format!(
            "affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. Got size {shown}."
        )));
    }
    let dims = size.len() - 2;
    if theta.rank() != 3 || theta.shape()[1..] != [dims, dims + 1] {
        return Err(Error::Shape(format!(
            "Expected a batch of {dims}D affine matrices of shape Nx{dims}x{} for size {shown}. Got torch.Size({:?}).",
            dims + 1,
            theta.shape()
        )));
    }
    if size.iter().any(|&n| n <= 0) {
        return Err(Error::Shape(format!("Expected non-zero, positive output size. Got {shown}")));
    }
    if is_half(theta.dtype()) {
        return crate::wide::in_f32(theta, |theta| affine_grid(theta, size, align_corners));
    }
    let extents: Vec<usize> = size[2..].iter().map(|&n| n as usize).collect();
    let points = crate::spatial::numel("affine_grid", &extents)?;
    // (x, y, z, 1) for every point; z varies slowest.
    let coordinate = |i: usize, n: usize| match (n, align_corners) {
        (1, _) => 0.0,
        (_, true) => -1.0 + 2.0 * i as f64 / (n - 1) as f64,
        (_, false) => (2.0 * i as f64 + 1.0) / n as f64 - 1.0,
    };
    let base = wide!("affine_grid_generator", theta.dtype(), T => {
        let mut base = memory::alloc::<T>(points.saturating_mul(dims + 1))?;
        for (p, row) in base.chunks_exact_mut(dims + 1).enumerate() {
            let mut rest = p;
            for (d, to) in row.iter_mut().enumerate() {
                let n = dims.checked_sub(d + 1).map(|axis| extents[axis]);
                *to = n.map_or(1.0, |n| coordinate(rest % n, n)) as T;
                rest /= n.unwrap_or(1);
            }
        }
        Tensor::from_vec(base, &[1, points, dims + 1])
    });
    let batch = size[0];
    let base = candlewick_tensor::ops::expand(&base, &[batch, points as i64, dims as i64 + 1])?;
    let grid = bmm(&base, &transpose(theta, 1, 2)?)?;
    reshape(&grid, &[&[batch], &size[2..], &[dims as i64]].concat())
}
