//! Files of tensors: opening, reading their storages, writing.

use crate::error::Result;
use crate::handle::{FileHandle, TensorHandle};
use crate::options::{Dtype, Int};
use crate::tasks::{Job, file_error, raise, spawn};
use candlewick_io::{Graph, Node, Opened, Source, Unknown};
use candlewick_tensor::{DType, Tensor};
use napi::bindgen_prelude::{AsyncTask, Either, Uint8Array};
use napi_derive::napi;
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

type Outcome<T> = std::result::Result<T, (&'static str, String)>;

/// An opened file and the storages that have been read.
pub struct FileState {
    name: String,
    opened: Opened,
    read: RefCell<HashMap<(usize, DType), Tensor>>,
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
    opened: Opened,
    tensors: HashMap<(usize, DType), Tensor>,
}

/// Opens a file, and reads all of its storages where asked for.
fn read(name: String, from: From, record: bool, all: bool) -> Outcome<Read> {
    let unknown = if record { Unknown::Record } else { Unknown::Refuse };
    let run = || {
        let opened = candlewick_io::open(from.source()?, unknown)?;
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
        Ok((opened, tensors))
    };
    match run() {
        Ok((opened, tensors)) => Ok(Read { name, opened, tensors }),
        Err(e) => Err(file_error(&name, &e)),
    }
}
fn handle(r: Read) -> FileHandle {
    FileHandle(Rc::new(FileState { name: r.name, opened: r.opened, read: RefCell::new(r.tensors) }))
}

/// Opens a file of torch.save: its values, and with `all` its storages. `record`: unknown classes become records.
#[napi(catch_unwind)]
pub fn open_file_sync(source: Either<String, Uint8Array>, record: bool, all: bool) -> Result<FileHandle> {
    let (name, from) = From::of(source);
    raise(read(name, from, record, all)).map(handle)
}
/// The same on another thread.
#[napi(catch_unwind, ts_return_type = "Promise<FileHandle | Failure>")]
pub fn open_file(source: Either<String, Uint8Array>, record: bool, all: bool) -> AsyncTask<Job<Read, FileHandle>> {
    let (name, from) = From::of(source);
    spawn(move || read(name, from, record, all), handle)
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

/// What is to be written: values, and the storages of their tensors.
struct Contents {
    graph: Graph,
    storages: Vec<Tensor>,
}

/// Finds the storages of the tensors that values name by number, and their views of them.
fn contents(values: &str, buffers: Vec<Uint8Array>, tensors: &[TensorHandle], clone: bool) -> Outcome<Contents> {
    let buffers = buffers.iter().map(|b| b.to_vec()).collect();
    let mut graph = candlewick_io::graph_from_json(values, buffers).map_err(|e| (e.code(), e.to_string()))?;
    let (mut storages, mut place_of) = (vec![], HashMap::new());
    for node in &mut graph.nodes {
        let Node::Tensor(t) = node else { continue };
        let Some(x) = tensors.get(t.storage) else {
            return Err(("ERR_INTERNAL", "a tensor that was not given".into()));
        };
        let x = x.detach();
        let x = if clone {
            candlewick_tensor::ops::clone(&x).and_then(|x| x.contiguous()).map_err(|e| (e.code(), e.to_string()))?
        } else {
            x
        };
        let place = *place_of.entry(std::sync::Arc::as_ptr(x.storage())).or_insert_with(|| {
            storages.push(x.clone());
            storages.len() - 1
        });
        let l = x.layout();
        (t.storage, t.dtype, t.offset) = (place, x.dtype(), l.offset);
        (t.shape, t.strides) = (l.shape.to_vec(), l.strides.to_vec());
    }
    Ok(Contents { graph, storages })
}

fn write(out_path: Option<&Path>, name: &str, graph: &Graph, storages: &[(DType, &[u8])]) -> Outcome<Option<Vec<u8>>> {
    let shown = out_path.map_or("torch.save".into(), |p| p.display().to_string());
    let done = match out_path {
        Some(path) => {
            candlewick_io::write_atomically(path, |out| candlewick_io::save(out, name, graph, storages).map(|_| ()))
                .map(|()| None)
        }
        None => candlewick_io::save(std::io::Cursor::new(vec![]), name, graph, storages).map(|c| Some(c.into_inner())),
    };
    done.map_err(|e| file_error(&shown, &e))
}

/// Writes values and their tensors: to a path, or as bytes. `name` is the folder in the archive.
#[napi(catch_unwind)]
pub fn save_file_sync(
    path: Option<String>,
    name: String,
    values: String,
    buffers: Vec<Uint8Array>,
    tensors: Vec<TensorHandle>,
    clone: bool,
) -> Result<Option<Uint8Array>> {
    let c = raise(contents(&values, buffers, &tensors, clone))?;
    let storages: candlewick_tensor::Result<Vec<(DType, &[u8])>> =
        c.storages.iter().map(|t| Ok((t.dtype(), t.storage().as_bytes()?))).collect();
    let storages = crate::error::coded(storages)?;
    let path = path.map(PathBuf::from);
    Ok(raise(write(path.as_deref(), &name, &c.graph, &storages))?.map(Uint8Array::from))
}
/// The same on another thread, of the values as they are now.
#[napi(catch_unwind, ts_return_type = "Promise<Uint8Array | null | Failure>")]
pub fn save_file(
    path: Option<String>,
    name: String,
    values: String,
    buffers: Vec<Uint8Array>,
    tensors: Vec<TensorHandle>,
    clone: bool,
) -> Result<AsyncTask<Job<Option<Vec<u8>>, Option<Uint8Array>>>> {
    let c = raise(contents(&values, buffers, &tensors, clone))?;
    let copies: candlewick_tensor::Result<Vec<(DType, Vec<u8>)>> =
        c.storages.iter().map(|t| Ok((t.dtype(), t.storage().as_bytes()?.to_vec()))).collect();
    let (copies, path, graph) = (crate::error::coded(copies)?, path.map(PathBuf::from), c.graph);
    let work = move || {
        let storages: Vec<(DType, &[u8])> = copies.iter().map(|(d, b)| (*d, b.as_slice())).collect();
        write(path.as_deref(), &name, &graph, &storages)
    };
    Ok(spawn(work, |bytes| bytes.map(Uint8Array::from)))
}
