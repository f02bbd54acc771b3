//! Sliding windows as columns (im2col) and back (col2im): each is the other's gradient.

use crate::spatial::{moved, numel};
use crate::wide::{in_f32, is_half, list, refuse, wide};
use candlewick_kernels::entries::Moved;
use candlewick_kernels::unfold::Unfold;
use candlewick_tensor::autograd::Tape;
use candlewick_tensor::{DType, Error, Result, Tensor, memory};

/// Geometry of the windows; all pairs are (height, width).
#[derive(Clone, Copy, Debug)]
pub struct FoldConfig {
    /// The window.
    pub kernel: [i64; 2],
    /// Gaps between its elements.
    pub dilation: [i64; 2],
    /// Zeros on both sides.
    pub padding: [i64; 2],
    /// Its steps.
    pub stride: [i64; 2],
}

impl FoldConfig {
    fn check(&self) -> Result<()> {
        let named = [
            ("kernel size", "kernel", self.kernel),
            ("dilation", "dilation", self.dilation),
            ("stride", "stride", self.stride),
        ];
        for (what, axis, [h, w]) in named {
            if h <= 0 || w <= 0 {
                return fail(format!(
                    "{what} should be greater than zero, but got {axis}_height: {h} {axis}_width: {w}"
                ));
            }
        }
        let [h, w] = self.padding;
        if h < 0 || w < 0 {
            return fail(format!("padding should be non-negative, but got pad_height: {h} pad_width: {w}"));
        }
        if [self.kernel, self.dilation, self.padding, self.stride].as_flattened().iter().any(|&n| n >= 1 << 31) {
            return fail("fold: expected sizes below 2^31".into());
        }
        Ok(())
    }

    /// Windows along each axis; fewer than one where none fits.
    fn windows(&self, size: [i64; 2]) -> [i64; 2] {
        std::array::from_fn(|i| {
            let room = size[i] + 2 * self.padding[i] - self.dilation[i] * (self.kernel[i] - 1) - 1;
            room.div_euclid(self.stride[i]) + 1
        })
    }

    fn geometry(&self, planes: usize, input: [usize; 2], output: [usize; 2]) -> Unfold {
        let [kernel, stride, padding, dilation] =
            [self.kernel, self.stride, self.padding, self.dilation].map(|pair| pair.map(|n| n as usize));
        Unfold { planes, input, kernel, stride, padding, dilation, output }
    }
}

fn fail<T>(message: String) -> Result<T> {
    Err(Error::Shape(message))
}

fn pair(v: [i64; 2]) -> String {
    format!("({}, {})", v[0], v[1])
}

/// The windows of x [N, C, H, W] (or [C, H, W]) as columns: [N, C * window, windows].
pub fn unfold(x: &Tensor, c: &FoldConfig) -> Result<Tensor> {
    c.check()?;
    if ![3, 4].contains(&x.rank()) || x.shape()[x.rank() - 3..].contains(&0) {
        return fail(format!(
            "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, but got: {}",
            list(x.shape())
        ));
    }
    let (lead, size) = x.shape().split_at(x.rank() - 2);
    let output = c.windows([size[0] as i64, size[1] as i64]);
    if output.iter().any(|&n| n < 1) {
        return fail(format!(
            "Given input with spatial size ({}, {}), kernel_size={}, dilation={}, padding={}, calculated shape of the array of sliding blocks as {}, but its components must be at least one.",
            size[0],
            size[1],
            pair(c.kernel),
            pair(c.dilation),
            pair(c.padding),
            pair(output)
        ));
    }
    if !x.dtype().is_float() && x.dtype() != DType::Bool {
        return refuse("im2col_out_cpu", x.dtype());
    }
    let v = c.geometry(lead.iter().product(), [size[0], size[1]], output.map(|n| n as usize));
    let (channels, batch) = (lead[lead.len() - 1], &lead[..lead.len() - 1]);
    let mut dims: Vec<usize> = batch.to_vec();
    dims.extend([numel("unfold", &[channels, v.kernel[0], v.kernel[1]])?, numel("unfold", &v.output)?]);
    columns("Im2ColBackward0", x, v, dims)
}

/// The sum of columns [N, C * window, windows] (or without N) where their windows overlap: [N, C, H, W].
pub fn fold(y: &Tensor, size: [i64; 2], c: &FoldConfig) -> Result<Tensor> {
    c.check()?;
    if ![2, 3].contains(&y.rank()) || y.shape()[y.rank() - 2..].contains(&0) {
        return fail(format!(
            "Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero dimensions for input, but got: {}",
            list(y.shape())
        ));
    }
    if size.iter().any(|&n| n >= 1 << 31) {
        return fail("fold: expected sizes below 2^31".into());
    }
    let (batch, sizes) = y.shape().split_at(y.rank() - 2);
    let window = c.kernel[0] as usize * c.kernel[1] as usize;
    let d = batch.len();
    if sizes[0] % window != 0 {
        return fail(format!(
            "Expected size of input's dimension {d} to be divisible by the product of kernel_size, but got input.size({d})={} and kernel_size={}.",
            sizes[0],
            pair(c.kernel)
        ));
    }
    let output = c.windows(size);
    if output[0].saturating_mul(output[1]) != sizes[1] as i64 || output.iter().chain(&size).any(|&n| n < 1) {
        return fail(format!(
            "Given output_size={}, kernel_size={}, dilation={}, padding={}, stride={}, expected size of input's dimension {} to match the calculated number of sliding blocks {} * {} = {}, but got input.size({})={}.",
            pair(size),
            pair(c.kernel),
            pair(c.dilation),
            pair(c.padding),
            pair(c.stride),
            d + 1,
            output[0],
            output[1],
            output[0].saturating_mul(output[1]),
            d + 1,
            sizes[1]
        ));
    }
    let channels = sizes[0] / window;
    let v =
        c.geometry(batch.iter().product::<usize>() * channels, size.map(|n| n as usize), output.map(|n| n as usize));
    images("Col2ImBackward0", y, v, [batch, &[channels, v.input[0], v.input[1]]].concat())
}

fn columns(name: &'static str, x: &Tensor, v: Unfold, dims: Vec<usize>) -> Result<Tensor> {
    let x = x.contiguous()?;
    numel("unfold", &dims)?;
    // SAFETY: the places are filled from x.
    let y = unsafe { moved!(x.dtype(), &dims, |T, y| T::unfold(&v, x.plain_data::<T>()?, y)) };
    let back = x.shape().to_vec();
    Tape::of(name, &[&x]).record(y, move |c| c.each(&[&|| images(name, &c.gy()?, v, back.clone())]))
}

fn images(name: &'static str, y: &Tensor, v: Unfold, dims: Vec<usize>) -> Result<Tensor> {
    if is_half(y.dtype()) {
        return in_f32(y, |y| images(name, y, v, dims));
    }
    let y = y.contiguous()?;
    let x = wide!("col2im_out_cpu", y.dtype(), T => {
        let mut x = memory::alloc::<T>(numel("fold", &dims)?)?;
        T::fold(&v, y.data::<T>()?, &mut x);
        Tensor::from_vec(x, &dims)
    });
    let back = y.shape().to_vec();
    Tape::of(name, &[&y]).record(x, move |c| c.each(&[&|| columns(name, &c.gy()?, v, back.clone())]))
}
