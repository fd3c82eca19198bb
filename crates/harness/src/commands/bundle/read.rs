//! Reading a bundle back: only what lies in its folder, and only as it was written.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use anyhow::Context;

use super::evidence::FILES;
use super::manifest::{Manifest, Unreadable};
use super::{MANIFEST, SCENARIO, digest};
use crate::commands::Unusable;
use crate::commands::files::Inputs;
use crate::render::mistakes::shown;

/// A bundle, read.
#[derive(Debug)]
pub(crate) struct Bundle {
    /// What it is about.
    pub(crate) manifest: Manifest,
    /// What the scenario is read from.
    pub(crate) inputs: Inputs,
    /// The text of each of the files that a replay is held against; none where the scenario never came to its end.
    pub(crate) kept: Option<[String; FILES.len()]>,
}

/// Reads all of it.
pub(crate) fn read(folder: &Path) -> anyhow::Result<Bundle> {
    let unreadable = || format!("can't read the bundle {}", folder.display());
    let real = fs::canonicalize(folder).with_context(unreadable)?;
    if !real.is_dir() {
        return Err(bad(folder, Why::NotAFolder));
    }
    let manifest = match inside(&real, MANIFEST) {
        Ok(bytes) => Manifest::unsealed(&bytes).map_err(|why| bad(folder, Why::Manifest(why)))?,
        Err(Why::Missing(_)) => return Err(bad(folder, Why::NoManifest)),
        Err(why) => return Err(refused(folder, why)),
    };
    let mut files = BTreeMap::new();
    for (path, kept) in &manifest.files {
        let bytes = inside(&real, path).map_err(|why| refused(folder, why))?;
        if digest(&bytes) != *kept {
            return Err(bad(folder, Why::Changed(path.clone())));
        }
        files.insert(path.clone(), bytes);
    }
    sorted(manifest, files).map_err(|why| bad(folder, why))
}

/// What each file is for.
fn sorted(manifest: Manifest, mut files: BTreeMap<String, Vec<u8>>) -> Result<Bundle, Why> {
    let file = &manifest.scenario.file;
    let missing = |path: &str| Why::NotListed(path.to_owned());
    let scenario = files.get(file).cloned().ok_or_else(|| missing(file))?;
    let mut text = |path: &str| {
        let bytes = files.remove(path).ok_or_else(|| missing(path))?;
        String::from_utf8(bytes).map_err(|_| Why::NotText(path.to_owned()))
    };
    let kept = match &manifest.ends {
        Some(_) => {
            let [outcome, clock, wire, journal] = FILES;
            Some([text(outcome)?, text(clock)?, text(wire)?, text(journal)?])
        }
        None => None,
    };
    let mut inputs = BTreeMap::new();
    for (path, bytes) in files {
        if let Some(below) = path.strip_prefix(SCENARIO).and_then(|path| path.strip_prefix('/'))
            && let Ok(text) = String::from_utf8(bytes)
        {
            inputs.insert(below.to_owned(), text);
        }
    }
    Ok(Bundle {
        inputs: Inputs {
            scenario,
            files: inputs,
        },
        kept,
        manifest,
    })
}

/// The bytes of a file below a folder, and of none elsewhere.
fn inside(folder: &Path, path: &str) -> Result<Vec<u8>, Why> {
    let relative = Path::new(path);
    let is_below = relative.components().all(|part| matches!(part, Component::Normal(_)));
    if path.is_empty() || !is_below {
        return Err(Why::Outside(path.to_owned()));
    }
    let missing = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Why::Missing(path.to_owned()),
        _ => Why::System(path.to_owned(), error),
    };
    let file = folder.join(relative).canonicalize().map_err(missing)?;
    if !file.starts_with(folder) {
        return Err(Why::Outside(path.to_owned()));
    }
    // A pipe would block for ever, and a device never end.
    if !fs::metadata(&file).map_err(missing)?.is_file() {
        return Err(Why::NotAFile(path.to_owned()));
    }
    fs::read(&file).map_err(missing)
}

/// Why a folder can't be used as a bundle.
#[derive(Debug)]
enum Why {
    NotAFolder,
    NoManifest,
    Manifest(Unreadable),
    Outside(String),
    Missing(String),
    NotListed(String),
    NotAFile(String),
    NotText(String),
    Changed(String),
    System(String, io::Error),
}

/// What is wrong with which bundle.
#[derive(Debug)]
struct Bad {
    folder: PathBuf,
    why: Why,
}

fn bad(folder: &Path, why: Why) -> anyhow::Error {
    let folder = folder.to_owned();
    Unusable::new(Bad { folder, why }).into()
}

/// What the system refuses is not the user's mistake.
fn refused(folder: &Path, why: Why) -> anyhow::Error {
    match why {
        Why::System(path, error) => {
            anyhow::Error::new(error).context(format!("can't read {}", folder.join(path).display()))
        }
        why => bad(folder, why),
    }
}

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let folder = shown(&self.folder);
        let name = |path: &str| scenario::printable(path, 300);
        match &self.why {
            Why::NotAFolder => write!(f, "{folder} is a file: name the folder of a bundle"),
            Why::NoManifest => write!(
                f,
                "{folder} is no failure bundle: it has no {MANIFEST}; `harness run PATH --bundle DIR` makes a folder in \
                 DIR for each scenario that fails, and that is what to name"
            ),
            Why::Manifest(why) => write!(f, "can't use {}: {why}", shown(&self.folder.join(MANIFEST))),
            Why::Outside(path) => write!(
                f,
                "{folder} names `{}`, which does not lie in it: nothing outside a bundle is read",
                name(path)
            ),
            Why::Missing(path) | Why::NotListed(path) => write!(
                f,
                "{folder} is not whole: `{}` is missing; copy the whole folder once more",
                name(path)
            ),
            Why::NotAFile(path) => write!(f, "{folder} has something else than a file at `{}`", name(path)),
            Why::NotText(path) => write!(f, "`{}` in {folder} is no text", name(path)),
            Why::Changed(path) => write!(
                f,
                "`{}` in {folder} is not as it was kept, so that what it shows is not what failed: copy the folder once \
                 more; a scenario that was changed is played with `harness run`",
                name(path)
            ),
            Why::System(path, error) => write!(f, "can't read `{}` in {folder}: {error}", name(path)),
        }
    }
}

impl Error for Bad {}
