//! PyTorch's files of tensors: the zip archives of today and the format of before 1.6.

mod legacy;
mod save;

pub(crate) use legacy::is_legacy;
pub(crate) use save::save;

use crate::archive::Archive;
use crate::error::{Result, kind, unpickling};
use crate::file::Opened;
use crate::pickle::{Pickle, Unknown};
use crate::sniff::describe;
use crate::source::Source;
use crate::storage::Place;

pub(crate) fn open(source: Source, unknown: Unknown) -> Result<Opened> {
    let head = source.head(1024)?;
    if head.starts_with(b"PK\x03\x04") {
        let archive = Archive::open(&source)?;
        let prefix = prefix_of(&archive)?;
        let pickled = archive.read(&source, &format!("{prefix}data.pkl"))?;
        let big_endian = is_big_endian(&archive, &source, &prefix)?;
        let Pickle { graph, mut storages, .. } = Pickle::read(&pickled, unknown, source.len())?;
        for s in storages.iter_mut().filter(|s| s.place == Place::Elsewhere) {
            (s.place, s.big_endian) = (Place::Member(format!("{prefix}data/{}", s.key), 0), big_endian);
        }
        return Ok(Opened { graph, source, storages, archive: Some(archive) });
    }
    if is_legacy(&head) {
        return legacy::open(source, unknown);
    }
    kind(format!("expected a file of torch.save; {}", describe(&head, source.len())))
}

/// The folder in the archive, of any name: `model/`.
fn prefix_of(archive: &Archive) -> Result<String> {
    let Some(prefix) = archive.names.iter().find_map(|n| n.strip_suffix("data.pkl")) else {
        return kind(other_archive(&archive.names));
    };
    let code = format!("{prefix}code/");
    if archive.has(&format!("{prefix}constants.pkl")) || archive.names.iter().any(|n| n.starts_with(&code)) {
        return kind(
            "the file is a TorchScript archive, a program; in Python, save the state of the model: torch.save(model.state_dict(), path)",
        );
    }
    Ok(prefix.to_string())
}

fn is_big_endian(archive: &Archive, source: &Source, prefix: &str) -> Result<bool> {
    let name = format!("{prefix}byteorder");
    if !archive.has(&name) {
        return Ok(false);
    }
    match archive.read(source, &name)?.as_slice() {
        b"little" => Ok(false),
        b"big" => Ok(true),
        other => unpickling(format!("unknown byte order {:?}", String::from_utf8_lossy(other))),
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
