//! Cases in a folder: fixtures, and what `harness serve --record-to` wrote.

use std::error::Error;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context;
use conformance::{Case, CaseError};

use super::super::Unusable;

/// Every case in the `*.json` files below a folder, in the order of their paths.
pub(super) fn cases(folder: &Path) -> anyhow::Result<Vec<Case>> {
    let unreadable = || format!("can't read {}", folder.display());
    // A folder may be named from within, and what a fixture is about is said by the folders around it.
    let folder = fs::canonicalize(folder).with_context(unreadable)?;
    let mut files = Vec::new();
    find(&folder, &mut files).with_context(unreadable)?;
    files.sort();
    let mut cases = Vec::new();
    let mut mistakes = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).with_context(|| format!("can't read {}", file.display()))?;
        match Case::read(&file, &text) {
            Ok(case) => cases.extend(case),
            Err(error) => mistakes.push((file, error)),
        }
    }
    if mistakes.is_empty() {
        Ok(cases)
    } else {
        Err(Unusable::new(Mistakes(mistakes)).into())
    }
}

/// What begins with a dot is hidden: a recording that is being written, say.
fn find(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if entry.file_type()?.is_dir() {
            find(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    Ok(())
}

/// The files that are no cases.
#[derive(Debug)]
struct Mistakes(Vec<(PathBuf, CaseError)>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not every file can be played:")?;
        for (file, error) in &self.0 {
            write!(f, "\n  {}: {error}", file.display())?;
        }
        Ok(())
    }
}

impl Error for Mistakes {}
