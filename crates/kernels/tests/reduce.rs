//! Reductions over strided arrays against the definition, at every level and on several threads.

use crate::check::{random, same_on_threads};
use candlewick_kernels::dtype::DType;
use candlewick_kernels::element::{Bool, Element};
use candlewick_kernels::reduce::{Fold, Walk, reduce};
use candlewick_kernels::simd::{available, with_level};

struct Case {
    shape: Vec<usize>,
    strides: Vec<usize>,
    reduced: Vec<usize>,
}

fn cases() -> Vec<Case> {
    let case = |shape: &[usize], strides: &[usize], reduced: &[usize]| Case {
        shape: shape.to_vec(),
        strides: strides.to_vec(),
        reduced: reduced.to_vec(),
    };
    vec![
        case(&[7], &[1], &[0]),
        case(&[3, 37], &[37, 1], &[1]),
        case(&[37, 130], &[130, 1], &[0]),
        case(&[5, 4, 6], &[24, 6, 1], &[0, 2]),
        case(&[5, 4, 6], &[1, 30, 5], &[1]),
        case(&[2, 3, 4, 5], &[60, 20, 5, 1], &[0, 1, 3]),
        case(&[4, 1000], &[0, 1], &[0]),
        case(&[3, 0], &[1, 1], &[1]),
        case(&[1], &[1], &[]),
    ]
}

/// The places of the elements of each result, in row-major order.
fn groups(c: &Case) -> Vec<Vec<usize>> {
    let kept: Vec<usize> = (0..c.shape.len()).filter(|d| !c.reduced.contains(d)).collect();
    let walk = |dims: &[usize]| -> Vec<usize> {
        dims.iter().fold(vec![0], |places, &d| {
            places.iter().flat_map(|p| (0..c.shape[d]).map(move |i| p + i * c.strides[d])).collect()
        })
    };
    let inner = walk(&c.reduced);
    walk(&kept).into_iter().map(|start| inner.iter().map(|p| start + p).collect()).collect()
}

fn run<T: Element, U: Element>(fold: Fold, x: &[T], c: &Case, outputs: usize) -> Vec<U> {
    let walk = Walk::new(&c.shape, &c.strides, 0, &c.reduced);
    assert!(walk.end() <= x.len());
    assert_eq!(fold.gives(T::DTYPE), U::DTYPE);
    let mut out = vec![U::default(); outputs];
    // SAFETY: the walk stays within x, and there is room for the results.
    unsafe { reduce(fold, T::DTYPE, &walk, x.as_ptr().cast(), out.as_mut_ptr().cast(), outputs) };
    out
}

#[test]
fn folds_meet_their_definition() {
    let (x, y) = (random::<f32>(8000, 1), random::<f64>(8000, 2));
    let whole: Vec<i64> = y.iter().map(|v| (v * 50.0) as i64).collect();
    for (l, c) in available().into_iter().flat_map(|l| cases().into_iter().map(move |c| (l, c))) {
        with_level(l, || {
            let places = groups(&c);
            let n = places.len();
            let sums: Vec<f32> = run(Fold::Sum, &x, &c, n);
            let means: Vec<f64> = run(Fold::Mean, &y, &c, n);
            let norms: Vec<f64> = run(Fold::Norm(2.0), &y, &c, n);
            let totals: Vec<i64> = run(Fold::Sum, &whole, &c, n);
            let any: Vec<Bool> = run(Fold::Truth(false), &whole, &c, n);
            for (o, at) in places.iter().enumerate() {
                let of = |x: &dyn Fn(usize) -> f64| at.iter().map(|&i| x(i)).sum::<f64>();
                let near = |got: f64, want: f64| (got - want).abs() <= 1e-6 * want.abs().max(1.0);
                assert!(near(f64::from(sums[o]), of(&|i| f64::from(x[i]))));
                assert!(at.is_empty() && means[o].is_nan() || near(means[o] * at.len() as f64, of(&|i| y[i])));
                assert!(near(norms[o], of(&|i| y[i] * y[i]).sqrt()));
                assert_eq!(totals[o], at.iter().map(|&i| whole[i]).sum::<i64>());
                assert_eq!(any[o].0 != 0, at.iter().any(|&i| whole[i] != 0));
            }
            if places.iter().all(|at| !at.is_empty()) {
                let largest: Vec<f32> = run(Fold::Extremum(true), &x, &c, n);
                let first: Vec<i64> = run(Fold::Place(false), &whole, &c, n);
                for (o, at) in places.iter().enumerate() {
                    assert_eq!(largest[o], at.iter().map(|&i| x[i]).fold(f32::NEG_INFINITY, f32::max));
                    let least = at.iter().map(|&i| whole[i]).min();
                    assert_eq!(first[o] as usize, at.iter().position(|&i| Some(whole[i]) == least).unwrap());
                }
            }
        });
    }
}

#[test]
fn bytes_count_and_nan_wins() {
    let c = Case { shape: vec![4], strides: vec![1], reduced: vec![0] };
    assert_eq!(run::<u8, i64>(Fold::Sum, &[1, 0, 200, 1], &c, 1), [202]);
    assert_eq!(Fold::Sum.reads(DType::Bool), DType::U8);
    assert_eq!(run::<i8, i64>(Fold::Sum, &[-100, -100, 3, 4], &c, 1), [-193]);
    assert_eq!(run::<i16, i64>(Fold::Place(true), &[1, 7, -3, 7], &c, 1), [1]);
    let largest: Vec<f32> = run(Fold::Extremum(true), &[1.0, f32::NAN, 3.0, f32::NAN], &c, 1);
    assert!(largest[0].is_nan());
    assert_eq!(run::<f32, i64>(Fold::Place(true), &[1.0, f32::NAN, 3.0, f32::NAN], &c, 1), [1]);
}

#[test]
fn the_bits_do_not_depend_on_the_threads() {
    let x = random::<f32>(1000 * 300, 3);
    let c = Case { shape: vec![1000, 300], strides: vec![300, 1], reduced: vec![1] };
    same_on_threads(1000, |y: &mut [f32]| y.copy_from_slice(&run::<f32, f32>(Fold::Sum, &x, &c, 1000)));
}
