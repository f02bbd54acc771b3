//! The bytes of a pickle, from front to back.

use super::read::Machine;
use crate::error::{Result, unpickling};

impl<'a> Machine<'a> {
    pub(super) fn take(&mut self, n: usize) -> Result<&'a [u8]> {
        let rest = self.bytes.len() - self.at;
        if n > rest {
            return unpickling(format!("pickle data was truncated: {n} bytes are needed, {rest} are left"));
        }
        let bytes = &self.bytes[self.at..][..n];
        self.at += n;
        Ok(bytes)
    }
    pub(super) fn byte(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut out = [0; N];
        out.copy_from_slice(self.take(N)?);
        Ok(out)
    }
    pub(super) fn size4(&mut self) -> Result<usize> {
        Ok(u32::from_le_bytes(self.array()?) as usize)
    }
    pub(super) fn line(&mut self) -> Result<String> {
        Ok(String::from_utf8_lossy(self.raw_line()?).into_owned())
    }
    pub(super) fn raw_line(&mut self) -> Result<&'a [u8]> {
        let rest = &self.bytes[self.at..];
        let Some(n) = rest.iter().position(|&b| b == b'\n') else {
            return unpickling("pickle data was truncated: a line does not end");
        };
        self.at += n + 1;
        Ok(rest[..n].strip_suffix(b"\r").unwrap_or(&rest[..n]))
    }
    pub(super) fn place(&mut self) -> Result<u64> {
        let line = self.line()?;
        line.parse().or_else(|_| unpickling(format!("expected a place in the memo, received {line:?}")))
    }
    pub(super) fn counted(&mut self, width: usize, make: fn(&mut Self, &[u8]) -> Result<()>) -> Result<()> {
        let n = self.take(width)?.iter().rev().fold(0u64, |n, &b| n << 8 | u64::from(b));
        let bytes = self.take(usize::try_from(n).unwrap_or(usize::MAX))?;
        make(self, bytes)
    }
}
