//! Batches of images: of files, read and decoded off the thread, and of memory.

use crate::budget::{is_alone, within};
use crate::error::{Result, argument, coded};
use crate::handle::{Handle, ImagesHandle, Kept, TensorHandle};
use crate::image::{ImageOptions, coded_error, image_error};
use crate::tasks::{Job, Outcome, file_error, raise, spawn};
use candlewick_kernels::pool;
use candlewick_tensor::{DType, Tensor};
use candlewick_vision::{
    Batch, Color, DecodeOptions, Format, Header, Mode, Raster, Samples, Step, assemble, decode, header, interleave,
    parse_all, take_rows,
};
use napi::bindgen_prelude::{AsyncTask, Float64Array};
use napi_derive::napi;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

/// Files that have been read, and what they say of their sizes.
pub struct OpenedImages {
    files: Arc<Vec<OpenedImage>>,
    options: DecodeOptions,
}
struct OpenedImage {
    path: String,
    bytes: Vec<u8>,
    header: Header,
}

impl OpenedImage {
    /// The rows of a JPEG that its steps want.
    fn rows(&self, steps: &mut [Step]) -> Option<(usize, usize)> {
        match Format::of(&self.bytes) {
            Ok(Format::Jpeg) => take_rows(steps, self.header.height),
            _ => None,
        }
    }
}

impl Kept for OpenedImages {
    const TAG: u64 = 0x6361_6e64_6c65_5f69;
    const NAME: &'static str = "list of images";
}

/// Reads files and their headers off the thread: on all threads of the pool where `parallel`, else on one. The images are decoded as RGB.
#[napi(catch_unwind, ts_return_type = "Promise<ImagesHandle | Failure>")]
pub fn open_images(
    paths: Vec<String>,
    options: ImageOptions,
    parallel: bool,
) -> AsyncTask<Job<OpenedImages, ImagesHandle>> {
    let options = DecodeOptions { mode: Mode::Rgb, ..options.read() };
    let work = move || {
        let open = |path: &String| -> Outcome<OpenedImage> {
            let bytes = std::fs::read(path).map_err(|e| file_error(path, &e.into()))?;
            let header = header(&bytes, &options).map_err(|e| image_error(path, &e))?;
            Ok(OpenedImage { path: path.clone(), bytes, header })
        };
        let opened: Vec<OnceLock<Outcome<OpenedImage>>> = paths.iter().map(|_| OnceLock::new()).collect();
        each(parallel, 0..paths.len(), &|i| {
            opened[i].get_or_init(|| open(&paths[i]));
        });
        let files: Outcome<Vec<OpenedImage>> = opened.into_iter().filter_map(OnceLock::into_inner).collect();
        Ok(OpenedImages { files: Arc::new(files?), options })
    };
    spawn(|| within(work), |opened| Handle(Rc::new(opened)))
}

/// Height and width of each image, one after the other.
#[napi(catch_unwind)]
pub fn image_sizes(images: ImagesHandle) -> Result<Float64Array> {
    let sizes: Vec<f64> = images.0.files.iter().flat_map(|f| [f.header.height as f64, f.header.width as f64]).collect();
    Ok(Float64Array::new(sizes))
}

/// The image of a file: of one that is cropped first, the rows of the crop.
fn raster(
    file: &OpenedImage,
    options: &DecodeOptions,
    rows: Option<(usize, usize)>,
) -> candlewick_vision::Result<Raster> {
    let image = decode(&file.bytes, &DecodeOptions { rows, ..*options })?;
    match (image.color, image.samples) {
        (Color::Rgb, Samples::Eight(data)) => {
            Ok(Raster { width: image.width, height: image.height, channels: 3, data })
        }
        _ => Err(candlewick_vision::Error::Kind("expected colours of 8 bits".into())),
    }
}

fn tensor(batch: Batch) -> TensorHandle {
    match batch {
        Batch::Bytes(v, shape) => Tensor::from_vec(v, &shape).into(),
        Batch::Floats(v, shape) => Tensor::from_vec(v, &shape).into(),
    }
}

/// Decodes images, does their steps and puts them together as [N, C, H, W]. The steps are those of `imageSteps`, of each image, separated
/// by semicolons, or of one for all. Off the isolate's thread: where `parallel`, on all threads of the pool, else on one.
#[napi(catch_unwind, ts_return_type = "Promise<TensorHandle | Failure>")]
pub fn finish_images(
    images: ImagesHandle,
    names: String,
    numbers: Float64Array,
    parallel: bool,
) -> Result<AsyncTask<Job<Batch, TensorHandle>>> {
    let (files, options) = (images.0.files.clone(), images.0.options);
    let mut steps = raise(parse_all(&names, &numbers, files.len()).map_err(coded_error))?;
    let own = steps.len() == files.len();
    // Steps that all images share are left as they are.
    let rows: Vec<_> = match own {
        true => steps.iter_mut().zip(files.iter()).map(|(steps, file)| file.rows(steps)).collect(),
        false => vec![],
    };
    let work = move || {
        let say = |i: usize, e: candlewick_vision::Error| match files.get(i) {
            Some(file) => image_error(&file.path, &e),
            None => coded_error(e),
        };
        let image = |i: usize| raster(&files[i], &options, rows.get(i).copied().flatten()).map_err(|e| say(i, e));
        assemble(files.len(), &steps, &image, &say, &|range, one| each(parallel, range, one))
    };
    Ok(spawn(|| within(work), tensor))
}

fn each(parallel: bool, range: std::ops::Range<usize>, one: &(dyn Fn(usize) + Sync)) {
    match parallel {
        true => pool::run(range.len(), &|i| one(range.start + i)),
        // Beside other workers a kernel that waits for the pool only takes their time.
        false => range.for_each(|i| if is_alone() { one(i) } else { pool::serially(|| one(i)) }),
    }
}

/// The batch of some images of memory, uint8 [N, C, H, W], with their steps, as `finishImages`.
#[napi(catch_unwind)]
pub fn image_batch(
    images: TensorHandle,
    indices: Float64Array,
    names: String,
    numbers: Float64Array,
) -> Result<TensorHandle> {
    let (DType::U8, &[n, c @ 1..=4, h, w]) = (images.dtype(), images.shape()) else {
        return argument("expected images, uint8 [N, C, H, W]");
    };
    let images = coded(images.contiguous())?;
    let pixels = coded(images.data::<u8>())?;
    let at: Vec<usize> = indices.iter().map(|&i| i as usize).collect();
    if at.iter().any(|&i| i >= n) {
        return argument(format!("an index past {n} images"));
    }
    let steps = raise(parse_all(&names, &numbers, at.len()).map_err(coded_error))?;
    let image = |i: usize| {
        let data = interleave(&pixels[at[i] * c * h * w..][..c * h * w], c)?;
        Ok(Raster { width: w, height: h, channels: c, data })
    };
    // A small image costs less than waking a thread.
    let parallel = at.len() * c * h * w > 1 << 16;
    let batch = assemble(at.len(), &steps, &image, &|_, e| e, &|range, one| each(parallel, range, one));
    raise(batch.map_err(coded_error)).map(tensor)
}
