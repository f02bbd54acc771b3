//! Activations: gradients against differences, in place, in half precision.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::{
    celu, elu, elu_, gelu, glu, hardshrink, hardsigmoid, hardswish, hardtanh, hardtanh_, leaky_relu, leaky_relu_,
    logsigmoid, mish, prelu, selu, silu, silu_, softplus, softshrink, softsign, tanhshrink, threshold, threshold_,
};
use candlewick_tensor::ops::mul;
use candlewick_tensor::{DType, Result, Scalar, Tensor};

fn num(v: f64) -> Tensor {
    Tensor::number(Scalar::Float(v))
}

fn check(f: impl Fn(&Tensor) -> Result<Tensor> + Copy) {
    let x = [leaf(mul(&wave(&[3, 8], 0.2), &num(2.5)).unwrap().detach())];
    gradcheck(&x, |v| f(&v[0]));
    gradgradcheck(&x, |v| f(&v[0]));
}

#[test]
fn gradients_agree_with_differences() {
    check(|x| elu(x, 1.3));
    check(selu);
    check(|x| celu(x, 0.7));
    check(|x| leaky_relu(x, 0.2));
    check(|x| hardtanh(x, -0.9, 1.1));
    check(|x| threshold(x, 0.4, 3.0));
    check(hardsigmoid);
    check(hardswish);
    check(|x| hardshrink(x, 0.6));
    check(|x| softshrink(x, 0.6));
    check(silu);
    check(mish);
    check(|x| gelu(x, "none"));
    check(|x| gelu(x, "tanh"));
    check(|x| softplus(x, 1.5, 2.0));
    check(logsigmoid);
    check(|x| glu(x, 1));
    check(softsign);
    check(tanhshrink);
    let weighted = [leaf(wave(&[2, 3, 4], 0.2)), leaf(wave(&[3], 0.5))];
    gradcheck(&weighted, |v| prelu(&v[0], &v[1]));
    gradgradcheck(&weighted, |v| prelu(&v[0], &v[1]));
}

#[test]
fn in_place_has_the_same_gradients() {
    let x = [leaf(wave(&[10], 0.2))];
    let on_copy = |f: fn(&Tensor) -> Result<()>| {
        gradcheck(&x, |v| {
            let y = mul(&v[0], &num(2.0))?;
            f(&y)?;
            Ok(y)
        });
    };
    on_copy(|x| leaky_relu_(x, 0.2));
    on_copy(|x| leaky_relu_(x, -0.2));
    on_copy(|x| hardtanh_(x, -0.9, 1.1));
    on_copy(silu_);
    on_copy(|x| elu_(x, 1.3));
    on_copy(|x| threshold_(x, 0.4, 3.0));
}

#[test]
fn half_types_compute_in_single_precision() {
    let x = wave(&[9], 0.1);
    for d in [DType::F16, DType::BF16] {
        let y = gelu(&x.to_dtype(d).unwrap(), "none").unwrap();
        assert_eq!(y.dtype(), d);
        let want = gelu(&x, "none").unwrap().to_f64_vec().unwrap();
        assert!(y.to_f64_vec().unwrap().iter().zip(&want).all(|(a, b)| (a - b).abs() < 0.02));
    }
}

#[test]
fn integers_are_refused() {
    let x = Tensor::from_vec(vec![1i64, 2], &[2]);
    let e = elu(&x, 1.0).err().map(|e| e.to_string());
    assert_eq!(e.as_deref(), Some("\"elu_cpu\" not implemented for 'Long'"));
}
