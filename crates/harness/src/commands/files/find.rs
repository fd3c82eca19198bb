//! From paths to scenario files.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::STDIN;
use super::target::Target;
use crate::commands::bundle;

/// One thing that the paths lead to.
#[derive(Debug)]
pub(crate) enum Candidate {
    /// A scenario file, not read yet.
    File {
        /// Where it lies, as the user named it.
        path: PathBuf,
        /// The lines whose scenarios are meant; none where all are.
        lines: BTreeSet<usize>,
    },
    /// Standard input.
    Stdin,
    /// A path that can't be looked at: missing, a dangling link, a folder without permission.
    Unreachable(PathBuf, io::Error),
}

impl Candidate {
    /// Where it lies, as the user named it.
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::File { path, .. } | Self::Unreachable(path, _) => path,
            Self::Stdin => Path::new(STDIN),
        }
    }

    fn file(path: &Path) -> Self {
        Self::File {
            path: path.to_owned(),
            lines: BTreeSet::new(),
        }
    }
}

/// Something that was named leads to no scenario.
#[derive(Debug)]
pub(crate) enum NoScenario {
    /// A folder holds none.
    Folder(PathBuf),
    /// A pattern matches none.
    Pattern(String),
    /// A pattern is none.
    NotAPattern(String, glob::PatternError),
}

/// Everything that the paths lead to, in the order named and sorted within a folder; each once. What can't be reached
/// is one of them, so that it stops nothing else.
pub(crate) fn find(paths: &[PathBuf]) -> Result<Vec<Candidate>, NoScenario> {
    let mut places: BTreeMap<PathBuf, usize> = BTreeMap::new();
    let mut found: Vec<Candidate> = Vec::new();
    for path in paths {
        for candidate in named(path)? {
            if let Some(place) = places.get(candidate.path()) {
                join(&mut found[*place], candidate);
            } else {
                places.insert(candidate.path().to_owned(), found.len());
                found.push(candidate);
            }
        }
    }
    Ok(found)
}

/// The same file named twice: by two lines it is both of them, and once without one it is all of it.
fn join(first: &mut Candidate, second: Candidate) {
    if let (Candidate::File { lines, .. }, Candidate::File { lines: more, .. }) = (first, second) {
        if lines.is_empty() || more.is_empty() {
            lines.clear();
        } else {
            lines.extend(more);
        }
    }
}

/// What one path leads to: something, or the reason why not.
fn named(path: &Path) -> Result<Vec<Candidate>, NoScenario> {
    let mut search = Search::default();
    match Target::of(path) {
        Target::Stdin => search.found.push(Candidate::Stdin),
        Target::Path => search.named(path),
        Target::Line(path, line) => search.found.push(Candidate::File {
            path,
            lines: BTreeSet::from([line]),
        }),
        Target::Pattern(pattern) => {
            let matching = glob::glob_with(&pattern, AS_BELOW_A_FOLDER);
            let matching = matching.map_err(|error| NoScenario::NotAPattern(pattern.clone(), error))?;
            for entry in matching {
                match entry {
                    Ok(path) => search.below(&path),
                    Err(error) => search.pattern_failed(error),
                }
            }
            if search.found.is_empty() {
                return Err(NoScenario::Pattern(pattern));
            }
        }
    }
    if search.found.is_empty() {
        return Err(NoScenario::Folder(path.to_owned()));
    }
    Ok(search.found)
}

/// A `*` crosses no folder and matches nothing hidden, as in a shell.
const AS_BELOW_A_FOLDER: glob::MatchOptions = glob::MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: true,
};

#[derive(Default)]
struct Search {
    found: Vec<Candidate>,
    /// The folders on the way down, so that a link back up ends there.
    open: BTreeSet<PathBuf>,
}

impl Search {
    /// A path that the user named counts whatever it is called.
    fn named(&mut self, path: &Path) {
        match fs::metadata(path) {
            Err(error) => self.unreachable(path, error),
            Ok(metadata) if metadata.is_dir() => self.folder(path),
            Ok(_) => self.found.push(Candidate::file(path)),
        }
    }

    fn folder(&mut self, path: &Path) {
        let listed = fs::canonicalize(path).and_then(|real| Ok((real, sorted(path)?)));
        let (real, entries) = match listed {
            Err(error) => return self.unreachable(path, error),
            Ok(listed) => listed,
        };
        if self.open.insert(real.clone()) {
            for entry in entries {
                self.below(&entry);
            }
            self.open.remove(&real);
        }
    }

    /// Below a folder, what ends in .yaml or .yml is a scenario; what begins with a dot is hidden, what begins with an
    /// underscore is there to be included, and a failure bundle is left alone.
    fn below(&mut self, path: &Path) {
        let hidden = path
            .file_name()
            .is_some_and(|name| matches!(name.as_encoded_bytes().first(), Some(b'.' | b'_')));
        let yaml = |extension: &OsStr| extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml");
        let scenario = path.extension().is_some_and(yaml);
        match fs::metadata(path) {
            _ if hidden => {}
            // What failed once and was kept is no scenario of its own.
            Ok(metadata) if metadata.is_dir() && path.join(bundle::MANIFEST).is_file() => {}
            Ok(metadata) if metadata.is_dir() => self.folder(path),
            Ok(_) if scenario => self.found.push(Candidate::file(path)),
            Err(error) if scenario => self.unreachable(path, error),
            Ok(_) | Err(_) => {}
        }
    }

    fn pattern_failed(&mut self, error: glob::GlobError) {
        let path = error.path().to_owned();
        self.unreachable(&path, error.into());
    }

    fn unreachable(&mut self, path: &Path, error: io::Error) {
        self.found.push(Candidate::Unreachable(path.to_owned(), error));
    }
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut entries = entries.collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    Ok(entries)
}
