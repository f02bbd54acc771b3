//! What each opcode does.

use super::literal::{python_float, unescaped, unquoted};
use super::opcode as op;
use super::read::Machine;
use crate::error::{Result, unpickling};
use crate::graph::{DictNode, Node, Ref};

impl Machine<'_> {
    pub(super) fn step(&mut self, code: u8) -> Result<()> {
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
                let bytes = unquoted(self.raw_line()?)?;
                self.string(&bytes)?;
            }
            op::UNICODE => {
                let text = unescaped(self.raw_line()?);
                self.push(Node::Text(text?));
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
}

/// Keys and values in turn.
fn pairs(items: Vec<Ref>) -> Result<Vec<(Ref, Ref)>> {
    if !items.len().is_multiple_of(2) {
        return unpickling("a key without a value");
    }
    Ok(items.chunks_exact(2).map(|p| (p[0], p[1])).collect())
}
