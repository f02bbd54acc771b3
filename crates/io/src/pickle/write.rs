//! The pickler: protocol 2, with no opcodes but those that PyTorch's restricted unpickler knows.

use super::opcode as op;
use crate::error::{Result, unpickling};
use crate::graph::{Graph, Node, Ref};
use candlewick_tensor::DType;
use std::collections::{HashMap, HashSet};

/// What tensors become.
pub(crate) enum Target<'a> {
    /// A bare pickle: there is no place for tensors.
    Bare,
    /// Views of these storages (type and number of elements), which lie beside the pickle under their numbers.
    Storages(&'a [(DType, usize)]),
}

/// Writes a pickle of data. Errors: tensors, which a bare pickle has no place for.
pub fn write_pickle(graph: &Graph) -> Result<Vec<u8>> {
    write(graph, &Target::Bare)
}

/// What is left to write, the last first.
enum Step {
    Value(Ref),
    Remember(Ref),
    Bytes(&'static [u8]),
    /// A value that can only be referred to once it is whole is so now.
    Done(Ref),
}

pub(super) struct Writer<'a> {
    graph: &'a Graph,
    pub(super) target: &'a Target<'a>,
    pub(super) out: Vec<u8>,
    memo: HashMap<Ref, u32>,
    shared: Vec<bool>,
    /// Tuples and sets that are being written: they cannot hold themselves.
    open: HashSet<Ref>,
}

pub(crate) fn write(graph: &Graph, target: &Target) -> Result<Vec<u8>> {
    let mut w = Writer {
        graph,
        target,
        out: vec![op::PROTO, 2],
        memo: HashMap::new(),
        shared: shared(graph),
        open: HashSet::new(),
    };
    let mut todo = vec![Step::Value(graph.root)];
    while let Some(step) = todo.pop() {
        match step {
            Step::Value(at) => w.value(at, &mut todo)?,
            Step::Remember(at) => w.remember(at),
            Step::Bytes(bytes) => w.out.extend(bytes),
            Step::Done(at) => _ = w.open.remove(&at),
        }
    }
    w.out.push(op::STOP);
    Ok(w.out)
}

/// Which values are referred to more than once.
fn shared(graph: &Graph) -> Vec<bool> {
    let (mut seen, mut again) = (vec![false; graph.nodes.len()], vec![false; graph.nodes.len()]);
    let mut todo = vec![graph.root];
    while let Some(at) = todo.pop() {
        if std::mem::replace(&mut seen[at as usize], true) {
            again[at as usize] = true;
            continue;
        }
        graph.children(at, |child| todo.push(child));
    }
    again
}

impl Writer<'_> {
    fn value(&mut self, at: Ref, todo: &mut Vec<Step>) -> Result<()> {
        if let Some(&place) = self.memo.get(&at) {
            match u8::try_from(place) {
                Ok(place) => self.out.extend([op::BINGET, place]),
                Err(_) => {
                    self.out.push(op::LONG_BINGET);
                    self.out.extend(place.to_le_bytes());
                }
            }
            return Ok(());
        }
        match &self.graph.nodes[at as usize] {
            Node::None => self.out.push(op::NONE),
            Node::Bool(b) => self.out.push(if *b { op::NEWTRUE } else { op::NEWFALSE }),
            Node::Int(v) => self.int(*v),
            Node::Big(negative, digits) => self.big(*negative, digits)?,
            Node::Float(v) => {
                self.out.push(op::BINFLOAT);
                self.out.extend(v.to_be_bytes());
            }
            Node::Text(text) => {
                self.text(text)?;
                self.remember(at);
            }
            Node::Bytes(place) => {
                self.global("_codecs", "encode");
                let text: String = self.graph.buffers[*place].iter().map(|&b| char::from(b)).collect();
                self.text(&text)?;
                self.text("latin1")?;
                self.out.extend([op::TUPLE2, op::REDUCE]);
                self.remember(at);
            }
            Node::List(items) => {
                self.out.push(op::EMPTY_LIST);
                self.remember(at);
                self.items(items, &[op::APPENDS], todo);
            }
            Node::Dict(d) => {
                if d.ordered {
                    self.empty_ordered();
                } else {
                    self.out.push(op::EMPTY_DICT);
                }
                self.remember(at);
                if let Some(state) = d.attributes {
                    todo.extend([Step::Bytes(&[op::BUILD]), Step::Value(state)]);
                }
                let flat: Vec<Ref> = d.items.iter().flat_map(|&(k, v)| [k, v]).collect();
                self.items(&flat, &[op::SETITEMS], todo);
            }
            Node::Tuple(items) => {
                self.begin(at)?;
                todo.extend([Step::Done(at), Step::Remember(at)]);
                match items.len() {
                    0 => self.out.push(op::EMPTY_TUPLE),
                    n @ 1..=3 => {
                        todo.push(Step::Bytes([&[op::TUPLE1], &[op::TUPLE2], &[op::TUPLE3]][n - 1]));
                        todo.extend(items.iter().rev().map(|&i| Step::Value(i)));
                    }
                    _ => self.items(items, &[op::TUPLE], todo),
                }
            }
            Node::Set(items) => {
                self.begin(at)?;
                self.global("__builtin__", "set");
                self.out.push(op::EMPTY_LIST);
                todo.extend([Step::Done(at), Step::Remember(at), Step::Bytes(&[op::TUPLE1, op::REDUCE])]);
                self.items(items, &[op::APPENDS], todo);
            }
            Node::Tensor(t) => {
                self.tensor(t)?;
                self.remember(at);
            }
            Node::Record(r) => return unpickling(format!("{}: a record of another class cannot be written", r.class)),
            Node::Global(name) => return unpickling(format!("{name}: a class cannot be written")),
        }
        Ok(())
    }

    fn begin(&mut self, at: Ref) -> Result<()> {
        if self.open.insert(at) { Ok(()) } else { unpickling("a tuple or set that holds itself cannot be written") }
    }

    fn items(&mut self, items: &[Ref], end: &'static [u8], todo: &mut Vec<Step>) {
        if !items.is_empty() {
            self.out.push(op::MARK);
            todo.push(Step::Bytes(end));
            todo.extend(items.iter().rev().map(|&i| Step::Value(i)));
        }
    }

    /// Gives the top of the stack a place in the memo, if it is asked for again.
    fn remember(&mut self, at: Ref) {
        if !self.shared[at as usize] {
            return;
        }
        let place = self.memo.len() as u32;
        self.memo.insert(at, place);
        match u8::try_from(place) {
            Ok(place) => self.out.extend([op::BINPUT, place]),
            Err(_) => {
                self.out.push(op::LONG_BINPUT);
                self.out.extend(place.to_le_bytes());
            }
        }
    }

    pub(super) fn int(&mut self, v: i64) {
        if let Ok(v) = u8::try_from(v) {
            self.out.extend([op::BININT1, v]);
        } else if let Ok(v) = u16::try_from(v) {
            self.out.push(op::BININT2);
            self.out.extend(v.to_le_bytes());
        } else if let Ok(v) = i32::try_from(v) {
            self.out.push(op::BININT);
            self.out.extend(v.to_le_bytes());
        } else {
            self.out.extend([op::LONG1, 8]);
            self.out.extend(v.to_le_bytes());
        }
    }

    /// An integer of more than 64 bits, its digits hexadecimal.
    fn big(&mut self, negative: bool, digits: &str) -> Result<()> {
        let hex = digits.strip_prefix("0x").unwrap_or("");
        let nibble = |c: u8| char::from(c).to_digit(16);
        let mut bytes: Vec<u8> = vec![];
        for pair in hex.as_bytes().rchunks(2) {
            let value = pair.iter().try_fold(0, |v, &c| Some(v << 4 | nibble(c)?));
            match value {
                Some(value) => bytes.push(value as u8),
                None => return unpickling("an integer of digits that are not hexadecimal"),
            }
        }
        bytes.push(0); // the sign
        if negative {
            let mut carry = true;
            for b in &mut bytes {
                (*b, carry) = (!*b).overflowing_add(u8::from(carry));
            }
        }
        match u8::try_from(bytes.len()) {
            Ok(n) => self.out.extend([op::LONG1, n]),
            Err(_) => {
                self.out.push(op::LONG4);
                self.out.extend((bytes.len() as u32).to_le_bytes());
            }
        }
        self.out.extend(bytes);
        Ok(())
    }

    pub(super) fn text(&mut self, text: &str) -> Result<()> {
        let Ok(n) = u32::try_from(text.len()) else { return unpickling("a string of 4 GiB cannot be written") };
        self.out.push(op::BINUNICODE);
        self.out.extend(n.to_le_bytes());
        self.out.extend(text.as_bytes());
        Ok(())
    }

    pub(super) fn global(&mut self, module: &str, name: &str) {
        self.out.push(op::GLOBAL);
        self.out.extend(format!("{module}\n{name}\n").into_bytes());
    }

    pub(super) fn empty_ordered(&mut self) {
        self.global("collections", "OrderedDict");
        self.out.extend([op::EMPTY_TUPLE, op::REDUCE]);
    }
}
