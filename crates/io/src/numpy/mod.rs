//! NumPy's files: `.npy`, one array, and `.npz`, a zip archive of them.
//! <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>

mod header;
mod save;

pub(crate) use save::{save, save_one};

use crate::archive::Archive;
use crate::error::{Error, Result, damaged, kind};
use crate::file::{Opened, check_sizes, text_dict, unread, whole};
use crate::graph::{Graph, Node};
use crate::numeric::numpy_dtype;
use crate::pickle::Unknown;
use crate::sniff::describe;
use crate::source::Source;
use crate::storage::{Place, Stored};
use header::Header;

/// What a `.npy` file begins with.
pub(crate) const MAGIC: &[u8] = b"\x93NUMPY";

/// Opens a `.npy`, whose root is a tensor, or a `.npz`, whose root is a dict of them.
pub(crate) fn open(source: Source, unknown: Unknown) -> Result<Opened> {
    let head = source.head(1024)?;
    let mut graph = Graph::default();
    if head.starts_with(MAGIC) {
        let (header, skip) = Header::read(|most| source.head(most))?;
        let made = array("", &header, 0, Place::At(skip), source.len() - skip);
        let storages = match (made, unknown) {
            (Err(Error::Unsupported(_)), Unknown::Record) => {
                let node = unread(&mut graph, format!("numpy.{}", header.descr), &header.shape);
                graph.root = graph.add(node);
                vec![]
            }
            (made, _) => {
                let (node, stored) = made?;
                graph.root = graph.add(node);
                vec![stored]
            }
        };
        return Ok(Opened { graph, source, storages, archive: None });
    }
    if !head.starts_with(b"PK") {
        return kind(format!("expected a NumPy file (.npy or .npz); {}", describe(&head, source.len())));
    }
    let archive = Archive::open(&source)?;
    let (mut storages, mut items) = (vec![], vec![]);
    for member in &archive.names {
        let Some(name) = member.strip_suffix(".npy") else {
            return kind(format!("expected a NumPy archive of .npy files; it is a zip archive with {member}"));
        };
        let (header, skip) = Header::read(|most| archive.head(&source, member, most)).map_err(|e| e.within(member))?;
        let place = Place::Member(member.clone(), skip);
        let made = array(name, &header, storages.len(), place, archive.size(member)?.saturating_sub(skip));
        let node = match (made, unknown) {
            (Err(Error::Unsupported(_)), Unknown::Record) => {
                unread(&mut graph, format!("numpy.{}", header.descr), &header.shape)
            }
            (made, _) => {
                let (node, stored) = made.map_err(|e| e.within(member))?;
                storages.push(stored);
                node
            }
        };
        items.push((name.to_string(), graph.add(node)));
    }
    let dict = text_dict(&mut graph, items);
    graph.root = graph.add(Node::Dict(Box::new(dict)));
    Ok(Opened { graph, source, storages, archive: Some(archive) })
}

/// An array of `present` bytes as a tensor and its storage.
fn array(name: &str, header: &Header, storage: usize, place: Place, present: u64) -> Result<(Node, Stored)> {
    check_sizes(&header.shape)?;
    let (big_endian, dtype) = match header.descr.as_bytes().first() {
        Some(b'>') => (true, numpy_dtype(&header.descr[1..])?),
        Some(b'<' | b'|' | b'=') => (false, numpy_dtype(&header.descr[1..])?),
        _ => (false, numpy_dtype(&header.descr)?),
    };
    let numel = header.shape.iter().try_fold(1usize, |n, &d| n.checked_mul(d));
    let Some((numel, bytes)) = numel.and_then(|n| Some((n, n.checked_mul(dtype.size())?))) else {
        return damaged(format!("the shape {:?} has too many elements", header.shape));
    };
    if bytes as u64 > present {
        return damaged(format!("truncated: the shape {:?} needs {bytes} bytes, there are {present}", header.shape));
    }
    let stored = Stored { big_endian, ..Stored::new(name, dtype, numel, place) };
    Ok((whole(storage, dtype, header.shape.clone(), header.fortran), stored))
}
