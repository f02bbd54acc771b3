//! Sorting against its naive twin, and its gradients.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_tensor::ops::{kthvalue, median, median_dim, sort, topk};
use candlewick_tensor::{Scalar, Tensor};

#[test]
fn gradients_agree_with_differences() {
    let x = [leaf(wave(&[3, 5, 2], 0.1))];
    gradcheck(&x, |v| Ok(sort(&v[0], 1, true)?.0));
    gradcheck(&x, |v| Ok(topk(&v[0], 3, 1, false)?.0));
    gradcheck(&x, |v| Ok(kthvalue(&v[0], 2, 1, false)?.0));
    gradcheck(&x, |v| Ok(median_dim(&v[0], 0, true, false)?.0));
    gradcheck(&x, |v| median(&v[0], true));
    gradgradcheck(&x, |v| Ok(sort(&v[0], 0, false)?.0));
}

#[test]
fn lines_meet_their_naive_twin() {
    for (outer, n, inner) in [(1, 1, 1), (3, 7, 1), (2, 33, 3), (1, 257, 2), (5, 2, 5)] {
        let values: Vec<i64> = (0..outer * n * inner).map(|i| (i * 7919 % 23) as i64 - 11).collect();
        let x = Tensor::from_vec(values.clone(), &[outer, n, inner]);
        let (sorted, places) = sort(&x, 1, false).unwrap();
        let (top, _) = topk(&x, (n / 2) as i64, 1, true).unwrap();
        let (kth, _) = kthvalue(&x, n.div_ceil(3) as i64, 1, false).unwrap();
        let (sorted, places) = (sorted.to_f64_vec().unwrap(), places.to_f64_vec().unwrap());
        let (top, kth) = (top.to_f64_vec().unwrap(), kth.to_f64_vec().unwrap());
        for (o, i) in (0..outer).flat_map(|o| (0..inner).map(move |i| (o, i))) {
            let at = |k: usize, n: usize| (o * n + k) * inner + i;
            let mut line: Vec<(i64, usize)> = (0..n).map(|k| (values[at(k, n)], k)).collect();
            line.sort();
            for (k, &(v, place)) in line.iter().enumerate() {
                assert_eq!((sorted[at(k, n)], places[at(k, n)]), (v as f64, place as f64));
            }
            (0..n / 2).for_each(|k| assert_eq!(top[at(k, n / 2)], line[n - 1 - k].0 as f64));
            assert_eq!(kth[at(0, 1)], line[n.div_ceil(3) - 1].0 as f64);
        }
    }
}

#[test]
fn nan_is_the_largest() {
    let x = Tensor::from_vec(vec![2.0f32, f32::NAN, -1.0], &[3]);
    let (_, at) = sort(&x, 0, false).unwrap();
    assert_eq!(at.data::<i64>().unwrap(), [2, 0, 1]);
    assert!(median(&x, false).unwrap().item().unwrap().to_f64().is_nan());
    assert_eq!(median(&x, true).unwrap().item().unwrap(), Scalar::Float(-1.0));
}
