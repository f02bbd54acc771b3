//! Safetensors: a header of names, types, shapes and places as JSON, then the elements. The format's own crate reads, checks and
//! writes the header; elements are read by position, and written as they lie in memory.
//! <https://huggingface.co/docs/safetensors>

use crate::error::{Error, Result, damaged, kind, unsupported};
use crate::file::{Opened, check_sizes, text_dict, unread, whole};
use crate::graph::{DictNode, Graph, Node, Ref};
use crate::numeric::supported;
use crate::pickle::Unknown;
use crate::save::Named;
use crate::sniff::describe;
use crate::source::Source;
use crate::storage::{Place, Stored};
use candlewick_tensor::DType;
use safetensors::tensor::{Dtype, Metadata, TensorInfo};
use std::collections::HashMap;
use std::io::Write;

/// A longer header is refused, as by the format's other readers.
const MOST_HEADER: u64 = 100_000_000;

/// The name of the metadata, in the header and as an attribute of the dict.
pub(crate) const METADATA: &str = "__metadata__";

/// The element types that both sides have.
const TYPES: [(Dtype, DType); 10] = [
    (Dtype::F32, DType::F32),
    (Dtype::F64, DType::F64),
    (Dtype::F16, DType::F16),
    (Dtype::BF16, DType::BF16),
    (Dtype::I64, DType::I64),
    (Dtype::I32, DType::I32),
    (Dtype::I16, DType::I16),
    (Dtype::I8, DType::I8),
    (Dtype::U8, DType::U8),
    (Dtype::BOOL, DType::Bool),
];

/// Whether a file begins with the length of a header and a brace.
pub(crate) fn looks_like(head: &[u8], len: u64) -> bool {
    let n = head.get(..8).and_then(|n| n.try_into().ok()).map_or(0, u64::from_le_bytes);
    head.get(8) == Some(&b'{') && n >= 2 && n <= len - 8
}

/// Opens a file: a dict of tensors in their order, with the metadata as an attribute.
pub(crate) fn open(source: Source, unknown: Unknown) -> Result<Opened> {
    let head = source.head(1024)?;
    let n = head.get(..8).and_then(|n| n.try_into().ok()).map_or(0, u64::from_le_bytes);
    if !looks_like(&head, source.len()) {
        if head.get(8) == Some(&b'{') && n <= MOST_HEADER {
            return damaged(format!("truncated: a safetensors header of {n} bytes in a file of {}", source.len()));
        }
        return kind(format!("expected a safetensors file; {}", describe(&head, source.len())));
    }
    if n > MOST_HEADER {
        return damaged(format!("a header of {n} bytes: at most {MOST_HEADER} are read"));
    }
    let header: Metadata = serde_json::from_slice(&source.read_vec(8, n)?)
        .map_err(|e| Error::damaged(format!("the safetensors header is damaged: {e}")))?;
    let (start, end) = (8 + n, (8 + n).saturating_add(header.data_len() as u64));
    if end != source.len() {
        let how = if end > source.len() { "truncated" } else { "too long" };
        return damaged(format!("{how}: the header speaks of {end} bytes, the file has {}", source.len()));
    }
    let (mut graph, mut storages, mut items) = (Graph::default(), vec![], vec![]);
    for name in header.offset_keys() {
        let Some(info) = header.info(&name) else { continue };
        check_sizes(&info.shape).map_err(|e| e.within(&name))?;
        let dtype = match (dtype_of(&name, info.dtype), unknown) {
            (Err(_), Unknown::Record) => {
                let node = unread(&mut graph, format!("safetensors.{:?}", info.dtype), &info.shape);
                items.push((name, graph.add(node)));
                continue;
            }
            (dtype, _) => dtype?,
        };
        let (from, to) = info.data_offsets;
        items.push((name.clone(), graph.add(whole(storages.len(), dtype, info.shape.clone(), false))));
        let place = Place::At(start + from as u64);
        storages.push(Stored {
            big_endian: cfg!(target_endian = "big"),
            ..Stored::new(&name, dtype, (to - from) / dtype.size(), place)
        });
    }
    let attributes = header.metadata().as_ref().map(|m| metadata(&mut graph, m));
    let dict = DictNode { attributes, ..text_dict(&mut graph, items) };
    graph.root = graph.add(Node::Dict(Box::new(dict)));
    Ok(Opened { graph, source, storages, archive: None })
}

fn dtype_of(name: &str, dtype: Dtype) -> Result<DType> {
    match TYPES.iter().find(|(theirs, _)| *theirs == dtype) {
        Some((_, ours)) => Ok(*ours),
        None => unsupported(format!("{name}: tensors of type {dtype:?} are not supported: {}", supported())),
    }
}

/// `{"__metadata__": {...}}`, the keys in order.
fn metadata(graph: &mut Graph, texts: &HashMap<String, String>) -> Ref {
    let mut sorted: Vec<(&String, &String)> = texts.iter().collect();
    sorted.sort();
    let values: Vec<(String, Ref)> =
        sorted.into_iter().map(|(k, v)| (k.clone(), graph.add(Node::Text(v.clone())))).collect();
    let inner = Node::Dict(Box::new(text_dict(graph, values)));
    let inner = graph.add(inner);
    let outer = Node::Dict(Box::new(text_dict(graph, [(METADATA.to_string(), inner)])));
    graph.add(outer)
}

/// Writes named tensors, each whole and contiguous, and metadata; in the order of the format: large elements first, then by name.
pub(crate) fn save(out: &mut impl Write, tensors: &[Named], texts: Option<HashMap<String, String>>) -> Result<()> {
    let theirs = |d: DType| TYPES.iter().find(|(_, ours)| *ours == d).map_or(Dtype::U8, |(t, _)| *t);
    let mut order: Vec<&Named> = tensors.iter().collect();
    order.sort_by(|a, b| theirs(b.dtype).cmp(&theirs(a.dtype)).then(a.name.cmp(b.name)));
    let mut end = 0;
    let info = |t: &&Named| {
        let from = end;
        end += t.bytes.len();
        let info = TensorInfo { dtype: theirs(t.dtype), shape: t.shape.to_vec(), data_offsets: (from, end) };
        (t.name.to_string(), info)
    };
    let header = Metadata::new(texts, order.iter().map(info).collect())
        .map_err(|e| Error::unsupported(format!("safetensors cannot hold these tensors: {e}")))?;
    let mut text = serde_json::to_vec(&header).map_err(std::io::Error::from)?;
    text.resize(text.len().next_multiple_of(8), b' ');
    out.write_all(&(text.len() as u64).to_le_bytes())?;
    out.write_all(&text)?;
    for t in order {
        out.write_all(t.bytes)?;
    }
    Ok(())
}
