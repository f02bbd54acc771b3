//! libjpeg's C interface behind safe types: the one file of this crate with unsafe code.
//!
//! libjpeg reports an error by a function that must not return; here it unwinds to `guarded`, through C code that is compiled for it.

use crate::error::{Error, Result};
use crate::pixels::Color;
use mozjpeg_sys as c;
use std::ffi::{c_int, c_long, c_ulong, c_void};
use std::marker::PhantomData;
use std::mem::zeroed;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr::null_mut;

/// The channels that are asked of libjpeg.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Output {
    Gray,
    Rgb,
    Cmyk,
}

/// A progressive file may ask for its picture to be refined this often; real ones do about ten times.
const MOST_SCANS: c_int = 500;
const MARKER_APP1: c_int = 0xE1;

/// What unwinds through libjpeg.
struct Stop(String);

/// Runs libjpeg, and makes an error of what it reports.
fn guarded<T>(run: impl FnOnce() -> T) -> Result<T> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|payload| match payload.downcast::<Stop>() {
        Ok(stop) => Error::Damaged(stop.0),
        Err(other) => resume_unwind(other),
    })
}

fn stop(message: impl Into<String>) -> ! {
    resume_unwind(Box::new(Stop(message.into())))
}

unsafe extern "C-unwind" fn on_error(info: &mut c::jpeg_common_struct) {
    type Declared = unsafe extern "C-unwind" fn(&mut c::jpeg_common_struct, &[u8; 80]);
    type Format = unsafe extern "C-unwind" fn(&mut c::jpeg_common_struct, *mut u8);
    let mut text = [0u8; 80];
    // SAFETY: libjpeg set `err` and its functions before it can fail. This function writes a C string of at most 80 bytes to its
    // second argument, which the binding declares as a reference to what does not change.
    unsafe {
        if let Some(format) = (*info.err).format_message {
            std::mem::transmute::<Declared, Format>(format)(info, text.as_mut_ptr());
        }
    }
    stop(String::from_utf8_lossy(text.split(|&b| b == 0).next().unwrap_or_default()))
}
unsafe extern "C-unwind" fn on_message(_: &mut c::jpeg_common_struct, _: c_int) {}

unsafe extern "C-unwind" fn source_nothing(_: &mut c::jpeg_decompress_struct) {}
unsafe extern "C-unwind" fn source_end(info: &mut c::jpeg_decompress_struct) -> c::boolean {
    // SAFETY: `client_data` and `src` point into the State that owns `info`.
    unsafe {
        if !*info.common.client_data.cast::<bool>() {
            stop("the file is truncated");
        }
        // The end of an image, as often as it is asked for.
        (*info.src).next_input_byte = [0xFF, 0xD9].as_ptr();
        (*info.src).bytes_in_buffer = 2;
    }
    1
}
unsafe extern "C-unwind" fn source_skip(info: &mut c::jpeg_decompress_struct, count: c_long) {
    let count = usize::try_from(count).unwrap_or(0);
    // SAFETY: as above; the pointer stays within the bytes that are left, or at their end.
    unsafe {
        let left = (*info.src).bytes_in_buffer;
        if count <= left {
            (*info.src).next_input_byte = (*info.src).next_input_byte.add(count);
            (*info.src).bytes_in_buffer = left - count;
        } else {
            source_end(info);
        }
    }
}
unsafe extern "C-unwind" fn on_progress(info: &mut c::jpeg_common_struct) {
    // SAFETY: only decompressors have this monitor, and their struct begins with the common one.
    let scans = unsafe { (*std::ptr::from_mut(info).cast::<c::jpeg_decompress_struct>()).input_scan_number };
    if scans > MOST_SCANS {
        stop(format!("more than {MOST_SCANS} scans"));
    }
}

fn error_manager() -> c::jpeg_error_mgr {
    // SAFETY: the struct is plain data of C, for which zeros are valid; jpeg_std_error sets all of it.
    let mut errors = unsafe { zeroed() };
    // SAFETY: as above.
    unsafe { c::jpeg_std_error(&mut errors) };
    errors.error_exit = Some(on_error);
    errors.emit_message = Some(on_message);
    errors
}

/// What libjpeg keeps pointers to; it stays where it is.
struct State {
    info: c::jpeg_decompress_struct,
    errors: c::jpeg_error_mgr,
    source: c::jpeg_source_mgr,
    progress: c::jpeg_progress_mgr,
    allow_truncated: bool,
}

/// A JPEG that is being decoded.
pub struct Decoder<'a> {
    state: *mut State,
    bytes: PhantomData<&'a [u8]>,
}

impl Drop for Decoder<'_> {
    fn drop(&mut self) {
        // SAFETY: `open` made this box; nothing else owns it. Destroying also suits a struct that was never created (mem is null).
        unsafe {
            let mut state = Box::from_raw(self.state);
            c::jpeg_destroy_decompress(&mut state.info);
        }
    }
}

impl<'a> Decoder<'a> {
    /// Reads the header. Errors: a damaged or truncated one.
    pub fn open(bytes: &'a [u8], allow_truncated: bool) -> Result<Decoder<'a>> {
        // SAFETY: plain data of C, for which zeros are valid.
        let info = unsafe { zeroed() };
        let source = c::jpeg_source_mgr {
            next_input_byte: bytes.as_ptr(),
            bytes_in_buffer: bytes.len(),
            init_source: Some(source_nothing),
            fill_input_buffer: Some(source_end),
            skip_input_data: Some(source_skip),
            resync_to_restart: Some(c::jpeg_resync_to_restart),
            term_source: Some(source_nothing),
        };
        // SAFETY: as above.
        let mut progress: c::jpeg_progress_mgr = unsafe { zeroed() };
        progress.progress_monitor = Some(on_progress);
        let state = Box::into_raw(Box::new(State { info, errors: error_manager(), source, progress, allow_truncated }));
        let decoder = Decoder { state, bytes: PhantomData };
        guarded(|| {
            // SAFETY: the state lives as long as the decoder, at one address; the bytes outlive it.
            unsafe {
                (*state).info.common.err = &raw mut (*state).errors;
                c::jpeg_create_decompress(&raw mut (*state).info);
                let info = &mut (*state).info;
                info.src = &raw mut (*state).source;
                info.common.progress = &raw mut (*state).progress;
                info.common.client_data = (&raw mut (*state).allow_truncated).cast::<c_void>();
                c::jpeg_save_markers(info, MARKER_APP1, 0xFFFF);
                c::jpeg_read_header(info, 1);
            }
        })?;
        Ok(decoder)
    }

    fn info(&self) -> &c::jpeg_decompress_struct {
        // SAFETY: the state lives as long as `self`, and libjpeg is not running.
        unsafe { &(*self.state).info }
    }
    fn run<T>(&mut self, run: impl FnOnce(&mut c::jpeg_decompress_struct) -> T) -> Result<T> {
        // SAFETY: the state lives as long as `self`, which is borrowed alone.
        let info = unsafe { &mut (*self.state).info };
        guarded(|| run(info))
    }

    /// Width and height.
    pub fn size(&self) -> (usize, usize) {
        (self.info().image_width as usize, self.info().image_height as usize)
    }

    /// What the file's channels are.
    pub fn color(&self) -> Color {
        match self.info().jpeg_color_space {
            c::J_COLOR_SPACE::JCS_GRAYSCALE => Color::Gray,
            c::J_COLOR_SPACE::JCS_CMYK | c::J_COLOR_SPACE::JCS_YCCK => Color::Cmyk,
            _ => Color::Rgb,
        }
    }

    /// Whether a channel of the file is its luminance.
    pub fn has_luminance(&self) -> bool {
        self.info().jpeg_color_space == c::J_COLOR_SPACE::JCS_YCbCr
    }

    /// The EXIF data, where there are any.
    pub fn exif(&self) -> Option<&[u8]> {
        let mut marker = self.info().marker_list;
        // SAFETY: libjpeg's list of saved markers, with their lengths, lives as long as `self`.
        while let Some(m) = unsafe { marker.as_ref() } {
            // SAFETY: as above.
            let data = unsafe { std::slice::from_raw_parts(m.data, m.data_length as usize) };
            if let Some(exif) = data.strip_prefix(b"Exif\0\0") {
                return Some(exif);
            }
            marker = m.next;
        }
        None
    }

    /// Begins to decode at 1/`reduce` of the size. Returns width and height of what comes.
    pub fn start(&mut self, output: Output, reduce: u32) -> Result<(usize, usize)> {
        self.run(|info| {
            info.out_color_space = match output {
                Output::Gray => c::J_COLOR_SPACE::JCS_GRAYSCALE,
                Output::Rgb => c::J_COLOR_SPACE::JCS_RGB,
                Output::Cmyk => c::J_COLOR_SPACE::JCS_CMYK,
            };
            info.scale_num = 1;
            info.scale_denom = reduce;
            // SAFETY: the header was read.
            unsafe { c::jpeg_start_decompress(info) };
            (info.output_width as usize, info.output_height as usize)
        })
    }

    /// Passes over rows, which costs less than decoding them.
    pub fn skip_rows(&mut self, count: usize) -> Result<()> {
        if count > 0 {
            // SAFETY: decoding has begun; libjpeg stops at the last row.
            self.run(|info| unsafe { c::jpeg_skip_scanlines(info, count as u32) })?;
        }
        Ok(())
    }

    /// Decodes as many rows as there is room for in `out`.
    pub fn read_rows(&mut self, out: &mut [u8]) -> Result<()> {
        self.run(|info| {
            let row = info.output_width as usize * info.output_components as usize;
            for rows in out.chunks_exact_mut(row) {
                if info.output_scanline >= info.output_height {
                    break;
                }
                let mut line = rows.as_mut_ptr();
                // SAFETY: `line` has room for a row of output_width * output_components samples.
                unsafe { c::jpeg_read_scanlines(info, &mut line, 1) };
            }
        })
    }

    /// Reads what comes after the pixels. Errors: a file that ends before its end marker.
    pub fn finish(&mut self) -> Result<()> {
        // SAFETY: all rows have been read.
        self.run(|info| unsafe { c::jpeg_finish_decompress(info) })?;
        Ok(())
    }
}

/// Encodes 8-bit pixels of one channel or three, as libjpeg-turbo does: quality 1 to 100, colours at half resolution.
pub fn encode(pixels: &[u8], width: usize, height: usize, channels: usize, quality: i32) -> Result<Vec<u8>> {
    struct Buffer {
        info: c::jpeg_compress_struct,
        errors: c::jpeg_error_mgr,
        bytes: *mut u8,
        length: c_ulong,
    }
    impl Drop for Buffer {
        fn drop(&mut self) {
            // SAFETY: destroying suits a struct that was never created; libjpeg allocated `bytes` by malloc, or left it null.
            unsafe {
                c::jpeg_destroy_compress(&mut self.info);
                libc_free(self.bytes.cast());
            }
        }
    }
    // SAFETY: plain data of C, for which zeros are valid.
    let info = unsafe { zeroed() };
    let mut state = Box::new(Buffer { info, errors: error_manager(), bytes: null_mut(), length: 0 });
    let state = &mut *state;
    guarded(|| {
        // SAFETY: the structs stay where they are until this returns; each row has `width * channels` samples.
        unsafe {
            state.info.common.err = &raw mut state.errors;
            c::jpeg_create_compress(&raw mut state.info);
            let info = &mut state.info;
            c::jpeg_c_set_int_param(
                info,
                c::J_INT_PARAM::JINT_COMPRESS_PROFILE,
                c::JINT_COMPRESS_PROFILE_VALUE::JCP_FASTEST as c_int,
            );
            c::jpeg_mem_dest(info, &mut state.bytes, &mut state.length);
            info.image_width = width as u32;
            info.image_height = height as u32;
            info.input_components = channels as c_int;
            info.in_color_space =
                if channels == 1 { c::J_COLOR_SPACE::JCS_GRAYSCALE } else { c::J_COLOR_SPACE::JCS_RGB };
            c::jpeg_set_defaults(info);
            c::jpeg_set_quality(info, quality, 1);
            c::jpeg_start_compress(info, 1);
            for row in pixels.chunks_exact(width * channels) {
                c::jpeg_write_scanlines(info, &row.as_ptr(), 1);
            }
            c::jpeg_finish_compress(info);
        }
    })?;
    // SAFETY: libjpeg wrote `length` bytes there.
    Ok(unsafe { std::slice::from_raw_parts(state.bytes, state.length as usize) }.to_vec())
}

unsafe extern "C" {
    #[link_name = "free"]
    fn libc_free(memory: *mut c_void);
}
