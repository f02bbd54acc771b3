//! A step over several slots: momentum in every dtype, and what is refused.

use candlewick_kernels::optim::{Decay, Sgd};
use candlewick_optim::Slots;
use candlewick_tensor::{DType, Tensor};

fn slots(p: Tensor, g: Tensor) -> Slots {
    let state = p.zeros_like().unwrap();
    Slots { params: vec![p], grads: vec![g], states: vec![vec![state]] }
}

fn sgd(first: bool) -> Sgd {
    Sgd { lr: 0.1, momentum: 0.9, dampening: 0.0, nesterov: false, decay: Decay::coupled(0.0, false), first }
}

#[test]
fn momentum_accumulates_in_every_dtype() {
    for dtype in [DType::F32, DType::F64, DType::BF16] {
        let of = |v: Vec<f32>| Tensor::from_vec(v, &[2]).to_dtype(dtype).unwrap();
        let all = slots(of(vec![1.0, 2.0]), of(vec![0.5, -1.0]));
        for first in [true, false] {
            all.step("sgd", 1, |_| sgd(first)).unwrap();
        }
        let (v, tolerance) = (all.params[0].to_f64_vec().unwrap(), if dtype == DType::BF16 { 1e-2 } else { 1e-6 });
        assert!((v[0] - 0.855).abs() < tolerance && (v[1] - 2.29).abs() < tolerance, "{v:?}");
    }
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let p = Tensor::from_vec(vec![1f32, 2.0], &[2]);
    let error = |s: Slots| s.step("sgd", 1, |_| sgd(true)).unwrap_err().to_string();
    assert!(error(slots(p.clone(), Tensor::from_vec(vec![1f32], &[1]))).contains("beside the parameter"));
    assert!(error(slots(p.clone(), p.clone())).contains("shares memory"));
    let shared = Slots { params: vec![p.clone()], grads: vec![p.zeros_like().unwrap()], states: vec![vec![p.clone()]] };
    assert!(error(shared).contains("shares memory"));
    assert!(error(Slots { states: vec![], ..slots(p.clone(), p.zeros_like().unwrap()) }).contains("1 states"));
}
