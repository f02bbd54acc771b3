//! Which font draws a character: the embedded one, then the caller's files, then the system's.

use crate::error::{Error, Result};
use resvg::usvg::fontdb::{Database, FaceInfo, ID, Style};
use resvg::usvg::{FontResolver, Options};
use skrifa::{FontRef, MetadataProvider};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex};

/// The name of the embedded font.
pub const FAMILY: &str = "DejaVu Sans";

/// The fonts that a drawing may use beside the embedded one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FontOptions {
    /// Whether the system's fonts draw what the others lack.
    pub system: bool,
    /// Files of fonts that come before the system's.
    pub files: Vec<PathBuf>,
}

static EMBEDDED: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    fonts.load_font_data(include_bytes!("../data/DejaVuSans-Latin.ttf").to_vec());
    Arc::new(fonts)
});

/// The fonts of the last options: most programs have only one.
static LAST: Mutex<Option<(FontOptions, Arc<Database>)>> = Mutex::new(None);

/// The embedded font and the caller's files.
fn given(options: &FontOptions) -> Result<Arc<Database>> {
    let mut last = LAST.lock().unwrap_or_else(|e| e.into_inner());
    if let Some((known, fonts)) = last.as_ref()
        && known == options
    {
        return Ok(fonts.clone());
    }
    let mut fonts = (*EMBEDDED).clone();
    for path in &options.files {
        let faces = fonts.len();
        let all = Arc::make_mut(&mut fonts);
        all.load_font_file(path).map_err(|e| Error::Font(format!("{}: {e}", path.display())))?;
        if all.len() == faces {
            return Err(Error::Font(format!("{}: expected a font (.ttf, .otf, .ttc)", path.display())));
        }
    }
    *last = Some((options.clone(), fonts.clone()));
    Ok(fonts)
}

/// The system's fonts behind `fonts`. They are looked for once: that takes longer than most drawings.
fn with_system(fonts: &Arc<Database>) -> Arc<Database> {
    static SYSTEM: Mutex<Option<Arc<Database>>> = Mutex::new(None);
    let mut system = SYSTEM.lock().unwrap_or_else(|e| e.into_inner());
    if let Some(known) = system.as_ref()
        && fonts.faces().all(|face| known.face(face.id).is_some_and(|f| f.post_script_name == face.post_script_name))
    {
        return known.clone();
    }
    let mut all = fonts.clone();
    Arc::make_mut(&mut all).load_system_fonts();
    *system = Some(all.clone());
    all
}

fn has(fonts: &Database, id: ID, c: char) -> bool {
    fonts
        .with_face_data(id, |data, index| {
            FontRef::from_index(data, index).is_ok_and(|font| font.charmap().map(c).is_some_and(|g| g.to_u32() != 0))
        })
        .unwrap_or(false)
}

/// The upright font nearest to the regular weight that has a character; of equal ones the first.
fn best(fonts: &Database, c: char, used: &[ID]) -> Option<ID> {
    let weight = |f: &FaceInfo| (f.style != Style::Normal, f.weight.0.abs_diff(400), f.monospaced);
    let mut faces: Vec<&FaceInfo> = fonts.faces().filter(|f| !used.contains(&f.id)).collect();
    faces.sort_by_key(|f| weight(f));
    faces.into_iter().find(|f| has(fonts, f.id, c)).map(|f| f.id)
}

/// How usvg reads a drawing with these fonts. Files that a drawing names are not opened.
pub(crate) fn parsing(options: &FontOptions) -> Result<Options<'static>> {
    let system = options.system;
    let mut parsing = Options { fontdb: given(options)?, font_family: FAMILY.into(), ..Options::default() };
    parsing.image_href_resolver.resolve_string = Box::new(|_, _| None);
    parsing.font_resolver = FontResolver {
        select_font: Box::new(|_, fonts| fonts.faces().next().map(|face| face.id)),
        select_fallback: Box::new(move |c, used, fonts| {
            if let Some(id) = best(fonts, c, used) {
                return Some(id);
            }
            if !system {
                return None;
            }
            *fonts = with_system(fonts);
            best(fonts, c, used)
        }),
    };
    Ok(parsing)
}
