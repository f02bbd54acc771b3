//! Every gradient formula against finite differences, and one of each kind against those of its own gradient.

mod binary;
mod fold;
mod linalg_qr;
mod reorder;
mod scan;
mod scatter;
mod sort;
mod ties;
mod total_norm;

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_tensor::ops::*;
use candlewick_tensor::{DType, Error, Layout, Result, Scalar, Tensor};

fn x(shape: &[usize]) -> Tensor {
    leaf(wave(shape, 0.1))
}
fn positive(shape: &[usize]) -> Tensor {
    leaf(add(&abs(&wave(shape, 0.2)).unwrap(), &Tensor::number(Scalar::Float(0.1))).unwrap())
}
fn float(v: f64) -> Tensor {
    Tensor::number(Scalar::Float(v))
}

#[test]
fn functions_of_one_tensor() {
    type F = fn(&Tensor) -> Result<Tensor>;
    let any: [(&str, F); 14] = [
        ("exp", exp),
        ("expm1", expm1),
        ("sin", sin),
        ("cos", cos),
        ("tan", tan),
        ("tanh", tanh),
        ("sigmoid", sigmoid),
        ("relu", relu),
        ("erf", erf),
        ("neg", neg),
        ("abs", abs),
        ("square", square),
        ("reciprocal", reciprocal),
        ("clone", clone),
    ];
    for (_, f) in any {
        gradcheck(&[x(&[2, 3])], |v| f(&v[0]));
        gradgradcheck(&[x(&[2, 3])], |v| f(&v[0]));
    }
    let above_zero: [(&str, F); 6] =
        [("log", log), ("log1p", log1p), ("log2", log2), ("log10", log10), ("sqrt", sqrt), ("rsqrt", rsqrt)];
    for (_, f) in above_zero {
        gradcheck(&[positive(&[5])], |v| f(&v[0]));
        gradgradcheck(&[positive(&[5])], |v| f(&v[0]));
    }
    let flat: [F; 5] = [floor, ceil, round, trunc, sign];
    for f in flat {
        gradcheck(&[x(&[4])], |v| f(&v[0]));
    }
}

#[test]
fn functions_of_two_operands() {
    type F = fn(&Tensor, &Tensor) -> Result<Tensor>;
    let all: [F; 6] = [add, sub, mul, div, maximum, minimum];
    for f in all {
        let pair = [x(&[2, 3]), leaf(wave(&[3], 0.8))];
        gradcheck(&pair, |v| f(&v[0], &v[1]));
        gradgradcheck(&pair, |v| f(&v[0], &v[1]));
    }
    gradcheck(&[positive(&[4]), x(&[4])], |v| pow(&v[0], &v[1]));
    gradgradcheck(&[x(&[4])], |v| pow(&v[0], &Tensor::number(Scalar::Int(3))));
    gradcheck(&[x(&[4])], |v| remainder(&v[0], &float(0.37)));
    gradcheck(&[x(&[6])], |v| clamp(&v[0], Some(Scalar::Float(-0.7)), Some(Scalar::Float(0.9))));
    let mask = gt(&wave(&[2, 3], 0.5), &float(0.0)).unwrap();
    gradcheck(&[x(&[2, 3]), x(&[3])], |v| where_(&mask, &v[0], &v[1]));
    gradcheck(&[x(&[2, 3])], |v| masked_fill(&v[0], &mask, &float(2.0)));
}

#[test]
fn reductions() {
    let one = [x(&[2, 3, 4])];
    for dims in [None, Some([1i64].as_slice()), Some(&[0, -1])] {
        for keepdim in [false, true] {
            gradcheck(&one, |v| sum(&v[0], dims, keepdim, None));
            gradcheck(&one, |v| mean(&v[0], dims, keepdim, None));
            gradcheck(&one, |v| var(&v[0], dims, 1.0, keepdim));
            gradcheck(&one, |v| std(&v[0], dims, 0.0, keepdim));
            gradcheck(&one, |v| amax(&v[0], dims, keepdim));
            gradcheck(&one, |v| amin(&v[0], dims, keepdim));
        }
    }
    gradgradcheck(&one, |v| mean(&v[0], Some(&[1]), false, None));
    gradgradcheck(&one, |v| var(&v[0], Some(&[1]), 1.0, false));
    gradcheck(&one, |v| max(&v[0]));
    gradcheck(&one, |v| Ok(max_dim(&v[0], 1, false)?.0));
    gradgradcheck(&one, |v| Ok(min_dim(&v[0], -1, true)?.0));
}

#[test]
fn views_and_joins() {
    let one = [x(&[2, 3, 4])];
    gradcheck(&one, |v| view(&v[0], &[6, -1]));
    gradcheck(&one, |v| reshape(&transpose(&v[0], 0, 2)?, &[2, 12]));
    gradcheck(&one, |v| permute(&v[0], &[2, 0, 1]));
    gradcheck(&one, |v| expand(&unsqueeze(&v[0], 1)?, &[2, 5, 3, 4]));
    gradcheck(&one, |v| squeeze(&narrow(&v[0], 1, 1, 1)?, None));
    gradcheck(&one, |v| slice(&v[0], 2, Some(-3), None, 2));
    gradgradcheck(&one, |v| select(&v[0], 1, -1));
    gradcheck(&one, |v| cat(&split(&v[0], 2, 1)?, 1));
    gradcheck(&one, |v| stack(&unbind(&v[0], 2)?[1..3], 0));
    gradcheck(&one, |v| as_strided(&v[0], &[3, 3], &[2, 1], Some(1)));
    gradcheck(&[x(&[2, 3]), x(&[1, 3])], |v| cat(&[v[0].clone(), v[1].clone()], 0));
    gradcheck(&one, |v| transpose(&v[0], 0, 1)?.contiguous());
}

#[test]
fn products_and_indices() {
    gradgradcheck(&[x(&[2, 3]), x(&[3, 4])], |v| mm(&v[0], &v[1]));
    gradcheck(&[x(&[2, 2, 3]), x(&[2, 3, 2])], |v| bmm(&v[0], &v[1]));
    gradcheck(&[x(&[2, 1, 2, 3]), x(&[3, 3, 2])], |v| matmul(&v[0], &v[1]));
    gradcheck(&[x(&[3]), x(&[2, 3, 2])], |v| matmul(&v[0], &v[1]));
    gradcheck(&[x(&[4]), x(&[2, 3]), x(&[3, 4])], |v| addmm(&v[0], &v[1], &v[2], Scalar::Float(0.5), Scalar::Int(2)));
    let rows = Tensor::from_vec(vec![2i64, 0, 2], &[3]);
    let one = [x(&[3, 4])];
    gradgradcheck(&one, |v| index(&v[0], &[Item::Tensor(rows.clone())]));
    gradcheck(&one, |v| index(&v[0], &[Item::Slice(None, None, 2), Item::NewAxis, Item::At(-1)]));
    gradcheck(&one, |v| index_select(&v[0], 0, &rows));
    let places = Tensor::from_vec(vec![1i64, 3, 0, 0, 2, 2], &[3, 2]);
    gradgradcheck(&one, |v| gather(&v[0], 1, &places));
    gradcheck(&[x(&[3, 4]), x(&[3, 2])], |v| scatter_add(&v[0], 1, &places, &v[1]));
    gradcheck(&[x(&[3, 4]), x(&[3, 4])], |v| {
        let y = clone(&v[0])?;
        index_put_(&y, &[Item::Tensor(rows.clone())], &v[1], true)?;
        Ok(y)
    });
}

#[test]
fn in_place_through_views() {
    let pair = [x(&[2, 3]), x(&[3])];
    gradcheck(&pair, |v| {
        let y = mul(&v[0], &float(2.0))?;
        copy_(&select(&y, 0, 1)?, &v[1])?;
        mul_(&narrow(&y, 1, 0, 2)?, &float(3.0))?;
        Ok(y)
    });
    gradgradcheck(&pair, |v| {
        let y = clone(&v[0])?;
        mul_(&select(&y, 0, 0)?, &v[1])?;
        mul(&y, &y)
    });
    for f in [tanh_, sigmoid_, exp_, relu_, neg_, abs_] {
        gradcheck(&[x(&[4])], |v| {
            let y = clone(&v[0])?;
            f(&y)?;
            Ok(y)
        });
    }
}

#[test]
fn results_keep_the_stride_order_of_their_input() {
    let t = transpose(&wave(&[2, 3], 0.0), 0, 1).unwrap();
    let y = exp(&t).unwrap();
    assert_eq!(y.layout(), &Layout { shape: [3, 2].as_slice().into(), strides: [1, 3].as_slice().into(), offset: 0 });
    assert_eq!(add(&t, &t).unwrap().strides(), [1, 3]);
}

#[test]
fn integers_wrap_and_refuse_zero_divisors() {
    let i = |v: Vec<i32>| Tensor::from_vec(v, &[3]);
    let y = mul(&i(vec![i32::MAX, 2, -3]), &i(vec![2, 2, 2])).unwrap();
    assert_eq!(y.to_f64_vec().unwrap(), [-2.0, 4.0, -6.0]);
    let q = floor_divide(&i(vec![-7, 7, i32::MIN]), &i(vec![2, -2, -1])).unwrap();
    assert_eq!(q.to_f64_vec().unwrap(), [-4.0, -4.0, i32::MIN as f64]);
    assert_eq!(floor_divide(&i(vec![1, 2, 3]), &i(vec![1, 0, 1])).unwrap_err().to_string(), "ZeroDivisionError");
    let r = remainder(&i(vec![-7, 7, 7]), &i(vec![3, -3, 3])).unwrap();
    assert_eq!(r.to_f64_vec().unwrap(), [2.0, -2.0, 1.0]);
}

#[test]
fn enormous_sizes_are_errors() {
    let huge = 1usize << 50;
    assert!(matches!(Tensor::full(&[huge], Scalar::Int(0), DType::F32), Err(Error::Memory(_))));
    assert!(matches!(Tensor::full(&[huge, huge], Scalar::Int(0), DType::F32), Err(Error::Shape(_))));
}

#[test]
fn a_large_sum_has_the_same_bits_in_chunks() {
    let n = 4 << 16;
    let v: Vec<f32> = (0..n).map(|i| ((i * 7919) % 1000) as f32 / 1000.0).collect();
    let exact: f64 = v.iter().map(|&v| v as f64).sum();
    let y = sum(&Tensor::from_vec(v, &[n / 64, 64]), None, false, None).unwrap().item().unwrap().to_f64();
    assert!((y - exact).abs() / exact < 1e-6);
}
