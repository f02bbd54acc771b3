//! Order along a dimension: sorting, the largest k, the kth value, the median, the mode. NaN counts as the largest. All give
//! values and int64 places, and the gradient goes to those places.

use super::extremum::shared_gradient;
use super::gather::{gather, scatter_add};
use super::keys::{is_nan, keys};
use super::view::{reshape, squeeze, transpose};
use crate::autograd::Tape;
use crate::error::{dtype, index, shape};
use crate::iter::{GRAIN, pieces};
use crate::layout::wrap_dim;
use crate::{DType, Result, Scalar, Tensor, memory};

/// Applies `f` to the keys of each line along `d`: from n elements it chooses `k`, as places in the line. Gives values and
/// places.
fn choose(x: &Tensor, d: usize, k: usize, f: impl Fn(&[u64], &mut [i64]) + Sync) -> Result<(Tensor, Tensor)> {
    let lines = transpose(&x.detach(), d as i64, -1)?;
    let mut dims = lines.shape().to_vec();
    let n = std::mem::replace(&mut dims[x.rank() - 1], k);
    let mut places = memory::alloc::<i64>(lines.numel().checked_div(n).unwrap_or(0) * k)?;
    if k > 0 {
        let all = keys(&lines)?;
        let mut jobs: Vec<&mut [i64]> = places.chunks_exact_mut(k).collect();
        pieces(&mut jobs, GRAIN / n.max(1) + 1, |first, jobs| {
            jobs.iter_mut().enumerate().for_each(|(i, places)| f(&all[(first + i) * n..][..n], places));
        });
    }
    let places = transpose(&Tensor::from_vec(places, &dims), d as i64, -1)?.contiguous()?.alias();
    Ok((gather(&x.detach(), d as i64, &places)?.alias(), places))
}

/// Records values that were chosen from x along `d` at `places` (which still have that dimension).
fn chosen(name: &'static str, x: &Tensor, d: usize, values: Tensor, places: &Tensor) -> Result<Tensor> {
    let form = x.layout().shape.clone();
    Tape::of(name, &[x]).keep(places).record(values, move |c| {
        c.each(&[&|| {
            let (gy, places) = (c.gy()?, c.saved(0)?);
            let zeros = Tensor::full(&form, Scalar::Int(0), gy.dtype())?;
            scatter_add(&zeros, d as i64, &places, &reshape(&gy, &super::reduce::signed(places.shape()))?)
        }])
    })
}

/// A zero-dimensional tensor is its own line.
fn at_least_1d(x: &Tensor) -> Result<Tensor> {
    if x.rank() == 0 { reshape(x, &[1]) } else { Ok(x.clone()) }
}

fn select(
    name: &'static str,
    x: &Tensor,
    d: i64,
    k: usize,
    keepdim: bool,
    run: impl Fn(&Tensor, usize) -> Result<(Tensor, Tensor)>,
) -> Result<(Tensor, Tensor)> {
    let at = wrap_dim(d, x.rank())?;
    let line = at_least_1d(x)?;
    let (values, places) = run(&line, at)?;
    let y = chosen(name, &line, at, values, &places)?;
    let drop = k == 1 && !keepdim || x.rank() == 0;
    let finish = |t: Tensor| if drop { squeeze(&t, Some(&[at as i64])) } else { Ok(t) };
    Ok((finish(y)?, finish(places)?))
}

/// The keys of a line with their places, in ascending or descending order; equal elements keep theirs.
fn sorted_places(line: &[u64], descending: bool) -> Vec<(u64, u32)> {
    let mut pairs = with_places(line, descending);
    pairs.sort_unstable(); // the place breaks ties, so that the faster unstable sort is stable
    pairs
}

/// Keys with their places; inverted keys sort in descending order.
fn with_places(line: &[u64], descending: bool) -> Vec<(u64, u32)> {
    let flip = if descending { u64::MAX } else { 0 };
    line.iter().enumerate().map(|(i, &key)| (key ^ flip, i as u32)).collect()
}

fn write_places(pairs: &[(u64, u32)], places: &mut [i64]) {
    places.iter_mut().zip(pairs).for_each(|(p, &(_, i))| *p = i as i64);
}

fn check_line(n: usize) -> Result<()> {
    if n > u32::MAX as usize {
        return shape(format!("sort: expected at most 2^32 elements along the dimension, received {n}"));
    }
    Ok(())
}

/// All elements along `d` in order, equal ones as they came.
pub fn sort(x: &Tensor, d: i64, descending: bool) -> Result<(Tensor, Tensor)> {
    let n = x.shape().get(wrap_dim(d, x.rank())?).copied().unwrap_or(1);
    check_line(n)?;
    select("SortBackward0", x, d, n, true, |x, d| {
        choose(x, d, n, |line, places| write_places(&sorted_places(line, descending), places))
    })
}

/// The `k` largest (or smallest) elements along `d`, in order.
pub fn topk(x: &Tensor, k: i64, d: i64, largest: bool) -> Result<(Tensor, Tensor)> {
    let n = x.shape().get(wrap_dim(d, x.rank())?).copied().unwrap_or(1);
    check_line(n)?;
    if k < 0 || k as usize > n {
        return index("selected index k out of range");
    }
    let k = k as usize;
    select("TopkBackward0", x, d, k, true, |x, d| {
        choose(x, d, k, |line, places| {
            let mut pairs = with_places(line, largest);
            if k < pairs.len() {
                pairs.select_nth_unstable(k - 1);
            }
            pairs[..k].sort_unstable();
            write_places(&pairs, places);
        })
    })
}

/// The `k`th smallest element along `d`, counted from 1.
pub fn kthvalue(x: &Tensor, k: i64, d: i64, keepdim: bool) -> Result<(Tensor, Tensor)> {
    let n = x.shape().get(wrap_dim(d, x.rank())?).copied().unwrap_or(1);
    check_line(n)?;
    if x.numel() == 0 && n == 0 {
        return index(format!("kthvalue(): Expected reduction dim {d} to have non-zero size."));
    }
    if k < 1 || k as usize > n {
        let d = wrap_dim(d, x.rank())?;
        return index(format!("kthvalue(): selected number k out of range for dimension {d}"));
    }
    select("KthvalueBackward0", x, d, 1, keepdim, |x, d| {
        choose(x, d, 1, |line, places| places[0] = quickselect(line, k as usize - 1) as i64)
    })
}

/// The place of the element that comes `k`th in ascending order.
fn nth(line: &[u64], k: usize) -> usize {
    let mut pairs = with_places(line, false);
    pairs.select_nth_unstable(k).1.1 as usize
}

/// The place of the element that comes `k`th in ascending order, found by Hoare's selection with the median of three as pivot
/// [Sedgewick 1978]: which of equal elements it is follows from the order of exchanges, so that is fixed.
fn quickselect(line: &[u64], k: usize) -> usize {
    let mut at: Vec<usize> = (0..line.len()).collect();
    let above = |i: usize, j: usize| line[i] > line[j];
    let (mut low, mut high) = (0, line.len() - 1);
    while high > low + 1 {
        at.swap(low + (high - low) / 2, low + 1);
        for (i, j) in [(low + 1, high), (low, high), (low + 1, low)] {
            if above(at[i], at[j]) {
                at.swap(i, j);
            }
        }
        let pivot = at[low];
        let (mut i, mut j) = (low + 1, high);
        loop {
            i += 1;
            while above(pivot, at[i]) {
                i += 1;
            }
            j -= 1;
            while above(at[j], pivot) {
                j -= 1;
            }
            if j < i {
                break;
            }
            at.swap(i, j);
        }
        at.swap(low, j);
        if j <= k {
            low = i;
        }
        if j >= k {
            high = j - 1;
        }
        if high <= low {
            return at[k];
        }
    }
    if high == low + 1 && above(at[low], at[high]) {
        at.swap(low, high);
    }
    at[k]
}

/// The middle element along `d`, the lower of two. NaN wins, unless `ignore_nan`.
pub fn median_dim(x: &Tensor, d: i64, keepdim: bool, ignore_nan: bool) -> Result<(Tensor, Tensor)> {
    let (op, name) = if ignore_nan { ("nanmedian", "NanmedianBackward1") } else { ("median", "MedianBackward1") };
    let n = x.shape().get(wrap_dim(d, x.rank())?).copied().unwrap_or(1);
    if x.dtype() == DType::Bool {
        return dtype(format!("\"{op}_out\" not implemented for 'Bool'"));
    }
    check_line(n)?;
    if n == 0 {
        return index(format!("{op}(): Expected reduction dim {d} to have non-zero size."));
    }
    select(name, x, d, 1, keepdim, |x, d| {
        choose(x, d, 1, |line, places| places[0] = middle(line, x.dtype(), ignore_nan) as i64)
    })
}

fn middle(line: &[u64], dtype: DType, ignore_nan: bool) -> usize {
    let numbers = line.iter().filter(|v| !is_nan(**v, dtype)).count();
    if numbers < line.len() && (!ignore_nan || numbers == 0) {
        return line.iter().position(|&v| is_nan(v, dtype)).unwrap_or(0);
    }
    nth(line, (numbers - 1) / 2)
}

/// The middle of all elements; equal ones share the gradient.
pub fn median(x: &Tensor, ignore_nan: bool) -> Result<Tensor> {
    if x.numel() == 0 {
        return Tensor::full(&[], if x.dtype().is_float() { f64::NAN.into() } else { i64::MIN.into() }, x.dtype());
    }
    let y = median_dim(&reshape(&x.detach(), &[-1])?, 0, false, ignore_nan)?.0;
    let name = if ignore_nan { "NanmedianBackward0" } else { "MedianBackward0" };
    Tape::of(name, &[x])
        .keep(x)
        .keep_output(&y)
        .record(y, |c| c.each(&[&|| shared_gradient(&c.gy()?, &c.saved(0)?, &c.saved(1)?)]))
}

/// The most frequent element along `d`, of equally frequent ones the smallest; its place is the last one.
pub fn mode(x: &Tensor, d: i64, keepdim: bool) -> Result<(Tensor, Tensor)> {
    let n = x.shape().get(wrap_dim(d, x.rank())?).copied().unwrap_or(1);
    check_line(n)?;
    if n == 0 {
        return index(format!("mode(): Expected reduction dim {d} to have non-zero size."));
    }
    select("ModeBackward0", x, d, 1, keepdim, |x, d| {
        choose(x, d, 1, |line, places| {
            let pairs = sorted_places(line, false);
            let (mut best, mut most) = (pairs[0].1, 0);
            for run in pairs.chunk_by(|a, b| a.0 == b.0) {
                if run.len() > most {
                    (best, most) = (run[run.len() - 1].1, run.len());
                }
            }
            places[0] = best as i64;
        })
    })
}
