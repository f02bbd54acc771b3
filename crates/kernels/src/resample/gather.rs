//! Elements by index along each axis: y[i, j, k] = x[d[i], h[j], w[k]], and the transpose, which adds.

use super::GRAIN;
use crate::float::Float;
use crate::pool::chunks;
use crate::raw::Raw;
use crate::sizes::product;

/// The index of an element that is not there: `gather` puts the fill value, `scatter` leaves it out.
pub const OUTSIDE: usize = usize::MAX;

/// The parts of a list of indices: runs of consecutive ones, and others.
enum Part {
    /// Places `at..at + len` hold the elements from `from` on.
    Run { at: usize, from: usize, len: usize },
    /// Places `at..at + len` are outside.
    Fill { at: usize, len: usize },
    /// Places `at..at + len` are read one by one.
    Each { at: usize, len: usize },
}

/// Shorter runs are not worth a copy of their own.
const RUN: usize = 8;

fn parts(map: &[usize]) -> Vec<Part> {
    let mut parts = vec![];
    let mut at = 0;
    while at < map.len() {
        let outside = map[at] == OUTSIDE;
        let follows = |i: usize| if outside { map[i] == OUTSIDE } else { map[i] == map[at].wrapping_add(i - at) };
        let len = (at..map.len()).take_while(|&i| follows(i)).count();
        let part = match parts.last_mut() {
            _ if outside => Part::Fill { at, len },
            _ if len >= RUN => Part::Run { at, from: map[at], len },
            Some(Part::Each { len: before, .. }) => {
                *before += len;
                at += len;
                continue;
            }
            _ => Part::Each { at, len },
        };
        parts.push(part);
        at += len;
    }
    parts
}

fn check(planes: usize, input: [usize; 3], maps: &[&[usize]; 3], x: usize, y: usize) -> (usize, usize) {
    let (inside, outside) = (product(&input), product(&maps.map(|m| m.len())));
    assert_eq!((x, y), (product(&[planes, inside]), product(&[planes, outside])), "gather: lengths");
    for (map, len) in maps.iter().zip(input) {
        assert!(map.iter().all(|&i| i < len || i == OUTSIDE), "gather: an index lies outside");
    }
    (inside, outside)
}

/// y = the elements of x [planes, input] at the indices of each axis; `fill` where one is [`OUTSIDE`].
pub(crate) fn gather<T: Copy + Send + Sync>(
    planes: usize,
    input: [usize; 3],
    maps: [&[usize]; 3],
    fill: T,
    x: &[T],
    y: &mut [T],
) {
    let (inside, _) = check(planes, input, &maps, x.len(), y.len());
    let ([_, h, w], [md, mh, mw]) = (input, maps);
    let rows = md.len() * mh.len();
    let columns = parts(mw);
    let out = Raw::new(y);
    chunks(planes * rows, GRAIN / mw.len().max(1) + 1, &|range| {
        let mut above = None;
        for r in range {
            let (p, i, j) = (r / rows, r / mh.len() % md.len(), r % mh.len());
            // SAFETY: each row belongs to one task, lengths are checked.
            let y = unsafe { out.slice(r * mw.len(), mw.len()) };
            if md[i] == OUTSIDE || mh[j] == OUTSIDE {
                y.fill(fill);
                above = None;
                continue;
            }
            let from = p * inside + (md[i] * h + mh[j]) * w;
            if above == Some(from) {
                // SAFETY: the row before belongs to this task, which has written it and is done with it.
                y.copy_from_slice(unsafe { out.slice((r - 1) * mw.len(), mw.len()) });
                continue;
            }
            above = Some(from);
            let x = &x[from..from + w];
            for part in &columns {
                match *part {
                    Part::Run { at, from, len } => y[at..at + len].copy_from_slice(&x[from..from + len]),
                    Part::Fill { at, len } => y[at..at + len].fill(fill),
                    Part::Each { at, len } => {
                        for (y, &k) in y[at..at + len].iter_mut().zip(&mw[at..at + len]) {
                            *y = x[k];
                        }
                    }
                }
            }
        }
    });
}

/// dx [planes, input] = the transpose of `gather`: every element of dy added at its index.
pub(crate) fn scatter<T: Float>(planes: usize, input: [usize; 3], maps: [&[usize]; 3], dy: &[T], dx: &mut [T]) {
    let (inside, outside) = check(planes, input, &maps, dx.len(), dy.len());
    let ([_, h, w], [md, mh, mw]) = (input, maps);
    let columns = parts(mw);
    let out = Raw::new(dx);
    chunks(planes, GRAIN / outside.max(1) + 1, &|range| {
        for p in range {
            // SAFETY: each plane belongs to one task, lengths are checked.
            let dx = unsafe { out.slice(p * inside, inside) };
            dx.fill(T::ZERO);
            let mut dy = dy[p * outside..][..outside].chunks_exact(mw.len().max(1));
            for &i in md {
                for &j in mh {
                    let (Some(dy), false) = (dy.next(), i == OUTSIDE || j == OUTSIDE) else { continue };
                    let dx = &mut dx[(i * h + j) * w..][..w];
                    for part in &columns {
                        match *part {
                            Part::Run { at, from, len } => {
                                dx[from..from + len].iter_mut().zip(&dy[at..at + len]).for_each(|(x, &g)| *x += g);
                            }
                            Part::Fill { .. } => {}
                            Part::Each { at, len } => {
                                for (&g, &k) in dy[at..at + len].iter().zip(&mw[at..at + len]) {
                                    dx[k] += g;
                                }
                            }
                        }
                    }
                }
            }
        }
    });
}
