//! What a file looks like by its first bytes, for errors about files that are no weights.

/// A sentence about bytes that are no `.pth`, if they look like something known.
pub(crate) fn describe(head: &[u8], len: u64) -> String {
    let text = String::from_utf8_lossy(&head[..head.len().min(512)])
        .trim_start_matches('\u{feff}')
        .trim_start()
        .to_ascii_lowercase();
    let starts = |prefix: &[u8]| head.starts_with(prefix);
    let what = if len == 0 {
        "the file is empty"
    } else if starts(b"version https://git-lfs") {
        "it is a Git LFS pointer, not the file itself: `git lfs pull` fetches it"
    } else if text.starts_with("<!doctype html") || text.starts_with("<html") || text.starts_with("<?xml") {
        "it is a web page: a download page or an error was saved in the place of the file"
    } else if head.get(257..262) == Some(b"ustar") {
        "it is a tar archive, the format of PyTorch before 0.1.10 (2017), which is not supported: load and save it again in Python"
    } else if starts(b"\x1f\x8b") {
        "it is compressed by gzip: decompress it first"
    } else if starts(b"\x93NUMPY") {
        "it is a NumPy array: torch.numpy.load reads it"
    } else if starts(b"\x89HDF\r\n") {
        "it is an HDF5 file (Keras, for example), which is not supported"
    } else if starts(b"\x89PNG") || starts(b"\xff\xd8\xff") || starts(b"GIF8") {
        "it is a picture"
    } else if head.len() > 9 && head[8] == b'{' && u64::from_le_bytes(head[..8].try_into().unwrap_or([0; 8])) <= len {
        "it is a safetensors file: torch.safetensors.load reads it"
    } else if head.len() > 2 && head[0] == 0x80 && head[1] <= 5 {
        "it is a bare pickle without tensors' data: torch.pickle.load reads it"
    } else if starts(b"PK") {
        "it is a zip archive: torch.load reads those of torch.save, torch.numpy.load those of NumPy (.npz)"
    } else if head.iter().take(512).all(|&b| b == b'\t' || b == b'\n' || b == b'\r' || (32..127).contains(&b)) {
        "it is text"
    } else {
        "it is neither a zip archive nor a pickle"
    };
    what.to_string()
}
