//! Zip archives, read by position: those of torch.save, and NumPy's `.npz`. The `zip` crate reads the directory (zip64 included);
//! stored members, the usual ones, are then read straight into tensors, deflated ones as a stream.

use crate::error::{Error, Result, damaged};
use crate::source::Source;
use std::collections::HashMap;
use std::io::Read;
use zip::CompressionMethod;
use zip::result::ZipError;

/// What is compressed may be this many times as large as the file: more looks like an attack.
const MOST_GROWTH: u64 = 200;
/// A small file may always grow to this many bytes.
const SMALL: u64 = 1 << 30;

/// How many bytes may come of a compressed file of `len`.
pub(crate) fn most_growth(len: u64) -> u64 {
    len.saturating_mul(MOST_GROWTH).max(SMALL)
}

/// The members of an archive.
pub(crate) struct Archive {
    /// The names in the directory's order.
    pub names: Vec<String>,
    members: HashMap<String, Member>,
}

#[derive(Clone, Copy)]
struct Member {
    stored: bool,
    start: u64,
    compressed: u64,
    size: u64,
    crc: u32,
}

impl Archive {
    pub fn open(source: &Source) -> Result<Archive> {
        let mut zip = zip::ZipArchive::new(source.reader(0)).map_err(broken)?;
        let (mut names, mut members, mut total) = (vec![], HashMap::new(), 0u64);
        for index in 0..zip.len() {
            let file = zip.by_index_raw(index).map_err(broken)?;
            let name = file.name().map_err(broken)?.into_owned();
            let stored = match file.compression() {
                CompressionMethod::Stored => true,
                CompressionMethod::Deflated => false,
                other => {
                    let how = format!("{other:?}").to_lowercase().replace("unsupported", "method ");
                    return damaged(format!("{name}: compressed by {how}, which is not supported"));
                }
            };
            let (compressed, size) = (file.compressed_size(), file.size());
            let start = file.data_start().unwrap_or(0);
            if stored && compressed != size || start.checked_add(compressed).is_none_or(|end| end > source.len()) {
                return damaged(format!("{name}: the member lies outside of the archive"));
            }
            total = total.saturating_add(size);
            if total > most_growth(source.len()) {
                return damaged(format!(
                    "{name}: {compressed} compressed bytes claim to be {size}: an archive that grows to more than {MOST_GROWTH} times its size is refused"
                ));
            }
            names.push(name.clone());
            members.insert(name, Member { stored, start, compressed, size, crc: file.crc32() });
        }
        Ok(Archive { names, members })
    }

    pub fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    fn member(&self, name: &str) -> Result<Member> {
        self.members.get(name).copied().map_or_else(|| damaged(format!("the archive lacks {name}")), Ok)
    }

    /// The number of bytes of a member.
    pub fn size(&self, name: &str) -> Result<u64> {
        Ok(self.member(name)?.size)
    }

    /// The bytes of a member, one after another.
    fn reader<'a>(&self, source: &'a Source, m: Member) -> Box<dyn Read + 'a> {
        let raw = source.reader(m.start).take(m.compressed);
        if m.stored { Box::new(raw) } else { Box::new(flate2::read::DeflateDecoder::new(raw)) }
    }

    /// The first bytes of a member, at most `most`; they are not verified.
    pub fn head(&self, source: &Source, name: &str, most: u64) -> Result<Vec<u8>> {
        let m = self.member(name)?;
        let mut bytes = vec![];
        self.reader(source, m).take(most.min(m.size)).read_to_end(&mut bytes).map_err(|e| in_member(name, &e))?;
        Ok(bytes)
    }

    /// A member, verified.
    pub fn read(&self, source: &Source, name: &str) -> Result<Vec<u8>> {
        let mut bytes = vec![0; self.member(name)?.size as usize];
        self.read_into(source, name, 0, &mut bytes)?;
        Ok(bytes)
    }

    /// Fills `out` with the bytes of a member after the first `skip`; all of the member is verified.
    pub fn read_into(&self, source: &Source, name: &str, skip: u64, out: &mut [u8]) -> Result<()> {
        let m = self.member(name)?;
        let mut reader =
            Checked { inner: self.reader(source, m).take(m.size + 1), crc: crc32fast::Hasher::new(), count: 0 };
        let done = std::io::copy(&mut reader.by_ref().take(skip), &mut std::io::sink())
            .and_then(|_| reader.read_exact(out))
            .and_then(|()| std::io::copy(&mut reader, &mut std::io::sink()));
        done.map_err(|e| in_member(name, &e))?;
        if reader.count != m.size {
            return damaged(format!("{name}: expected {} bytes, received {} or more", m.size, reader.count));
        }
        let crc = reader.crc.finalize();
        // PyTorch writes 0 where it was told to compute none.
        if crc != m.crc && m.crc != 0 {
            return damaged(format!("{name} is damaged: its checksum is {crc:08x}, {:08x} was written", m.crc));
        }
        Ok(())
    }
}

/// A reader that counts and sums up what passes.
struct Checked<R> {
    inner: R,
    crc: crc32fast::Hasher,
    count: u64,
}
impl<R: Read> Read for Checked<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(out)?;
        self.crc.update(&out[..n]);
        self.count += n as u64;
        Ok(n)
    }
}

fn in_member(name: &str, e: &std::io::Error) -> Error {
    match e.kind() {
        std::io::ErrorKind::UnexpectedEof => Error::damaged(format!("{name}: truncated, or damaged")),
        _ => Error::damaged(format!("{name}: {e}")),
    }
}

fn broken(e: ZipError) -> Error {
    match e {
        ZipError::Io(e) if e.kind() != std::io::ErrorKind::UnexpectedEof && e.raw_os_error().is_some() => {
            Error::System(e)
        }
        e => Error::damaged(format!("the zip archive is damaged or truncated ({e})")),
    }
}
