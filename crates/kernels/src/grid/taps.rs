//! The elements that a point of a grid reads, with their weights and the weights' derivatives.

use super::Grid;
use crate::float::Float;
use std::ops::Range;

/// How a value is made of its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Of the two along each axis, by distance.
    Linear,
    /// The nearest one.
    Nearest,
    /// Of the four along each axis, by Keys' cubic with a = -0.75.
    Cubic,
}

/// What lies outside of the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outside {
    /// Zeros.
    Zeros,
    /// The element at the border.
    Border,
    /// The image mirrored at the border.
    Reflection,
}

/// One element that a point reads.
#[derive(Clone, Copy)]
pub struct Tap<T> {
    /// Its place in the plane.
    pub at: usize,
    /// Its share of the value.
    pub weight: T,
    /// The derivatives of the share by the coordinates x, y, z.
    pub slopes: [T; 3],
}

/// At most four elements along one axis, each with its weight and the weight's first and second derivative by the coordinate.
struct Line {
    taps: [(usize, [f64; 3]); 4],
    len: usize,
}

/// The taps of consecutive points of one image.
pub struct Points<T> {
    pub first: usize,
    taps: Vec<Tap<T>>,
    /// Where the taps of each point begin, and where the last ones end.
    ends: Vec<usize>,
}

impl<T: Float> Points<T> {
    pub fn new() -> Points<T> {
        Points { first: 0, taps: vec![], ends: vec![0] }
    }

    pub fn len(&self) -> usize {
        self.ends.len() - 1
    }

    /// The taps of point `first + i`.
    pub fn taps(&self, i: usize) -> &[Tap<T>] {
        &self.taps[self.ends[i]..self.ends[i + 1]]
    }

    /// Finds the taps of points of image `n`; with `along`, those of the derivative in its direction.
    pub fn find(&mut self, v: &Grid, grid: &[T], along: Option<&[T]>, n: usize, points: Range<usize>) {
        self.first = points.start;
        self.taps.clear();
        self.ends.truncate(1);
        for p in points {
            let at = (n * v.points + p) * v.dims;
            self.add(v, &grid[at..at + v.dims], along.map(|a| &a[at..at + v.dims]));
            self.ends.push(self.taps.len());
        }
    }

    fn add(&mut self, v: &Grid, point: &[T], along: Option<&[T]>) {
        let [depth, h, w] = v.input;
        let lines: [Line; 3] = std::array::from_fn(|i| match point.get(i) {
            Some(&c) => Line::of(v, [w, h, depth][i], c),
            None => Line { taps: [(0, [1.0, 0.0, 0.0]); 4], len: 1 },
        });
        let [x, y, z] = &lines;
        for (k, c) in z.list() {
            for (j, b) in y.list() {
                for (i, a) in x.list() {
                    let by = |d: [usize; 3]| a[d[0]] * b[d[1]] * c[d[2]];
                    let (mut weight, mut slopes) = (by([0; 3]), AXES.map(by));
                    if let Some(along) = along {
                        let sum = |of: &dyn Fn(usize) -> f64| (0..along.len()).map(|d| along[d].to_f64() * of(d)).sum();
                        weight = sum(&|d| slopes[d]);
                        slopes = AXES.map(|e| sum(&|d| by(std::array::from_fn(|i| e[i] + AXES[d][i]))));
                    }
                    let (weight, slopes) = (T::from_f64(weight), slopes.map(T::from_f64));
                    self.taps.push(Tap { at: (k * h + j) * w + i, weight, slopes });
                }
            }
        }
    }
}

/// The first derivatives: how often by each coordinate.
const AXES: [[usize; 3]; 3] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];

impl Line {
    fn list(&self) -> &[(usize, [f64; 3])] {
        &self.taps[..self.len]
    }

    fn of<T: Float>(v: &Grid, size: usize, c: T) -> Line {
        // -1 and 1 are the outermost centres or edges; in the precision of the grid, as PyTorch does it.
        let n = if v.align_corners { size - 1 } else { size } as f64;
        let half = T::from_f64(n / 2.0);
        let shift = if v.align_corners { T::ZERO } else { T::from_f64(0.5) };
        let (place, scale) = (((c + T::ONE) * half - shift).to_f64(), n / 2.0);
        let mut line = Line { taps: [(0, [0.0; 3]); 4], len: 0 };
        if v.filter == Filter::Cubic {
            let (first, t) = (place.floor(), place - place.floor());
            for (i, [weight, slope, curve]) in cubic(t).into_iter().enumerate() {
                let at = v.outside.place(first - 1.0 + i as f64, size, v.align_corners).0;
                line.push(at, size, [weight, slope * scale, curve * scale * scale]);
            }
            return line;
        }
        let (place, turn) = v.outside.place(place, size, v.align_corners);
        match v.filter {
            Filter::Nearest => line.push(place.round_ties_even(), size, [1.0, 0.0, 0.0]),
            _ => {
                let (first, t) = (place.floor(), place - place.floor());
                line.push(first, size, [1.0 - t, -turn * scale, 0.0]);
                line.push(first + 1.0, size, [t, turn * scale, 0.0]);
            }
        }
        line
    }

    /// Adds an element, if there is one. A place that is no number is nowhere.
    fn push(&mut self, at: f64, size: usize, weight: [f64; 3]) {
        if at >= 0.0 && at < size as f64 {
            self.taps[self.len] = (at as usize, weight);
            self.len += 1;
        }
    }
}

impl Outside {
    /// A place brought inside, and the derivative of that by the place.
    fn place(self, x: f64, size: usize, align_corners: bool) -> (f64, f64) {
        let last = (size - 1) as f64;
        let clip = |x: f64, slope: f64| match x {
            x if x > 0.0 && x < last => (x, slope),
            x if x >= last => (last, 0.0),
            _ => (0.0, 0.0),
        };
        match self {
            Outside::Zeros => (x, 1.0),
            Outside::Border => clip(x, 1.0),
            Outside::Reflection => {
                let (low, span) = if align_corners { (0.0, last) } else { (-0.5, size as f64) };
                if span == 0.0 {
                    return (0.0, 0.0);
                }
                let (away, turn) = ((x - low).abs(), if x < low { -1.0 } else { 1.0 });
                let (extra, flips) = (away % span, (away / span).floor());
                if flips % 2.0 == 0.0 { clip(extra + low, turn) } else { clip(span - extra + low, -turn) }
            }
        }
    }
}

/// Weights and derivatives of four neighbours at distance `t` behind the second.
fn cubic(t: f64) -> [[f64; 3]; 4] {
    const A: f64 = -0.75;
    let (p, q) = (A + 2.0, A + 3.0);
    let near = |x: f64| [(p * x - q) * x * x + 1.0, (3.0 * p * x - 2.0 * q) * x, 6.0 * p * x - 2.0 * q];
    let far =
        |x: f64| [((x - 5.0) * x + 8.0) * x * A - 4.0 * A, ((3.0 * x - 10.0) * x + 8.0) * A, (6.0 * x - 10.0) * A];
    let flip = |[w, d, dd]: [f64; 3]| [w, -d, dd];
    [far(t + 1.0), near(t), flip(near(1.0 - t)), flip(far(2.0 - t))]
}
