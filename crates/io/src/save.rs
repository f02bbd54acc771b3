//! Writing tensors by name: what safetensors and NumPy's formats have in common.

use crate::error::{Result, unsupported};
use crate::file::Format;
use crate::graph::{DictNode, Graph, Node, TensorNode};
use crate::safetensors::METADATA;
use crate::{numpy, pickle, pth, safetensors};
use candlewick_tensor::DType;
use std::collections::HashMap;
use std::io::{Seek, Write};

/// How a file is written.
pub struct SaveOptions<'a> {
    /// The format.
    pub format: Format,
    /// The folder inside the archive of torch.save.
    pub name: &'a str,
    /// Whether the members of a `.npz` are compressed.
    pub compress: bool,
}

/// A tensor with its name and its elements, whole and contiguous.
pub(crate) struct Named<'a> {
    pub name: &'a str,
    pub dtype: DType,
    pub shape: &'a [usize],
    pub bytes: &'a [u8],
}

/// Writes values and storages, bytes as they lie in memory. Formats other than torch.save's need each tensor to be the whole of
/// its storage. Errors: values that the format has no place for.
pub fn save(mut out: impl Write + Seek, o: &SaveOptions, graph: &Graph, storages: &[(DType, &[u8])]) -> Result<()> {
    match o.format {
        Format::Torch => pth::save(&mut out, o.name, graph, storages),
        Format::Pickle => Ok(out.write_all(&pickle::write_pickle(graph)?)?),
        Format::Safetensors => safetensors::save(&mut out, &named(graph, storages, false)?, metadata(graph)?),
        Format::Numpy => match (&graph.nodes[graph.root as usize], named(graph, storages, true)?) {
            (Node::Tensor(_), one) => numpy::save_one(&mut out, &one[0]),
            (_, tensors) => numpy::save(&mut out, &tensors, o.compress),
        },
        Format::Idx => unsupported("IDX files are not written"),
    }
}

/// The tensors of a dict, or with `single` a lone one without a name.
fn named<'a>(graph: &'a Graph, storages: &[(DType, &'a [u8])], single: bool) -> Result<Vec<Named<'a>>> {
    let one = |name, t: &'a TensorNode| match storages.get(t.storage) {
        Some(&(dtype, bytes)) => Ok(Named { name, dtype, shape: &t.shape, bytes }),
        None => unsupported("a tensor of a storage that is not given"),
    };
    match &graph.nodes[graph.root as usize] {
        Node::Tensor(t) if single => Ok(vec![one("", t)?]),
        Node::Dict(d) => d
            .items
            .iter()
            .map(|&(k, v)| match (&graph.nodes[k as usize], &graph.nodes[v as usize]) {
                (Node::Text(name), Node::Tensor(t)) => one(name, t),
                (Node::Text(name), _) => unsupported(format!("{name} is no tensor: the format holds nothing else")),
                _ => unsupported("a key that is no string: the format names tensors by strings"),
            })
            .collect(),
        _ => unsupported("expected tensors by name"),
    }
}

/// The attribute `__metadata__` of the dict.
fn metadata(graph: &Graph) -> Result<Option<HashMap<String, String>>> {
    let dict = |at: u32| match &graph.nodes[at as usize] {
        Node::Dict(d) => Some(&**d),
        _ => None,
    };
    let text = |at: u32| match &graph.nodes[at as usize] {
        Node::Text(t) => Some(t.clone()),
        _ => None,
    };
    let attributes = dict(graph.root).and_then(|d| dict(d.attributes?));
    let Some(texts) = attributes.and_then(|d: &DictNode| {
        d.items.iter().find(|(k, _)| text(*k).as_deref() == Some(METADATA)).and_then(|&(_, v)| dict(v))
    }) else {
        return Ok(None);
    };
    let pairs = texts.items.iter().map(|&(k, v)| Some((text(k)?, text(v)?)));
    match pairs.collect::<Option<HashMap<_, _>>>() {
        Some(texts) => Ok(Some(texts)),
        None => unsupported("safetensors metadata holds strings by strings"),
    }
}
