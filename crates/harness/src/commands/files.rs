//! From paths to scenarios.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use scenario::{Folder, Scenario, ScenarioError, Source};

/// One scenario file, read and parsed.
pub(crate) type Loaded = Result<Scenario, LoadError>;

/// Why a scenario file could not be used.
#[derive(Debug)]
pub(crate) enum LoadError {
    /// The file can't be read.
    Unreadable(PathBuf, io::Error),
    /// The file has mistakes.
    Mistakes(ScenarioError),
}

/// Why a path leads to no scenario at all.
#[derive(Debug)]
pub(crate) enum FindError {
    /// The path can't be looked at.
    Unreadable(PathBuf, io::Error),
    /// The folder holds no *.yaml and no *.yml.
    Empty(PathBuf),
}

/// Every scenario file that the paths name, in the order named and sorted within a folder; each once.
pub(crate) fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, FindError> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for path in paths {
        let mut below = Vec::new();
        collect(path, true, &mut BTreeSet::new(), &mut below)?;
        if below.is_empty() {
            return Err(FindError::Empty(path.clone()));
        }
        found.extend(below.into_iter().filter(|file| seen.insert(file.clone())));
    }
    Ok(found)
}

/// A named file counts whatever it is called; below a folder, what ends in .yaml or .yml does. `open` holds the
/// folders on the way down, so that a link back up ends there.
fn collect(path: &Path, named: bool, open: &mut BTreeSet<PathBuf>, found: &mut Vec<PathBuf>) -> Result<(), FindError> {
    let unreadable = |error| FindError::Unreadable(path.to_owned(), error);
    if !fs::metadata(path).map_err(unreadable)?.is_dir() {
        let scenario = path
            .extension()
            .is_some_and(|extension| extension == "yaml" || extension == "yml");
        if named || scenario {
            found.push(path.to_owned());
        }
        return Ok(());
    }
    let real = fs::canonicalize(path).map_err(unreadable)?;
    if !open.insert(real.clone()) {
        return Ok(());
    }
    let mut entries = fs::read_dir(path)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>())
        .map_err(unreadable)?;
    entries.sort();
    for entry in entries {
        // A dangling link is no scenario.
        if fs::metadata(&entry).is_ok() {
            collect(&entry, false, open, found)?;
        }
    }
    open.remove(&real);
    Ok(())
}

/// Reads a scenario file once, whole, and parses it.
pub(crate) fn load(path: &Path) -> Loaded {
    let bytes = fs::read(path).map_err(|error| LoadError::Unreadable(path.to_owned(), error))?;
    let source = Source::new(path.display().to_string(), bytes).map_err(LoadError::Mistakes)?;
    scenario::parse(Arc::new(source), &Folder::of(path)).map_err(LoadError::Mistakes)
}
