//! How much room a text takes.

use crate::error::{Error, Result};
use crate::fonts::{FontOptions, parsing};
use resvg::usvg::{Node, Tree};
use std::fmt::Write;

/// The room of a text in one line, for a font size of 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measured {
    /// From the first character's origin to the end of the last.
    pub width: f64,
    /// From the top to the baseline.
    pub ascent: f64,
    /// From the baseline to the bottom.
    pub descent: f64,
    /// The characters that no font has.
    pub missing: String,
}

/// Measured at this size: glyphs are not hinted, so that all sizes have the same proportions.
const SIZE: f64 = 100.0;

/// Measures texts, each in one line.
pub fn measure(texts: &[&str], options: &FontOptions) -> Result<Vec<Measured>> {
    let mut svg = String::from(r#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1">"#);
    for (i, text) in texts.iter().enumerate() {
        let _ = write!(svg, r#"<text id="{i}" font-size="{SIZE}" xml:space="preserve">{}</text>"#, escape(text));
    }
    svg.push_str("</svg>");
    let tree = Tree::from_str(&svg, &parsing(options)?).map_err(|e| Error::Drawing(e.to_string()))?;
    let mut all = vec![Measured::default(); texts.len()];
    for node in tree.root().children() {
        let Node::Text(text) = node else { continue };
        let Some(measured) = text.id().parse::<usize>().ok().and_then(|i| all.get_mut(i)) else { continue };
        let room = text.bounding_box();
        measured.width = f64::from(room.width()) / SIZE;
        measured.ascent = -f64::from(room.top()) / SIZE;
        measured.descent = f64::from(room.bottom()) / SIZE;
        let glyphs = text.layouted().iter().flat_map(|span| &span.positioned_glyphs);
        measured.missing = glyphs.filter(|g| g.id.0 == 0).map(|g| g.text.as_str()).collect();
    }
    Ok(all)
}

/// Text as XML has it; characters that XML cannot have become U+FFFD.
fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' | '\r' | '\t' => out.push(' '),
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(c),
        }
        out
    })
}
