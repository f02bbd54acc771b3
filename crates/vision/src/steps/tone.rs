//! Brightness, contrast, saturation, hue, sharpness, tables of values: with the arithmetic of Pillow's enhancers.

use crate::color::gray;
use crate::error::{Error, Result};
use crate::raster::Raster;

/// a + factor (b - a) for each pair, limited to bytes where the factor goes past either end. Opacity stays.
fn mix(from: impl Fn(usize) -> u8, image: &mut Raster, factor: f32) {
    if factor == 1.0 {
        return;
    }
    let (all, colors) = (image.channels, image.channels - usize::from(image.channels.is_multiple_of(2)));
    for (p, pixel) in image.data.chunks_exact_mut(all).enumerate() {
        for (k, v) in pixel[..colors].iter_mut().enumerate() {
            let a = from(p * all + k);
            let mixed = f32::from(a) + factor * (f32::from(*v) - f32::from(a));
            *v = if factor == 0.0 { a } else { mixed.clamp(0.0, 255.0) as u8 };
        }
    }
}

/// The brightness of a pixel.
fn brightness_of(image: &Raster, i: usize) -> u8 {
    let p = &image.data[i * image.channels..][..image.channels];
    if image.channels >= 3 { gray(p[0], p[1], p[2]) } else { p[0] }
}

/// Mixes with black.
pub fn brightness(image: &mut Raster, factor: f32) {
    mix(|_| 0, image, factor);
}

/// Mixes with the mean gray.
pub fn contrast(image: &mut Raster, factor: f32) {
    let n = image.width * image.height;
    let sum: u64 = (0..n).map(|i| u64::from(brightness_of(image, i))).sum();
    let mean = (sum as f64 / n.max(1) as f64 + 0.5) as u8;
    mix(|_| mean, image, factor);
}

/// Mixes with the gray image.
pub fn saturation(image: &mut Raster, factor: f32) {
    let c = image.channels;
    let grays: Vec<u8> = (0..image.width * image.height).map(|i| brightness_of(image, i)).collect();
    mix(|i| grays[i / c], image, factor);
}

/// Mixes with the image smoothed by a 3 x 3 filter, whose centre weighs 5 of 13.
pub fn sharpness(image: &mut Raster, factor: f32) {
    let (w, h, c) = (image.width, image.height, image.channels);
    let (one, five) = (1.0f32 / 13.0, 5.0f32 / 13.0);
    let mut smooth = image.data.clone();
    for y in 1..h.saturating_sub(1) {
        for x in 1..w.saturating_sub(1) {
            for k in 0..c {
                let at = |dx: usize, dy: usize| f32::from(image.pixel(x + dx - 1, y + dy - 1)[k]);
                let row = |dy: usize, middle: f32| at(0, dy) * one + at(1, dy) * middle + at(2, dy) * one;
                let sum = 0.5 + row(2, one) + row(1, five) + row(0, one);
                smooth[(y * w + x) * c + k] = sum.clamp(0.0, 255.0) as u8;
            }
        }
    }
    mix(|i| smooth[i], image, factor);
}

/// Turns the hue by `shift` of 256 steps. Grays have none.
pub fn hue(image: &mut Raster, shift: u8) {
    if image.channels < 3 {
        return;
    }
    for p in image.data.chunks_exact_mut(image.channels) {
        let [h, s, v] = hsv([p[0], p[1], p[2]]);
        p[..3].copy_from_slice(&rgb([h.wrapping_add(shift), s, v]));
    }
}

fn clipped(v: f64) -> u8 {
    (v as i32).clamp(0, 255) as u8
}

fn hsv([r, g, b]: [u8; 3]) -> [u8; 3] {
    let (most, least) = (r.max(g).max(b), r.min(g).min(b));
    if most == least {
        return [0, 0, most];
    }
    let range = f32::from(most - least);
    let saturation = range / f32::from(most);
    let [rc, gc, bc] = [r, g, b].map(|v| f32::from(most - v) / range);
    let hue = if r == most {
        bc - gc
    } else if g == most {
        (2.0 + f64::from(rc) - f64::from(bc)) as f32
    } else {
        (4.0 + f64::from(gc) - f64::from(rc)) as f32
    };
    let hue = ((f64::from(hue) / 6.0 + 1.0) % 1.0) as f32;
    [clipped(f64::from(hue) * 255.0), clipped(f64::from(saturation) * 255.0), most]
}

fn rgb([h, s, v]: [u8; 3]) -> [u8; 3] {
    if s == 0 {
        return [v; 3];
    }
    let hue = (f64::from(h) * 6.0 / 255.0) as f32;
    let saturation = (f64::from(s) / 255.0) as f32;
    let sector = hue.floor();
    let f = hue - sector;
    let at = |part: f64| (f64::from(v) * (1.0 - part)).round().clamp(0.0, 255.0) as u8;
    let (fs, f) = (f64::from(saturation), f64::from(f));
    let (p, q, t) = (at(fs), at(f64::from(saturation * f as f32)), at(fs * (1.0 - f)));
    match sector as i32 % 6 {
        0 => [v, t, p],
        1 => [q, v, p],
        2 => [p, v, t],
        3 => [p, q, v],
        4 => [t, p, v],
        _ => [v, p, q],
    }
}

/// One channel of brightness, or three that are the same.
pub fn grayscale(image: &Raster, channels: usize) -> Result<Raster> {
    let mut out = Raster::filled(image.width, image.height, &vec![0; channels])?;
    out.data.chunks_exact_mut(channels).enumerate().for_each(|(i, p)| p.fill(brightness_of(image, i)));
    Ok(out)
}

/// Replaces each value by a table's.
fn table(image: &mut Raster, of: impl Fn(u8) -> u8) {
    let table: Vec<u8> = (0..=255).map(of).collect();
    image.data.iter_mut().for_each(|v| *v = table[*v as usize]);
}

/// 255 gain (v / 255)^gamma, as Pillow's table of torchvision has it.
pub fn gamma(image: &mut Raster, gamma: f64, gain: f64) {
    table(image, |v| ((255.0 + 1.0 - 1e-3) * gain * (f64::from(v) / 255.0).powf(gamma)).clamp(0.0, 255.0) as u8);
}

/// 255 - v.
pub fn invert(image: &mut Raster) {
    table(image, |v| 255 - v);
}

/// Keeps the highest bits. Errors: more than 8 or fewer than 0.
pub fn posterize(image: &mut Raster, bits: u32) -> Result<()> {
    if bits > 8 {
        return Err(Error::Argument(format!("posterize: expected 0 to 8 bits, received {bits}")));
    }
    let mask = !((1u32 << (8 - bits)) - 1) as u8;
    table(image, |v| v & mask);
    Ok(())
}

/// Inverts the values from a threshold on.
pub fn solarize(image: &mut Raster, threshold: f64) {
    table(image, |v| if f64::from(v) < threshold { v } else { 255 - v });
}

/// How often each value occurs in each channel.
fn histograms(image: &Raster) -> Vec<[u64; 256]> {
    let mut counts = vec![[0; 256]; image.channels];
    for pixel in image.data.chunks_exact(image.channels) {
        pixel.iter().zip(&mut counts).for_each(|(&v, counts)| counts[v as usize] += 1);
    }
    counts
}

/// Replaces each channel's values by a table of its own.
fn tables(image: &mut Raster, tables: &[[u8; 256]]) {
    for pixel in image.data.chunks_exact_mut(image.channels) {
        pixel.iter_mut().zip(tables).for_each(|(v, table)| *v = table[*v as usize]);
    }
}

fn identity() -> [u8; 256] {
    std::array::from_fn(|i| i as u8)
}

/// Stretches each channel to 0 to 255.
pub fn autocontrast(image: &mut Raster) {
    let stretched = |counts: &[u64; 256]| {
        let least = counts.iter().position(|&n| n > 0).unwrap_or(0);
        let most = counts.iter().rposition(|&n| n > 0).unwrap_or(0);
        if most <= least {
            return identity();
        }
        let scale = 255.0 / (most - least) as f64;
        let offset = -(least as f64) * scale;
        std::array::from_fn(|i| (i as f64 * scale + offset).clamp(0.0, 255.0) as u8)
    };
    let all: Vec<_> = histograms(image).iter().map(stretched).collect();
    tables(image, &all);
}

/// Gives each channel an even histogram.
pub fn equalize(image: &mut Raster) {
    let even = |counts: &[u64; 256]| {
        let used: Vec<u64> = counts.iter().copied().filter(|&n| n > 0).collect();
        let step = (used.iter().sum::<u64>() - used.last().copied().unwrap_or(0)) / 255;
        if used.len() <= 1 || step == 0 {
            return identity();
        }
        let mut n = step / 2;
        counts.map(|count| {
            let value = (n / step).min(255) as u8;
            n += count;
            value
        })
    };
    let all: Vec<_> = histograms(image).iter().map(even).collect();
    tables(image, &all);
}
