//! PyTorch's printed form of a tensor: alignment, precision, scientific mode, summaries, suffixes.

use crate::autograd::no_grad;
use crate::ops::{cat, narrow};
use crate::{DType, Device, Result, Tensor, default_dtype};
use std::cell::RefCell;

/// How tensors print; PyTorch's `set_printoptions`.
#[derive(Clone, Debug, PartialEq)]
pub struct PrintOptions {
    /// Digits after the point.
    pub precision: usize,
    /// Elements above which the middle is left out.
    pub threshold: usize,
    /// Elements shown at each end of a dimension in a summary.
    pub edgeitems: usize,
    /// Characters a line.
    pub linewidth: usize,
    /// Scientific notation always, never, or (None) where the values ask for it.
    pub sci_mode: Option<bool>,
}

impl Default for PrintOptions {
    fn default() -> Self {
        PrintOptions { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80, sci_mode: None }
    }
}

thread_local! { static OPTIONS: RefCell<PrintOptions> = RefCell::default(); }

/// The isolate's options.
pub fn print_options() -> PrintOptions {
    OPTIONS.with(|o| o.borrow().clone())
}

/// Sets the isolate's options.
pub fn set_print_options(options: PrintOptions) {
    OPTIONS.with(|o| *o.borrow_mut() = options)
}

/// Decides once how all values of a tensor are written.
struct Formatter {
    dtype: DType,
    scientific: bool,
    whole: bool,
    width: usize,
    precision: usize,
}

impl Formatter {
    fn new(values: &[f64], dtype: DType, o: &PrintOptions) -> Formatter {
        let mut f = Formatter { dtype, scientific: false, whole: true, width: 1, precision: o.precision };
        if !dtype.is_float() {
            f.width = values.iter().map(|&v| f.plain(v).len()).max().unwrap_or(1).max(1);
            return f;
        }
        let shown = || values.iter().copied().filter(|v| v.is_finite() && *v != 0.0);
        let (min, max) = shown().fold((f64::INFINITY, 0f64), |(lo, hi), v| (lo.min(v.abs()), hi.max(v.abs())));
        if max > 0.0 {
            f.whole = shown().all(|v| v == v.ceil());
            f.scientific = o.sci_mode.unwrap_or(max / min > 1000.0 || max > 1e8 || (!f.whole && min < 1e-4));
            // The point of a whole number counts, but in scientific notation it is already there.
            let point = usize::from(f.whole && !f.scientific);
            f.width = shown().map(|v| f.body(v).len() + point).max().unwrap_or(1);
        }
        f
    }

    fn plain(&self, v: f64) -> String {
        match self.dtype {
            DType::Bool => if v != 0.0 { "True" } else { "False" }.into(),
            _ => format!("{v:.0}"),
        }
    }

    /// A finite value without padding.
    fn body(&self, v: f64) -> String {
        match (self.scientific, self.whole) {
            (true, _) => scientific(v, self.precision),
            (false, true) => format!("{v:.0}"),
            (false, false) => format!("{v:.*}", self.precision),
        }
    }

    fn format(&self, v: f64) -> String {
        let text = if !self.dtype.is_float() {
            self.plain(v)
        } else if v.is_nan() {
            "nan".into()
        } else if v.is_infinite() {
            if v > 0.0 { "inf".into() } else { "-inf".into() }
        } else if self.whole && !self.scientific {
            self.body(v) + "."
        } else {
            self.body(v)
        };
        format!("{text:>width$}", width = self.width)
    }
}

/// `1.0000e-05`: the exponent has a sign and at least two digits.
fn scientific(v: f64, precision: usize) -> String {
    let text = format!("{v:.precision$e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) => {
            let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |d| ('-', d));
            format!("{mantissa}e{sign}{digits:0>2}")
        }
        None => text,
    }
}

/// The text between the outer brackets of `values` with this shape.
fn nested(values: &[Option<f64>], shape: &[usize], indent: usize, f: &Formatter, o: &PrintOptions) -> String {
    match shape {
        [] => values.first().copied().flatten().map_or(String::new(), |v| f.format(v)),
        [_] => line(values, indent, f, o),
        [n, rest @ ..] => {
            let step = values.len() / n;
            let parts = values.chunks(step.max(1)).map(|v| match v.first() {
                Some(None) => "...".to_string(),
                _ => nested(v, rest, indent + 1, f, o),
            });
            let gap = format!(",{}{}", "\n".repeat(shape.len() - 1), " ".repeat(indent + 1));
            format!("[{}]", parts.collect::<Vec<_>>().join(&gap))
        }
    }
}

fn line(values: &[Option<f64>], indent: usize, f: &Formatter, o: &PrintOptions) -> String {
    let per_line = (o.linewidth.saturating_sub(indent) / (f.width + 2)).max(1);
    let items: Vec<String> = values.iter().map(|v| v.map_or(" ...".into(), |v| f.format(v))).collect();
    let gap = format!(",\n{}", " ".repeat(indent + 1));
    format!("[{}]", items.chunks(per_line).map(|l| l.join(", ")).collect::<Vec<_>>().join(&gap))
}

/// What is shown of a large tensor: the ends of each dimension.
fn edges(x: &Tensor, o: &PrintOptions) -> Result<Tensor> {
    let mut x = x.clone();
    for d in 0..x.rank() {
        let n = x.shape()[d];
        if n > 2 * o.edgeitems {
            let (d, e) = (d as i64, o.edgeitems as i64);
            x = cat(&[narrow(&x, d, 0, e)?, narrow(&x, d, n as i64 - e, e)?], d)?;
        }
    }
    Ok(x)
}

/// Puts a gap (None) where the middle of a dimension was left out.
fn with_gaps(values: &[f64], shown: &[usize], full: &[usize]) -> (Vec<Option<f64>>, Vec<usize>) {
    let Some((&n, rest)) = shown.split_first() else { return (values.iter().map(|&v| Some(v)).collect(), vec![]) };
    let step = values.len() / n.max(1);
    let parts: Vec<_> = values.chunks(step.max(1)).map(|v| with_gaps(v, rest, &full[1..])).collect();
    let inner = parts.first().map_or(vec![], |p| p.1.clone());
    let mut rows: Vec<Vec<Option<f64>>> = parts.into_iter().map(|p| p.0).collect();
    if n < full[0] {
        let width = rows.first().map_or(1, Vec::len);
        rows.insert(n / 2, vec![None; width]);
    }
    let shape = std::iter::once(rows.len()).chain(inner).collect();
    (rows.concat(), shape)
}

fn contents(x: &Tensor, indent: usize, o: &PrintOptions) -> Result<String> {
    if x.numel() == 0 {
        return Ok("[]".into());
    }
    let summarize = x.numel() > o.threshold;
    let shown = if summarize { edges(x, o)? } else { x.clone() };
    let values = shown.to_f64_vec()?;
    if x.dtype() == DType::I64 && values.iter().any(|v| v.abs() >= (1i64 << 53) as f64) {
        return wide_integers(&shown, x, indent, o);
    }
    let f = Formatter::new(&values, x.dtype(), o);
    let (values, shape) = with_gaps(&values, shown.shape(), x.shape());
    Ok(nested(&values, &shape, indent, &f, o))
}

/// int64 values that float64 does not hold: written with placeholders of their width, then replaced.
fn wide_integers(shown: &Tensor, x: &Tensor, indent: usize, o: &PrintOptions) -> Result<String> {
    let exact = shown.contiguous()?;
    let exact = exact.data::<i64>()?;
    let width = exact.iter().map(|v| v.to_string().len()).max().unwrap_or(1);
    let f = Formatter { dtype: DType::I64, scientific: false, whole: true, width, precision: 0 };
    let numbers: Vec<f64> = (0..exact.len()).map(|i| i as f64).collect();
    let (numbers, shape) = with_gaps(&numbers, shown.shape(), x.shape());
    let text = nested(&numbers, &shape, indent, &f, o);
    let mut out = String::new();
    let mut digits = String::new();
    for c in text.chars().chain(['\0']) {
        match c {
            '0'..='9' => digits.push(c),
            _ => {
                if let Ok(i) = digits.parse::<usize>() {
                    let value = exact[i].to_string();
                    out.truncate(
                        out.len() - (value.len() - digits.len()).min(out.len() - out.trim_end_matches(' ').len()),
                    );
                    out.push_str(&value);
                    digits.clear();
                }
                if c != '\0' {
                    out.push(c);
                }
            }
        }
    }
    Ok(out)
}

/// PyTorch's `repr(tensor)`; `name` is `tensor`.
pub fn display(x: &Tensor, name: &str) -> Result<String> {
    let o = print_options();
    let prefix = format!("{name}(");
    let indent = prefix.len() - prefix.rfind('\n').map_or(0, |i| i + 1);
    let mut suffixes = vec![];
    if x.device() != Device::Cpu {
        suffixes.push(format!("device='{}'", x.device()));
    }
    let plain = match x.numel() {
        0 => x.dtype() == default_dtype(),
        _ => [default_dtype(), DType::I64, DType::Bool].contains(&x.dtype()),
    };
    if x.numel() == 0 && x.rank() != 1 {
        let sizes: Vec<String> = x.shape().iter().map(usize::to_string).collect();
        suffixes.push(format!("size=({}{})", sizes.join(", "), if sizes.len() == 1 { "," } else { "" }));
    }
    if !plain {
        suffixes.push(format!("dtype=torch.{}", x.dtype().name()));
    }
    let body = prefix + &no_grad(|| contents(&x.detach(), indent, &o))?;
    match x.grad_fn() {
        Some(f) => suffixes.push(format!("grad_fn=<{f}>")),
        None if x.requires_grad() => suffixes.push("requires_grad=True".into()),
        None => {}
    }
    let mut used = body.len() - body.rfind('\n').map_or(0, |i| i + 1) + 2;
    let mut out = body;
    for s in suffixes {
        if used + s.len() + 2 > o.linewidth {
            used = indent + s.len();
            out = out + ",\n" + &" ".repeat(indent) + &s;
        } else {
            used += s.len() + 2;
            out = out + ", " + &s;
        }
    }
    Ok(out + ")")
}

impl std::fmt::Debug for Tensor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&display(self, "tensor").map_err(|_| std::fmt::Error)?)
    }
}
