//! Samples at the points of a grid: gradients against differences, coordinates that are no numbers.

use crate::check::{random, same_on_threads};
use candlewick_kernels::entries::Kernels;
use candlewick_kernels::grid::{Filter, Grid, Outside};

fn plane(v: &Grid) -> usize {
    v.input.iter().product()
}

fn shapes() -> Vec<Grid> {
    let mut all = vec![];
    for align_corners in [false, true] {
        for outside in [Outside::Zeros, Outside::Border, Outside::Reflection] {
            for (dims, input, filter) in [
                (2, [1, 4, 5], Filter::Linear),
                (2, [1, 4, 5], Filter::Nearest),
                (2, [1, 4, 5], Filter::Cubic),
                (3, [3, 4, 5], Filter::Linear),
                (3, [3, 4, 5], Filter::Nearest),
                (3, [3, 4, 5], Filter::Cubic),
            ] {
                all.push(Grid { batch: 2, channels: 3, input, dims, points: 11, filter, outside, align_corners });
            }
        }
    }
    all
}

#[test]
fn the_gradients_agree_with_differences() {
    for v in shapes() {
        let x = random::<f64>(2 * 3 * plane(&v), 1);
        let grid: Vec<f64> = random::<f64>(2 * 11 * v.dims, 2).iter().map(|g| g * 1.6).collect();
        let dy = random::<f64>(2 * 3 * 11, 3);
        let loss = |x: &[f64], grid: &[f64]| {
            let mut y = vec![0.0; dy.len()];
            f64::grid_forward(&v, x, grid, None, &mut y);
            y.iter().zip(&dy).map(|(a, b)| a * b).sum::<f64>()
        };
        let (mut dx, mut dgrid) = (vec![9.0; x.len()], vec![9.0; grid.len()]);
        f64::grid_backward_input(&v, &dy, &grid, None, &mut dx);
        f64::grid_backward_grid(&v, &dy, &x, &grid, None, &mut dgrid);
        let dot: f64 = dx.iter().zip(&x).map(|(a, b)| a * b).sum();
        assert!((dot - loss(&x, &grid)).abs() < 1e-12, "{v:?}");
        for i in 0..grid.len() {
            let at = |by: f64| {
                let mut g = grid.clone();
                g[i] += by;
                loss(&x, &g)
            };
            let numeric = (at(1e-6) - at(-1e-6)) / 2e-6;
            assert!((numeric - dgrid[i]).abs() < 1e-6, "{v:?} {i}: {} is not {numeric}", dgrid[i]);
        }
        same_on_threads(dy.len(), |y| f64::grid_forward(&v, &x, &grid, None, y));
    }
}

#[test]
fn coordinates_that_are_no_numbers_stay_inside_the_slice() {
    for v in shapes() {
        let x = random::<f32>(2 * 3 * plane(&v), 1);
        for odd in [f32::NAN, f32::INFINITY, -f32::INFINITY, 1e30, -1e30] {
            let mut y = vec![0.0; 66];
            f32::grid_forward(&v, &x, &vec![odd; 22 * v.dims], None, &mut y);
            assert!(v.filter == Filter::Cubic || y.iter().all(|y| y.is_finite()), "{v:?} {odd}");
        }
    }
}
