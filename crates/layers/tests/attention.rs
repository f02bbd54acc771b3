//! The kernel against differences and against its composition; views, masks, shared heads.

use crate::testing::{gradcheck, gradgradcheck, leaf, wave};
use candlewick_layers::{
    AttentionConfig, MultiHeadConfig, MultiHeadWeights, multi_head_attention, scaled_dot_product_attention,
};
use candlewick_tensor::ops::transpose;
use candlewick_tensor::random::Generator;
use candlewick_tensor::{Bool, Result, Tensor};

fn run(v: &[Tensor], mask: Option<&Tensor>, o: &AttentionConfig) -> Result<Tensor> {
    scaled_dot_product_attention(&v[0], &v[1], &v[2], mask, o, &mut Generator::new(0))
}

fn masks() -> Vec<(Option<Tensor>, bool)> {
    let places = [1u8, 0, 1, 1, 1, 0].map(Bool).to_vec();
    vec![
        (None, false),
        (None, true),
        (Some(Tensor::from_vec(places, &[2, 3])), false),
        (Some(wave(&[1, 1, 2, 3], 0.5)), false),
    ]
}

#[test]
fn gradients_agree_with_differences() {
    let xs = [leaf(wave(&[2, 2, 2, 4], 0.1)), leaf(wave(&[2, 1, 3, 4], 0.2)), leaf(wave(&[2, 1, 3, 5], 0.3))];
    for (mask, causal) in masks() {
        let o = AttentionConfig { causal, grouped: true, scale: Some(0.7), ..AttentionConfig::default() };
        gradcheck(&xs, |v| run(v, mask.as_ref(), &o));
    }
    let xs = [leaf(wave(&[2, 4], 0.1)), leaf(wave(&[3, 4], 0.2)), leaf(wave(&[3, 2], 0.3))];
    gradgradcheck(&xs, |v| run(v, None, &AttentionConfig::default()));
    let learned = leaf(wave(&[2, 3], 0.4));
    let all = [xs[0].clone(), xs[1].clone(), xs[2].clone(), learned];
    gradcheck(&all, |v| run(v, Some(&v[3]), &AttentionConfig::default()));
}

#[test]
fn the_composition_agrees_on_views() {
    let view = |phase: f64| transpose(&leaf(wave(&[70, 2, 4], phase)), 0, 1).unwrap();
    let xs = [view(0.1), view(0.2), view(0.3)];
    for causal in [false, true] {
        let o = AttentionConfig { causal, ..AttentionConfig::default() };
        let fused = run(&xs, None, &o).unwrap();
        // A probability above zero asks for the composition; one this small drops nothing.
        let plain = run(&xs, None, &AttentionConfig { dropout: f64::MIN_POSITIVE, ..o }).unwrap();
        assert_ne!(fused.grad_fn(), plain.grad_fn());
        let (fused, plain) = (fused.to_f64_vec().unwrap(), plain.to_f64_vec().unwrap());
        assert!(fused.iter().zip(&plain).all(|(a, b)| (a - b).abs() < 1e-12));
    }
}

#[test]
fn several_heads_agree_with_differences() {
    let e = 4;
    let weights = |v: &[Tensor]| MultiHeadWeights {
        in_proj: Some(v[1].clone()),
        in_bias: Some(v[2].clone()),
        bias_kv: Some([v[3].clone(), v[4].clone()]),
        out_proj: Some(v[5].clone()),
        ..MultiHeadWeights::default()
    };
    let shapes: [&[usize]; 6] = [&[3, 2, e], &[3 * e, e], &[3 * e], &[1, 1, e], &[1, 1, e], &[e, e]];
    let xs: Vec<Tensor> = shapes.iter().enumerate().map(|(i, s)| leaf(wave(s, i as f64))).collect();
    for need_weights in [false, true] {
        let (dropout, average, causal, batch_first) = (0.0, true, false, true);
        let (heads, zero_attention) = (2, true);
        let o =
            MultiHeadConfig { embed: e, heads, zero_attention, dropout, need_weights, average, causal, batch_first };
        gradcheck(&xs, |v| {
            let x = [&v[0], &v[0], &v[0]];
            Ok(multi_head_attention(x, &weights(v), None, None, &o, &mut Generator::new(0))?.0)
        });
    }
}

#[test]
fn a_query_that_sees_nothing_gets_zeros_and_no_gradient() {
    let xs = [leaf(wave(&[1, 4], 0.1)), wave(&[3, 4], 0.2), wave(&[3, 4], 0.3)];
    let nothing = Tensor::from_vec(vec![Bool(0); 3], &[1, 3]);
    for dropout in [0.0, 0.5] {
        let y = run(&xs, Some(&nothing), &AttentionConfig { dropout, ..AttentionConfig::default() }).unwrap();
        assert_eq!(y.to_f64_vec().unwrap(), [0.0; 4]);
    }
}
