//! Files that appear whole or not at all.

use crate::error::Result;
use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Writes a file: into a temporary one of its folder, which takes its place when all of it is on the disk. A process that is
/// killed, or a disk that is full, leaves the old file as it was. A link is followed; the file's permissions stay. What is no
/// file, a device or a pipe, is written to as it is.
pub fn write_atomically(path: &Path, write: impl FnOnce(&mut Output) -> Result<()>) -> Result<()> {
    let target = followed(path);
    let old = std::fs::metadata(&target).ok();
    if old.as_ref().is_some_and(|m| !m.is_file() && !m.is_dir()) {
        let mut device = File::options().write(true).open(&target)?;
        let mut file = written(tempfile::NamedTempFile::new()?, write)?;
        file.seek(SeekFrom::Start(0))?;
        std::io::copy(&mut file, &mut device)?;
        return Ok(device.flush()?);
    }
    let folder = match target.parent() {
        Some(p) if !p.as_os_str().is_empty() => p.to_path_buf(),
        _ => PathBuf::from("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".candlewick-").suffix(".part");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666)); // less the umask, as for any new file
    let file = builder.tempfile_in(&folder)?;
    if let Some(old) = old {
        file.as_file().set_permissions(old.permissions())?;
    }
    let file = written(file, write)?;
    file.as_file().sync_all()?;
    file.persist(&target).map_err(|e| e.error)?;
    sync_folder(&folder)
}

fn written(
    file: tempfile::NamedTempFile,
    write: impl FnOnce(&mut Output) -> Result<()>,
) -> Result<tempfile::NamedTempFile> {
    let mut out = BufWriter::with_capacity(1 << 20, file);
    write(&mut out)?;
    out.flush()?;
    Ok(out.into_inner().map_err(std::io::IntoInnerError::into_error)?)
}

/// Where links lead, also one to a file that is not there yet.
fn followed(path: &Path) -> PathBuf {
    if let Ok(target) = std::fs::canonicalize(path) {
        return target;
    }
    match std::fs::read_link(path) {
        Ok(link) => path.parent().unwrap_or(Path::new("")).join(link),
        Err(_) => path.to_path_buf(),
    }
}

/// What a file is written to.
pub type Output = BufWriter<tempfile::NamedTempFile>;

/// The new name is on the disk only when its folder is.
fn sync_folder(folder: &Path) -> Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
