//! The machine's stack, its memo, and what is put on it.

use super::literal::{decimal, integer};
use super::read::Machine;
use crate::error::{Result, unpickling};
use crate::graph::{Node, Ref};

impl Machine<'_> {
    pub(super) fn floor(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }
    pub(super) fn pop(&mut self) -> Result<Ref> {
        if self.stack.len() <= self.floor() {
            return unpickling("the stack is empty");
        }
        self.stack.pop().map_or_else(|| unpickling("the stack is empty"), Ok)
    }
    pub(super) fn top(&self) -> Result<Ref> {
        if self.stack.len() <= self.floor() {
            return unpickling("the stack is empty");
        }
        self.stack.last().copied().map_or_else(|| unpickling("the stack is empty"), Ok)
    }
    pub(super) fn marked(&mut self) -> Result<Vec<Ref>> {
        match self.marks.pop() {
            Some(from) => Ok(self.stack.split_off(from)),
            None => unpickling("there is no mark on the stack"),
        }
    }
    pub(super) fn memoize(&mut self, place: u64) -> Result<()> {
        let top = self.top()?;
        self.memo.insert(place, top);
        Ok(())
    }
    pub(super) fn recall(&mut self, place: u64) -> Result<()> {
        match self.memo.get(&place) {
            Some(&value) => {
                self.stack.push(value);
                Ok(())
            }
            None => unpickling(format!("Memo value not found at index {place}")),
        }
    }

    pub(super) fn extend(&mut self, more: Vec<Ref>) -> Result<()> {
        let target = self.top()?;
        match &mut self.graph.nodes[target as usize] {
            Node::List(items) | Node::Set(items) => items.extend(more),
            Node::Record(r) => r.items.extend(more),
            _ => return unpickling("items are added to something that is no list and no set"),
        }
        Ok(())
    }
    pub(super) fn set_items(&mut self, more: Vec<(Ref, Ref)>) -> Result<()> {
        let target = self.top()?;
        match &mut self.graph.nodes[target as usize] {
            Node::Dict(d) => d.items.extend(more),
            Node::Record(r) => r.entries.extend(more),
            _ => return unpickling("items are set on something that is no dict"),
        }
        Ok(())
    }

    pub(super) fn push(&mut self, node: Node) {
        let place = self.graph.add(node);
        self.stack.push(place);
    }
    /// A value that is made once.
    pub(super) fn push_small(&mut self, which: usize, node: Node) {
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
    pub(super) fn text(&mut self, bytes: &[u8]) -> Result<()> {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.push(Node::Text(text.into())),
            Err(_) => return unpickling("a string that is no UTF-8, or has half of a surrogate pair"),
        }
        Ok(())
    }
    pub(super) fn raw(&mut self, bytes: &[u8]) -> Result<()> {
        self.graph.buffers.push(bytes.to_vec());
        self.push(Node::Bytes(self.graph.buffers.len() - 1));
        Ok(())
    }
    /// A `str` of Python 2: text where it is UTF-8, else bytes.
    pub(super) fn string(&mut self, bytes: &[u8]) -> Result<()> {
        if std::str::from_utf8(bytes).is_ok() { self.text(bytes) } else { self.raw(bytes) }
    }
    pub(super) fn long(&mut self, n: usize) -> Result<()> {
        let node = integer(self.take(n)?);
        self.push(node);
        Ok(())
    }
    pub(super) fn decimal(&mut self, short: bool) -> Result<()> {
        let line = self.line()?;
        self.push(decimal(&line, short)?);
        Ok(())
    }
    pub(super) fn tuple(&mut self, n: usize) -> Result<()> {
        let mut items = vec![];
        for _ in 0..n {
            items.push(self.pop()?);
        }
        items.reverse();
        self.push(Node::Tuple(items));
        Ok(())
    }
}
