//! The names that a pickle may use, and what they stand for. Nothing else is looked up, and nothing is called: each name is a case
//! of the functions here.

use super::read::{LONGEST_NAME, Machine, Unknown};
use crate::error::{Result, unpickling, unsupported};
use crate::graph::{Graph, Node, Ref};
use crate::numeric::{storage_dtype, supported, torch_dtype};
use candlewick_tensor::DType;

/// What a value of the stack stands for that is no value of its own.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Known {
    /// A function or class of the list below.
    Name(&'static str),
    /// A class of typed storages; no type for bytes.
    StorageClass(Option<DType>),
    /// A storage.
    Storage(usize),
    /// `torch.float32`: also a value, the string.
    DType(DType),
    /// NumPy's element type: `f4`, and whether it is big-endian.
    NumpyDType(String, bool),
    /// A NumPy array that BUILD will fill.
    NumpyArray,
    /// A class that is not known.
    Class(String),
}

/// Functions and classes that are understood.
const NAMES: [&str; 27] = [
    "collections.OrderedDict",
    "collections.Counter",
    "builtins.set",
    "builtins.frozenset",
    "builtins.bytearray",
    "builtins.bytes",
    "builtins.list",
    "builtins.tuple",
    "builtins.dict",
    "_codecs.encode",
    "torch.Size",
    "torch.device",
    "torch.Tensor",
    "torch.nn.parameter.Parameter",
    "torch.serialization._get_layout",
    "torch._utils._rebuild_tensor",
    "torch._utils._rebuild_tensor_v2",
    "torch._utils._rebuild_tensor_v3",
    "torch._utils._rebuild_parameter",
    "torch._utils._rebuild_parameter_with_state",
    "torch._tensor._rebuild_from_type_v2",
    "numpy._core.multiarray._reconstruct",
    "numpy._core.multiarray.scalar",
    "numpy._core.numeric._frombuffer",
    "numpy.ndarray",
    "numpy.dtype",
    "torch.nn.Parameter",
];

/// A module's name of today for one of older versions of Python, NumPy and PyTorch.
fn modern(module: &str, class: &str) -> String {
    let module = match module {
        "__builtin__" => "builtins",
        "copy_reg" => "copyreg",
        "numpy.core.multiarray" => "numpy._core.multiarray",
        "numpy.core.numeric" => "numpy._core.numeric",
        "torch.tensor" if class.starts_with("_rebuild") => "torch._tensor",
        "torch.cuda" if class.ends_with("Storage") => "torch",
        module => module,
    };
    format!("{module}.{class}")
}

impl Machine<'_> {
    /// Pushes what a name stands for.
    pub(super) fn global(&mut self, module: &str, class: &str) -> Result<()> {
        if module.len() + class.len() > LONGEST_NAME {
            return unpickling(format!("the name of a class has {} bytes", module.len() + class.len()));
        }
        let full = modern(module, class);
        if let Some(name) = NAMES.iter().find(|name| **name == full) {
            self.push_known(Known::Name(name), Node::Global(full));
            return Ok(());
        }
        if let Some(dtype) = full.strip_prefix("torch.").and_then(torch_dtype) {
            self.push_known(Known::DType(dtype), Node::Text(dtype.name().into()));
            return Ok(());
        }
        match full.as_str() {
            "torch.storage.UntypedStorage" | "torch.storage._UntypedStorage" | "torch.UntypedStorage" => {
                self.push_known(Known::StorageClass(None), Node::Global(full));
            }
            name if name.starts_with("torch.") && known_storage(name).is_some() => {
                self.push_known(Known::StorageClass(known_storage(name)), Node::Global(full));
            }
            _ if self.unknown == Unknown::Record => {
                self.push_known(Known::Class(full.clone()), Node::Global(full));
            }
            name => match unsupported_kind(name) {
                Some(kind) => {
                    return unsupported(format!(
                        "{name}: {kind} are not supported: {}. load(path, {{ unknown: \"record\" }}) reads what is beside them",
                        supported()
                    ));
                }
                None => return unpickling(refusal(&full)),
            },
        }
        Ok(())
    }

    fn push_known(&mut self, known: Known, node: Node) {
        self.push(node);
        self.known.insert((self.graph.nodes.len() - 1) as Ref, known);
    }

    /// Adds a value that stands for something.
    pub(super) fn add_known(&mut self, known: Known, title: &str) -> Ref {
        let place = self.graph.add(Node::Global(title.into()));
        self.known.insert(place, known);
        place
    }
}

fn known_storage(name: &str) -> Option<DType> {
    name.ends_with("Storage").then(|| storage_dtype(name.rsplit('.').next().unwrap_or(name)).ok()).flatten()
}

/// What a name stands for that is data, and of a kind that is not supported.
fn unsupported_kind(name: &str) -> Option<String> {
    let after = |prefix| name.strip_prefix(prefix);
    if let Some(d) = after("numpy.dtypes.").or(after("numpy.dtype[")) {
        return Some(format!("NumPy arrays of {d}"));
    }
    if name == "builtins.complex" {
        return Some("complex numbers".into());
    }
    let rest = after("torch.")?;
    let sparse = rest.starts_with("_utils._rebuild_sparse") || rest.starts_with("_utils._rebuild_nested");
    let types = ["uint", "float8_", "float4_", "complex", "qint", "quint", "bits", "int1", "int2", "int4"];
    match rest {
        "_utils._rebuild_qtensor" => Some("quantised tensors".into()),
        _ if sparse => Some("sparse and nested tensors".into()),
        _ if rest.ends_with("Storage") => Some(format!("tensors of a {}", rest.rsplit('.').next().unwrap_or(rest))),
        _ if types.iter().any(|t| rest.starts_with(t)) => Some(format!("tensors of {rest}")),
        _ => None,
    }
}

/// What is said of a class that is not on the list.
fn refusal(full: &str) -> String {
    let refused = format!("Unsupported global: GLOBAL {full} was not an allowed global: nothing but data is read");
    if full.starts_with("torch.nn.modules.") || full.starts_with("torchvision.models.") {
        return format!(
            "{refused}. The file holds a whole module, which is code; in Python, save its state instead: torch.save(model.state_dict(), path)"
        );
    }
    format!(
        "{refused}. load(path, {{ unknown: \"record\" }}) reads such values as inert records; a whole module is saved in Python by torch.save(model.state_dict(), path)"
    )
}

/// Refuses classes and storages that are left as values.
pub(super) fn check_values(graph: &Graph, unknown: Unknown) -> Result<()> {
    let mut seen = vec![false; graph.nodes.len()];
    let mut todo = vec![graph.root];
    while let Some(at) = todo.pop() {
        if std::mem::replace(&mut seen[at as usize], true) {
            continue;
        }
        if let (Node::Global(name), Unknown::Refuse) = (&graph.nodes[at as usize], unknown) {
            return unpickling(format!("{name} is a value of the file, and no data"));
        }
        graph.children(at, |child| todo.push(child));
    }
    Ok(())
}
