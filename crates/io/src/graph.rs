//! What a pickle holds: values in a table, which refer to each other by place. What is shared stays shared, cycles are allowed, and
//! nothing that walks a table recurses.

use candlewick_tensor::DType;

/// The place of a value in its graph.
pub type Ref = u32;

/// A value of a pickle.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Python's None.
    None,
    /// True or False.
    Bool(bool),
    /// An integer of 64 bits.
    Int(i64),
    /// A larger one: its sign, and its digits, decimal or hexadecimal with `0x`.
    Big(bool, String),
    /// A float.
    Float(f64),
    /// A string.
    Text(String),
    /// Bytes: the place in [`Graph::buffers`].
    Bytes(usize),
    /// A list.
    List(Vec<Ref>),
    /// A tuple.
    Tuple(Vec<Ref>),
    /// A set.
    Set(Vec<Ref>),
    /// A dict in the order of insertion.
    Dict(Box<DictNode>),
    /// A tensor.
    Tensor(Box<TensorNode>),
    /// Something of an unknown class, taken apart: it is not made, and nothing of it runs.
    Record(Box<RecordNode>),
    /// A class or function named as a value; only beside records.
    Global(String),
}

/// A dict.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DictNode {
    /// Keys and values.
    pub items: Vec<(Ref, Ref)>,
    /// Whether it is a `collections.OrderedDict`.
    pub ordered: bool,
    /// The attributes of an OrderedDict, a dict: state dicts keep `_metadata` there.
    pub attributes: Option<Ref>,
}

/// A tensor: a view of a storage.
#[derive(Clone, Debug, PartialEq)]
pub struct TensorNode {
    /// The place of the storage in the file's list of storages.
    pub storage: usize,
    /// The element type.
    pub dtype: DType,
    /// The first element in the storage.
    pub offset: usize,
    /// The shape.
    pub shape: Vec<usize>,
    /// The strides, in elements.
    pub strides: Vec<usize>,
    /// Whether it requires a gradient.
    pub requires_grad: bool,
    /// Whether it is an `nn.Parameter`.
    pub parameter: bool,
    /// Whether its elements are those of the storage with the other sign.
    pub negative: bool,
}

/// An instance of a class that is not known here.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordNode {
    /// `module.Class`.
    pub class: String,
    /// The arguments that would have made it, a tuple.
    pub args: Ref,
    /// The state that would have been set.
    pub state: Option<Ref>,
    /// What would have been appended, and set by key.
    pub items: Vec<Ref>,
    /// Keys and values that would have been set.
    pub entries: Vec<(Ref, Ref)>,
}

/// A table of values and its root.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    /// The values.
    pub nodes: Vec<Node>,
    /// The bytes of [`Node::Bytes`].
    pub buffers: Vec<Vec<u8>>,
    /// The value of the whole.
    pub root: Ref,
}

impl Graph {
    /// Adds a value.
    pub fn add(&mut self, node: Node) -> Ref {
        self.nodes.push(node);
        (self.nodes.len() - 1) as Ref
    }
}

impl Graph {
    /// The values that a value holds.
    pub fn children(&self, at: Ref, mut each: impl FnMut(Ref)) {
        match &self.nodes[at as usize] {
            Node::List(items) | Node::Tuple(items) | Node::Set(items) => items.iter().copied().for_each(each),
            Node::Dict(d) => {
                d.items.iter().for_each(|&(k, v)| {
                    each(k);
                    each(v);
                });
                d.attributes.into_iter().for_each(each);
            }
            Node::Record(r) => {
                each(r.args);
                r.state.into_iter().for_each(&mut each);
                r.items.iter().copied().for_each(&mut each);
                r.entries.iter().for_each(|&(k, v)| {
                    each(k);
                    each(v);
                });
            }
            _ => {}
        }
    }
}
