//! Products of sizes that cannot wrap: a wrapped length would pass a check and let a kernel out of its slice.

/// The product, or a panic if it does not fit.
pub(crate) fn product(sizes: &[usize]) -> usize {
    sizes.iter().try_fold(1usize, |p, &s| p.checked_mul(s)).expect("a size overflows")
}

/// Elements that rows of `cols` elements at these strides span.
pub(crate) fn span(rows: usize, cols: usize, row: usize, col: usize) -> usize {
    if rows == 0 || cols == 0 {
        return 0;
    }
    let last = product(&[rows - 1, row]).checked_add(product(&[cols - 1, col]));
    last.and_then(|l| l.checked_add(1)).expect("a size overflows")
}
