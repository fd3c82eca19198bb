//! From files to scenarios, and to faults; [`find()`] is from paths to files.

mod find;
mod target;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use attribution_mock::Fault;
use scenario::{Files, Folder, Given, Remembering, Scenario, ScenarioError, Source};

pub(crate) use self::find::{Candidate, Found, NoScenario, find, has_name_of_scenario};

/// What is shown for standard input, and what names it on the command line as `-`.
pub(crate) const STDIN: &str = "standard input";

/// The largest scenario file that is read. Recorded traffic belongs into a file of its own, played by a `file:` step.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Why a scenario file could not be used.
#[derive(Debug)]
pub(crate) enum LoadError {
    /// The file can't be read.
    Unreadable(PathBuf, io::Error),
    /// The file has mistakes.
    Mistakes(ScenarioError),
}

/// What scenarios are given: the variables of `--var`, and the environment as far as it is text.
pub(crate) fn given(variables: &[(String, String)]) -> Given {
    let text = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
    Given {
        variables: variables.iter().cloned().collect(),
        environment: std::env::vars_os().filter_map(text).collect(),
    }
}

/// What a scenario was read from, as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Inputs {
    /// The scenario file.
    pub(crate) scenario: Vec<u8>,
    /// What it includes and plays from, by the path from its folder.
    pub(crate) files: BTreeMap<String, String>,
}

/// Reads a scenario file once, whole, and parses it: one scenario for each combination of its matrix.
pub(crate) fn load(candidate: Candidate, given: &Given) -> Result<Vec<Scenario>, LoadError> {
    let (path, bytes) = bytes(candidate)?;
    let name = path.display().to_string();
    parsed(name, bytes, &Folder::of(&path), given)
}

/// The same, with what was read.
pub(crate) fn load_with_inputs(candidate: Candidate, given: &Given) -> Result<(Vec<Scenario>, Inputs), LoadError> {
    let (path, bytes) = bytes(candidate)?;
    let files = Remembering::of(Folder::of(&path));
    let scenarios = parsed(path.display().to_string(), bytes.clone(), &files, given)?;
    let inputs = Inputs {
        scenario: bytes,
        files: files.into_read(),
    };
    Ok((scenarios, inputs))
}

/// Parses what was read before, under the name that it had then.
pub(crate) fn reload(name: &str, inputs: &Inputs, given: &Given) -> Result<Vec<Scenario>, LoadError> {
    parsed(name.to_owned(), inputs.scenario.clone(), &inputs.files, given)
}

/// Reads a file once, whole, whatever it says.
pub(crate) fn source(candidate: Candidate) -> Result<(PathBuf, Source), LoadError> {
    let (path, bytes) = bytes(candidate)?;
    let source = Source::new(path.display().to_string(), bytes).map_err(LoadError::Mistakes)?;
    Ok((path, source))
}

fn bytes(candidate: Candidate) -> Result<(PathBuf, Vec<u8>), LoadError> {
    let (path, bytes) = match candidate {
        Candidate::File { path, .. } => {
            let bytes = read(&path);
            (path, bytes)
        }
        Candidate::Stdin => (PathBuf::from(STDIN), whole(&mut io::stdin().lock())),
        Candidate::Unreachable(path, error) => (path, Err(error)),
    };
    match bytes {
        Ok(bytes) => Ok((path, bytes)),
        Err(error) => Err(LoadError::Unreadable(path, error)),
    }
}

fn parsed(name: String, bytes: Vec<u8>, files: &dyn Files, given: &Given) -> Result<Vec<Scenario>, LoadError> {
    let source = Source::new(name, bytes).map_err(LoadError::Mistakes)?;
    scenario::parse_with(Arc::new(source), files, given).map_err(LoadError::Mistakes)
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
    if !fs::metadata(path)?.is_file() {
        let why = "it is not a regular file";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    }
    whole(&mut File::open(path)?)
}

/// Everything that there is to read.
fn whole(from: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!(
                "it is larger than {LARGEST} bytes; play recorded events from a file of their own with a `file:` step"
            ),
        ));
    }
    Ok(bytes)
}
