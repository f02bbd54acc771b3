//! The unpickler: a stack machine over bytes that makes values of a graph. It calls nothing: `REDUCE` and `BUILD` are read for the
//! names of globals.rs, and refused for all others, or kept as records.

use super::globals::{self, Known};
use super::opcode::{STOP, name};
use crate::error::{Result, unpickling};
use crate::graph::{Graph, Ref};
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
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    pub(super) stack: Vec<Ref>,
    pub(super) marks: Vec<usize>,
    pub(super) memo: HashMap<u64, Ref>,
    pub(super) graph: Graph,
    pub(super) unknown: Unknown,
    pub(super) storages: Vec<Stored>,
    pub(super) storage_of: HashMap<String, usize>,
    /// What a node stands for while the pickle is read: a class, a storage, an element type.
    pub(super) known: HashMap<Ref, Known>,
    /// None, True, False and the integers of a byte, each once.
    pub(super) small: [Option<Ref>; 259],
    /// How many values there may be.
    most: usize,
    /// How many bytes and items may still be copied from one value to another.
    pub(super) copies: Cell<usize>,
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
            if code == STOP {
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
}
