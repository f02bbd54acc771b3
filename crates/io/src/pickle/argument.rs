//! The arguments of calls, as what they must be.

use super::read::{LONGEST_NAME, Machine};
use crate::error::{Result, unpickling};
use crate::graph::{Node, Ref};

impl Machine<'_> {
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
    /// Whether a dict says True under a name.
    pub(super) fn flag_of(&self, at: Ref, name: &str) -> bool {
        let Node::Dict(d) = &self.graph.nodes[at as usize] else { return false };
        d.items.iter().any(|&(k, v)| self.text_of(k).as_deref() == Some(name) && self.int_of(v) == Some(1))
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
