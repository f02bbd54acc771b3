//! Special functions against known values.

use candlewick_kernels::special::{digamma, erfinv, i0, i1, incomplete_gamma, polygamma, zeta};
use std::f64::consts::PI;

fn near(got: f64, want: f64) {
    assert!((got - want).abs() <= 1e-12 * want.abs().max(1.0), "{got} is not {want}");
}

#[test]
fn known_values() {
    near(digamma(1.0), -0.577_215_664_901_532_9);
    near(digamma(-0.5), 0.036_489_973_978_576_52);
    near(polygamma(1, 1.0), PI * PI / 6.0);
    near(polygamma(1, -0.5), 8.934_802_200_544_679);
    near(polygamma(2, 2.0), -0.404_113_806_319_188_53);
    near(zeta(2.0, 1.0), PI * PI / 6.0);
    near(i0(1.0), 1.266_065_877_752_008_4);
    near(i0(40.0) / 40f64.exp(), 0.063_278_279_875_235_32);
    near(i1(-2.0), -1.590_636_854_637_329);
    near(incomplete_gamma(2.0, 3.0).0, 0.800_851_726_528_544_2);
    near(incomplete_gamma(0.5, 3.0).1, 0.014_305_878_435_429_65);
}

#[test]
fn erfinv_inverts_erf() {
    for x in [-5.5, -3.0, -0.7, -1e-8, 0.0, 1e-3, 0.4, 1.3, 4.0] {
        let y = libm::erf(x);
        if y.abs() < 1.0 {
            assert!((erfinv(y) - x).abs() <= 1e-12 * x.abs().max(1e-2) / (1.0 - y.abs()).min(1.0), "{x}");
        }
    }
    assert_eq!(erfinv(1.0), f64::INFINITY);
    assert!(erfinv(1.5).is_nan());
}
