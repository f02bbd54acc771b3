//! The zip archive: `NAME/data.pkl`, `NAME/data/0`, `NAME/data/1`, ..., `NAME/version`, `NAME/byteorder`. The `zip` crate reads the
//! directory (zip64 included); stored members, the usual ones, are then read by position straight into tensors.

use crate::error::{Error, Result, damaged, kind, unpickling};
use crate::source::Source;
use std::collections::HashMap;
use std::io::Read;
use zip::CompressionMethod;
use zip::result::ZipError;

/// A compressed member may grow this much: more looks like an attack.
const MOST_GROWTH: u64 = 200;

/// The members of an archive by their names after the prefix.
pub(super) struct Archive {
    members: HashMap<String, Member>,
}

#[derive(Clone, Copy)]
struct Member {
    index: usize,
    stored: bool,
    start: u64,
    compressed: u64,
    size: u64,
    crc: u32,
}

impl Archive {
    pub fn open(source: &Source) -> Result<Archive> {
        let mut zip = zip::ZipArchive::new(source.reader()).map_err(broken)?;
        let mut members = HashMap::new();
        let mut names = vec![];
        for index in 0..zip.len() {
            let file = zip.by_index_raw(index).map_err(broken)?;
            let name = file.name().map_err(broken)?.into_owned();
            let stored = match file.compression() {
                CompressionMethod::Stored => true,
                CompressionMethod::Deflated => false,
                other => return damaged(format!("{}: compressed by {other:?}, which is not supported", name)),
            };
            let (compressed, size) = (file.compressed_size(), file.size());
            let start = file.data_start().unwrap_or(0);
            if stored && compressed != size || start.checked_add(compressed).is_none_or(|end| end > source.len()) {
                return damaged(format!("{}: the member lies outside of the archive", name));
            }
            names.push(name.clone());
            members.insert(name, Member { index, stored, start, compressed, size, crc: file.crc32() });
        }
        let Some(prefix) = names.iter().find_map(|n| n.strip_suffix("data.pkl")).map(str::to_string) else {
            return kind(other_archive(&names));
        };
        if names.iter().any(|n| *n == format!("{prefix}constants.pkl") || n.starts_with(&format!("{prefix}code/"))) {
            return kind(
                "the file is a TorchScript archive, a program; in Python, save the state of the model: torch.save(model.state_dict(), path)",
            );
        }
        let members =
            members.into_iter().filter_map(|(n, m)| Some((n.strip_prefix(&prefix)?.to_string(), m))).collect();
        Ok(Archive { members })
    }

    pub fn pickle(&self, source: &Source) -> Result<Vec<u8>> {
        self.read(source, "data.pkl")
    }

    /// Whether the elements are big-endian.
    pub fn big_endian(&self, source: &Source) -> Result<bool> {
        if !self.members.contains_key("byteorder") {
            return Ok(false);
        }
        match self.read(source, "byteorder")?.as_slice() {
            b"little" => Ok(false),
            b"big" => Ok(true),
            other => unpickling(format!("unknown byte order {:?}", String::from_utf8_lossy(other))),
        }
    }

    fn member(&self, name: &str) -> Result<Member> {
        self.members.get(name).copied().map_or_else(|| damaged(format!("the archive lacks {name}")), Ok)
    }

    /// The bytes that a storage has.
    pub fn storage_size(&self, key: &str) -> Result<u64> {
        Ok(self.member(&format!("data/{key}"))?.size)
    }

    /// Reads the first bytes of a storage; all of it is verified.
    pub fn read_storage(&self, source: &Source, key: &str, out: &mut [u8]) -> Result<()> {
        let name = format!("data/{key}");
        let m = self.member(&name)?;
        if m.stored && m.size == out.len() as u64 {
            source.read_exact_at(m.start, out)?;
            return verify(&name, out, m.crc);
        }
        let bytes = self.read(source, &name)?;
        out.copy_from_slice(&bytes[..out.len()]);
        Ok(())
    }

    fn read(&self, source: &Source, name: &str) -> Result<Vec<u8>> {
        let m = self.member(name)?;
        if m.stored {
            let bytes = source.read_vec(m.start, m.size)?;
            verify(name, &bytes, m.crc)?;
            return Ok(bytes);
        }
        let most = source.len().saturating_mul(MOST_GROWTH);
        if m.size > most {
            return damaged(format!(
                "{name}: {} compressed bytes claim to be {}: more than {MOST_GROWTH} times the file is refused",
                m.compressed, m.size
            ));
        }
        let mut zip = zip::ZipArchive::new(source.reader()).map_err(broken)?;
        let mut file = zip.by_index(m.index).map_err(broken)?;
        let mut bytes = vec![];
        let read = file.by_ref().take(m.size.saturating_add(1)).read_to_end(&mut bytes);
        match read {
            Ok(n) if n as u64 == m.size => {
                verify(name, &bytes, m.crc)?;
                Ok(bytes)
            }
            Ok(n) => damaged(format!("{name}: expected {} bytes, received {n}", m.size)),
            Err(e) => damaged(format!("{name}: {e}")),
        }
    }
}

fn verify(name: &str, bytes: &[u8], expected: u32) -> Result<()> {
    let crc = crc32fast::hash(bytes);
    if crc != expected {
        return damaged(format!("{name} is damaged: its checksum is {crc:08x}, {expected:08x} was written"));
    }
    Ok(())
}

fn broken(e: ZipError) -> Error {
    match e {
        ZipError::Io(e) if e.kind() != std::io::ErrorKind::UnexpectedEof && e.raw_os_error().is_some() => {
            Error::System(e)
        }
        e => Error::Damaged(format!("the zip archive is damaged or truncated ({e})")),
    }
}

/// What a zip archive without `data.pkl` is.
fn other_archive(names: &[String]) -> String {
    if !names.is_empty() && names.iter().all(|n| n.ends_with(".npy")) {
        return "expected a file of torch.save; it is a NumPy archive (.npz): torch.numpy.load reads it".into();
    }
    if names.iter().any(|n| n.contains("tensors") && n.ends_with(".safetensors")) {
        return "expected a file of torch.save; it is a zip archive of safetensors: unpack it first".into();
    }
    let first: Vec<&str> = names.iter().take(3).map(String::as_str).collect();
    format!("expected a file of torch.save; it is a zip archive without data.pkl ({})", first.join(", "))
}
