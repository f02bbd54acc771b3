//! The format of before PyTorch 1.6: pickles of a magic number, the version, the system, the values, the storages' keys; then each
//! storage as its number of elements and its bytes.

use crate::error::{Result, damaged, unpickling};
use crate::file::Opened;
use crate::graph::{Graph, Node};
use crate::pickle::{Pickle, Unknown};
use crate::source::Source;
use crate::storage::{Place, Stored};
use std::collections::HashMap;

/// The pickle of the number 0x1950a86a20f9469cfc6c, in protocols 2 and above.
const MAGIC: [u8; 10] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

pub(crate) fn is_legacy(head: &[u8]) -> bool {
    head.len() > 14 && head[0] == 0x80 && head[2..14].windows(10).any(|w| w == MAGIC)
        || head.len() > 24 && head[0] == 0x80 && head[2] == 0x95 && head[11..24].windows(10).any(|w| w == MAGIC)
}

struct Legacy {
    graph: Graph,
    storages: Vec<Stored>,
    /// The storages' keys in the order of their elements.
    keys: Vec<String>,
    /// Where the pickles end.
    end: u64,
    big_endian: bool,
}

/// How much of a file is read for its pickles at first; doubled until they end.
const FIRST: u64 = 1 << 20;

pub(super) fn open(source: Source, unknown: Unknown) -> Result<Opened> {
    let mut some = FIRST;
    let mut legacy = loop {
        let bytes = source.head(some)?;
        match pickles(&bytes, unknown) {
            // Truncated here, and not in the file: read more.
            Err(crate::Error::Unpickling(m)) if m.contains("truncated") && some < source.len() => some *= 4,
            other => break other?,
        }
    };
    locate(&source, &mut legacy)?;
    Ok(Opened { graph: legacy.graph, source, storages: legacy.storages, archive: None })
}

fn pickles(bytes: &[u8], unknown: Unknown) -> Result<Legacy> {
    let mut at = 0;
    let mut next = |unknown: Unknown| -> Result<Pickle> {
        let pickle = Pickle::read(&bytes[at..], unknown, bytes.len() as u64)?;
        at += pickle.end;
        Ok(pickle)
    };
    next(Unknown::Refuse)?; // the magic number
    let version = next(Unknown::Refuse)?.graph;
    if version.nodes[version.root as usize] != Node::Int(1001) {
        return unpickling("unknown version of PyTorch's legacy format; expected 1001");
    }
    let system = next(Unknown::Refuse)?.graph;
    let values = next(unknown)?;
    let keys = next(Unknown::Refuse)?.graph;
    let Node::List(list) = &keys.nodes[keys.root as usize] else {
        return unpickling("the storages' keys are no list");
    };
    let key = |at: &u32| match &keys.nodes[*at as usize] {
        Node::Text(t) => Ok(t.clone()),
        _ => unpickling("a storage's key is no string"),
    };
    let keys = list.iter().map(key).collect::<Result<Vec<_>>>()?;
    let big_endian = big_endian(&system);
    Ok(Legacy { graph: values.graph, storages: values.storages, keys, end: at as u64, big_endian })
}

/// `{"little_endian": False, ...}`
fn big_endian(system: &Graph) -> bool {
    let Node::Dict(d) = &system.nodes[system.root as usize] else { return false };
    d.items.iter().any(|&(k, v)| {
        system.nodes[k as usize] == Node::Text("little_endian".into()) && system.nodes[v as usize] == Node::Bool(false)
    })
}

/// Finds each storage: they follow each other in the order of the keys.
fn locate(source: &Source, legacy: &mut Legacy) -> Result<()> {
    let mut at = legacy.end;
    let unplaced = legacy.storages.iter_mut().filter(|s| s.place == Place::Elsewhere);
    let mut named: HashMap<String, &mut Stored> = unplaced.map(|s| (s.key.clone(), s)).collect();
    for key in &legacy.keys {
        let Some(storage) = named.remove(key) else {
            return unpickling(format!("storage {key} belongs to no tensor"));
        };
        let mut word = [0; 8];
        source.read_exact_at(at, &mut word)?;
        let count = if legacy.big_endian { i64::from_be_bytes(word) } else { i64::from_le_bytes(word) };
        if usize::try_from(count) != Ok(storage.numel) {
            return damaged(format!("storage {key} has {count} elements, {} are expected", storage.numel));
        }
        let Some(bytes) = storage.numel.checked_mul(storage.dtype.map_or(1, |d| d.size())) else {
            return damaged(format!("storage {key} has too many elements"));
        };
        at += 8;
        (storage.place, storage.big_endian) = (Place::At(at), legacy.big_endian);
        at = match at.checked_add(bytes as u64) {
            Some(end) if end <= source.len() => end,
            _ => {
                return damaged(format!(
                    "truncated: storage {key} needs {bytes} bytes at byte {at} of {}",
                    source.len()
                ));
            }
        };
    }
    match legacy.storages.iter().find(|s| s.place == Place::Elsewhere) {
        Some(s) => damaged(format!("the file lacks storage {}", s.key)),
        None => Ok(()),
    }
}
