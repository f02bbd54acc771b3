//! Unpacking the archives of data sets: `.tar`, `.tar.gz` and `.zip`. Nothing is written outside of the folder, no links are made, and
//! the whole is limited. What is unpacked appears when all of it is there.

use crate::error::{Error, Result, damaged, kind};
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{BufReader, Read, Seek, Write};
use std::path::{Component, Path, PathBuf};

/// More files than any data set has.
const MOST_FILES: usize = 10_000_000;

/// Unpacks an archive into a folder. Errors: another kind of file, a damaged one, a path that leaves the folder, a link, more than
/// `most` bytes.
pub fn extract(archive: &Path, folder: &Path, most: u64) -> Result<()> {
    let mut file = BufReader::new(File::open(archive)?);
    let mut magic = [0; 4];
    let read = file.read(&mut magic)?;
    file.rewind()?;
    let staging = tempfile::Builder::new().prefix(".candlewick-").tempdir_in(folder)?;
    let mut out = Unpacking { folder: staging.path(), left: most, files: 0 };
    match &magic[..read] {
        [0x1F, 0x8B, ..] => untar(MultiGzDecoder::new(file), &mut out)?,
        [b'P', b'K', 3, 4] => unzip(file, &mut out)?,
        _ => untar(file, &mut out)?,
    }
    for entry in std::fs::read_dir(staging.path())? {
        let entry = entry?;
        let target = folder.join(entry.file_name());
        // What an earlier try left there is replaced.
        match std::fs::symlink_metadata(&target) {
            Ok(there) if there.is_dir() => std::fs::remove_dir_all(&target)?,
            Ok(_) => std::fs::remove_file(&target)?,
            Err(_) => {}
        }
        std::fs::rename(entry.path(), target)?;
    }
    Ok(())
}

/// Where an archive is unpacked to, and what it may still hold.
struct Unpacking<'a> {
    folder: &'a Path,
    left: u64,
    files: usize,
}

impl Unpacking<'_> {
    /// A path of an archive within the folder. Errors: one that leaves it.
    fn within(&self, path: &Path) -> Result<PathBuf> {
        let mut clean = PathBuf::new();
        for part in path.components() {
            match part {
                Component::Normal(name) => clean.push(name),
                Component::CurDir => {}
                _ => return kind(format!("the path {} leads out of the archive", path.display())),
            }
        }
        Ok(self.folder.join(clean))
    }

    fn directory(&self, path: &Path) -> Result<()> {
        Ok(std::fs::create_dir_all(self.within(path)?)?)
    }

    fn file(&mut self, path: &Path, content: &mut dyn Read) -> Result<()> {
        let target = self.within(path)?;
        self.files += 1;
        if self.files > MOST_FILES {
            return kind(format!("more than {MOST_FILES} files"));
        }
        if let Some(parent) = target.parent() {
            std::fs::create_dir_all(parent)?;
        }
        let mut out = File::create(target)?;
        let written = std::io::copy(&mut content.take(self.left + 1), &mut out);
        let written = written.map_err(|e| Error::damaged(format!("{}: {e}", path.display())))?;
        if written > self.left {
            return kind("the archive holds more than it may");
        }
        self.left -= written;
        Ok(out.flush()?)
    }
}

fn untar(source: impl Read, out: &mut Unpacking) -> Result<()> {
    let broken = |e: std::io::Error| Error::damaged(format!("a damaged archive: {e}"));
    let mut archive = tar::Archive::new(source);
    let mut some = false;
    for entry in archive.entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        let path = entry.path().map_err(broken)?.into_owned();
        some = true;
        match entry.header().entry_type() {
            t if t.is_dir() => out.directory(&path)?,
            t if t.is_file() || t == tar::EntryType::Continuous => out.file(&path, &mut entry)?,
            t if t.is_symlink() || t.is_hard_link() => {
                return kind(format!("{} is a link, which is not unpacked", path.display()));
            }
            // Notes of the format itself.
            _ => {}
        }
    }
    if some { Ok(()) } else { damaged("an archive without files") }
}

fn unzip(source: BufReader<File>, out: &mut Unpacking) -> Result<()> {
    let broken = |e: zip::result::ZipError| Error::damaged(format!("a damaged archive: {e}"));
    let mut archive = zip::ZipArchive::new(source).map_err(broken)?;
    for i in 0..archive.len() {
        let mut entry = archive.by_index(i).map_err(broken)?;
        let path = PathBuf::from(entry.name().map_err(broken)?.as_ref());
        if entry.is_symlink() {
            return kind(format!("{} is a link, which is not unpacked", path.display()));
        }
        if entry.is_dir() { out.directory(&path)? } else { out.file(&path, &mut entry)? }
    }
    Ok(())
}
