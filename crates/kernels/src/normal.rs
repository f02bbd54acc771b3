//! Box and Muller's transform of uniform numbers in blocks of sixteen, as PyTorch computes it: the float32 block with the
//! polynomials of its AVX2 kernel. [Box & Muller 1958; Cephes]

use crate::simd::{Kernel, dispatch};

/// Turns uniform numbers of [0, 1) into normal ones, sixteen at a time; what is left over stays as it is.
pub fn box_muller_f32(out: &mut [f32], mean: f32, std: f32) {
    dispatch(Blocks(out, mean, std));
}

struct Blocks<'a>(&'a mut [f32], f32, f32);
impl Kernel for Blocks<'_> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        self.0.chunks_exact_mut(16).for_each(|b| block_f32(b, self.1, self.2));
    }
}

/// The same in float64.
pub fn box_muller_f64(out: &mut [f64], mean: f64, std: f64) {
    out.chunks_exact_mut(16).for_each(|b| block_f64(b, mean, std));
}

fn block_f64(d: &mut [f64], mean: f64, std: f64) {
    for j in 0..8 {
        let (u1, u2) = (1.0 - d[j], d[j + 8]);
        let r = (-2.0 * u1.ln()).sqrt();
        let t = 2.0 * std::f64::consts::PI * u2;
        d[j] = (r * t.cos()).mul_add(std, mean);
        d[j + 8] = (r * t.sin()).mul_add(std, mean);
    }
}

#[inline(always)]
fn block_f32(d: &mut [f32], mean: f32, std: f32) {
    for j in 0..8 {
        let (u1, u2) = (1.0 - d[j], d[j + 8]);
        let r = (-2.0 * ln(u1)).sqrt();
        let (sin, cos) = sin_cos(f32::from_bits(0x40c9_0fdb) * u2);
        d[j] = (r * cos).mul_add(std, mean);
        d[j + 8] = (r * sin).mul_add(std, mean);
    }
}

#[inline(always)]
fn bits(b: u32) -> f32 {
    f32::from_bits(b)
}

/// Cephes' logf with fused steps; exactly these roundings.
#[inline(always)]
fn ln(x: f32) -> f32 {
    let raw = x.to_bits();
    let mut e = ((raw >> 23) as i32 - 126) as f32;
    let mut m = f32::from_bits(raw & 0x007f_ffff | 0x3f00_0000);
    if m < bits(0x3f35_04f3) {
        e -= 1.0;
        m = (m - 1.0) + m;
    } else {
        m -= 1.0;
    }
    let z = m * m;
    let mut y = bits(0x3d90_21bb);
    for p in [0xbdeb_d1b8, 0x3def_251a, 0xbdfe_5d4f, 0x3e11_e9bf, 0xbe2a_ae50, 0x3e4c_ceac, 0xbe7f_fffc, 0x3eaa_aaaa] {
        y = y.mul_add(m, bits(p));
    }
    y *= m;
    y = y.mul_add(z, e * bits(0xb95e_8083));
    y = (-z).mul_add(0.5, y);
    e.mul_add(bits(0x3f31_8000), m + y)
}

/// Cephes' sinf and cosf for t >= 0 with fused steps; exactly these roundings.
#[inline(always)]
fn sin_cos(t: f32) -> (f32, f32) {
    let j = ((t * bits(0x3fa2_f983)) as i32 + 1) & !1;
    let y = j as f32;
    let mut a = y.mul_add(bits(0xbf49_0000), t);
    a = y.mul_add(bits(0xb97d_a000), a);
    a = y.mul_add(bits(0xb322_2169), a);
    let z = a * a;
    let mut c = bits(0x37cc_f5ce).mul_add(z, bits(0xbab6_061a));
    c = c.mul_add(z, bits(0x3d2a_aaa5));
    c *= z;
    c = c.mul_add(z, -0.5 * z);
    c += 1.0;
    let mut s = bits(0xb94c_a1f9).mul_add(z, bits(0x3c08_839e));
    s = s.mul_add(z, bits(0xbe2a_aaa3));
    s *= z;
    s = s.mul_add(a, a);
    let (sin, cos) = if j & 2 == 0 { (s, c) } else { (c, s) };
    (if j & 4 != 0 { -sin } else { sin }, if (j - 2) & 4 == 0 { -cos } else { cos })
}
