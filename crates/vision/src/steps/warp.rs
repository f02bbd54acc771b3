//! Images read along the lines of an affine or projective map from places of the result to places of the image, as Pillow does.

use super::resize::Filter;
use crate::error::{Error, Result};
use crate::raster::Raster;

/// The map: six numbers of an affine one, eight of a projective one.
pub enum Map {
    /// (a x + b y + c, d x + e y + f)
    Affine([f64; 6]),
    /// The same divided by g x + h y + 1.
    Perspective([f64; 8]),
}

/// The image of `height` x `width` that the map reads; of the colour `fill` where it leads outside. Errors: another filter than
/// nearest, bilinear and bicubic.
pub fn warp(image: &Raster, map: &Map, height: usize, width: usize, filter: Filter, fill: &[u8]) -> Result<Raster> {
    let mut out = Raster::filled(width, height, fill)?;
    if image.width == 0 || image.height == 0 || width == 0 {
        return Ok(out);
    }
    if let (Map::Affine(a), Filter::Nearest) = (map, filter) {
        nearest_affine(image, a, &mut out);
        return Ok(out);
    }
    let c = image.channels;
    let read: fn(&Raster, f64, f64, &mut [u8]) = match filter {
        Filter::Nearest => nearest,
        Filter::Bilinear => bilinear,
        Filter::Bicubic => bicubic,
        other => return Err(Error::Argument(format!("{other:?} is no filter of affine and projective maps"))),
    };
    for (i, pixel) in out.data.chunks_exact_mut(c).enumerate() {
        let (x, y) = ((i % width) as f64 + 0.5, (i / width) as f64 + 0.5);
        let (x, y) = match map {
            Map::Affine(a) => (a[0] * x + a[1] * y + a[2], a[3] * x + a[4] * y + a[5]),
            Map::Perspective(a) => {
                let below = a[6] * x + a[7] * y + 1.0;
                ((a[0] * x + a[1] * y + a[2]) / below, (a[3] * x + a[4] * y + a[5]) / below)
            }
        };
        if x >= 0.0 && x < image.width as f64 && y >= 0.0 && y < image.height as f64 {
            read(image, x, y, pixel);
        }
    }
    Ok(out)
}

/// Nearest neighbours by an affine map. Pillow steps in 16 bits after the point where coordinates are small enough, and has a way
/// of its own for maps that turn nothing.
fn nearest_affine(image: &Raster, a: &[f64; 6], out: &mut Raster) {
    let (w, h, c) = (out.width, out.height, image.channels);
    let mut copy = |x: usize, y: usize, from: Option<(usize, usize)>| {
        if let Some((from_x, from_y)) = from {
            out.data[(y * w + x) * c..][..c].copy_from_slice(image.pixel(from_x, from_y));
        }
    };
    let inside = |x: i64, y: i64| {
        let within = (0..image.width as i64).contains(&x) && (0..image.height as i64).contains(&y);
        within.then_some((x as usize, y as usize))
    };
    let floor = |v: f64| if (0.0..i32::MAX as f64).contains(&v) { v as i64 } else { -1 };
    if a[1] == 0.0 && a[3] == 0.0 {
        let columns: Vec<i64> = (0..w).map(|x| floor(a[2] + a[0] * 0.5 + x as f64 * a[0])).collect();
        for y in 0..h {
            let from_y = floor(a[5] + a[4] * 0.5 + y as f64 * a[4]);
            columns.iter().enumerate().for_each(|(x, &from_x)| copy(x, y, inside(from_x, from_y)));
        }
        return;
    }
    let small = |x: usize, y: usize| {
        let (x, y) = (x as f64, y as f64);
        (x * a[0] + y * a[1] + a[2]).abs() < 32768.0 && (x * a[3] + y * a[4] + a[5]).abs() < 32768.0
    };
    if small(0, 0) && small(w, h) && small(0, h) && small(w, 0) {
        let fixed = |v: f64| (v * 65536.0 + 0.5).floor() as i32 as i64;
        let (ax, ay) = (fixed(a[2] + a[0] * 0.5 + a[1] * 0.5), fixed(a[5] + a[3] * 0.5 + a[4] * 0.5));
        let [right_x, down_x, right_y, down_y] = [a[0], a[1], a[3], a[4]].map(fixed);
        for y in 0..h {
            for x in 0..w {
                let at = |start: i64, right: i64, down: i64| (start + right * x as i64 + down * y as i64) >> 16;
                copy(x, y, inside(at(ax, right_x, down_x), at(ay, right_y, down_y)));
            }
        }
        return;
    }
    for y in 0..h {
        for x in 0..w {
            let (u, v) = (x as f64 + 0.5, y as f64 + 0.5);
            copy(x, y, inside(floor(a[0] * u + a[1] * v + a[2]), floor(a[3] * u + a[4] * v + a[5])));
        }
    }
}

fn nearest(image: &Raster, x: f64, y: f64, out: &mut [u8]) {
    out.copy_from_slice(image.pixel(x as usize, y as usize));
}

fn bilinear(image: &Raster, x: f64, y: f64, out: &mut [u8]) {
    let (x, y) = (x - 0.5, y - 0.5);
    let (left, top) = (x.floor(), y.floor());
    let (dx, dy) = (x - left, y - top);
    let clipped = |v: f64, n: usize| (v.max(0.0) as usize).min(n - 1);
    let columns = [clipped(left, image.width), clipped(left + 1.0, image.width)];
    let mix = |a: f64, b: f64, d: f64| a + (b - a) * d;
    for (k, out) in out.iter_mut().enumerate() {
        let row = |y: usize| {
            let [a, b] = columns.map(|x| f64::from(image.pixel(x, y)[k]));
            mix(a, b, dx)
        };
        let above = row(clipped(top, image.height));
        let below_y = top + 1.0;
        let below = if below_y >= 0.0 && below_y < image.height as f64 { row(below_y as usize) } else { above };
        *out = mix(above, below, dy) as u8;
    }
}

fn bicubic(image: &Raster, x: f64, y: f64, out: &mut [u8]) {
    let (x, y) = (x - 0.5, y - 0.5);
    let (left, top) = (x.floor(), y.floor());
    let (dx, dy) = (x - left, y - top);
    let clipped = |v: f64, n: usize| (v.max(0.0) as usize).min(n - 1);
    let columns = [-1.0, 0.0, 1.0, 2.0].map(|d| clipped(left + d, image.width));
    // a = -0.5: the cubic through four values, at the distance d past the second.
    let cubic = |v: [f64; 4], d: f64| {
        let p1 = v[1];
        let p2 = -v[0] + v[2];
        let p3 = 2.0 * (v[0] - v[1]) + v[2] - v[3];
        let p4 = -v[0] + v[1] - v[2] + v[3];
        p1 + d * (p2 + d * (p3 + d * p4))
    };
    for (k, out) in out.iter_mut().enumerate() {
        let row = |y: usize| cubic(columns.map(|x| f64::from(image.pixel(x, y)[k])), dx);
        let mut values = [row(clipped(top - 1.0, image.height)); 4];
        for (i, d) in [(1, 0.0), (2, 1.0), (3, 2.0)] {
            let y = top + d;
            values[i] = if y >= 0.0 && y < image.height as f64 { row(y as usize) } else { values[i - 1] };
        }
        *out = cubic(values, dy).clamp(0.0, 255.0) as u8;
    }
}
