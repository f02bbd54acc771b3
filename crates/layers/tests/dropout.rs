//! Dropout against PyTorch's mask, and of whole channels.

use candlewick_layers::{DropoutKind, dropout};
use candlewick_tensor::Tensor;
use candlewick_tensor::random::Generator;

#[test]
fn the_mask_is_pytorchs() {
    let x = Tensor::from_vec((1..21).map(|i| i as f32).collect(), &[20]);
    let y = dropout(&x, DropoutKind::default(), 0.3, true, &mut Generator::new(0)).unwrap();
    let bits: Vec<u32> = y.data::<f32>().unwrap().iter().map(|v| v.to_bits()).collect();
    assert_eq!((bits[0], bits[1], bits[2], bits[19]), (0, 0, 0x40892492, 0));
}

#[test]
fn channels_fall_together() {
    let x = Tensor::from_vec(vec![1f32; 2 * 8 * 5], &[2, 8, 5]);
    for alpha in [false, true] {
        let kind = DropoutKind { feature: true, alpha };
        let y = dropout(&x, kind, 0.5, true, &mut Generator::new(1)).unwrap().to_f64_vec().unwrap();
        assert!(y.chunks(5).all(|c| c.iter().all(|v| v == &c[0])));
        assert!(y.chunks(5).any(|c| c[0] != y[0]));
    }
}
