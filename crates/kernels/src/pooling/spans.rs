//! Where windows lie along one axis.

/// One window: the elements start, start + step, ... below end, all inside the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first element.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The length with the padding that it covers.
    pub size: usize,
}

/// The windows along one axis.
#[derive(Clone, Debug)]
pub struct Axis {
    len: usize,
    step: usize,
    spans: Vec<Span>,
}

impl Axis {
    /// Windows of `kernel` elements that are `dilation` apart, every `stride` elements, over `len` elements padded on both
    /// sides. Panics if a window misses the input.
    pub fn sliding(len: usize, kernel: usize, stride: usize, padding: usize, dilation: usize, outputs: usize) -> Axis {
        let span = |i: usize| {
            let start = i * stride;
            let end = start + (kernel - 1) * dilation + 1;
            let first =
                if start >= padding { start - padding } else { (dilation - (padding - start) % dilation) % dilation };
            Span { start: first, end: end.saturating_sub(padding).min(len), size: end.min(len + 2 * padding) - start }
        };
        Axis::of(len, dilation, (0..outputs).map(span).collect())
    }

    /// Windows from floor(i len / outputs) to ceil((i + 1) len / outputs), which cover all elements.
    pub fn adaptive(len: usize, outputs: usize) -> Axis {
        let wide = |i: usize| i as u128 * len as u128;
        let span = |i: usize| {
            let (start, end) = ((wide(i) / outputs as u128) as usize, wide(i + 1).div_ceil(outputs as u128) as usize);
            Span { start, end, size: end - start }
        };
        Axis::of(len, 1, (0..outputs).map(span).collect())
    }

    /// Windows of `kernel` elements from these starts. Panics if one leaves the input.
    pub fn starts(len: usize, kernel: usize, starts: &[usize]) -> Axis {
        let span = |&start: &usize| Span { start, end: start + kernel, size: kernel };
        Axis::of(len, 1, starts.iter().map(span).collect())
    }

    fn of(len: usize, step: usize, spans: Vec<Span>) -> Axis {
        assert!(spans.iter().all(|s| s.start < s.end && s.end <= len), "pooling: a window misses the input");
        Axis { len, step, spans }
    }

    /// Elements of the input.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Steps between the elements of a window.
    pub fn step(&self) -> usize {
        self.step
    }

    /// The windows.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Whether the windows are all single elements, or pairs, side by side from the first element on.
    #[doc(hidden)]
    pub fn tiles(&self, size: usize) -> bool {
        self.step == 1 && self.spans.iter().enumerate().all(|(i, s)| s.start == i * size && s.end == s.start + size)
    }
}
