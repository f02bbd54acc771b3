//! Levels of instructions: the same bits, and forcing one.

use candlewick_kernels::simd::{Kernel, Level, available, dispatch, level, with_level};

struct Sum<'a>(&'a [f32]);
impl Kernel for Sum<'_> {
    type Output = f32;
    #[inline(always)]
    fn run(self) -> f32 {
        self.0.iter().sum()
    }
}

#[test]
fn a_loop_gives_the_same_bits_at_all_levels() {
    let x: Vec<f32> = (0..1001).map(|i| (i as f32).sin()).collect();
    let want: f32 = x.iter().sum();
    for l in available() {
        with_level(l, || {
            assert_eq!(level(), l);
            assert_eq!(dispatch(Sum(&x)).to_bits(), want.to_bits());
        });
    }
}

#[test]
fn with_level_nests_and_restores() {
    with_level(Level::Portable, || {
        with_level(available()[0], || assert_eq!(level(), available()[0]));
        assert_eq!(level(), Level::Portable);
    });
}
