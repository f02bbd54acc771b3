//! f32 functions without branches, so that a loop over them inside `simd::dispatch` becomes vector code.
//!
//! Errors are at most 2 units in the last place (2.5 for sigmoid); zeros keep their sign, infinities, NaN and denormals are right.
//! Nothing is fused, so the bits are the same at all levels.

use std::hint::select_unpredictable as select;

/// 1.5 * 2^23: adding and subtracting it rounds to an integer, which is then in the low bits.
const ROUND: f32 = 12_582_912.0;

/// (x rounded to an integer, that integer), for |x| < 2^21.
#[inline(always)]
fn round(x: f32) -> (f32, i32) {
    let t = x + ROUND;
    (t - ROUND, (t.to_bits() as i32).wrapping_sub(ROUND.to_bits() as i32))
}

/// 2^n for -126 <= n <= 127.
#[inline(always)]
fn exp2i(n: i32) -> f32 {
    f32::from_bits((n.wrapping_add(127) << 23) as u32)
}

/// (n, r) with x = n ln 2 + r, |r| <= ln 2 / 2.
#[inline(always)]
fn reduce(x: f32) -> (i32, f32) {
    let (nf, n) = round(x * std::f32::consts::LOG2_E);
    (n, (x - nf * 0.693_359_4) - nf * -2.121_944_4e-4)
}

/// e^r - 1 - r for |r| <= ln 2 / 2.
#[inline(always)]
fn exp_tail(r: f32) -> f32 {
    let p = 1.987_569_1e-4 * r + 1.398_2e-3;
    let p = p * r + 8.333_452e-3;
    let p = p * r + 4.166_579_6e-2;
    let p = p * r + 1.666_666_5e-1;
    let p = p * r + 0.5;
    p * r * r
}

/// e^x
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    let c = select(x > 89.0, 89.0, x);
    let c = select(c < -104.0, -104.0, c);
    let (n, r) = reduce(c);
    let y = exp_tail(r) + r + 1.0;
    // In two factors: 2^n itself may overflow or be denormal.
    let half = n >> 1;
    y * exp2i(half) * exp2i(n.wrapping_sub(half))
}

/// e^x - 1
#[inline(always)]
pub fn expm1(x: f32) -> f32 {
    let c = select(x > 80.0, 80.0, x);
    let c = select(c < -20.0, -20.0, c);
    let (n, r) = reduce(c);
    let q = exp_tail(r) + r;
    let s = exp2i(n);
    let y = s * q + (s - 1.0);
    let y = select(n == 0, q, y);
    let y = select(x > 80.0, exp(x), y);
    select(x == 0.0, x, y)
}

/// The natural logarithm.
#[inline(always)]
pub fn ln(x: f32) -> f32 {
    let tiny = x < f32::MIN_POSITIVE;
    let s = select(tiny, x * 8_388_608.0, x);
    let shift = select(tiny, -23.0, 0.0);
    // s = m * 2^e with sqrt(1/2) <= m < sqrt(2)
    let bits = s.to_bits() as i32;
    let d = bits.wrapping_sub(0x3f35_04f3);
    let e = (d >> 23) as f32 + shift;
    let m = f32::from_bits(((d & 0x007f_ffff).wrapping_add(0x3f35_04f3)) as u32);
    let f = m - 1.0;
    let z = f * f;
    let p = 7.037_683_6e-2 * f - 1.151_461e-1;
    let p = p * f + 1.167_699_9e-1;
    let p = p * f - 1.242_014_1e-1;
    let p = p * f + 1.424_932_3e-1;
    let p = p * f - 1.666_805_7e-1;
    let p = p * f + 2.000_071_5e-1;
    let p = p * f - 2.499_999_4e-1;
    let p = p * f + 3.333_333e-1;
    let y = p * f * z + e * -2.121_944_4e-4 - 0.5 * z;
    let y = f + y + e * 0.693_359_4;
    let y = select(x == f32::INFINITY, x, y);
    let y = select(x == 0.0, f32::NEG_INFINITY, y);
    select(x < 0.0 || x.is_nan(), f32::NAN, y)
}

/// ln(1 + x)
#[inline(always)]
pub fn log1p(x: f32) -> f32 {
    let u = 1.0 + x;
    // What rounding 1 + x lost, to first order.
    let lost = select(x > 1.0, 1.0 - (u - x), x - (u - 1.0));
    let y = ln(u) + lost / u;
    let y = select(u == 1.0, x, y);
    let y = select(x == f32::INFINITY, x, y);
    select(x == -1.0, f32::NEG_INFINITY, y)
}

/// The hyperbolic tangent.
#[inline(always)]
pub fn tanh(x: f32) -> f32 {
    let a = x.abs();
    let s = x * x;
    let p = -5.704_988_7e-3 * s + 2.063_909e-2;
    let p = p * s - 5.373_971_5e-2;
    let p = p * s + 1.333_144_2e-1;
    let p = p * s - 3.333_328e-1;
    let small = p * s * x + x;
    let large = 1.0 - 2.0 / (exp(2.0 * a) + 1.0);
    select(a < 0.625, small, large).copysign(x)
}

/// 1 / (1 + e^-x)
#[inline(always)]
pub fn sigmoid(x: f32) -> f32 {
    let e = exp(-x.abs());
    let top = select(x < 0.0, e, 1.0);
    top / (1.0 + e)
}

/// The error function.
#[inline(always)]
pub fn erf(x: f32) -> f32 {
    let t = x.abs();
    let t = select(t > 4.0, 4.0, t);
    let s = t * t;
    let r = -1.728_534_7e-5 * t + 3.831_971_3e-4;
    let u = -3.883_964_4e-3 * t + 2.425_462_2e-2;
    let r = r * s + u;
    let r = r * t - 1.067_778_8e-1;
    let r = r * t - 6.348_467e-1;
    let r = r * t - 1.287_175_1e-1;
    let large = (1.0 - exp(r * t - t)).copysign(x);
    let p = -5.967_617e-4 * s + 4.991_194_2e-3;
    let p = p * s - 2.676_813_5e-2;
    let p = p * s + 1.128_199_3e-1;
    let p = p * s - 3.761_253_4e-1;
    let p = p * s + 1.283_791_7e-1;
    let small = p * x + x;
    select(t > 0.927_734_4, large, small)
}

/// Up to this absolute value `sin_bounded` and `cos_bounded` are right.
pub const BOUND: f32 = 1e6;

/// (quadrant, x - quadrant * pi / 2) for |x| <= BOUND; the reduction is done in f64, where it is exact enough.
#[inline(always)]
fn quadrant(x: f32) -> (i32, f32) {
    const ROUND: f64 = 6_755_399_441_055_744.0;
    let x = x as f64;
    let t = x * std::f64::consts::FRAC_2_PI + ROUND;
    let n = t - ROUND;
    let r = (x - n * 1.570_796_326_734_125_6) - n * 6.077_100_506_506_192e-11;
    (t.to_bits() as i32, r as f32)
}

/// sin(r) in even quadrants, cos(r) in odd ones, with the quadrant's sign.
#[inline(always)]
fn wave(q: i32, r: f32) -> f32 {
    let s = r * r;
    let a = (-1.951_529_6e-4 * s + 8.332_161e-3) * s - 1.666_665_5e-1;
    let sin = a * s * r + r;
    let b = (2.443_315_7e-5 * s - 1.388_731_6e-3) * s + 4.166_664_6e-2;
    let cos = b * s * s - 0.5 * s + 1.0;
    let y = select(q & 1 == 0, sin, cos);
    f32::from_bits(y.to_bits() ^ ((q as u32 & 2) << 30))
}

/// sin(x) for |x| <= BOUND, without a branch. NaN for NaN.
#[inline(always)]
pub fn sin_bounded(x: f32) -> f32 {
    let (q, r) = quadrant(x);
    let y = wave(q, r);
    select(x == 0.0, x, y)
}

/// cos(x) for |x| <= BOUND, without a branch. NaN for NaN.
#[inline(always)]
pub fn cos_bounded(x: f32) -> f32 {
    let (q, r) = quadrant(x);
    wave(q.wrapping_add(1), r)
}

/// sin(x) for every x; the standard library's beyond BOUND.
#[inline(always)]
pub fn sin(x: f32) -> f32 {
    if x.abs() <= BOUND { sin_bounded(x) } else { x.sin() }
}

/// cos(x) for every x; the standard library's beyond BOUND.
#[inline(always)]
pub fn cos(x: f32) -> f32 {
    if x.abs() <= BOUND { cos_bounded(x) } else { x.cos() }
}
