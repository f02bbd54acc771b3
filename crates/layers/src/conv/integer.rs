//! Convolutions of integers, which wrap: plain loops, for nothing of theirs is hot.

use crate::spatial::numel;
use crate::wide::refuse;
use candlewick_kernels::conv::Conv;
use candlewick_tensor::{DType, Number, Result, Tensor, memory};

/// Calls `f(y, w, x)` with the places of every product of y = C(x, w).
fn products(v: &Conv, mut f: impl FnMut(usize, usize, usize)) {
    let (output, [d, h, w]) = (v.output(), v.input);
    let [od, oh, ow] = output;
    let [kd, kh, kw] = v.kernel;
    let (ins, outs) = (v.channels / v.groups, v.out_channels / v.groups);
    let inside = |i: usize, axis: usize, o: usize| {
        let at = (o * v.stride[axis] + i * v.dilation[axis]).checked_sub(v.padding[axis]);
        at.filter(|&at| at < v.input[axis])
    };
    for (n, o) in (0..v.batch).flat_map(|n| (0..v.out_channels).map(move |o| (n, o))) {
        for c in 0..ins {
            let channel = n * v.channels + o / outs * ins + c;
            for tap in 0..kd * kh * kw {
                let (i, j, k) = (tap / (kh * kw), tap / kw % kh, tap % kw);
                let weight = (o * ins + c) * kd * kh * kw + tap;
                for z in 0..od {
                    let Some(dz) = inside(i, 0, z) else { continue };
                    for y in 0..oh {
                        let Some(dy) = inside(j, 1, y) else { continue };
                        for x in 0..ow {
                            let Some(dx) = inside(k, 2, x) else { continue };
                            let out = (((n * v.out_channels + o) * od + z) * oh + y) * ow + x;
                            f(out, weight, ((channel * d + dz) * h + dy) * w + dx);
                        }
                    }
                }
            }
        }
    }
}

fn start<T: Number>(b: Option<&Tensor>, dims: &[usize]) -> Result<Vec<T>> {
    let mut y = memory::filled(numel("convolution", dims)?, T::default())?;
    if let Some(b) = b {
        let area: usize = dims[2..].iter().product();
        for (row, &b) in y.chunks_exact_mut(area.max(1)).zip(b.data::<T>()?.iter().cycle()) {
            row.fill(b);
        }
    }
    Ok(y)
}

macro_rules! integers {
    ($dtype:expr, $T:ident => $body:expr) => {
        match $dtype {
            DType::I64 => {
                type $T = i64;
                $body
            }
            DType::I32 => {
                type $T = i32;
                $body
            }
            DType::I16 => {
                type $T = i16;
                $body
            }
            DType::I8 => {
                type $T = i8;
                $body
            }
            DType::U8 => {
                type $T = u8;
                $body
            }
            d => return refuse("slow_conv2d_cpu", d),
        }
    };
}

/// y = C(x, w) + b
pub(super) fn forward(v: &Conv, x: &Tensor, w: &Tensor, b: Option<&Tensor>, dims: &[usize]) -> Result<Tensor> {
    Ok(integers!(x.dtype(), T => {
        let mut y = start::<T>(b, dims)?;
        let (x, w) = (x.data::<T>()?, w.data::<T>()?);
        products(v, |o, k, i| y[o] = y[o].wrapping_add(w[k].wrapping_mul(x[i])));
        Tensor::from_vec(y, dims)
    }))
}

/// y = D(x, w) + b
pub(super) fn transpose(v: &Conv, x: &Tensor, w: &Tensor, b: Option<&Tensor>, dims: &[usize]) -> Result<Tensor> {
    Ok(integers!(x.dtype(), T => {
        let mut y = start::<T>(b, dims)?;
        let (x, w) = (x.data::<T>()?, w.data::<T>()?);
        products(v, |o, k, i| y[i] = y[i].wrapping_add(w[k].wrapping_mul(x[o])));
        Tensor::from_vec(y, dims)
    }))
}
