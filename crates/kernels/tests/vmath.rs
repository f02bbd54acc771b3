//! Elementary functions against those of f64, in units in the last place.

use candlewick_kernels::vmath::{cos, erf, exp, expm1, ln, log1p, sigmoid, sin, tanh};

/// Units in the last place of the rounded truth.
fn ulps(got: f32, want: f64) -> f64 {
    let w = want as f32;
    if got == w || got.is_nan() && w.is_nan() {
        return 0.0;
    }
    let unit = (w.abs().max(f32::MIN_POSITIVE).next_up() - w.abs().max(f32::MIN_POSITIVE)) as f64;
    (got as f64 - want).abs() / unit
}

/// Every 997th float of both signs.
fn floats() -> impl Iterator<Item = f32> {
    (0..u32::MAX).step_by(997).map(f32::from_bits).chain([
        0.0,
        -0.0,
        1.0,
        -1.0,
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::MAX,
    ])
}

fn check(name: &str, got: fn(f32) -> f32, want: impl Fn(f64) -> f64, limit: f64) {
    let mut worst = (0.0, 0.0);
    for x in floats() {
        let e = ulps(got(x), want(x as f64));
        assert!(!e.is_nan(), "{name}({x:e}) = {:e}, expected {:e}", got(x), want(x as f64));
        worst = if e > worst.0 { (e, x) } else { worst };
    }
    assert!(worst.0 <= limit, "{name}({:e}) is off by {} ulp", worst.1, worst.0);
}

/// The error function by its series or its continued fraction, in f64.
fn erf64(x: f64) -> f64 {
    let a = x.abs();
    if a > 6.0 {
        return 1f64.copysign(x);
    }
    if a.is_nan() {
        return x;
    }
    if a < 2.5 {
        let (mut term, mut sum) = (x, x);
        for n in 1..200 {
            term *= -x * x / n as f64;
            sum += term / (2 * n + 1) as f64;
        }
        return sum * std::f64::consts::FRAC_2_SQRT_PI;
    }
    let tail = (1..200).rev().fold(a, |f, k| a + k as f64 / 2.0 / f);
    (1.0 - (-a * a).exp() / tail / std::f64::consts::PI.sqrt()).copysign(x)
}

#[test]
fn two_units_in_the_last_place() {
    check("exp", exp, f64::exp, 2.0);
    check("expm1", expm1, f64::exp_m1, 2.0);
    check("ln", ln, f64::ln, 2.0);
    check("log1p", log1p, f64::ln_1p, 2.0);
    check("tanh", tanh, f64::tanh, 2.0);
    check("sigmoid", sigmoid, |x| 1.0 / (1.0 + (-x).exp()), 2.5);
    check("erf", erf, erf64, 2.0);
}

#[test]
fn sine_and_cosine() {
    // Near a zero the error is absolute: the reduction has about 60 bits.
    for x in floats() {
        let (s, c) = (sin(x), cos(x));
        let (ws, wc) = ((x as f64).sin(), (x as f64).cos());
        if x.is_finite() {
            assert!(ulps(s, ws) <= 2.0 || (s as f64 - ws).abs() < 1e-9, "sin({x:e}) = {s:e}, expected {ws:e}");
            assert!(ulps(c, wc) <= 2.0 || (c as f64 - wc).abs() < 1e-9, "cos({x:e}) = {c:e}, expected {wc:e}");
        } else {
            assert!(s.is_nan() && c.is_nan());
        }
    }
}

#[test]
fn zeros_keep_their_sign() {
    for f in [expm1, log1p, tanh, erf, sin] {
        assert_eq!((f(0.0).to_bits(), f(-0.0).to_bits()), (0, (-0f32).to_bits()));
    }
}
