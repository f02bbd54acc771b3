//! One-hot encoding of classes.

use candlewick_tensor::{DType, Error, Result, Tensor, memory};

/// 1 at each class, 0 elsewhere: int64 x [...] -> int64 [..., classes]; -1 takes the largest class plus 1.
/// Errors: another dtype; classes out of range.
pub fn one_hot(x: &Tensor, classes: i64) -> Result<Tensor> {
    let wrong = |text: &str| Err(Error::Argument(text.into()));
    if x.dtype() != DType::I64 {
        return Err(Error::DType("one_hot is only applicable to index tensor of type LongTensor.".into()));
    }
    if x.numel() == 0 && classes <= 0 {
        return wrong("Can not infer total number of classes from empty tensor.");
    }
    let x = x.detach().contiguous()?;
    let values = x.data::<i64>()?;
    if values.iter().any(|&v| v < 0) {
        return wrong("Class values must be non-negative.");
    }
    let needed = values.iter().max().map_or(0, |m| m.saturating_add(1));
    let classes = if classes == -1 { needed } else { classes };
    if needed > classes {
        return wrong("Class values must be smaller than num_classes.");
    }
    let width = classes as usize;
    let n = values.len().checked_mul(width).ok_or_else(|| Error::Memory("one_hot: too many elements".into()))?;
    let mut out = memory::filled(n, 0i64)?;
    for (row, &v) in out.chunks_exact_mut(width.max(1)).zip(values) {
        row[v as usize] = 1;
    }
    Tensor::new(out, &[x.shape(), &[width]].concat())
}
