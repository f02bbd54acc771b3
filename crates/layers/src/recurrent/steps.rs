//! The steps of a sequence of rows: how many there are at each step, and in which order they are taken.

/// Rows of all steps one after another. A batch whose sequences end at different steps has fewer rows at later ones.
#[derive(Clone, Debug)]
pub(super) struct Steps {
    sizes: Vec<usize>,
    starts: Vec<usize>,
    reverse: bool,
}

impl Steps {
    pub(super) fn new(sizes: &[usize], reverse: bool) -> Steps {
        let starts = sizes
            .iter()
            .scan(0, |end, n| {
                *end += n;
                Some(*end - n)
            })
            .collect();
        Steps { sizes: sizes.to_vec(), starts, reverse }
    }

    /// The rows of all steps.
    pub(super) fn total(&self) -> usize {
        self.sizes.iter().sum()
    }

    /// The sequences.
    pub(super) fn batch(&self) -> usize {
        self.sizes.first().copied().unwrap_or(0)
    }

    /// The first row of a step and its number of rows.
    pub(super) fn rows(&self, step: usize) -> (usize, usize) {
        (self.starts[step], self.sizes[step])
    }

    /// The steps as they are taken.
    pub(super) fn order(&self) -> Vec<usize> {
        let n = self.sizes.len();
        if self.reverse { (0..n).rev().collect() } else { (0..n).collect() }
    }

    /// Copies the states before a step to `out`: those after the step that was taken before it, or the first ones of
    /// sequences that begin here.
    pub(super) fn before<T: Copy>(&self, step: usize, first: &[T], all: &[T], width: usize, out: &mut [T]) {
        let rows = self.sizes[step];
        let previous = if self.reverse { Some(step + 1) } else { step.checked_sub(1) };
        let previous = previous.filter(|&p| p < self.sizes.len());
        let known = previous.map_or(0, |p| rows.min(self.sizes[p]));
        if let Some(p) = previous {
            out[..known * width].copy_from_slice(&all[self.starts[p] * width..][..known * width]);
        }
        out[known * width..rows * width].copy_from_slice(&first[known * width..rows * width]);
    }
}
