//! How much memory this process may use: the machine's, or the control group's where that is less.
//!
//! Allocates nothing, because the allocator itself asks.

/// Bytes that this process may use (cgroup v2 or v1 limit, or the machine's memory).
pub fn memory_limit() -> u64 {
    system::cgroup().unwrap_or(u64::MAX).min(system::physical())
}

#[cfg(unix)]
mod system {
    /// Physical memory.
    pub fn physical() -> u64 {
        // SAFETY: sysconf only reads its argument.
        let (pages, size) = unsafe { (libc::sysconf(libc::_SC_PHYS_PAGES), libc::sysconf(libc::_SC_PAGESIZE)) };
        match (u64::try_from(pages), u64::try_from(size)) {
            (Ok(p), Ok(s)) if p > 0 && s > 0 => p.saturating_mul(s),
            _ => 4 << 30,
        }
    }

    /// The control group's limit: what a container sees as its root.
    pub fn cgroup() -> Option<u64> {
        if !cfg!(target_os = "linux") {
            return None;
        }
        let v2 = own_group();
        let own = v2.as_ref().and_then(|path| read_number(path));
        let root = read_number(b"/sys/fs/cgroup/memory.max\0");
        let v1 = read_number(b"/sys/fs/cgroup/memory/memory.limit_in_bytes\0");
        [own, root, v1].into_iter().flatten().min()
    }

    /// The NUL-terminated path of memory.max of this process's v2 group.
    fn own_group() -> Option<[u8; 512]> {
        let mut text = [0; 384];
        let n = read(b"/proc/self/cgroup\0", &mut text)?;
        let line = text[..n].split(|&b| b == b'\n').find(|l| l.starts_with(b"0::/"))?;
        let mut path = [0; 512];
        let mut at = 0;
        for part in [b"/sys/fs/cgroup".as_slice(), &line[3..], b"/memory.max"] {
            path.get_mut(at..at + part.len())?.copy_from_slice(part);
            at += part.len();
        }
        (at < path.len()).then_some(path)
    }

    /// The number that a file starts with; None for "max" or if there is no such file.
    fn read_number(path: &[u8]) -> Option<u64> {
        let mut text = [0; 32];
        let n = read(path, &mut text)?;
        let digits = text[..n].iter().take_while(|b| b.is_ascii_digit()).count();
        std::str::from_utf8(&text[..digits]).ok()?.parse().ok()
    }

    /// Reads the start of a file; `path` ends with NUL.
    fn read(path: &[u8], out: &mut [u8]) -> Option<usize> {
        assert!(path.contains(&0));
        // SAFETY: the path is NUL-terminated, the buffer valid for its length, the descriptor ours.
        unsafe {
            let fd = libc::open(path.as_ptr().cast(), libc::O_RDONLY | libc::O_CLOEXEC);
            if fd < 0 {
                return None;
            }
            let n = libc::read(fd, out.as_mut_ptr().cast(), out.len());
            libc::close(fd);
            usize::try_from(n).ok()
        }
    }
}

#[cfg(not(unix))]
mod system {
    /// Physical memory is not asked for: a guess that keeps checks meaningful.
    pub fn physical() -> u64 {
        16 << 30
    }

    pub fn cgroup() -> Option<u64> {
        None
    }
}
