//! What the calls of a pickle make: each name of globals.rs is a case here, and nothing is called.

use super::globals::Known;
use super::read::{Machine, Unknown};
use crate::error::{Error, Result, unpickling};
use crate::graph::{DictNode, Node, RecordNode, Ref};

impl Machine<'_> {
    /// What `class(*args)` is, for the names above.
    pub(super) fn call(&mut self, class: Ref, args: Ref) -> Result<Ref> {
        let Node::Tuple(list) = &self.graph.nodes[args as usize] else {
            return unpickling("the arguments of a call are no tuple");
        };
        self.spend(list.len())?;
        let list = list.clone();
        match self.known.get(&class).cloned() {
            Some(Known::Name(name)) => match self.call_name(name, &list) {
                Err(Error::Unsupported(_)) if self.unknown == Unknown::Record => Ok(self.record(name, args)),
                made => made,
            },
            Some(Known::Class(name)) => Ok(self.record(&name, args)),
            _ if self.unknown == Unknown::Record => {
                // A call of something that was itself made by a record.
                let record =
                    RecordNode { class: "(called)".into(), args, state: Some(class), items: vec![], entries: vec![] };
                Ok(self.graph.add(Node::Record(Box::new(record))))
            }
            _ => unpickling("a call of something that is no function of the list"),
        }
    }

    /// Something that is not made: its class and its arguments.
    pub(super) fn record(&mut self, class: &str, args: Ref) -> Ref {
        let record = RecordNode { class: class.into(), args, state: None, items: vec![], entries: vec![] };
        self.graph.add(Node::Record(Box::new(record)))
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
            Some(Known::NumpyArray) => {
                return match self.fill_array(target, state) {
                    Err(Error::Unsupported(_)) if self.unknown == Unknown::Record => {
                        let (class, args) = ("numpy.ndarray".into(), self.graph.add(Node::Tuple(vec![])));
                        let record = RecordNode { class, args, state: Some(state), items: vec![], entries: vec![] };
                        self.graph.nodes[target as usize] = Node::Record(Box::new(record));
                        self.known.remove(&target);
                        Ok(())
                    }
                    done => done,
                };
            }
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
}
