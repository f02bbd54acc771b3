//! What is done to an image, as a list of steps whose numbers have been drawn: from the image's bytes to a tensor's.

mod blur;
mod floats;
mod resize;
mod tone;
mod warp;

pub use floats::Floats;
pub use resize::{Filter, resize};

use crate::error::{Error, Result};
use crate::raster::{Padding, Raster};
use warp::Map;

/// An image on its way.
#[derive(Clone, Debug, PartialEq)]
pub enum Picture {
    /// 8 bits a channel.
    Bytes(Raster),
    /// float32.
    Floats(Floats),
}

/// One thing that is done to an image.
pub struct Step {
    name: String,
    numbers: Vec<f64>,
}

impl Step {
    /// What is done.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// Its numbers.
    pub fn numbers(&self) -> &[f64] {
        &self.numbers
    }
}

/// The rows that a crop at the beginning wants of an image of so many, after which it crops what has these rows alone; none where it
/// reaches outside.
pub fn take_rows(steps: &mut [Step], height: usize) -> Option<(usize, usize)> {
    let crop = steps.first_mut().filter(|step| step.name == "crop")?;
    let &[top, _, rows, _] = crop.numbers.as_slice() else { return None };
    if top < 0.0 || rows < 1.0 || top + rows > height as f64 {
        return None;
    }
    crop.numbers[0] = 0.0;
    Some((top as usize, rows as usize))
}

/// Steps of images, separated by semicolons, as `parse` reads them; of one list for all images.
pub fn parse_all(names: &str, numbers: &[f64], count: usize) -> Result<Vec<Vec<Step>>> {
    let mut rest = numbers;
    let mut all = vec![];
    for list in names.split(';') {
        let (steps, after) = parse_some(list, rest)?;
        all.push(steps);
        rest = after;
    }
    match all.len() {
        1 => Ok(all),
        n if n == count => Ok(all),
        n => Err(Error::Argument(format!("steps of {n} images for {count}"))),
    }
}

/// Steps by their names, separated by commas, and for each how many numbers it takes and these. Errors: numbers that are missing.
pub fn parse(names: &str, numbers: &[f64]) -> Result<Vec<Step>> {
    Ok(parse_some(names, numbers)?.0)
}

/// The same, and the numbers that are left.
fn parse_some<'a>(names: &str, numbers: &'a [f64]) -> Result<(Vec<Step>, &'a [f64])> {
    let mut rest = numbers;
    let mut steps = vec![];
    for name in names.split(',').filter(|name| !name.is_empty()) {
        let missing = || Error::Argument(format!("{name}: numbers are missing"));
        let (&count, after) = rest.split_first().ok_or_else(missing)?;
        let (own, after) = after.split_at_checked(count as usize).ok_or_else(missing)?;
        steps.push(Step { name: name.into(), numbers: own.to_vec() });
        rest = after;
    }
    Ok((steps, rest))
}

/// The numbers of a step, taken one by one.
struct Numbers<'a>(&'a [f64]);

impl Numbers<'_> {
    fn next(&mut self) -> f64 {
        let (first, rest) = self.0.split_first().unwrap_or((&0.0, &[]));
        self.0 = rest;
        *first
    }
    fn size(&mut self) -> usize {
        self.next().max(0.0) as usize
    }
    fn place(&mut self) -> isize {
        self.next() as isize
    }
    fn take<const N: usize>(&mut self) -> [f64; N] {
        std::array::from_fn(|_| self.next())
    }
    fn filter(&mut self) -> Filter {
        match self.size() {
            0 => Filter::Nearest,
            1 => Filter::Bilinear,
            2 => Filter::Bicubic,
            3 => Filter::Box,
            4 => Filter::Hamming,
            _ => Filter::Lanczos,
        }
    }
    fn padding(&mut self) -> Padding {
        match self.size() {
            0 => Padding::Constant,
            1 => Padding::Edge,
            2 => Padding::Reflect,
            _ => Padding::Symmetric,
        }
    }
    /// What is left, as a colour of so many channels.
    fn color(&mut self, channels: usize) -> Vec<u8> {
        let value = |c: usize| self.0.get(c).or(self.0.first()).copied().unwrap_or(0.0);
        (0..channels).map(|c| value(c) as i64 as u8).collect()
    }
}

/// Does all steps, in their order. Errors: a size or a colour that cannot be; not enough memory.
pub fn run(mut picture: Picture, steps: &[Step]) -> Result<Picture> {
    for step in steps {
        let numbers = Numbers(&step.numbers);
        picture = match picture {
            Picture::Bytes(image) => of_bytes(image, &step.name, numbers)?,
            Picture::Floats(image) => Picture::Floats(of_floats(image, &step.name, numbers)?),
        };
    }
    Ok(picture)
}

fn of_bytes(mut image: Raster, name: &str, mut n: Numbers) -> Result<Picture> {
    let channels = image.channels;
    let image = match name {
        "toTensor" => return Ok(Picture::Floats(Floats::of(&image)?)),
        "crop" => image.crop(n.place(), n.place(), n.size(), n.size())?,
        "resize" => resize(&image, n.size(), n.size(), n.filter())?,
        "turn" => image.turned(n.size() as u32)?,
        "grayscale" => tone::grayscale(&image, n.size())?,
        "gaussianBlur" => blur::gaussian_blur(&image, [n.size(), n.size()], n.take())?,
        "pad" => {
            let [left, top, right, bottom] = n.take().map(|v: f64| v as isize);
            let (padding, color) = (n.padding(), n.color(channels));
            let size = |a: isize, b: isize, of: usize| (of as isize + a + b).max(0) as usize;
            let (height, width) = (size(top, bottom, image.height), size(left, right, image.width));
            image.window(-top, -left, height, width, padding, &color)?
        }
        "affine" => {
            let map = Map::Affine(n.take());
            let (height, width, filter) = (n.size(), n.size(), n.filter());
            warp::warp(&image, &map, height, width, filter, &n.color(channels))?
        }
        "perspective" => {
            let map = Map::Perspective(n.take());
            let filter = n.filter();
            warp::warp(&image, &map, image.height, image.width, filter, &n.color(channels))?
        }
        _ => {
            in_place(&mut image, name, n)?;
            image
        }
    };
    Ok(Picture::Bytes(image))
}

fn in_place(image: &mut Raster, name: &str, mut n: Numbers) -> Result<()> {
    match name {
        "hflip" => image.flip_horizontally(),
        "vflip" => image.flip_vertically(),
        "brightness" => tone::brightness(image, n.next() as f32),
        "contrast" => tone::contrast(image, n.next() as f32),
        "saturation" => tone::saturation(image, n.next() as f32),
        "sharpness" => tone::sharpness(image, n.next() as f32),
        "hue" => tone::hue(image, n.next() as i64 as u8),
        "gamma" => tone::gamma(image, n.next(), n.next()),
        "invert" => tone::invert(image),
        "posterize" => tone::posterize(image, n.size() as u32)?,
        "solarize" => tone::solarize(image, n.next()),
        "autocontrast" => tone::autocontrast(image),
        "equalize" => tone::equalize(image),
        _ => return Err(Error::Argument(format!("there is no step {name} for bytes"))),
    }
    Ok(())
}

fn of_floats(mut image: Floats, name: &str, mut n: Numbers) -> Result<Floats> {
    let floats = |n: Numbers| n.0.iter().map(|&v| v as f32).collect::<Vec<_>>();
    match name {
        "crop" => return image.window(n.place(), n.place(), n.size(), n.size()),
        "hflip" => image.flip_horizontally(),
        "vflip" => image.flip_vertically(),
        "normalize" => {
            let count = n.size();
            let values = floats(n);
            let (mean, std) = values.split_at(count.min(values.len()));
            image.normalize(mean, std)?;
        }
        "erase" => {
            let place = n.take().map(|v: f64| v.max(0.0) as usize);
            image.erase(place, &floats(n))?;
        }
        _ => return Err(Error::Argument(format!("there is no step {name} for floats"))),
    }
    Ok(image)
}
