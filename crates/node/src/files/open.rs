//! Opening files of tensors and reading their storages.

use super::FORMATS;
use crate::error::Result;
use crate::handle::{FileHandle, Handle, Kept, TensorHandle};
use crate::options::{Dtype, Int};
use crate::tasks::{Job, Outcome, file_error, raise, spawn};
use candlewick_io::{Format, Node, Opened, Source, Unknown};
use candlewick_tensor::{DType, Tensor};
use napi::bindgen_prelude::{AsyncTask, Either, Uint8Array};
use napi_derive::napi;
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::rc::Rc;

/// An opened file and the storages that have been read.
pub struct FileState {
    name: String,
    format: Format,
    opened: Opened,
    read: RefCell<HashMap<(usize, DType), Tensor>>,
}

impl Kept for FileState {
    const TAG: u64 = 0x6361_6e64_6c65_5f66;
    const NAME: &'static str = "file";
}

/// Where bytes come from: a path, or bytes that were copied.
enum From {
    Path(PathBuf),
    Bytes(Vec<u8>),
}
impl From {
    fn of(source: Either<String, Uint8Array>) -> (String, From) {
        match source {
            Either::A(path) => (path.clone(), From::Path(path.into())),
            Either::B(bytes) => ("these bytes".into(), From::Bytes(bytes.to_vec())),
        }
    }
    fn source(self) -> candlewick_io::Result<Source> {
        match self {
            From::Path(path) => Source::open(&path),
            From::Bytes(bytes) => Ok(Source::Bytes(bytes)),
        }
    }
}

/// A file that was opened on another thread.
pub struct Read {
    name: String,
    format: Format,
    opened: Opened,
    tensors: HashMap<(usize, DType), Tensor>,
}

/// The format by its name; `any` is found by the file's first bytes.
fn format_of(name: &str, source: &Source) -> candlewick_io::Result<Format> {
    match name {
        "any" => Format::of(source),
        name => Ok(FORMATS.iter().find(|(n, _)| *n == name).map_or(Format::Torch, |(_, f)| *f)),
    }
}

/// Opens a file, and reads all of its storages where asked for.
fn read(name: String, from: From, format: &str, record: bool, all: bool) -> Outcome<Read> {
    let unknown = if record { Unknown::Record } else { Unknown::Refuse };
    let run = || {
        let source = from.source()?;
        let format = format_of(format, &source)?;
        let opened = candlewick_io::open(source, format, unknown)?;
        let mut tensors = HashMap::new();
        if all {
            for node in &opened.graph.nodes {
                if let Node::Tensor(t) = node
                    && !tensors.contains_key(&(t.storage, t.dtype))
                {
                    tensors.insert((t.storage, t.dtype), opened.storage(t.storage, t.dtype)?);
                }
            }
        }
        Ok((format, opened, tensors))
    };
    match run() {
        Ok((format, opened, tensors)) => Ok(Read { name, format, opened, tensors }),
        Err(e) => Err(file_error(&name, &e)),
    }
}
fn handle(r: Read) -> FileHandle {
    let Read { name, format, opened, tensors } = r;
    Handle(Rc::new(FileState { name, format, opened, read: RefCell::new(tensors) }))
}

/// Opens a file: its values, and with `all` its storages. `format` is torch, pickle, safetensors, numpy, idx or any of them.
/// `record`: unknown classes become records.
#[napi(catch_unwind)]
pub fn open_file_sync(
    source: Either<String, Uint8Array>,
    format: String,
    record: bool,
    all: bool,
) -> Result<FileHandle> {
    let (name, from) = From::of(source);
    raise(read(name, from, &format, record, all)).map(handle)
}
/// The same on another thread.
#[napi(catch_unwind, ts_return_type = "Promise<FileHandle | Failure>")]
pub fn open_file(
    source: Either<String, Uint8Array>,
    format: String,
    record: bool,
    all: bool,
) -> AsyncTask<Job<Read, FileHandle>> {
    let (name, from) = From::of(source);
    spawn(move || read(name, from, &format, record, all), handle)
}

/// The format of an opened file.
#[napi(catch_unwind)]
pub fn file_format(file: FileHandle) -> Result<String> {
    Ok(FORMATS.iter().find(|(_, f)| *f == file.0.format).map_or("", |(n, _)| n).into())
}

/// The values of an opened file as JSON, the root last.
#[napi(catch_unwind)]
pub fn file_values(file: FileHandle) -> Result<String> {
    Ok(candlewick_io::graph_to_json(&file.0.opened.graph))
}
/// The buffers of bytes among the values.
#[napi(catch_unwind)]
pub fn file_buffers(file: FileHandle) -> Result<Vec<Uint8Array>> {
    Ok(file.0.opened.graph.buffers.iter().map(|b| Uint8Array::from(b.clone())).collect())
}
/// A storage's name, type, number of elements and place, of each.
#[napi(object)]
pub struct FileStorage {
    /// Its name in the file.
    pub key: String,
    /// The element type.
    pub dtype: String,
    /// The number of elements.
    pub numel: f64,
    /// Where it was when it was saved.
    pub location: String,
}
/// What the file says of its storages.
#[napi(catch_unwind)]
pub fn file_storages(file: FileHandle) -> Result<Vec<FileStorage>> {
    let info = |s: candlewick_io::StorageInfo| FileStorage {
        key: s.key,
        dtype: s.dtype.name().into(),
        numel: s.numel as f64,
        location: s.location,
    };
    Ok(file.0.opened.storages().into_iter().map(info).collect())
}
/// A tensor of a storage, which is read and verified when it is first asked for.
#[napi(catch_unwind)]
pub fn file_tensor(
    file: FileHandle,
    storage: u32,
    dtype: Dtype,
    shape: Vec<Int>,
    strides: Vec<Int>,
    offset: Int,
) -> Result<TensorHandle> {
    let (state, key) = (&file.0, (storage as usize, dtype.0));
    let known = state.read.borrow().get(&key).cloned();
    let whole = match known {
        Some(t) => t,
        None => {
            let t = raise(state.opened.storage(key.0, key.1).map_err(|e| file_error(&state.name, &e)))?;
            state.read.borrow_mut().insert(key, t.clone());
            t
        }
    };
    crate::error::coded((|| {
        let list =
            |l: &[Int]| l.iter().map(|n| crate::options::size(Int(n.0))).collect::<std::result::Result<Vec<_>, _>>();
        whole.strided(&list(&shape)?, &list(&strides)?, crate::options::size(offset)?)
    })())
    .map(Into::into)
}
