//! From paths to scenario files.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

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

/// What paths lead to.
#[derive(Debug)]
pub(crate) struct Found {
    /// In the order named and sorted within a folder; each once.
    pub(crate) candidates: Vec<Candidate>,
    /// The folders of which every scenario is among them.
    pub(crate) folders: Vec<PathBuf>,
}

/// Something that was named leads to no scenario.
#[derive(Debug)]
pub(crate) enum NoScenario {
    /// A folder holds none.
    Folder(PathBuf),
    /// A pattern matches none.
    Pattern(String),
    /// There is nothing but failure bundles.
    OnlyBundles(PathBuf),
    /// A pattern is none.
    NotAPattern(String, glob::PatternError),
}

/// Everything that the paths lead to. What can't be reached is a candidate too, so that it stops nothing else.
pub(crate) fn find(paths: &[PathBuf]) -> Result<Found, NoScenario> {
    let mut places: BTreeMap<PathBuf, usize> = BTreeMap::new();
    let mut found: Vec<Candidate> = Vec::new();
    let mut folders = BTreeSet::new();
    for path in paths {
        let search = named(path)?;
        folders.extend(search.folders);
        for candidate in search.found {
            if let Some(place) = places.get(candidate.path()) {
                join(&mut found[*place], candidate);
            } else {
                places.insert(candidate.path().to_owned(), found.len());
                found.push(candidate);
            }
        }
    }
    Ok(Found {
        candidates: found,
        folders: folders.into_iter().collect(),
    })
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
fn named(path: &Path) -> Result<Search, NoScenario> {
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
                    Ok(path) => search.matched(&pattern, &path),
                    Err(error) => search.pattern_failed(error),
                }
            }
            if search.found.is_empty() && !search.bundles {
                return Err(NoScenario::Pattern(pattern));
            }
        }
    }
    match (search.found.is_empty(), search.bundles) {
        (false, _) => Ok(search),
        (true, true) => Err(NoScenario::OnlyBundles(path.to_owned())),
        (true, false) => Err(NoScenario::Folder(path.to_owned())),
    }
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
    /// The folders that were gone through.
    folders: Vec<PathBuf>,
    /// Whether there were failure bundles, which are left alone: what failed once and was kept is no scenario of its own.
    bundles: bool,
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
            self.folders.push(path.to_owned());
            for entry in entries {
                self.below(&entry);
            }
            self.open.remove(&real);
        }
    }

    /// Below a folder, what ends in .yaml or .yml is a scenario; what begins with a dot is hidden, what begins with an
    /// underscore is there to be included, and a failure bundle is left alone.
    fn below(&mut self, path: &Path) {
        let scenario = has_name_of_scenario(path);
        match fs::metadata(path) {
            _ if is_left_alone(path) => {}
            Ok(metadata) if metadata.is_dir() && is_bundle(path) => self.bundles = true,
            Ok(metadata) if metadata.is_dir() => self.folder(path),
            Ok(_) if scenario => self.found.push(Candidate::file(path)),
            Err(error) if scenario => self.unreachable(path, error),
            Ok(_) | Err(_) => {}
        }
    }

    /// What a pattern matches counts as if it lay below a folder, unless it lies in a bundle or in a folder of what is there
    /// to be included, and the pattern does not name that.
    fn matched(&mut self, pattern: &str, path: &Path) {
        let unnamed = path.ancestors().skip(1).filter(|folder| !names(pattern, path, folder));
        let (mut bundled, mut included) = (false, false);
        for folder in unnamed {
            bundled |= is_bundle(folder);
            included |= is_left_alone(folder);
        }
        if bundled {
            self.bundles = true;
        } else if !included {
            self.below(path);
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

/// Whether a file is called as scenarios are.
pub(crate) fn has_name_of_scenario(path: &Path) -> bool {
    let yaml = |extension: &OsStr| extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml");
    path.extension().is_some_and(yaml)
}

/// Whether it is hidden, or there to be included.
fn is_left_alone(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| matches!(name.as_encoded_bytes().first(), Some(b'.' | b'_')))
}

fn is_bundle(folder: &Path) -> bool {
    folder.join(bundle::MANIFEST).is_file()
}

/// Whether a pattern says by itself, before its first wildcard or behind its last, that this folder or what it matches in
/// it is meant.
fn names(pattern: &str, path: &Path, folder: &Path) -> bool {
    let parts = |path: &Path| path.components().filter(|part| *part != Component::CurDir).count();
    let written: Vec<Component<'_>> = Path::new(pattern)
        .components()
        .filter(|part| *part != Component::CurDir)
        .collect();
    let literal = |part: &&Component<'_>| !part.as_os_str().to_string_lossy().contains(['*', '?', '[']);
    let before = written.iter().take_while(literal).count();
    let behind = written.iter().rev().take_while(literal).count();
    parts(folder) <= before || parts(path) - parts(folder) <= behind
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut entries = entries.collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::names;

    #[test]
    fn a_pattern_names_a_bundle_before_its_first_wildcard_and_a_file_in_it_behind_its_last() {
        let (bundle, file) = (Path::new("kept/bad-0"), Path::new("kept/bad-0/scenario/bad.yaml"));
        for names_it in [
            "kept/bad-0/*/*.yaml",
            "./kept/bad-0/**/*.yaml",
            "*/bad-0/scenario/bad.yaml",
            "kept/*/scenario/bad.yaml",
            "**/scenario/bad.yaml",
        ] {
            assert!(names(names_it, file, bundle), "{names_it}");
        }
        for other in [
            "**/*.yaml",
            "**/bad.yaml",
            "kept/**/*.yaml",
            "kept/*/scenario/*.yaml",
            "kept/bad-[0]/scenario/b*",
        ] {
            assert!(!names(other, file, bundle), "{other}");
        }
    }
}
