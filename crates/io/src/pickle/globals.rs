//! The names that a pickle may use, and what they stand for. Nothing else is looked up, and nothing is called: each name is a case
//! of the functions here.

use super::read::{LONGEST_NAME, Machine, Unknown};
use crate::error::{Result, unpickling, unsupported};
use crate::graph::{DictNode, Graph, Node, RecordNode, Ref};
use crate::numeric::{storage_dtype, torch_dtype};
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
        if let Some(d) = full.strip_prefix("numpy.dtypes.").or(full.strip_prefix("numpy.dtype[")) {
            return unsupported(format!("the NumPy type {d} is not supported"));
        }
        match full.as_str() {
            "torch.storage.UntypedStorage" | "torch.storage._UntypedStorage" | "torch.UntypedStorage" => {
                self.push_known(Known::StorageClass(None), Node::Global(full));
            }
            name if name.starts_with("torch.") && name.ends_with("Storage") => {
                let dtype = storage_dtype(name.rsplit('.').next().unwrap_or(name))?;
                self.push_known(Known::StorageClass(Some(dtype)), Node::Global(full));
            }
            "torch._utils._rebuild_qtensor"
            | "torch._utils._rebuild_sparse_tensor"
            | "torch._utils._rebuild_sparse_csr_tensor" => {
                return unsupported(format!("{full}: quantised and sparse tensors are not supported"));
            }
            "torch.complex32" | "torch.complex64" | "torch.complex128" | "builtins.complex" => {
                return unsupported(format!("{full}: complex numbers are not supported"));
            }
            _ if self.unknown == Unknown::Record => {
                self.push_known(Known::Class(full.clone()), Node::Global(full));
            }
            _ => return unpickling(refusal(&full)),
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

    /// What `class(*args)` is, for the names above.
    pub(super) fn call(&mut self, class: Ref, args: Ref) -> Result<Ref> {
        let Node::Tuple(list) = &self.graph.nodes[args as usize] else {
            return unpickling("the arguments of a call are no tuple");
        };
        self.spend(list.len())?;
        let list = list.clone();
        match self.known.get(&class).cloned() {
            Some(Known::Name(name)) => self.call_name(name, &list),
            Some(Known::Class(name)) => {
                let record = RecordNode { class: name, args, state: None, items: vec![], entries: vec![] };
                Ok(self.graph.add(Node::Record(Box::new(record))))
            }
            _ if self.unknown == Unknown::Record => {
                // A call of something that was itself made by a record.
                let record =
                    RecordNode { class: "(called)".into(), args, state: Some(class), items: vec![], entries: vec![] };
                Ok(self.graph.add(Node::Record(Box::new(record))))
            }
            _ => unpickling("a call of something that is no function of the list"),
        }
    }

    pub(super) fn call_name(&mut self, name: &'static str, args: &[Ref]) -> Result<Ref> {
        match (name, args) {
            ("collections.OrderedDict" | "collections.Counter" | "builtins.dict", _) => self.dict(name, args),
            ("builtins.set" | "builtins.frozenset", []) => Ok(self.graph.add(Node::Set(vec![]))),
            ("builtins.set" | "builtins.frozenset", [items]) => {
                let items = self.items_of(*items)?;
                Ok(self.graph.add(Node::Set(items)))
            }
            ("builtins.list", []) => Ok(self.graph.add(Node::List(vec![]))),
            ("builtins.list", [items]) => {
                let items = self.items_of(*items)?;
                Ok(self.graph.add(Node::List(items)))
            }
            ("torch.Size" | "builtins.tuple", [items]) => {
                let items = self.items_of(*items)?;
                Ok(self.graph.add(Node::Tuple(items)))
            }
            ("builtins.bytearray" | "builtins.bytes", []) => self.bytes(vec![]),
            ("builtins.bytearray" | "builtins.bytes" | "_codecs.encode", [text, ..]) => {
                let bytes = self.latin1(*text)?;
                self.bytes(bytes)
            }
            ("torch.device", [kind, rest @ ..]) => {
                let Some(kind) = self.text_of(*kind) else { return unpickling("torch.device without a name") };
                let index = rest.first().and_then(|&i| self.int_of(i));
                Ok(self.graph.add(Node::Text(index.map_or(kind.clone(), |i| format!("{kind}:{i}")))))
            }
            ("torch.serialization._get_layout", [name]) => Ok(*name),
            ("numpy.dtype", [name, ..]) => self.numpy_dtype(*name),
            ("numpy._core.multiarray._reconstruct", _) => Ok(self.add_known(Known::NumpyArray, "numpy.ndarray")),
            ("numpy._core.multiarray.scalar", [dtype, value]) => self.numpy_scalar(*dtype, *value),
            ("numpy._core.numeric._frombuffer", [bytes, dtype, shape, order]) => {
                let fortran = self.text_of(*order).as_deref() == Some("F");
                self.numpy_array(*dtype, *shape, *bytes, fortran)
            }
            ("torch._tensor._rebuild_from_type_v2", [function, class, args, ..]) => {
                if self.known.get(function) == Some(&Known::Name("torch._tensor._rebuild_from_type_v2")) {
                    return unpickling("a tensor of a type within a type");
                }
                let made = self.call(*function, *args)?;
                match self.known.get(class) {
                    Some(Known::Name("torch.nn.parameter.Parameter" | "torch.nn.Parameter")) => {
                        self.parameter(made, true)
                    }
                    _ => Ok(made),
                }
            }
            ("torch._utils._rebuild_parameter" | "torch._utils._rebuild_parameter_with_state", [data, grad, ..]) => {
                let grad = self.bool_of(*grad)?;
                self.parameter(*data, grad)
            }
            (name, args) if name.starts_with("torch._utils._rebuild_tensor") => self.tensor(name, args),
            (name, args) => unpickling(format!("{name} with {} arguments", args.len())),
        }
    }

    fn dict(&mut self, name: &str, args: &[Ref]) -> Result<Ref> {
        let mut dict = DictNode { ordered: name == "collections.OrderedDict", ..DictNode::default() };
        if let Some(&first) = args.first() {
            dict.items = match &self.graph.nodes[first as usize] {
                Node::Dict(d) => {
                    self.spend(d.items.len())?;
                    d.items.clone()
                }
                Node::List(pairs) | Node::Tuple(pairs) => {
                    self.spend(pairs.len())?;
                    let pair = |p: &Ref| match &self.graph.nodes[*p as usize] {
                        Node::List(kv) | Node::Tuple(kv) if kv.len() == 2 => Ok((kv[0], kv[1])),
                        _ => unpickling(format!("{name} of items that are no pairs")),
                    };
                    pairs.iter().map(pair).collect::<Result<_>>()?
                }
                _ => return unpickling(format!("{name} of something that is no list of pairs")),
            };
        }
        Ok(self.graph.add(Node::Dict(Box::new(dict))))
    }

    /// `BUILD`: the state of a dict's attributes, of an array, of a record.
    pub(super) fn build(&mut self, target: Ref, state: Ref) -> Result<()> {
        match self.known.get(&target) {
            Some(Known::NumpyArray) => return self.fill_array(target, state),
            Some(Known::NumpyDType(..)) => return self.dtype_order(target, state),
            _ => {}
        }
        match &mut self.graph.nodes[target as usize] {
            Node::Dict(d) if d.ordered => d.attributes = Some(state),
            Node::Record(r) => r.state = Some(state),
            Node::Tensor(_) => {} // attributes of a tensor: none that matter here
            _ => return unpickling("a state is set on something that takes none"),
        }
        Ok(())
    }

    // Readers of arguments.

    /// A name: a string, or bytes of one.
    pub(super) fn text_of(&self, at: Ref) -> Option<String> {
        let bytes = match &self.graph.nodes[at as usize] {
            Node::Text(t) => t.as_bytes(),
            Node::Bytes(b) => &self.graph.buffers[*b],
            _ => return None,
        };
        std::str::from_utf8(bytes).ok().filter(|t| t.len() <= LONGEST_NAME).map(str::to_string)
    }
    pub(super) fn int_of(&self, at: Ref) -> Option<i64> {
        match self.graph.nodes[at as usize] {
            Node::Int(i) => Some(i),
            Node::Bool(b) => Some(i64::from(b)),
            _ => None,
        }
    }
    pub(super) fn bool_of(&self, at: Ref) -> Result<bool> {
        self.int_of(at).map_or_else(|| unpickling("expected True or False"), |i| Ok(i != 0))
    }
    pub(super) fn items_of(&self, at: Ref) -> Result<Vec<Ref>> {
        match &self.graph.nodes[at as usize] {
            Node::List(items) | Node::Tuple(items) | Node::Set(items) => {
                self.spend(items.len())?;
                Ok(items.clone())
            }
            _ => unpickling("expected a list or a tuple"),
        }
    }
    /// Sizes: integers that are not negative.
    pub(super) fn sizes_of(&self, at: Ref) -> Result<Vec<usize>> {
        let size = |r: Ref| self.int_of(r).and_then(|i| usize::try_from(i).ok());
        let items = self.items_of(at)?.into_iter().map(size).collect::<Option<_>>();
        items.map_or_else(|| unpickling("sizes, strides and offsets are integers from 0"), Ok)
    }
    /// Bytes as they are, or as a string of characters below 256: how protocol 2 writes bytes.
    pub(super) fn latin1(&self, at: Ref) -> Result<Vec<u8>> {
        match &self.graph.nodes[at as usize] {
            Node::Bytes(b) => {
                self.spend(self.graph.buffers[*b].len())?;
                Ok(self.graph.buffers[*b].clone())
            }
            Node::Text(t) => {
                self.spend(t.len())?;
                let bytes = t.chars().map(|c| u8::try_from(u32::from(c))).collect::<std::result::Result<_, _>>();
                bytes.or_else(|_| unpickling("bytes written as text have characters beyond 255"))
            }
            Node::List(items) => {
                self.spend(items.len())?;
                let bytes = items.iter().map(|&i| self.int_of(i).and_then(|i| u8::try_from(i).ok()));
                bytes.collect::<Option<_>>().map_or_else(|| unpickling("bytes are numbers from 0 to 255"), Ok)
            }
            _ => unpickling("expected bytes"),
        }
    }
    pub(super) fn bytes(&mut self, bytes: Vec<u8>) -> Result<Ref> {
        self.graph.buffers.push(bytes);
        Ok(self.graph.add(Node::Bytes(self.graph.buffers.len() - 1)))
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
