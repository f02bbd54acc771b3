//! The unpickler: a stack machine over bytes that makes values of a graph. It calls nothing: `REDUCE` and `BUILD` are read for the
//! names of globals.rs, and refused for all others, or kept as records.

use super::globals::{self, Known};
use super::opcode::{self as op, name};
use crate::error::{Result, unpickling};
use crate::graph::{DictNode, Graph, Node, Ref};
use crate::storage::Stored;
use std::cell::Cell;
use std::collections::HashMap;

/// What becomes of a class that is not known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// An error that names it.
    Refuse,
    /// An inert record of its name, arguments and state.
    Record,
}

/// What comes of a pickle, and where it ended.
pub(crate) struct Pickle {
    pub graph: Graph,
    pub storages: Vec<Stored>,
    pub end: usize,
}

/// Reads a bare pickle of data: no tensors with storages elsewhere.
pub fn read_pickle(bytes: &[u8], unknown: Unknown) -> Result<Graph> {
    Ok(Pickle::read(bytes, unknown, bytes.len() as u64)?.graph)
}

/// More values than this are refused: numbers in such numbers belong in a tensor, or an array.
const MOST_VALUES: u64 = 1 << 23;

/// An integer of more decimal digits is refused, as by Python.
const MOST_DIGITS: usize = 4300;

/// A name of a class, a storage or an encoding is no longer.
pub(super) const LONGEST_NAME: usize = 1000;

impl Pickle {
    /// Reads the pickle that begins with these bytes; others may follow. It may hold more values only in a larger file, of
    /// `file` bytes: those of a compressed one are counted by the file.
    pub fn read(bytes: &[u8], unknown: Unknown, file: u64) -> Result<Pickle> {
        let mut m = Machine::new(bytes, unknown);
        m.most = file.saturating_mul(2).saturating_add(100_000).min(MOST_VALUES) as usize;
        let root = m.run()?;
        m.graph.root = root;
        globals::check_values(&m.graph, unknown)?;
        Ok(Pickle { graph: m.graph, storages: m.storages, end: m.at })
    }
}

/// The machine's state.
pub(super) struct Machine<'a> {
    bytes: &'a [u8],
    at: usize,
    stack: Vec<Ref>,
    marks: Vec<usize>,
    memo: HashMap<u64, Ref>,
    pub(super) graph: Graph,
    pub(super) unknown: Unknown,
    pub(super) storages: Vec<Stored>,
    pub(super) storage_of: HashMap<String, usize>,
    /// What a node stands for while the pickle is read: a class, a storage, an element type.
    pub(super) known: HashMap<Ref, Known>,
    /// None, True, False and the integers of a byte, each once.
    small: [Option<Ref>; 259],
    /// How many values there may be.
    most: usize,
    /// How many bytes and items may still be copied from one value to another.
    copies: Cell<usize>,
}

impl<'a> Machine<'a> {
    fn new(bytes: &'a [u8], unknown: Unknown) -> Self {
        Machine {
            bytes,
            at: 0,
            stack: vec![],
            marks: vec![],
            memo: HashMap::new(),
            graph: Graph::default(),
            unknown,
            storages: vec![],
            storage_of: HashMap::new(),
            known: HashMap::new(),
            small: [None; 259],
            most: usize::MAX,
            copies: Cell::new(bytes.len().saturating_mul(16).saturating_add(1 << 20)),
        }
    }

    fn run(&mut self) -> Result<Ref> {
        loop {
            let at = self.at;
            let code = self.byte()?;
            if code == op::STOP {
                return self.pop();
            }
            if let Err(e) = self.step(code) {
                return match (e, name(code)) {
                    (crate::Error::Unpickling(m), Some(n)) if !m.contains(" at byte ") => {
                        unpickling(format!("{m} ({n} at byte {at} of the pickle)"))
                    }
                    (e, _) => Err(e),
                };
            }
            if self.graph.nodes.len() > self.most {
                return unpickling(format!(
                    "more than {} values, which is refused: save long lists as tensors",
                    self.most
                ));
            }
        }
    }

    fn step(&mut self, code: u8) -> Result<()> {
        match code {
            op::PROTO => {
                let version = self.byte()?;
                if version > 5 {
                    return unpickling(format!("unsupported pickle protocol: {version}"));
                }
            }
            op::FRAME => _ = self.take(8)?,
            op::MARK => self.marks.push(self.stack.len()),
            op::POP => {
                if self.marks.last() == Some(&self.stack.len()) {
                    self.marks.pop();
                } else {
                    self.pop()?;
                }
            }
            op::POP_MARK => _ = self.marked()?,
            op::DUP => {
                let top = self.top()?;
                self.stack.push(top);
            }
            op::NONE => self.push_small(0, Node::None),
            op::NEWTRUE => self.push_small(1, Node::Bool(true)),
            op::NEWFALSE => self.push_small(2, Node::Bool(false)),
            op::BININT => {
                let v = i32::from_le_bytes(self.array()?);
                self.push(Node::Int(i64::from(v)));
            }
            op::BININT1 => {
                let v = self.byte()?;
                self.push_small(3 + usize::from(v), Node::Int(i64::from(v)));
            }
            op::BININT2 => {
                let v = u16::from_le_bytes(self.array()?);
                self.push(Node::Int(i64::from(v)));
            }
            op::LONG1 => {
                let n = self.byte()?;
                self.long(n as usize)?;
            }
            op::LONG4 => {
                let n = self.size4()?;
                self.long(n)?;
            }
            op::INT | op::LONG => self.decimal(code == op::INT)?,
            op::FLOAT => {
                let line = self.line()?;
                match python_float(&line) {
                    Some(v) => self.push(Node::Float(v)),
                    None => return unpickling(format!("could not convert string to float: {line:?}")),
                }
            }
            op::BINFLOAT => {
                let v = f64::from_be_bytes(self.array()?);
                self.push(Node::Float(v));
            }
            op::STRING => {
                let line = self.line()?;
                let bytes = unquoted(&line)?;
                self.string(&bytes);
            }
            op::UNICODE => {
                let line = self.line()?;
                self.push(Node::Text(unescaped(&line)));
            }
            op::SHORT_BINSTRING => self.counted(1, Self::string)?,
            op::BINSTRING => self.counted(4, Self::string)?,
            op::SHORT_BINUNICODE => self.counted(1, Self::text)?,
            op::BINUNICODE => self.counted(4, Self::text)?,
            op::BINUNICODE8 => self.counted(8, Self::text)?,
            op::SHORT_BINBYTES => self.counted(1, Self::raw)?,
            op::BINBYTES => self.counted(4, Self::raw)?,
            op::BINBYTES8 | op::BYTEARRAY8 => self.counted(8, Self::raw)?,
            op::EMPTY_TUPLE => self.push(Node::Tuple(vec![])),
            op::TUPLE1 => self.tuple(1)?,
            op::TUPLE2 => self.tuple(2)?,
            op::TUPLE3 => self.tuple(3)?,
            op::TUPLE => {
                let items = self.marked()?;
                self.push(Node::Tuple(items));
            }
            op::EMPTY_LIST => self.push(Node::List(vec![])),
            op::LIST => {
                let items = self.marked()?;
                self.push(Node::List(items));
            }
            op::EMPTY_SET => self.push(Node::Set(vec![])),
            op::FROZENSET => {
                let items = self.marked()?;
                self.push(Node::Set(items));
            }
            op::EMPTY_DICT => self.push(Node::Dict(Box::default())),
            op::DICT => {
                let items = pairs(self.marked()?)?;
                self.push(Node::Dict(Box::new(DictNode { items, ..DictNode::default() })));
            }
            op::APPEND => {
                let item = self.pop()?;
                self.extend(vec![item])?;
            }
            op::APPENDS | op::ADDITEMS => {
                let items = self.marked()?;
                self.extend(items)?;
            }
            op::SETITEM => {
                let (value, key) = (self.pop()?, self.pop()?);
                self.set_items(vec![(key, value)])?;
            }
            op::SETITEMS => {
                let items = pairs(self.marked()?)?;
                self.set_items(items)?;
            }
            op::PUT => {
                let place = self.place()?;
                self.memoize(place)?;
            }
            op::BINPUT => {
                let place = u64::from(self.byte()?);
                self.memoize(place)?;
            }
            op::LONG_BINPUT => {
                let place = self.size4()? as u64;
                self.memoize(place)?;
            }
            op::MEMOIZE => self.memoize(self.memo.len() as u64)?,
            op::GET => {
                let place = self.place()?;
                self.recall(place)?;
            }
            op::BINGET => {
                let place = u64::from(self.byte()?);
                self.recall(place)?;
            }
            op::LONG_BINGET => {
                let place = self.size4()? as u64;
                self.recall(place)?;
            }
            op::GLOBAL => {
                let (module, class) = (self.line()?, self.line()?);
                self.global(&module, &class)?;
            }
            op::STACK_GLOBAL => {
                let (class, module) = (self.pop()?, self.pop()?);
                let (Some(module), Some(class)) = (self.text_of(module), self.text_of(class)) else {
                    return unpickling("STACK_GLOBAL requires strings");
                };
                self.global(&module, &class)?;
            }
            op::REDUCE | op::NEWOBJ => {
                let (args, class) = (self.pop()?, self.pop()?);
                let made = self.call(class, args)?;
                self.stack.push(made);
            }
            op::NEWOBJ_EX => {
                let (kwargs, args, class) = (self.pop()?, self.pop()?, self.pop()?);
                if !matches!(&self.graph.nodes[kwargs as usize], Node::Dict(d) if d.items.is_empty()) {
                    return unpickling("NEWOBJ_EX with arguments by name");
                }
                let made = self.call(class, args)?;
                self.stack.push(made);
            }
            op::OBJ => {
                let mut items = self.marked()?;
                if items.is_empty() {
                    return unpickling("OBJ without a class");
                }
                let class = items.remove(0);
                let args = self.graph.add(Node::Tuple(items));
                let made = self.call(class, args)?;
                self.stack.push(made);
            }
            op::INST => {
                let (module, class) = (self.line()?, self.line()?);
                let items = self.marked()?;
                self.global(&module, &class)?;
                let class = self.pop()?;
                let args = self.graph.add(Node::Tuple(items));
                let made = self.call(class, args)?;
                self.stack.push(made);
            }
            op::BUILD => {
                let (state, target) = (self.pop()?, self.top()?);
                self.build(target, state)?;
            }
            op::BINPERSID => {
                let id = self.pop()?;
                let storage = self.storage(id)?;
                self.stack.push(storage);
            }
            op::PERSID => return unpickling("persistent ids of protocol 0 are not PyTorch's"),
            op::EXT1 | op::EXT2 | op::EXT4 => return unpickling("extension codes are refused: they stand for classes"),
            op::NEXT_BUFFER | op::READONLY_BUFFER => {
                return unpickling("buffers outside of the pickle are not supported");
            }
            code => return unpickling(format!("unknown opcode 0x{code:02x} at byte {} of the pickle", self.at - 1)),
        }
        Ok(())
    }

    // Bytes.

    fn take(&mut self, n: usize) -> Result<&'a [u8]> {
        let rest = self.bytes.len() - self.at;
        if n > rest {
            return unpickling(format!("pickle data was truncated: {n} bytes are needed, {rest} are left"));
        }
        let bytes = &self.bytes[self.at..][..n];
        self.at += n;
        Ok(bytes)
    }
    fn byte(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }
    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut out = [0; N];
        out.copy_from_slice(self.take(N)?);
        Ok(out)
    }
    fn size4(&mut self) -> Result<usize> {
        Ok(u32::from_le_bytes(self.array()?) as usize)
    }
    fn line(&mut self) -> Result<String> {
        let rest = &self.bytes[self.at..];
        let Some(n) = rest.iter().position(|&b| b == b'\n') else {
            return unpickling("pickle data was truncated: a line does not end");
        };
        self.at += n + 1;
        Ok(String::from_utf8_lossy(rest[..n].strip_suffix(b"\r").unwrap_or(&rest[..n])).into_owned())
    }
    fn place(&mut self) -> Result<u64> {
        let line = self.line()?;
        line.parse().or_else(|_| unpickling(format!("expected a place in the memo, received {line:?}")))
    }
    fn counted(&mut self, width: usize, make: fn(&mut Self, &[u8])) -> Result<()> {
        let n = self.take(width)?.iter().rev().fold(0u64, |n, &b| n << 8 | u64::from(b));
        let bytes = self.take(usize::try_from(n).unwrap_or(usize::MAX))?;
        make(self, bytes);
        Ok(())
    }

    // Values.

    pub(super) fn push(&mut self, node: Node) {
        let place = self.graph.add(node);
        self.stack.push(place);
    }
    /// A value that is made once.
    fn push_small(&mut self, which: usize, node: Node) {
        let place = *self.small[which].get_or_insert_with(|| self.graph.add(node));
        self.stack.push(place);
    }
    /// Counts what is copied from one value to another. Errors: a small file that asks for much.
    pub(super) fn spend(&self, n: usize) -> Result<()> {
        match self.copies.get().checked_sub(n) {
            Some(left) => {
                self.copies.set(left);
                Ok(())
            }
            None => unpickling("the pickle copies its parts more often than a file of its size may"),
        }
    }
    fn text(&mut self, bytes: &[u8]) {
        self.push(Node::Text(String::from_utf8_lossy(bytes).into_owned()));
    }
    fn raw(&mut self, bytes: &[u8]) {
        self.graph.buffers.push(bytes.to_vec());
        self.push(Node::Bytes(self.graph.buffers.len() - 1));
    }
    /// A `str` of Python 2: text where it is UTF-8, else bytes.
    fn string(&mut self, bytes: &[u8]) {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.push(Node::Text(text.into())),
            Err(_) => self.raw(bytes),
        }
    }
    fn long(&mut self, n: usize) -> Result<()> {
        let node = integer(self.take(n)?);
        self.push(node);
        Ok(())
    }
    fn decimal(&mut self, short: bool) -> Result<()> {
        let line = self.line()?;
        let digits = line.strip_suffix('L').unwrap_or(&line);
        let node = match (short, digits) {
            (true, "00") => Node::Bool(false),
            (true, "01") => Node::Bool(true),
            _ => match digits.parse::<i64>() {
                Ok(v) => Node::Int(v),
                Err(_) => {
                    let (negative, magnitude) = match digits.strip_prefix('-') {
                        Some(rest) => (true, rest),
                        None => (false, digits),
                    };
                    if magnitude.is_empty() || !magnitude.bytes().all(|b| b.is_ascii_digit()) {
                        return unpickling(format!("expected an integer, received {line:?}"));
                    }
                    if magnitude.len() > MOST_DIGITS {
                        return unpickling(format!(
                            "an integer of {} digits: at most {MOST_DIGITS} are read",
                            magnitude.len()
                        ));
                    }
                    Node::Big(negative, magnitude.into())
                }
            },
        };
        self.push(node);
        Ok(())
    }
    fn tuple(&mut self, n: usize) -> Result<()> {
        let mut items = vec![];
        for _ in 0..n {
            items.push(self.pop()?);
        }
        items.reverse();
        self.push(Node::Tuple(items));
        Ok(())
    }

    // The stack and the memo.

    fn floor(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }
    fn pop(&mut self) -> Result<Ref> {
        if self.stack.len() <= self.floor() {
            return unpickling("the stack is empty");
        }
        self.stack.pop().map_or_else(|| unpickling("the stack is empty"), Ok)
    }
    fn top(&self) -> Result<Ref> {
        if self.stack.len() <= self.floor() {
            return unpickling("the stack is empty");
        }
        self.stack.last().copied().map_or_else(|| unpickling("the stack is empty"), Ok)
    }
    fn marked(&mut self) -> Result<Vec<Ref>> {
        match self.marks.pop() {
            Some(from) => Ok(self.stack.split_off(from)),
            None => unpickling("there is no mark on the stack"),
        }
    }
    fn memoize(&mut self, place: u64) -> Result<()> {
        let top = self.top()?;
        self.memo.insert(place, top);
        Ok(())
    }
    fn recall(&mut self, place: u64) -> Result<()> {
        match self.memo.get(&place) {
            Some(&value) => {
                self.stack.push(value);
                Ok(())
            }
            None => unpickling(format!("Memo value not found at index {place}")),
        }
    }

    fn extend(&mut self, more: Vec<Ref>) -> Result<()> {
        let target = self.top()?;
        match &mut self.graph.nodes[target as usize] {
            Node::List(items) | Node::Set(items) => items.extend(more),
            Node::Record(r) => r.items.extend(more),
            _ => return unpickling("items are added to something that is no list and no set"),
        }
        Ok(())
    }
    fn set_items(&mut self, more: Vec<(Ref, Ref)>) -> Result<()> {
        let target = self.top()?;
        match &mut self.graph.nodes[target as usize] {
            Node::Dict(d) => d.items.extend(more),
            Node::Record(r) => r.entries.extend(more),
            _ => return unpickling("items are set on something that is no dict"),
        }
        Ok(())
    }
}

/// Keys and values in turn.
fn pairs(items: Vec<Ref>) -> Result<Vec<(Ref, Ref)>> {
    if !items.len().is_multiple_of(2) {
        return unpickling("a key without a value");
    }
    Ok(items.chunks_exact(2).map(|p| (p[0], p[1])).collect())
}

/// An integer of little-endian bytes in two's complement.
fn integer(bytes: &[u8]) -> Node {
    let negative = bytes.last().is_some_and(|b| b & 0x80 != 0);
    let fill = if negative { 0xff } else { 0 };
    if bytes.len() <= 8 {
        let mut wide = [fill; 8];
        wide[..bytes.len()].copy_from_slice(bytes);
        return Node::Int(i64::from_le_bytes(wide));
    }
    let mut magnitude = bytes.to_vec();
    if negative {
        let mut carry = true;
        for b in &mut magnitude {
            (*b, carry) = (!*b).overflowing_add(u8::from(carry));
        }
    }
    while magnitude.last() == Some(&0) && magnitude.len() > 8 {
        magnitude.pop();
    }
    if magnitude.len() == 8 && magnitude[7] & 0x80 == 0 {
        let v = magnitude.iter().rev().fold(0i64, |v, &b| v << 8 | i64::from(b));
        return Node::Int(if negative { -v } else { v });
    }
    let digits: String = magnitude.iter().rev().map(|b| format!("{b:02x}")).collect();
    Node::Big(negative, format!("0x{digits}"))
}

fn python_float(text: &str) -> Option<f64> {
    text.trim().parse().ok()
}

/// The bytes of Python 2's `'text'` with its escapes.
fn unquoted(line: &str) -> Result<Vec<u8>> {
    let inner = ["'", "\""].iter().find_map(|q| line.strip_prefix(q)?.strip_suffix(q));
    let Some(inner) = inner else {
        return unpickling("the STRING opcode argument must be quoted");
    };
    let mut out = vec![];
    let mut bytes = inner.bytes();
    while let Some(b) = bytes.next() {
        if b != b'\\' {
            out.push(b);
            continue;
        }
        match bytes.next() {
            Some(b'n') => out.push(b'\n'),
            Some(b't') => out.push(b'\t'),
            Some(b'r') => out.push(b'\r'),
            Some(b'x') => {
                let digits = [bytes.next().unwrap_or(b'0'), bytes.next().unwrap_or(b'0')];
                let text = std::str::from_utf8(&digits).unwrap_or("");
                match u8::from_str_radix(text, 16) {
                    Ok(v) => out.push(v),
                    Err(_) => return unpickling("invalid \\x escape"),
                }
            }
            Some(other) => out.push(other),
            None => return unpickling("a trailing backslash in a string"),
        }
    }
    Ok(out)
}

/// Python's raw-unicode-escape: `\u0416`, `\U0001f600`.
fn unescaped(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        let digits = match tail.as_bytes().first() {
            Some(b'u') => 4,
            Some(b'U') => 8,
            _ => 0,
        };
        let code = tail.get(1..=digits).filter(|_| digits > 0).and_then(|d| u32::from_str_radix(d, 16).ok());
        match code.and_then(char::from_u32) {
            Some(c) => {
                out.push(c);
                rest = &tail[1 + digits..];
            }
            None => {
                out.push('\\');
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    out
}
