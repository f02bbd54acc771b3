//! Writing zip archives. A `ZipWriter` that is dropped after an error writes again, and prints that error; here it writes into
//! nothing from the first error on, which is then given back.

use crate::error::{Error, Result};
use std::io::{self, Seek, SeekFrom, Write};
use zip::CompressionMethod;
use zip::result::ZipError;
use zip::write::{SimpleFileOptions, ZipWriter};

/// Members begin at multiples of this many bytes.
const ALIGNMENT: u16 = 64;

/// An archive that is being written.
pub(crate) struct ArchiveWriter<'a, W: Write + Seek> {
    zip: ZipWriter<Latched<'a, W>>,
    method: CompressionMethod,
}

/// Writes an archive whose members `fill` adds, compressed or stored.
pub(crate) fn write_archive<W: Write + Seek>(
    out: &mut W,
    compress: bool,
    fill: impl FnOnce(&mut ArchiveWriter<W>) -> Result<()>,
) -> Result<()> {
    let method = if compress { CompressionMethod::Deflated } else { CompressionMethod::Stored };
    let mut failed = None;
    let done = {
        let latched = Latched { out, at: 0, end: 0, failed: &mut failed };
        let mut archive = ArchiveWriter { zip: ZipWriter::new(latched), method };
        fill(&mut archive).and_then(|()| archive.zip.finish().map(|_| ()).map_err(zip_failed))
    };
    match failed {
        Some(e) => Err(Error::System(e)),
        None => done,
    }
}

impl<W: Write + Seek> ArchiveWriter<'_, W> {
    /// Adds a member, its bytes in parts.
    pub fn member(&mut self, name: &str, parts: &[&[u8]]) -> Result<()> {
        let size: usize = parts.iter().map(|p| p.len()).sum();
        let options = SimpleFileOptions::default()
            .compression_method(self.method)
            .with_alignment(ALIGNMENT)
            .large_file(size >= (1 << 32) - 1)
            .last_modified_time(zip::DateTime::default());
        self.zip.start_file(name, options).map_err(zip_failed)?;
        for part in parts {
            self.zip.write_all(part)?;
        }
        Ok(())
    }
}

fn zip_failed(e: ZipError) -> Error {
    match e {
        ZipError::Io(e) => Error::System(e),
        e => Error::damaged(e.to_string()),
    }
}

/// A writer that keeps its first error to itself, and from then on only counts.
struct Latched<'a, W> {
    out: &'a mut W,
    at: u64,
    end: u64,
    failed: &'a mut Option<io::Error>,
}

impl<W: Write + Seek> Latched<'_, W> {
    /// What the writer did, or `nothing` once it has failed.
    fn attempt<T>(&mut self, nothing: T, work: impl FnOnce(&mut W) -> io::Result<T>) -> T {
        if self.failed.is_some() {
            return nothing;
        }
        work(self.out).unwrap_or_else(|e| {
            *self.failed = Some(e);
            nothing
        })
    }
}

impl<W: Write + Seek> Write for Latched<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.attempt((), |out| out.write_all(bytes));
        self.at += bytes.len() as u64;
        self.end = self.end.max(self.at);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        self.attempt((), W::flush);
        Ok(())
    }
}

impl<W: Write + Seek> Seek for Latched<'_, W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.end.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = target.ok_or(io::ErrorKind::InvalidInput)?;
        let at = self.at;
        self.attempt(at, |out| out.seek(SeekFrom::Start(at)));
        Ok(at)
    }
}
