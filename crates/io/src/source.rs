//! Bytes by position: a file that is read where it is asked for, or a buffer.

use crate::error::{Result, damaged};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// A file or a buffer, read by position from any thread. A file is never mapped: one that shrinks while it is read is an error
/// and no signal.
#[derive(Debug)]
pub enum Source {
    /// An open file and its length when it was opened.
    File(File, u64),
    /// A buffer.
    Bytes(Vec<u8>),
}

impl Source {
    /// Opens a file.
    pub fn open(path: &Path) -> Result<Source> {
        let file = File::open(path)?;
        let meta = file.metadata()?;
        if meta.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder").into());
        }
        Ok(Source::File(file, meta.len()))
    }

    /// The number of bytes.
    pub fn len(&self) -> u64 {
        match self {
            Source::File(_, len) => *len,
            Source::Bytes(bytes) => bytes.len() as u64,
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills `out` from position `at`.
    pub fn read_exact_at(&self, at: u64, out: &mut [u8]) -> Result<()> {
        if at.checked_add(out.len() as u64).is_none_or(|end| end > self.len()) {
            return damaged(format!(
                "truncated: {} bytes are needed at byte {at} of a file of {}",
                out.len(),
                self.len()
            ));
        }
        match self {
            Source::File(file, _) => match read_file(file, at, out) {
                Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => {
                    damaged("truncated: the file has become shorter since it was opened")
                }
                done => Ok(done?),
            },
            Source::Bytes(bytes) => {
                out.copy_from_slice(&bytes[at as usize..][..out.len()]);
                Ok(())
            }
        }
    }

    /// The bytes from `at`, `len` of them, in a vector of their own.
    pub fn read_vec(&self, at: u64, len: u64) -> Result<Vec<u8>> {
        if at.checked_add(len).is_none_or(|end| end > self.len()) {
            return damaged(format!("truncated: {len} bytes are needed at byte {at} of a file of {}", self.len()));
        }
        let mut out = vec![0; len as usize];
        self.read_exact_at(at, &mut out)?;
        Ok(out)
    }

    /// The first bytes, at most `most`.
    pub fn head(&self, most: u64) -> Result<Vec<u8>> {
        self.read_vec(0, self.len().min(most))
    }

    /// A reader that begins at this byte.
    pub fn reader(&self, at: u64) -> SourceReader<'_> {
        SourceReader { source: self, at }
    }
}

#[cfg(unix)]
fn read_file(file: &File, at: u64, out: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, out, at)
}
#[cfg(windows)]
fn read_file(file: &File, mut at: u64, mut out: &mut [u8]) -> io::Result<()> {
    while !out.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, out, at)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            n => {
                out = &mut out[n..];
                at += n as u64;
            }
        }
    }
    Ok(())
}

/// A source read from front to back, with seeking.
pub struct SourceReader<'a> {
    source: &'a Source,
    at: u64,
}

impl Read for SourceReader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = (out.len() as u64).min(self.source.len().saturating_sub(self.at)) as usize;
        self.source.read_exact_at(self.at, &mut out[..n]).map_err(io::Error::other)?;
        self.at += n as u64;
        Ok(n)
    }
}

impl Seek for SourceReader<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.source.len().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
