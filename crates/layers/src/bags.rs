//! The bags of an embedding bag: which index belongs to which.

use candlewick_tensor::{Error, Result};

/// Which bag each index is in (none behind the end of the last one), and how many count in each bag.
pub(crate) struct Bags {
    pub(crate) of: Vec<Option<usize>>,
    pub(crate) counts: Vec<usize>,
}

/// The row that does not count.
pub(crate) fn padding_row(padding: Option<i64>, v: usize) -> Result<Option<usize>> {
    let Some(p) = padding else { return Ok(None) };
    let n = v as i64;
    if p < -n || p >= n {
        return Err(Error::Argument(format!(
            "padding_idx must be within the number of embeddings, {} through {}, but got {p}",
            -n,
            n - 1
        )));
    }
    Ok(Some(p.rem_euclid(n) as usize))
}

/// Cuts the indices at the offsets. Errors: offsets out of range or order.
pub(crate) fn assign(places: &[i64], offsets: &[i64], include_last: bool, kept: impl Fn(i64) -> bool) -> Result<Bags> {
    let (n, mut starts) = (places.len() as i64, offsets);
    if include_last {
        let [front @ .., _] = offsets else {
            return Err(Error::Argument("include_last_offset: number of offsets should be at least 1".into()));
        };
        starts = front;
    }
    if let Some(first) = offsets.first().filter(|&&o| o != 0) {
        return Err(Error::Argument(format!(
            "offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. However, got {first}"
        )));
    }
    if let Some(last) = offsets.last().filter(|&&o| o > n) {
        return Err(Error::Argument(format!(
            "offsets[-1] can not be greater than input's length {n} but got offsets[-1] of {last}"
        )));
    }
    if !offsets.is_sorted() {
        return Err(Error::Argument("embedding_bag: expected offsets that do not decrease".into()));
    }
    let mut bags = Bags { of: vec![None; places.len()], counts: vec![0; starts.len()] };
    for (b, &start) in starts.iter().enumerate() {
        let end = offsets.get(b + 1).copied().unwrap_or(n);
        for at in start as usize..end as usize {
            bags.of[at] = Some(b);
            bags.counts[b] += usize::from(kept(places[at]));
        }
    }
    Ok(bags)
}
