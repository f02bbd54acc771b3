//! The line coverage of each parser: `candlewick-io-coverage PROGRAM FOLDER LEAST WITHOUT PROFILE...` prints a table of the files of
//! FOLDER, and fails where one of them is below LEAST percent; WITHOUT has the names of files that do not count.

use llvm_profparser::coverage::SourceLocation;
use llvm_profparser::{CoverageMapping, CoverageReport, merge_profiles};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [program, folder, least, without, profiles @ ..] = &args[..] else {
        return Err("usage: candlewick-io-coverage PROGRAM FOLDER LEAST WITHOUT PROFILE...".into());
    };
    let (folder, least) = (std::fs::canonicalize(folder)?, least.parse::<f64>()?);
    let profile = merge_profiles(profiles)?;
    let programs = [PathBuf::from(program)];
    let report = CoverageMapping::new(&programs, &profile, false)?.generate_report()?;
    let mut below = 0;
    let counted = |name: &str| !without.split(',').any(|w| w == name);
    for (path, hits) in files(&report, &folder).into_iter().filter(|(name, _)| counted(name)) {
        let lines = lines(&hits);
        let missed: Vec<String> = lines.iter().filter(|(_, n)| **n == 0).map(|(line, _)| line.to_string()).collect();
        let percent = 100.0 * (lines.len() - missed.len()) as f64 / lines.len().max(1) as f64;
        below += usize::from(percent < least);
        println!("{percent:6.1} %  {:<24} missed {}", path, missed.join(" "));
    }
    if below > 0 {
        println!("{below} files are below {least} %");
    }
    Ok(if below > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

type Hits = BTreeMap<SourceLocation, usize>;

/// The files below a folder by their paths in it.
fn files(report: &CoverageReport, folder: &Path) -> BTreeMap<String, Hits> {
    let mut out: BTreeMap<String, Hits> = BTreeMap::new();
    for (path, result) in &report.files {
        let Some(inside) =
            std::fs::canonicalize(path).ok().and_then(|p| Some(p.strip_prefix(folder).ok()?.to_path_buf()))
        else {
            continue;
        };
        let hits = out.entry(inside.display().to_string()).or_default();
        for (place, n) in &result.hits {
            *hits.entry(place.clone()).or_default() += n;
        }
    }
    out
}

/// How often each line ran: that of the regions that begin there, or else of the smallest one around it.
fn lines(hits: &Hits) -> BTreeMap<usize, usize> {
    let mut out = BTreeMap::new();
    for (place, _) in hits {
        for line in place.line_start..=place.line_end {
            let begin = hits.iter().filter(|(p, _)| p.line_start == line).map(|(_, n)| *n).max();
            let around = hits
                .iter()
                .filter(|(p, _)| p.line_start < line && line <= p.line_end)
                .min_by_key(|(p, _)| (p.line_end - p.line_start, p.column_end))
                .map(|(_, n)| *n);
            out.insert(line, begin.or(around).unwrap_or(0));
        }
    }
    out
}
