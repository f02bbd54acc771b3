//! Draws and states of the generator against PyTorch's.

use candlewick_tensor::DType;
use candlewick_tensor::ops::randn;
use candlewick_tensor::random::Generator;

#[test]
fn raw_draws_are_pytorchs() {
    for (seed, want) in [(0u64, [2357136044u32, 2546248239, 3071714933]), (1, [1791095845, 4282876139, 3093770124])] {
        let mut g = Generator::new(seed);
        assert_eq!([g.u32(), g.u32(), g.u32()], want);
    }
    assert_eq!(Generator::new((1 << 32) + 5).u32(), 953453411);
}

#[test]
fn a_state_comes_back() {
    let mut g = Generator::new(3);
    (0..700).for_each(|_| _ = g.u32());
    // One normal number leaves the second of its pair in the state.
    let one = |g: &mut Generator| randn(&[1], DType::F64, g).unwrap().to_f64_vec().unwrap();
    one(&mut g);
    let bytes = g.state_bytes();
    assert_eq!(bytes[5040], 1);
    let mut h = Generator::default();
    h.set_state_bytes(&bytes).unwrap();
    assert_eq!(h.state_bytes(), bytes);
    assert_eq!(one(&mut h), one(&mut g));
    assert_eq!(h.u32(), g.u32());
    assert!(h.set_state_bytes(&bytes[1..]).is_err());
}
