//! Writing files of tensors.

use super::FORMATS;
use crate::error::Result;
use crate::handle::TensorHandle;
use crate::tasks::{Job, Outcome, file_error, raise, spawn};
use candlewick_io::{Format, Graph, Node, SaveOptions};
use candlewick_tensor::{DType, Tensor};
use napi::bindgen_prelude::{AsyncTask, Uint8Array};
use napi_derive::napi;
use std::collections::HashMap;
use std::path::Path;

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
        // A tensor that is all of a storage needs no copy, unless another one has it already.
        let own = clone && (place_of.contains_key(&std::sync::Arc::as_ptr(x.storage())) || !is_whole(&x));
        let x = if own {
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

/// Whether a tensor's elements are those of its storage, in their order.
fn is_whole(x: &Tensor) -> bool {
    let l = x.layout();
    let bytes = x.storage().as_bytes().map_or(0, <[u8]>::len);
    l.offset == 0 && l.is_contiguous() && bytes == l.shape.iter().product::<usize>() * x.dtype().size()
}

/// How and where a file is written.
#[napi(object)]
pub struct SaveTarget {
    /// The path; none for bytes.
    pub path: Option<String>,
    /// The format: torch, pickle, safetensors or numpy.
    pub format: String,
    /// The folder inside the archive of torch.save.
    pub name: String,
    /// Whether each tensor is written with its own elements alone.
    pub clone: bool,
    /// Whether the members of an archive are compressed.
    pub compress: bool,
}

fn write(to: &SaveTarget, graph: &Graph, storages: &[(DType, &[u8])]) -> Outcome<Option<Vec<u8>>> {
    let format = FORMATS.iter().find(|(n, _)| *n == to.format).map_or(Format::Torch, |(_, f)| *f);
    let options = SaveOptions { format, name: &to.name, compress: to.compress };
    let shown = to.path.as_deref().unwrap_or("these values");
    let done = match &to.path {
        Some(path) => {
            candlewick_io::write_atomically(Path::new(path), |out| candlewick_io::save(out, &options, graph, storages))
                .map(|()| None)
        }
        None => {
            let mut bytes = std::io::Cursor::new(vec![]);
            candlewick_io::save(&mut bytes, &options, graph, storages).map(|()| Some(bytes.into_inner()))
        }
    };
    done.map_err(|e| file_error(shown, &e))
}

/// Writes values and their tensors: to a path, or as bytes.
#[napi(catch_unwind)]
pub fn save_file_sync(
    to: SaveTarget,
    values: String,
    buffers: Vec<Uint8Array>,
    tensors: Vec<TensorHandle>,
) -> Result<Option<Uint8Array>> {
    let c = raise(contents(&values, buffers, &tensors, to.clone))?;
    let storages: candlewick_tensor::Result<Vec<(DType, &[u8])>> =
        c.storages.iter().map(|t| Ok((t.dtype(), t.storage().as_bytes()?))).collect();
    let storages = crate::error::coded(storages)?;
    Ok(raise(write(&to, &c.graph, &storages))?.map(Uint8Array::from))
}
/// The same on another thread, of the values as they are now.
#[napi(catch_unwind, ts_return_type = "Promise<Uint8Array | null | Failure>")]
pub fn save_file(
    to: SaveTarget,
    values: String,
    buffers: Vec<Uint8Array>,
    tensors: Vec<TensorHandle>,
) -> Result<AsyncTask<Job<Option<Vec<u8>>, Option<Uint8Array>>>> {
    let c = raise(contents(&values, buffers, &tensors, to.clone))?;
    let copies: candlewick_tensor::Result<Vec<(DType, Vec<u8>)>> =
        c.storages.iter().map(|t| Ok((t.dtype(), t.storage().as_bytes()?.to_vec()))).collect();
    let (copies, graph) = (crate::error::coded(copies)?, c.graph);
    let work = move || {
        let storages: Vec<(DType, &[u8])> = copies.iter().map(|(d, b)| (*d, b.as_slice())).collect();
        write(&to, &graph, &storages)
    };
    Ok(spawn(work, |bytes| bytes.map(Uint8Array::from)))
}

/// Writes bytes to a file. Errors: the system's, with the path.
pub fn bytes_written(path: &str, bytes: &[u8]) -> Outcome<()> {
    candlewick_io::write_atomically(Path::new(path), |out| Ok(std::io::Write::write_all(out, bytes)?))
        .map_err(|e| file_error(path, &e))
}

/// Writes bytes to a file, which appears whole or not at all.
#[napi(catch_unwind)]
pub fn write_bytes_sync(path: String, bytes: Uint8Array) -> Result<()> {
    raise(bytes_written(&path, &bytes))
}
/// The same on another thread, of the bytes as they are now.
#[napi(catch_unwind, ts_return_type = "Promise<undefined | Failure>")]
pub fn write_bytes(path: String, bytes: Uint8Array) -> AsyncTask<Job<(), ()>> {
    let bytes = bytes.to_vec();
    spawn(move || bytes_written(&path, &bytes), |()| ())
}

/// Unpacks a `.tar`, `.tar.gz` or `.zip` into a folder, `most` bytes at most.
#[napi(catch_unwind, ts_return_type = "Promise<undefined | Failure>")]
pub fn extract_archive(path: String, folder: String, most: f64) -> AsyncTask<Job<(), ()>> {
    let work = move || {
        candlewick_io::extract(Path::new(&path), Path::new(&folder), most as u64).map_err(|e| file_error(&path, &e))
    };
    spawn(work, |()| ())
}
