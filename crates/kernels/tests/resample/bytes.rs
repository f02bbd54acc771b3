//! Sums over bytes against the same in 64 bits, at every level of SIMD, for 1 to 4 channels and odd sizes.

use candlewick_kernels::resample::bytes::{ByteWeights, across_rows, along_rows};
use candlewick_kernels::simd::{available, with_level};

const UNIT: f64 = (1 << 22) as f64;

/// Rows of weights that sum to one; every third reaches to the end of the input.
fn rows(from: usize, to: usize) -> Vec<(usize, Vec<f64>)> {
    (0..to)
        .map(|i| {
            let count = (1 + i * 5 % 11).min(from);
            let first = if i % 3 == 0 { from - count } else { i * (from - count) / to };
            let raw: Vec<f64> = (0..count).map(|k| ((i + k * 3) % 7) as f64 - 1.5).collect();
            let sum: f64 = raw.iter().sum();
            (first, raw.iter().map(|w| w / if sum.abs() < 0.5 { 1.0 } else { sum }).collect())
        })
        .collect()
}
fn bytes(n: usize) -> Vec<u8> {
    (0..n).map(|i| (i * 131 % 251) as u8).collect()
}
fn byte(sum: i64) -> u8 {
    ((sum + (1 << 21)) >> 22).clamp(0, 255) as u8
}

#[test]
fn along_rows_is_the_sum() {
    for channels in 1..=4 {
        for (from, to) in [(1, 3), (7, 5), (13, 29), (40, 6)] {
            let (rows, height) = (rows(from, to), 3);
            let x = bytes(height * from * channels);
            let want: Vec<u8> = (0..height * to * channels)
                .map(|at| {
                    let (r, i, c) = (at / (to * channels), at / channels % to, at % channels);
                    let (first, w) = &rows[i];
                    let terms = w
                        .iter()
                        .enumerate()
                        .map(|(k, w)| x[(r * from + first + k) * channels + c] as i64 * (w * UNIT).round() as i64);
                    byte(terms.sum())
                })
                .collect();
            for level in available() {
                let mut y = vec![0; want.len()];
                with_level(level, || along_rows(&ByteWeights::new(from, &rows), channels, &x, &mut y));
                assert_eq!(y, want, "{channels} channels, {from} to {to}, {level:?}");
            }
        }
    }
}

#[test]
fn across_rows_is_the_sum() {
    for (from, to, width) in [(1, 2, 5), (9, 4, 67), (5, 11, 130)] {
        let rows = rows(from, to);
        let x = bytes(from * width);
        let want: Vec<u8> = (0..to * width)
            .map(|at| {
                let (first, w) = &rows[at / width];
                let column = w
                    .iter()
                    .enumerate()
                    .map(|(k, w)| x[(first + k) * width + at % width] as i64 * (w * UNIT).round() as i64);
                byte(column.sum())
            })
            .collect();
        for level in available() {
            let mut y = vec![0; want.len()];
            with_level(level, || across_rows(&ByteWeights::new(from, &rows), width, 0, &x, &mut y));
            assert_eq!(y, want, "{from} to {to}, {level:?}");
        }
    }
}

#[test]
#[should_panic(expected = "reads past the end")]
fn rows_stay_inside() {
    ByteWeights::new(3, &[(2, vec![0.5, 0.5])]);
}
