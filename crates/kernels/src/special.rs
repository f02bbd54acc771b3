//! Special functions in float64, for dtypes of any width.   [Abramowitz & Stegun 1964]

use std::f64::consts::PI;

/// The derivative of ln Γ. Poles at 0 (with its sign) and the negative integers (NaN).
pub fn digamma(x: f64) -> f64 {
    if x == 0.0 {
        return f64::INFINITY.copysign(-x);
    }
    if x < 0.0 {
        if x == x.floor() {
            return f64::NAN;
        }
        return digamma(1.0 - x) - PI / (PI * x.fract()).tan(); // reflection, 6.3.7
    }
    // Recurrence up to where the asymptotic series is exact, 6.3.5 and 6.3.18.
    let (mut x, mut sum) = (x, 0.0);
    while x < 10.0 {
        sum -= 1.0 / x;
        x += 1.0;
    }
    let z = 1.0 / (x * x);
    let series = z * (1.0 / 12.0 - z * (1.0 / 120.0 - z * (1.0 / 252.0 - z * (1.0 / 240.0 - z * (1.0 / 132.0)))));
    sum + x.ln() - 0.5 / x - series
}

/// Hurwitz's zeta function, the sum of (k + q)^-s over k >= 0, by Euler and Maclaurin, 23.2.
pub fn zeta(s: f64, q: f64) -> f64 {
    if s == 1.0 {
        return f64::INFINITY;
    }
    if s < 1.0 {
        return f64::NAN;
    }
    if q <= 0.0 {
        if q == q.floor() {
            return f64::INFINITY;
        }
        if s != s.floor() || q < -1e4 {
            return f64::NAN; // not real, or too far from the series
        }
    }
    const TERMS: usize = 12;
    // B(2k) / (2k)! for k = 1, 2, ...
    const BERNOULLI: [f64; 8] = [
        1.0 / 12.0,
        -1.0 / 720.0,
        1.0 / 30240.0,
        -1.0 / 1209600.0,
        1.0 / 47900160.0,
        -691.0 / 1307674368000.0,
        1.0 / 74724249600.0,
        -3617.0 / 10670622842880000.0,
    ];
    let mut sum = 0.0;
    let mut at = q;
    for _ in 0..TERMS.max((TERMS as f64 - q).ceil() as usize) {
        sum += at.powf(-s);
        at += 1.0;
    }
    let tail = at.powf(-s);
    sum += tail * at / (s - 1.0) + 0.5 * tail;
    let (mut factor, mut power) = (s, tail / at);
    for (k, b) in BERNOULLI.iter().enumerate() {
        sum += b * factor * power;
        let j = 2.0 * k as f64 + 1.0;
        factor *= (s + j) * (s + j + 1.0);
        power /= at * at;
    }
    sum
}

/// The `n`th derivative of digamma: (-1)^(n+1) n! ζ(n+1, x), 6.4.10.
pub fn polygamma(n: u32, x: f64) -> f64 {
    if n == 0 {
        return digamma(x);
    }
    if n == 1 && x < 0.5 && x != x.floor() {
        let s = (PI * x).sin();
        return PI * PI / (s * s) - polygamma(1, 1.0 - x); // reflection, 6.4.7
    }
    let sign = if n % 2 == 1 { 1.0 } else { -1.0 };
    sign * libm::tgamma(n as f64 + 1.0) * zeta(n as f64 + 1.0, x)
}

/// ln |Γ(x)|.
pub fn lgamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// The inverse of erf: a rational start [Giles 2010], then Newton's steps.
pub fn erfinv(y: f64) -> f64 {
    if y.abs() >= 1.0 || y.is_nan() {
        return if y.abs() == 1.0 { f64::INFINITY.copysign(y) } else { f64::NAN };
    }
    let w = -((1.0 - y) * (1.0 + y)).ln();
    let poly = |w: f64, c: &[f64]| c.iter().fold(0.0, |p, c| p * w + c);
    let mut x = y * if w < 5.0 {
        poly(
            w - 2.5,
            &[
                2.81022636e-08,
                3.43273939e-07,
                -3.5233877e-06,
                -4.39150654e-06,
                0.00021858087,
                -0.00125372503,
                -0.00417768164,
                0.246640727,
                1.50140941,
            ],
        )
    } else {
        poly(
            w.sqrt() - 3.0,
            &[
                -0.000200214257,
                0.000100950558,
                0.00134934322,
                -0.00367342844,
                0.00573950773,
                -0.0076224613,
                0.00943887047,
                1.00167406,
                2.83297682,
            ],
        )
    };
    for _ in 0..3 {
        // Near +-1 the difference of erfc keeps the digits that erf loses.
        let error = if y > 0.5 {
            libm::erfc(x) - (1.0 - y)
        } else if y < -0.5 {
            (1.0 + y) - libm::erfc(-x)
        } else {
            y - libm::erf(x)
        };
        x += error * 0.5 * PI.sqrt() * (x * x).exp();
    }
    x
}

/// The modified Bessel function of the first kind and order `n`, divided by e^|x|: its series, or the asymptotic one, 9.6.10 and 9.7.1.
fn bessel_i_scaled(n: u32, x: f64) -> f64 {
    let a = x.abs();
    let n = n as f64;
    let y = if a < 30.0 {
        let q = a * a / 4.0;
        let (mut term, mut sum, mut k) = ((a / 2.0).powf(n) / libm::tgamma(n + 1.0), 0.0, 0.0);
        while term > sum * 1e-18 {
            sum += term;
            k += 1.0;
            term *= q / (k * (k + n));
        }
        sum * (-a).exp()
    } else {
        let (mut term, mut sum) = (1.0, 1.0);
        for k in 1..30 {
            let k = k as f64;
            let next = term * ((2.0 * k - 1.0).powi(2) - 4.0 * n * n) / (k * 8.0 * a);
            if next.abs() >= term.abs() {
                break;
            }
            term = next;
            sum += term;
        }
        sum / (2.0 * PI * a).sqrt()
    };
    if n == 1.0 && x < 0.0 { -y } else { y }
}

/// The modified Bessel function of the first kind, order 0.
pub fn i0(x: f64) -> f64 {
    bessel_i_scaled(0, x) * x.abs().exp()
}

/// The modified Bessel function of the first kind, order 1.
pub fn i1(x: f64) -> f64 {
    bessel_i_scaled(1, x) * x.abs().exp()
}

/// Both regularised incomplete gamma functions (lower P, upper Q): a series below a + 1, a continued fraction above, 6.5.29 and 6.5.31.
pub fn incomplete_gamma(a: f64, x: f64) -> (f64, f64) {
    if a.is_nan() || x.is_nan() || a < 0.0 || x < 0.0 {
        return (f64::NAN, f64::NAN);
    }
    if x == 0.0 {
        return if a == 0.0 { (f64::NAN, f64::NAN) } else { (0.0, 1.0) };
    }
    if a == 0.0 || x.is_infinite() {
        return if a.is_infinite() { (f64::NAN, f64::NAN) } else { (1.0, 0.0) };
    }
    if a.is_infinite() {
        return (0.0, 1.0);
    }
    let front = (a * x.ln() - x - lgamma(a)).exp();
    if x < a + 1.0 {
        let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
        while term > sum * 1e-17 && n < a + 1e5 {
            n += 1.0;
            term *= x / n;
            sum += term;
        }
        (sum * front, 1.0 - sum * front)
    } else {
        // Lentz's method for the continued fraction.
        let mut b = x + 1.0 - a;
        let (mut c, mut d) = (1e300, 1.0 / b);
        let mut h = d;
        for i in 1..10_000 {
            let i = i as f64;
            let an = -i * (i - a);
            b += 2.0;
            d = 1.0 / (an * d + b);
            c = b + an / c;
            let step = c * d;
            h *= step;
            if (step - 1.0).abs() < 1e-16 {
                break;
            }
        }
        (1.0 - h * front, h * front)
    }
}
