//! Batches: each image is decoded, changed and put in its place among the others.

use crate::error::{Error, Result};
use crate::pixels::planes_into;
use crate::raster::Raster;
use crate::steps::{Floats, Picture, Step, run};
use candlewick_tensor::memory;
use std::ops::Range;
use std::sync::{Arc, Mutex};

/// The images of a batch, [N, C, H, W].
#[derive(Debug, PartialEq)]
pub enum Batch {
    /// 8 bits a channel.
    Bytes(Vec<u8>, [usize; 4]),
    /// float32.
    Floats(Vec<f32>, [usize; 4]),
}

/// An image whose steps are done but for what is done on the way into the batch.
enum Ready {
    Bytes(Raster),
    Floats(Floats),
    /// Bytes that become floats by a table.
    Table(Raster, Arc<Table>),
}

impl Ready {
    /// The last steps of most pipelines, from bytes to normalised floats, are one look into a table.
    fn of(image: Raster, steps: &[Step], tables: &Tables) -> Result<Ready> {
        let (before, tail) = steps.split_at(steps.len() - tail_of(steps));
        Ok(match run(Picture::Bytes(image), before)? {
            Picture::Bytes(r) if tail.is_empty() => Ready::Bytes(r),
            Picture::Bytes(r) => {
                let table = tables.of(tail, r.channels)?;
                Ready::Table(r, table)
            }
            floats => match run(floats, tail)? {
                Picture::Bytes(r) => Ready::Bytes(r),
                Picture::Floats(f) => Ready::Floats(f),
            },
        })
    }

    fn shape(&self) -> [usize; 3] {
        match self {
            Ready::Bytes(r) | Ready::Table(r, _) => [r.channels, r.height, r.width],
            Ready::Floats(f) => [f.channels, f.height, f.width],
        }
    }
}

/// Makes a batch of `count` images, each with its steps or all with the same. `image` gives one as it is; `each` calls a function for
/// the numbers of a range, on as many threads as it likes. Errors, with the number of the image: its own, what the steps say, another
/// shape than the first image's.
pub fn assemble<E: Send>(
    count: usize,
    steps: &[Vec<Step>],
    image: &(dyn Fn(usize) -> std::result::Result<Raster, E> + Sync),
    error: &(dyn Fn(usize, Error) -> E + Sync),
    each: &dyn Fn(Range<usize>, &(dyn Fn(usize) + Sync)),
) -> std::result::Result<Batch, E> {
    let tables = Tables::default();
    let ready = |i: usize| {
        let steps = steps.get(i).or(steps.first()).map_or(&[][..], Vec::as_slice);
        Ready::of(image(i)?, steps, &tables).map_err(|e| error(i, e))
    };
    if count == 0 {
        return Err(error(0, Error::Argument("a batch of no images".into())));
    }
    let first = ready(0)?;
    let [c, h, w] = first.shape();
    let shape = [count, c, h, w];
    let all = Each { count, ready: &ready, error, each };
    match first {
        Ready::Bytes(_) => Ok(Batch::Bytes(all.filled(first)?, shape)),
        _ => Ok(Batch::Floats(all.filled(first)?, shape)),
    }
}

/// The images of a batch behind the first.
struct Each<'a, E> {
    count: usize,
    ready: &'a (dyn Fn(usize) -> std::result::Result<Ready, E> + Sync),
    error: &'a (dyn Fn(usize, Error) -> E + Sync),
    each: &'a dyn Fn(Range<usize>, &(dyn Fn(usize) + Sync)),
}

impl<E: Send> Each<'_, E> {
    fn filled<T: Value>(&self, first: Ready) -> std::result::Result<Vec<T>, E> {
        let (shape, len) = (first.shape(), first.shape().iter().product::<usize>());
        let out = memory::alloc::<T>(self.count * len);
        let mut out = out.map_err(|e| (self.error)(0, e.into()))?;
        let failed: Mutex<Option<(usize, E)>> = Mutex::new(None);
        let mut places = out.chunks_exact_mut(len.max(1));
        let fill = |i: usize, ready: Ready, place: &mut [T]| {
            if ready.shape() != shape {
                return Err((self.error)(
                    i,
                    Error::Argument(format!(
                        "stack expects each tensor to be equal size, but got {shape:?} at entry 0 and {:?} at entry {i}",
                        ready.shape()
                    )),
                ));
            }
            T::write(ready, place).map_err(|e| (self.error)(i, e))
        };
        if let Some(place) = places.next() {
            fill(0, first, place)?;
        }
        // Each place is one task's; the locks only say so.
        let places: Vec<Mutex<&mut [T]>> = places.map(Mutex::new).collect();
        (self.each)(1..self.count, &|i| {
            let mut place = places[i - 1].lock().unwrap_or_else(|e| e.into_inner());
            if let Err(e) = (self.ready)(i).and_then(|ready| fill(i, ready, &mut place)) {
                let mut failed = failed.lock().unwrap_or_else(|e| e.into_inner());
                if failed.as_ref().is_none_or(|(at, _)| i < *at) {
                    *failed = Some((i, e));
                }
            }
        });
        drop(places);
        match failed.into_inner().unwrap_or_else(|e| e.into_inner()) {
            Some((_, e)) => Err(e),
            None => Ok(out),
        }
    }
}

/// What batches are made of.
trait Value: candlewick_tensor::Element {
    fn write(image: Ready, place: &mut [Self]) -> Result<()>;
}
fn mixed<T>() -> Result<T> {
    Err(Error::Argument("images of bytes and of floats in one batch".into()))
}
impl Value for u8 {
    fn write(image: Ready, place: &mut [u8]) -> Result<()> {
        let Ready::Bytes(r) = image else { return mixed() };
        planes_into(&r.data, r.channels, |v| v, place);
        Ok(())
    }
}
impl Value for f32 {
    fn write(image: Ready, place: &mut [f32]) -> Result<()> {
        match image {
            Ready::Bytes(_) => return mixed(),
            Ready::Floats(f) => place.copy_from_slice(&f.data),
            Ready::Table(r, table) => table.write(&r, place),
        }
        Ok(())
    }
}

/// How many steps at the end are a table: `toTensor`, and perhaps `normalize`.
fn tail_of(steps: &[Step]) -> usize {
    let name = |back: usize| steps.len().checked_sub(back).map(|i| steps[i].name());
    match (name(2), name(1)) {
        (_, Some("toTensor")) => 1,
        (Some("toTensor"), Some("normalize")) => 2,
        _ => 0,
    }
}

/// The tables of a batch: one for all images with the same last steps and channels.
#[derive(Default)]
struct Tables(Mutex<Vec<(usize, Vec<f64>, Arc<Table>)>>);

impl Tables {
    fn of(&self, tail: &[Step], channels: usize) -> Result<Arc<Table>> {
        let numbers = tail.get(1).map_or(&[][..], Step::numbers);
        let mut known = self.0.lock().unwrap_or_else(|e| e.into_inner());
        if let Some((.., table)) = known.iter().find(|(c, n, _)| *c == channels && n == numbers) {
            return Ok(table.clone());
        }
        let table = Arc::new(Table::of(tail, channels)?);
        known.push((channels, numbers.to_vec(), table.clone()));
        Ok(table)
    }
}

/// The float that each byte of each channel becomes.
struct Table(Vec<[f32; 256]>);

impl Table {
    fn of(tail: &[Step], channels: usize) -> Result<Table> {
        let column: Vec<u8> = (0..=255u8).flat_map(|v| vec![v; channels]).collect();
        let all = Raster { width: 1, height: 256, channels, data: column };
        match run(Picture::Bytes(all), tail)? {
            Picture::Floats(floats) => Ok(Table(floats.data.as_chunks::<256>().0.to_vec())),
            Picture::Bytes(_) => Err(Error::Argument("a table of bytes".into())),
        }
    }

    fn write(&self, image: &Raster, out: &mut [f32]) {
        let n = (image.width * image.height).max(1);
        match (self.0.as_slice(), image.channels) {
            ([r, g, b], 3) => {
                let (red, rest) = out.split_at_mut(n);
                let (green, blue) = rest.split_at_mut(n);
                let pixels = image.data.as_chunks::<3>().0;
                for (((pixel, x), y), z) in pixels.iter().zip(red).zip(green).zip(blue) {
                    *x = r[pixel[0] as usize];
                    *y = g[pixel[1] as usize];
                    *z = b[pixel[2] as usize];
                }
            }
            (tables, channels) => {
                for ((c, plane), table) in out.chunks_exact_mut(n).enumerate().zip(tables) {
                    for (v, pixel) in plane.iter_mut().zip(image.data.chunks_exact(channels)) {
                        *v = table[pixel[c] as usize];
                    }
                }
            }
        }
    }
}
