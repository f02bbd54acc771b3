//! The entry points of the layers: every kernel of floats is a method of its element type, compiled here once for f32 and once
//! for f64, so that the crates that call them instantiate nothing.

use crate::attention::{self, Attention};
use crate::conv::{self, Conv};
use crate::gemm::{self, Mat};
use crate::grid::{self, Grid};
use crate::norm::{self, RowAffine, RowStats};
use crate::pooling::{self, Axis, Divisor};
use crate::recurrent::{self, Plain};
use crate::resample::{self, Weights};
use crate::softmax;
use crate::unfold::{self, Unfold};

/// Declares a trait of methods and implements it for each type by the generic functions named.
macro_rules! entries {
    ($(#[$about:meta])* $Trait:ident<$T:ident> for $($t:ident)*: $methods:tt) => {
        entries!(@trait ($(#[$about])*) $Trait $T $methods);
        $(entries!(@impl $Trait $T $t $methods);)*
    };
    (@trait ($($about:tt)*) $Trait:ident $T:ident
     { $($(#[$doc:meta])* $method:ident = $function:path, ($($arg:ident: $ty:ty),* $(,)?);)* }) => {
        $($about)*
        pub trait $Trait<$T>: Sized {
            $($(#[$doc])* fn $method($($arg: $ty),*);)*
        }
    };
    (@impl $Trait:ident $T:ident $t:ident
     { $($(#[$doc:meta])* $method:ident = $function:path, ($($arg:ident: $ty:ty),* $(,)?);)* }) => {
        const _: () = {
            type $T = $t;
            impl $Trait<$t> for $t {
                $(#[inline(never)] fn $method($($arg: $ty),*) { $function($($arg),*) })*
            }
        };
    };
}

entries! {
    /// Poolings, for floats and integers.
    Pooled<T> for f32 f64 i64: {
        /// y = the maximum of each window, and its position in the plane; the first maximum wins, and NaN over everything.
        max_pool = pooling::max_forward, (planes: usize, axes: &[Axis; 3], x: &[T], y: &mut [T], indices: &mut [i64]);
        /// y = the sum of each window divided by what `divisor` says.
        avg_pool = pooling::avg_forward, (planes: usize, axes: &[Axis; 3], divisor: Divisor, x: &[T], y: &mut [T]);
    }
}

entries! {
    /// Kernels that move elements unread, for the integers of their sizes.
    Moved<T> for u8 u16 u32 u64: {
        /// y = the elements of x at the indices of each axis; `fill` outside.
        gather = resample::gather, (
            planes: usize, input: [usize; 3], maps: [&[usize]; 3], fill: T, x: &[T], y: &mut [T],
        );
        /// y [planes, kh, kw, oh, ow] = the elements of every window; zero in the padding.
        unfold = unfold::unfold, (v: &Unfold, x: &[T], y: &mut [T]);
        /// y = x put at the positions `indices` of zero planes; of several at one place the last stays.
        max_unpool = pooling::unpool, (
            planes: usize, out_plane: usize, in_plane: usize, x: &[T], indices: &[i64], y: &mut [T],
        );
    }
}

entries! {
    /// The kernels of floats.
    Kernels<T> for f32 f64: {
        /// C [m, n] = A [m, k] B [k, n], or C += A B with `accumulate`; C has `ldc` elements between rows.
        gemm = gemm::gemm, (m: usize, n: usize, k: usize, a: Mat<T>, b: Mat<T>, c: &mut [T], ldc: usize, accumulate: bool);
        /// `C[i] = A[i] B[i]` for `batch` products, whose matrices start `stride_a`, `stride_b` and `stride_c` elements apart.
        gemm_batch = gemm::gemm_batch, (
            batch: usize,
            m: usize,
            n: usize,
            k: usize,
            a: Mat<T>,
            stride_a: usize,
            b: Mat<T>,
            stride_b: usize,
            c: &mut [T],
            stride_c: usize,
        );
        /// y = conv(x, w) + bias: see [`Conv`] for the sizes.
        conv_forward = conv::forward, (v: &Conv, x: &[T], w: &[T], bias: Option<&[T]>, y: &mut [T]);
        /// dx = the gradient with respect to x.
        conv_backward_data = conv::backward_data, (v: &Conv, dy: &[T], w: &[T], dx: &mut [T]);
        /// dw = the gradient with respect to w.
        conv_backward_weights = conv::backward_weights, (v: &Conv, x: &[T], dy: &[T], dw: &mut [T]);
        /// db = the sum of dy over images and positions.
        conv_backward_bias = conv::backward_bias, (v: &Conv, dy: &[T], db: &mut [T]);
        /// dx = the gradient of `avg_pool`.
        avg_pool_backward = pooling::avg_backward, (planes: usize, axes: &[Axis; 3], divisor: Divisor, dy: &[T], dx: &mut [T]);
        /// dx = dy sent to the positions that won; `in_plane` and `out_plane` are elements of a plane.
        max_pool_backward = pooling::max_backward, (
            planes: usize, in_plane: usize, out_plane: usize, dy: &[T], indices: &[i64], dx: &mut [T],
        );
        /// Mean and biased variance of each channel, in two passes.
        batch_stats = norm::batch_stats, (n: usize, c: usize, s: usize, x: &[T], mean: &mut [T], var: &mut [T]);
        /// `y = x * scale[c] + shift[c]`
        normalize = norm::normalize, (n: usize, c: usize, s: usize, x: &[T], scale: &[T], shift: &[T], y: &mut [T]);
        /// The gradients of batch normalisation: dw = sum dy xhat, db = sum dy, and dx where asked for.
        batch_norm_backward = norm::batch_norm_backward, (
            n: usize,
            c: usize,
            s: usize,
            x: &[T],
            dy: &[T],
            mean: &[T],
            invstd: &[T],
            weight: Option<&[T]>,
            training: bool,
            dx: Option<&mut [T]>,
            dw: &mut [T],
            db: &mut [T],
        );
        /// Mean and 1 / sqrt(variance + eps) of each row of `cols`.
        row_stats = norm::row_stats, (cols: usize, x: &[T], eps: f64, mean: &mut [T], rstd: &mut [T]);
        /// Gradients of group normalisation of x [n, c, s] by `groups` groups with these statistics [n, groups].
        group_norm_backward = norm::group_norm_backward, (
            sizes: [usize; 3],
            groups: usize,
            x: &[T],
            dy: &[T],
            stats: (&[T], &[T]),
            weight: Option<&[T]>,
            dx: Option<&mut [T]>,
            dw: &mut [T],
            db: &mut [T],
        );
        /// Normalises each row of `cols`; writes its statistics. Without `mean`, rows are divided by their root mean square.
        normalize_rows = norm::normalize_rows, (
            cols: usize, x: &[T], eps: f64, affine: RowAffine<T>, y: &mut [T], mean: Option<&mut [T]>, rstd: &mut [T],
        );
        /// dx of [`normalize_rows`].
        normalize_rows_backward = norm::normalize_rows_backward, (
            cols: usize, x: &[T], dy: &[T], stats: RowStats<T>, weight: Option<&[T]>, dx: &mut [T],
        );
        /// dweight and dbias of [`normalize_rows`]: sums over the rows.
        normalize_rows_sums = norm::normalize_rows_sums, (
            cols: usize, x: &[T], dy: &[T], stats: RowStats<T>, dw: &mut [T], db: &mut [T],
        );
        /// y = exp(x - max) / sum exp(x - max), for each row of `cols`.
        softmax_rows = softmax::softmax_rows, (x: &[T], cols: usize, y: &mut [T]);
        /// y = x - max - ln sum exp(x - max), for each row of `cols`.
        log_softmax_rows = softmax::log_softmax_rows, (x: &[T], cols: usize, y: &mut [T]);
        /// dx = (dy - sum y dy) y, for each row of `cols`; `y` is the softmax.
        softmax_backward_rows = softmax::softmax_backward_rows, (y: &[T], dy: &[T], cols: usize, dx: &mut [T]);
        /// dx = dy - exp(y) sum dy, for each row of `cols`; `y` is the logarithm of the softmax.
        log_softmax_backward_rows = softmax::log_softmax_backward_rows, (y: &[T], dy: &[T], cols: usize, dx: &mut [T]);
        /// `out` [heads, rows, value] and `lse` [heads, rows].
        attention = attention::attention, (a: &Attention<T>, out: &mut [T], lse: &mut [T]);
        /// The gradients dq [heads, rows, width], dk [key heads, cols, width] and dv [key heads, cols, value] for `dout`, from what
        attention_backward = attention::attention_backward, (
            a: &Attention<T>, out: &[T], lse: &[T], dout: &[T], dq: &mut [T], dk: &mut [T], dv: &mut [T],
        );
        /// h = f(gates), in place.
        plain_step = recurrent::plain_step, (f: Plain, gates: &mut [T]);
        /// dgates = dh f'(gates), f' in terms of its value `h`.
        plain_step_backward = recurrent::plain_step_backward, (f: Plain, h: &[T], dh: &[T], dgates: &mut [T]);
        /// Applies the gates' functions in place, c = f c + i g in place, h = o tanh(c).
        lstm_step = recurrent::lstm_step, (gates: &mut [T], cell: &mut [T], out: &mut [T], hidden: usize);
        /// The gradient of [`lstm_step`]: `before` and `after` are c around it, `dc` turns from the one's gradient to the other's.
        lstm_step_backward = recurrent::lstm_step_backward, (
            gates: &[T], before: &[T], after: &[T], dh: &[T], dc: &mut [T], dgates: &mut [T], hidden: usize,
        );
        /// `gates` holds the inputs' part and gets r, z, n; `recurrent` the state's part; h = n + z (h - n) in place.
        gru_step = recurrent::gru_step, (gates: &mut [T], recurrent: &[T], state: &mut [T], hidden: usize);
        /// The gradient of [`gru_step`]: `candidate` is the state's part of n, `before` the state before it; `dh` becomes what
        gru_step_backward = recurrent::gru_step_backward, (
            gates: &[T], candidate: &[T], before: &[T], dh: &mut [T], dgates: &mut [T], drecurrent: &mut [T], hidden: usize,
        );
        /// y = the values of x at the grid's points.
        grid_forward = grid::forward, (v: &Grid, x: &[T], grid: &[T], along: Option<&[T]>, y: &mut [T]);
        /// dx = the gradient of the image.
        grid_backward_input = grid::backward_input, (v: &Grid, dy: &[T], grid: &[T], along: Option<&[T]>, dx: &mut [T]);
        /// dgrid = the gradient of the grid.
        grid_backward_grid = grid::backward_grid, (
            v: &Grid, dy: &[T], x: &[T], grid: &[T], along: Option<&[T]>, dgrid: &mut [T],
        );
        /// dx [planes, input] = the transpose of `gather`: every element of dy added at its index.
        resample_scatter = resample::scatter, (planes: usize, input: [usize; 3], maps: [&[usize]; 3], dy: &[T], dx: &mut [T]);
        /// y [planes, outputs] = x [planes, inputs] with every axis multiplied by its matrix, the last axis first.
        resample = resample::resample, (planes: usize, axes: [&Weights; 3], x: &[T], y: &mut [T]);
        /// x [planes, h, w] = the sum over all windows of the columns' elements.
        fold = unfold::fold, (v: &Unfold, y: &[T], x: &mut [T]);
    }
}
