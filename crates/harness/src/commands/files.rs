//! From paths to scenarios, and to faults.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use attribution_mock::Fault;
use scenario::{Folder, Given, Scenario, ScenarioError, Source};

/// The largest scenario file that is read. Recorded traffic belongs into a file of its own, played by a `file:` step.
const LARGEST: u64 = 64 * 1024 * 1024;

/// One thing that the paths lead to.
#[derive(Debug)]
pub(crate) enum Candidate {
    /// A scenario file, not read yet.
    File(PathBuf),
    /// A path that can't be looked at: missing, a dangling link, a folder without permission.
    Unreachable(PathBuf, io::Error),
}

impl Candidate {
    /// Where it lies, as the user named it.
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::File(path) | Self::Unreachable(path, _) => path,
        }
    }
}

/// Why a scenario file could not be used.
#[derive(Debug)]
pub(crate) enum LoadError {
    /// The file can't be read.
    Unreadable(PathBuf, io::Error),
    /// The file has mistakes.
    Mistakes(ScenarioError),
}

/// A folder that was named holds no scenario.
#[derive(Debug)]
pub(crate) struct NoScenario(pub(crate) PathBuf);

/// Everything that the paths lead to, in the order named and sorted within a folder; each once. What can't be reached
/// is one of them, so that it stops nothing else.
pub(crate) fn find(paths: &[PathBuf]) -> Result<Vec<Candidate>, NoScenario> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for path in paths {
        let mut search = Search::default();
        search.named(path);
        if search.found.is_empty() {
            return Err(NoScenario(path.clone()));
        }
        found.extend(
            search
                .found
                .into_iter()
                .filter(|candidate| seen.insert(candidate.path().to_owned())),
        );
    }
    Ok(found)
}

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
            Ok(_) => self.found.push(Candidate::File(path.to_owned())),
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

    /// Below a folder, what ends in .yaml or .yml is a scenario; what begins with a dot is hidden, and what begins with
    /// an underscore is there to be included.
    fn below(&mut self, path: &Path) {
        let begins_with = |name: &std::ffi::OsStr, lead: &[u8]| name.as_encoded_bytes().starts_with(lead);
        let hidden = path
            .file_name()
            .is_some_and(|name| begins_with(name, b".") || begins_with(name, b"_"));
        let yaml = |extension: &std::ffi::OsStr| {
            extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml")
        };
        let scenario = path.extension().is_some_and(yaml);
        match fs::metadata(path) {
            _ if hidden => {}
            Ok(metadata) if metadata.is_dir() => self.folder(path),
            Ok(_) if scenario => self.found.push(Candidate::File(path.to_owned())),
            Err(error) if scenario => self.unreachable(path, error),
            Ok(_) | Err(_) => {}
        }
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

/// What scenarios are given: the variables of `--var`, and the environment as far as it is text.
pub(crate) fn given(variables: &[(String, String)]) -> Given {
    let text = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
    Given {
        variables: variables.iter().cloned().collect(),
        environment: std::env::vars_os().filter_map(text).collect(),
    }
}

/// Reads a scenario file once, whole, and parses it: one scenario for each combination of its matrix.
pub(crate) fn load(candidate: Candidate, given: &Given) -> Result<Vec<Scenario>, LoadError> {
    let path = match candidate {
        Candidate::File(path) => path,
        Candidate::Unreachable(path, error) => return Err(LoadError::Unreadable(path, error)),
    };
    let bytes = match read(&path) {
        Ok(bytes) => bytes,
        Err(error) => return Err(LoadError::Unreadable(path, error)),
    };
    let source = Source::new(path.display().to_string(), bytes).map_err(LoadError::Mistakes)?;
    scenario::parse_with(Arc::new(source), &Folder::of(&path), given).map_err(LoadError::Mistakes)
}

/// Reads faults as they are given with `--fault`: in words, or by the name of a file with an `@` before it.
pub(crate) fn load_faults(given: &str) -> Result<Vec<Fault>, LoadError> {
    let source = match given.strip_prefix('@').map(PathBuf::from) {
        Some(path) => {
            let bytes = read(&path).map_err(|error| LoadError::Unreadable(path.clone(), error))?;
            Source::new(path.display().to_string(), bytes).map_err(LoadError::Mistakes)?
        }
        None => Source::of("--fault", given),
    };
    scenario::faults(Arc::new(source)).map_err(LoadError::Mistakes)
}

/// A pipe would block for ever, and a device never end.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let refused = |why: String| Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    if !fs::metadata(path)?.is_file() {
        return refused("it is not a regular file".to_owned());
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return refused(format!(
            "it is larger than {LARGEST} bytes; play recorded events from a file of their own with a `file:` step"
        ));
    }
    Ok(bytes)
}
