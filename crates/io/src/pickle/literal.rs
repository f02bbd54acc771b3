//! Numbers and strings as pickles write them.

use crate::error::{Result, unpickling};
use crate::graph::Node;

/// An integer of more decimal digits is refused, as by Python.
const MOST_DIGITS: usize = 4300;

/// An integer of little-endian bytes in two's complement.
pub(super) fn integer(bytes: &[u8]) -> Node {
    let negative = bytes.last().is_some_and(|b| b & 0x80 != 0);
    let fill = if negative { 0xff } else { 0 };
    if bytes.len() <= 8 {
        let mut wide = [fill; 8];
        wide[..bytes.len()].copy_from_slice(bytes);
        return Node::Int(i64::from_le_bytes(wide));
    }
    let mut magnitude = bytes.to_vec();
    if negative {
        let mut carry = true;
        for b in &mut magnitude {
            (*b, carry) = (!*b).overflowing_add(u8::from(carry));
        }
    }
    while magnitude.last() == Some(&0) && magnitude.len() > 8 {
        magnitude.pop();
    }
    if magnitude.len() == 8 && magnitude[7] & 0x80 == 0 {
        let v = magnitude.iter().rev().fold(0i64, |v, &b| v << 8 | i64::from(b));
        return Node::Int(if negative { -v } else { v });
    }
    let digits: String = magnitude.iter().rev().map(|b| format!("{b:02x}")).collect();
    Node::Big(negative, format!("0x{digits}"))
}

/// An integer of decimal digits, as protocols 0 and 1 write it; `short` is the opcode that also writes True and False.
pub(super) fn decimal(line: &str, short: bool) -> Result<Node> {
    let digits = line.strip_suffix('L').unwrap_or(line);
    match (short, digits) {
        (true, "00") => return Ok(Node::Bool(false)),
        (true, "01") => return Ok(Node::Bool(true)),
        _ => {}
    }
    if let Ok(v) = digits.parse::<i64>() {
        return Ok(Node::Int(v));
    }
    let (negative, magnitude) = match digits.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, digits),
    };
    if magnitude.is_empty() || !magnitude.bytes().all(|b| b.is_ascii_digit()) {
        return unpickling(format!("expected an integer, received {line:?}"));
    }
    if magnitude.len() > MOST_DIGITS {
        return unpickling(format!("an integer of {} digits: at most {MOST_DIGITS} are read", magnitude.len()));
    }
    Ok(Node::Big(negative, magnitude.into()))
}

pub(super) fn python_float(text: &str) -> Option<f64> {
    text.trim().parse().ok()
}

/// The bytes of Python 2's `'text'` with its escapes.
pub(super) fn unquoted(line: &[u8]) -> Result<Vec<u8>> {
    let inner = [b"'", b"\""].iter().find_map(|q| line.strip_prefix(*q)?.strip_suffix(*q));
    let Some(inner) = inner else {
        return unpickling("the STRING opcode argument must be quoted");
    };
    let mut out = vec![];
    let mut bytes = inner.iter().copied();
    while let Some(b) = bytes.next() {
        if b != b'\\' {
            out.push(b);
            continue;
        }
        match bytes.next() {
            Some(b'n') => out.push(b'\n'),
            Some(b't') => out.push(b'\t'),
            Some(b'r') => out.push(b'\r'),
            Some(b'x') => {
                let digits = [bytes.next().unwrap_or(b'?'), bytes.next().unwrap_or(b'?')];
                match hexadecimal(&digits) {
                    Some(v) => out.push(v as u8),
                    None => return unpickling("invalid \\x escape"),
                }
            }
            Some(other) => out.push(other),
            None => return unpickling("a trailing backslash in a string"),
        }
    }
    Ok(out)
}

fn hexadecimal(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |v, &d| Some(v << 4 | char::from(d).to_digit(16)?))
}

/// Python's raw-unicode-escape: Latin-1, and `\u0416`, `\U0001f600` for what that has not.
pub(super) fn unescaped(line: &[u8]) -> Result<String> {
    let mut out = String::new();
    let mut rest = line;
    while let Some((&first, tail)) = rest.split_first() {
        let digits = match (first, tail.first()) {
            (b'\\', Some(b'u')) => 4,
            (b'\\', Some(b'U')) => 8,
            _ => 0,
        };
        if digits == 0 {
            out.push(char::from(first));
            rest = tail;
            continue;
        }
        match tail.get(1..=digits).and_then(hexadecimal).and_then(char::from_u32) {
            Some(c) => out.push(c),
            None => return unpickling("a \\u escape that is no character"),
        }
        rest = &tail[1 + digits..];
    }
    Ok(out)
}
