//! PyTorch's semantics of the graph.

use crate::testing::{leaf, wave};
use candlewick_tensor::autograd::{backward, drain_hooks, grad, no_dispatch, no_grad};
use candlewick_tensor::ops::{Item, add, add_, clone, exp, index_put_, mul, mul_, select, sum, unbind, view};
use candlewick_tensor::{Result, Scalar, Tensor};
use std::cell::RefCell;

fn run(y: &Tensor) -> Result<()> {
    backward(std::slice::from_ref(y), &[None], false, false, None, &no_dispatch)
}
fn total(x: &Tensor) -> Tensor {
    sum(x, None, false, None).unwrap()
}
fn values(x: &Tensor) -> Vec<f64> {
    x.to_f64_vec().unwrap()
}
fn number(v: f64) -> Tensor {
    Tensor::number(Scalar::Float(v))
}

#[test]
fn gradients_of_leaves_accumulate_and_do_not_alias() {
    let (a, b) = (leaf(wave(&[3], 0.1)), leaf(wave(&[3], 0.2)));
    let y = add(&a, &b).unwrap();
    for _ in 0..2 {
        backward(&[total(&y)], &[None], true, false, None, &no_dispatch).unwrap();
    }
    let (ga, gb) = (a.grad().unwrap(), b.grad().unwrap());
    assert_eq!((values(&ga), values(&gb)), (vec![2.0; 3], vec![2.0; 3]));
    assert!(!ga.shares_storage(&gb));
}

#[test]
fn a_graph_of_100_000_nodes_runs_and_is_released() {
    let x = leaf(wave(&[1], 0.1));
    let mut y = x.clone();
    for _ in 0..100_000 {
        y = add(&y, &x).unwrap();
    }
    run(&y).unwrap();
    assert_eq!(values(&x.grad().unwrap()), [100_001.0]);
    let mut unused = x.clone();
    for _ in 0..100_000 {
        unused = mul(&unused, &x).unwrap();
    }
    drop(unused);
}

#[test]
fn a_second_backward_needs_the_graph() {
    let x = leaf(wave(&[2], 0.1));
    let y = total(&exp(&x).unwrap());
    run(&y).unwrap();
    assert!(run(&y).unwrap_err().to_string().starts_with("Trying to backward through the graph a second time"));
    let linear = total(&add(&x, &x).unwrap());
    run(&linear).unwrap();
    run(&linear).unwrap(); // nothing was saved, nothing is missing
}

#[test]
fn a_saved_tensor_must_not_change() {
    let x = leaf(wave(&[3], 0.1));
    let y = exp(&x).unwrap();
    mul_(&y, &number(2.0)).unwrap();
    let e = run(&total(&y)).unwrap_err().to_string();
    assert!(
        e.contains("[torch.DoubleTensor [3]], which is output 0 of Exp, is at version 1; expected version 0"),
        "{e}"
    );
}

#[test]
fn leaves_and_their_views_are_not_written_in_place() {
    let x = leaf(wave(&[2, 2], 0.1));
    let e = add_(&x, &number(1.0)).unwrap_err().to_string();
    assert_eq!(e, "a leaf Variable that requires grad is being used in an in-place operation.");
    let e = add_(&select(&x, 0, 0).unwrap(), &number(1.0)).unwrap_err().to_string();
    assert_eq!(e, "a view of a leaf Variable that requires grad is being used in an in-place operation.");
    let parts = unbind(&clone(&x).unwrap(), 0).unwrap();
    assert!(add_(&parts[1], &number(1.0)).unwrap_err().to_string().starts_with("Output 1 of Unbind is a view"));
    no_grad(|| add_(&x, &number(1.0))).unwrap();
}

#[test]
fn writing_a_view_gives_its_base_a_history() {
    let w = leaf(wave(&[2], 0.1));
    let x = Tensor::from_vec(vec![1.0f64; 4], &[2, 2]);
    let row = select(&x, 0, 1).unwrap();
    mul_(&row, &w).unwrap();
    assert_eq!(x.grad_fn().as_deref(), Some("CopySlices"));
    assert_eq!(row.grad_fn().as_deref(), Some("AsStridedBackward0"));
    run(&total(&mul(&x, &x).unwrap())).unwrap();
    let expected: Vec<f64> = values(&w).iter().map(|w| 2.0 * w).collect();
    assert_eq!(values(&w.grad().unwrap()), expected);
    index_put_(&x, &[Item::At(0)], &number(5.0), false).unwrap();
    assert_eq!(values(&x.detach())[..2], [5.0, 5.0]);
}

#[test]
fn hooks_see_and_replace_gradients() {
    let x = leaf(wave(&[2], 0.1));
    let y = mul(&x, &number(3.0)).unwrap();
    x.register_hook(1).unwrap();
    y.register_hook(2).unwrap();
    y.retain_grad().unwrap();
    let seen = RefCell::new(vec![]);
    let double = |id: u64, grads: &[Option<Tensor>]| {
        seen.borrow_mut().push(id);
        Ok(Some(vec![Some(mul(grads[0].as_ref().unwrap(), &number(2.0))?)]))
    };
    backward(&[total(&y)], &[None], false, false, None, &double).unwrap();
    assert_eq!(*seen.borrow(), [2, 1]);
    assert_eq!(values(&x.grad().unwrap()), [12.0, 12.0]);
    assert_eq!(values(&y.grad().unwrap()), [2.0, 2.0]);
    assert_eq!(drain_hooks(), [2]);
}

#[test]
fn grad_leaves_grads_alone_and_names_unused_inputs() {
    let (x, z) = (leaf(wave(&[2], 0.1)), leaf(wave(&[2], 0.2)));
    let y = mul(&x, &x).unwrap();
    let g = grad(&[total(&y)], &[y.clone(), x.clone()], &[None], false, false, false, &no_dispatch).unwrap();
    assert_eq!(values(g[0].as_ref().unwrap()), [1.0, 1.0]);
    assert!(x.grad().is_none());
    let e = grad(&[total(&mul(&x, &x).unwrap())], &[z], &[None], false, false, false, &no_dispatch).unwrap_err();
    assert!(e.to_string().starts_with("The differentiated Tensor at index 0 appears to not have been used"));
}

#[test]
fn detached_and_unrecorded_results_have_no_graph() {
    let x = leaf(wave(&[4], 0.1));
    let y = view(&exp(&x).unwrap(), &[2, 2]).unwrap();
    assert!(!y.detach().requires_grad() && y.requires_grad());
    assert!(no_grad(|| exp(&x)).unwrap().is_leaf());
    assert_eq!(
        run(&total(&y.detach())).unwrap_err().to_string(),
        "element 0 of tensors does not require grad and does not have a grad_fn"
    );
    assert_eq!(
        run(&exp(&x).unwrap()).unwrap_err().to_string(),
        "grad can be implicitly created only for scalar outputs"
    );
}
