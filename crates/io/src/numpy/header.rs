//! The header of a `.npy` file: a literal of Python, `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`. The readers of
//! such literals that exist recurse by the text's nesting, which a hostile file chooses; of this one form no nesting is read.

use super::MAGIC;
use crate::error::{Result, damaged, unsupported};

/// A longer header is refused: NumPy's own reader refuses it too.
const MOST_HEADER: usize = 10_000;

/// What the header says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Header {
    pub descr: String,
    pub fortran: bool,
    pub shape: Vec<usize>,
}

impl Header {
    /// Reads the header from the first bytes, which `head` gives, and says where the elements begin.
    pub fn read(head: impl Fn(u64) -> Result<Vec<u8>>) -> Result<(Header, u64)> {
        let front = head(12)?;
        if front.len() < 12 || !front.starts_with(MAGIC) {
            return damaged("truncated, or no .npy array");
        }
        let (skip, len) = match front[6] {
            1 => (10, usize::from(u16::from_le_bytes([front[8], front[9]]))),
            2 | 3 => (12, u32::from_le_bytes([front[8], front[9], front[10], front[11]]) as usize),
            v => return unsupported(format!("version {v} of the .npy format; 1, 2 and 3 are known")),
        };
        if len > MOST_HEADER {
            return damaged(format!("a header of {len} bytes: at most {MOST_HEADER} are read"));
        }
        let bytes = head((skip + len) as u64)?;
        let text = bytes.get(skip..skip + len).and_then(|b| std::str::from_utf8(b).ok());
        let Some(text) = text else { return damaged("the header is truncated, or no text") };
        Ok((Parser { rest: text }.header()?, (skip + len) as u64))
    }
}

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn header(mut self) -> Result<Header> {
        let (mut descr, mut fortran, mut shape) = (None, None, None);
        self.expect("{")?;
        while !self.take("}") {
            let key = self.string()?;
            self.expect(":")?;
            match key {
                "descr" if self.rest.trim_start().starts_with('[') => {
                    return unsupported("arrays of records are not supported: save each field as an array");
                }
                "descr" => descr = Some(self.string()?.to_string()),
                "fortran_order" => fortran = Some(self.boolean()?),
                "shape" => shape = Some(self.sizes()?),
                other => return damaged(format!("the header has an unknown key {other:?}")),
            }
            if !self.take(",") {
                self.expect("}")?;
                break;
            }
        }
        match (descr, fortran, shape) {
            (Some(descr), Some(fortran), Some(shape)) if self.rest.trim().is_empty() => {
                Ok(Header { descr, fortran, shape })
            }
            _ => damaged("the header lacks 'descr', 'fortran_order' or 'shape', or goes on after them"),
        }
    }

    fn take(&mut self, token: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }
    fn expect(&mut self, token: &str) -> Result<()> {
        if self.take(token) { Ok(()) } else { self.unexpected(&format!("{token:?}")) }
    }
    fn unexpected<T>(&self, expected: &str) -> Result<T> {
        let found: String = self.rest.trim_start().chars().take(20).collect();
        damaged(format!("the header is damaged: expected {expected}, received {found:?}"))
    }

    fn string(&mut self) -> Result<&'a str> {
        let text = self.rest.trim_start();
        let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'));
        match quote.and_then(|q| text[1..].split_once(q)) {
            Some((inside, rest)) => {
                self.rest = rest;
                Ok(inside)
            }
            None => self.unexpected("a string"),
        }
    }

    fn boolean(&mut self) -> Result<bool> {
        if self.take("True") {
            return Ok(true);
        }
        if self.take("False") { Ok(false) } else { self.unexpected("True or False") }
    }

    /// `()`, `(3,)`, `(3, 4)`; Python 2 wrote `(3L, 4L)`.
    fn sizes(&mut self) -> Result<Vec<usize>> {
        let mut sizes = vec![];
        self.expect("(")?;
        while !self.take(")") {
            let text = self.rest.trim_start();
            let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
            let Ok(size) = text[..digits].parse() else { return self.unexpected("a size") };
            sizes.push(size);
            self.rest = &text[digits..];
            self.take("L");
            if !self.take(",") {
                self.expect(")")?;
                break;
            }
        }
        if sizes.len() > 64 { damaged(format!("an array of {} dimensions", sizes.len())) } else { Ok(sizes) }
    }
}
