//! Counting and finding values: unique ones, histograms, places in sorted sequences.

use super::copy::to_dtype;
use super::keys::{is_nan, keys};
use super::view::{movedim, reshape};
use crate::element::computing;
use crate::error::{argument, dtype, shape};
use crate::layout::{checked_numel, list, wrap_dim};
use crate::{Bool, DType, Number, Result, Tensor, memory, promote};

/// Distinct values, the place of each element among them, and how often each occurs.
pub struct Unique {
    /// The distinct elements, or slices along the dimension.
    pub values: Tensor,
    /// For each element (or slice) its place in `values`.
    pub inverse: Tensor,
    /// How often each occurs.
    pub counts: Tensor,
}

/// The distinct elements of x (or slices along `d`): sorted, or only runs of equal neighbours (`consecutive`) in their order.
pub fn unique(x: &Tensor, d: Option<i64>, consecutive: bool) -> Result<Unique> {
    let x = x.detach();
    let d = d.map(|d| wrap_dim(d, x.rank())).transpose()?;
    let rows = match d {
        Some(d) if x.rank() > 0 => movedim(&x, d as i64, 0)?.contiguous()?,
        _ => reshape(&x, &[-1])?.contiguous()?,
    };
    let n = rows.shape()[0];
    let width = rows.numel().checked_div(n).unwrap_or(0);
    if d.is_some() && x.numel() == 0 && n > 0 && width == 0 {
        return shape(format!("unique: expected slices with elements, received a tensor of shape {}", list(x.shape())));
    }
    let mut order: Vec<usize> = (0..n).collect();
    let mut inverse = memory::filled::<i64>(n, 0)?;
    let mut counts: Vec<i64> = vec![];
    let all = keys(&rows)?;
    let row = |i: usize| &all[i * width..][..width];
    let nan = |i: usize| row(i).iter().any(|&key| is_nan(key, rows.dtype()));
    if !consecutive {
        order.sort_by(|&a, &b| row(a).cmp(row(b)));
    }
    let mut firsts: Vec<i64> = vec![];
    for &i in &order {
        match firsts.last() {
            // NaN differs from itself.
            Some(&f) if row(f as usize) == row(i) && !nan(i) => {}
            _ => {
                firsts.push(i as i64);
                counts.push(0);
            }
        }
        inverse[i] = firsts.len() as i64 - 1;
        if let Some(count) = counts.last_mut() {
            *count += 1;
        }
    }
    let k = firsts.len();
    let values = super::index_select(&rows, 0, &Tensor::from_vec(firsts, &[k]))?;
    let values = match d {
        Some(d) if x.rank() > 0 => movedim(&values, 0, d as i64)?.contiguous()?.alias(),
        _ => values,
    };
    let places: Vec<usize> = if d.is_some() { vec![n] } else { x.shape().to_vec() };
    Ok(Unique { values, inverse: Tensor::from_vec(inverse, &places), counts: Tensor::from_vec(counts, &[k]) })
}

/// How often each number 0, 1, ... occurs in x, or the sums of their weights; at least `minlength` entries.
pub fn bincount(x: &Tensor, weights: Option<&Tensor>, minlength: i64) -> Result<Tensor> {
    if minlength < 0 {
        return argument("minlength should be >= 0");
    }
    if x.dtype().is_float() || x.dtype() == DType::Bool {
        return dtype(format!("\"bincount_cpu\" not implemented for '{}'", x.dtype().title()));
    }
    let values = to_dtype(&x.detach(), DType::I64)?.contiguous()?;
    let values = values.data::<i64>()?;
    if x.rank() > 1 || values.iter().any(|&v| v < 0) {
        return argument("bincount only supports 1-d non-negative integral inputs.");
    }
    if weights.is_some_and(|w| w.shape() != x.shape()) {
        return shape("weights should be 1-d and have the same length as input");
    }
    let n = values.iter().max().map_or(0, |&m| m as usize + 1).max(minlength as usize);
    let Some(w) = weights else {
        let mut out = memory::filled::<i64>(n, 0)?;
        values.iter().for_each(|&v| out[v as usize] += 1);
        return Ok(Tensor::from_vec(out, &[n]));
    };
    let to = if w.dtype() == DType::F32 { DType::F32 } else { DType::F64 };
    let w = to_dtype(&w.detach(), to)?.contiguous()?;
    computing!(to, T => {
        let mut out = memory::filled::<T>(n, T::default())?;
        values.iter().zip(w.data::<T>()?).for_each(|(&v, &w)| out[v as usize] = Number::add(out[v as usize], w));
        Ok(Tensor::from_vec(out, &[n]))
    })
}

/// The range of a histogram: as given, or the data's; a range of nothing is widened on both sides.
fn bounds(op: &str, x: &[f64], min: f64, max: f64, widen: f64) -> Result<(f64, f64)> {
    let (mut low, mut high) = (min, max);
    if low == high && !x.is_empty() {
        low = x.iter().copied().fold(f64::INFINITY, f64::min);
        high = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    }
    if low == high {
        (low, high) = (low - widen, high + widen);
    }
    if !low.is_finite() || !high.is_finite() {
        return argument(format!("{op}: range of [{low}, {high}] is not finite"));
    }
    if low > high {
        return argument(format!("{op}: max must be larger than min"));
    }
    Ok((low, high))
}

/// Counts in `bins` equal bins between `min` and `max` (both 0: the data's); what lies outside does not count.
pub fn histc(x: &Tensor, bins: i64, min: f64, max: f64) -> Result<Tensor> {
    if bins <= 0 {
        return argument("bins must be > 0");
    }
    if !x.dtype().is_float() {
        return dtype(format!("\"histogram_cpu\" not implemented for '{}'", x.dtype().title()));
    }
    let values = x.to_f64_vec()?;
    let (low, high) = bounds("torch.histc", &values, min, max, 1.0)?;
    let n = bins as usize;
    let mut out = memory::filled::<f64>(n, 0.0)?;
    let single = x.dtype() == DType::F32;
    for v in values {
        if !(low..=high).contains(&v) {
            continue;
        }
        // In the data's own precision, which decides on which side of an edge a value falls.
        let at = match single {
            true => ((v as f32 - low as f32) / (high as f32 - low as f32) * n as f32) as usize,
            false => ((v - low) / (high - low) * n as f64) as usize,
        };
        out[at.min(n - 1)] += 1.0;
    }
    Tensor::from_vec(out, &[n]).to_dtype(x.dtype())
}

/// Weighted counts and the edges of bins: `edges` given and increasing, or `bins` equal ones over `range`.
pub fn histogram(
    x: &Tensor,
    edges: std::result::Result<&Tensor, i64>,
    range: Option<(f64, f64)>,
    weight: Option<&Tensor>,
    density: bool,
) -> Result<(Tensor, Tensor)> {
    if !x.dtype().is_float() {
        return dtype(format!("\"histogram_cpu\" not implemented for '{}'", x.dtype().title()));
    }
    let values = x.to_f64_vec()?;
    if weight.is_some_and(|w| w.shape() != x.shape()) {
        return shape(
            "torch.histogram(): if weight tensor is provided it should have the same shape as the input tensor",
        );
    }
    let weights = weight.map(Tensor::to_f64_vec).transpose()?;
    let edges = match edges {
        Ok(edges) => edges.detach(),
        Err(bins) if bins <= 0 => return argument("torch.histogram(): bins must be > 0"),
        Err(bins) => {
            let (min, max) = range.unwrap_or((0.0, 0.0));
            let (low, high) = bounds("torch.histogram", &values, min, max, 0.5)?;
            super::linspace(low, high, bins as usize + 1, Some(x.dtype()))?
        }
    };
    let at = edges.to_f64_vec()?;
    let n = at.len().saturating_sub(1);
    let mut out = memory::filled::<f64>(n, 0.0)?;
    for (i, v) in values.into_iter().enumerate() {
        if n > 0 && v >= at[0] && v <= at[n] {
            let bin = at.partition_point(|&e| e <= v).clamp(1, n) - 1;
            out[bin] += weights.as_ref().map_or(1.0, |w| w[i]);
        }
    }
    if density {
        let total: f64 = out.iter().sum();
        out.iter_mut().enumerate().for_each(|(i, o)| *o /= total * (at[i + 1] - at[i]));
    }
    Ok((Tensor::from_vec(out, &[n]).to_dtype(x.dtype())?, edges))
}

/// Where each value would go in the sorted lines of `sorted` (one line for all, or one per line of x): before equal ones,
/// or behind them (`right`). `sorter` gives the order of an unsorted sequence.
pub fn searchsorted(sorted: &Tensor, x: &Tensor, right: bool, int32: bool, sorter: Option<&Tensor>) -> Result<Tensor> {
    let (s, v) = (sorted.shape(), x.shape());
    if s.len() != 1 && (s.len() != v.len() || s[..s.len().max(1) - 1] != v[..v.len().max(1) - 1]) {
        return shape(format!(
            "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor and input value tensor must match, but we got boundaries tensor {} and input value tensor {}",
            list(s),
            list(v)
        ));
    }
    let common = if x.is_number() || x.rank() == 0 { sorted.dtype() } else { promote(sorted.dtype(), x.dtype()) };
    let sequence = match sorter {
        Some(at) => super::gather(&sorted.detach(), -1, at)?,
        None => sorted.detach(),
    };
    let (all, values) = (keys(&to_dtype(&sequence, common)?)?, keys(&to_dtype(&x.detach(), common)?)?);
    let n = s.last().copied().unwrap_or(1);
    let width = if s.len() == 1 { x.numel() } else { v.last().copied().unwrap_or(1) };
    let mut out = memory::alloc::<i64>(checked_numel(v)?)?;
    for (i, o) in out.iter_mut().enumerate() {
        let line = if s.len() == 1 { &all[..] } else { &all[i / width * n..][..n] };
        let value = values[i];
        *o = line.partition_point(|&e| e < value || right && e == value) as i64;
    }
    let y = Tensor::from_vec(out, v);
    if int32 { y.to_dtype(DType::I32) } else { Ok(y) }
}

/// Whether each element of x occurs in `among`.
pub fn isin(x: &Tensor, among: &Tensor, invert: bool) -> Result<Tensor> {
    let common = crate::result_type(&[x, among]);
    let mut set = keys(&to_dtype(&among.detach(), common)?)?;
    set.sort_unstable();
    let found = |key: u64| set.binary_search(&key).is_ok() && !is_nan(key, common);
    let out = keys(&to_dtype(&x.detach(), common)?)?.into_iter().map(|key| (found(key) != invert).into()).collect();
    Ok(Tensor::from_vec::<Bool>(out, x.shape()))
}

/// The first `size` rows of [`super::nonzero`], filled up with `fill`.
pub fn nonzero_static(x: &Tensor, size: usize, fill: i64) -> Result<Tensor> {
    let found = super::nonzero(x)?;
    let rank = x.rank();
    let mut out = memory::filled::<i64>(checked_numel(&[size, rank])?, fill)?;
    let n = found.numel().min(out.len());
    out[..n].copy_from_slice(&found.data::<i64>()?[..n]);
    Ok(Tensor::from_vec(out, &[size, rank]))
}
