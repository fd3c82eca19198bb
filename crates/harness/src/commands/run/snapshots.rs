//! The files of snapshots: which are stale, and what `--update-snapshots` writes and removes.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clock::Seed;
use scenario::{Frozen, FrozenState, SNAPSHOTS};

use super::cases::{Case, What};
use super::report::{Ended, Report, Stale};
use crate::commands::{Unusable, files, whole_file};
use crate::render::mistakes;

/// Refuses to write snapshots where nobody reviews what is written.
pub(super) fn refuse_in_ci(asked: bool, in_ci: bool) -> anyhow::Result<()> {
    if asked && in_ci {
        return Err(Unusable::new(InCi).into());
    }
    Ok(())
}

#[derive(Debug)]
struct InCi;

impl fmt::Display for InCi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "--update-snapshots in CI would take whatever comes for right: leave it out there, write the snapshots where \
             somebody reviews them, and commit them (CI is set in the environment)",
        )
    }
}

impl Error for InCi {}

/// Which snapshots the steps of each file use, whether they are played or not.
#[derive(Debug)]
pub(super) struct Used(BTreeMap<PathBuf, OfFile>);

/// What is known of one scenario file.
#[derive(Debug)]
struct OfFile {
    /// Its scenarios; none, where it can't be told what all of them use.
    scenarios: Option<usize>,
    snapshots: BTreeSet<PathBuf>,
}

impl Used {
    /// By everything that was found, before anything of it is chosen.
    pub(super) fn by(cases: &[Case]) -> Self {
        let mut files: BTreeMap<PathBuf, OfFile> = BTreeMap::new();
        for case in cases {
            let path = &case.title.path;
            let file = files.entry(path.clone()).or_insert(OfFile {
                scenarios: Some(0),
                snapshots: BTreeSet::new(),
            });
            match &case.what {
                What::Scenario(scenario) if !case.in_part => {
                    file.scenarios = file.scenarios.map(|count| count + 1);
                    let used = scenario.snapshots().into_iter();
                    file.snapshots.extend(used.map(|snapshot| beside(path, &snapshot.file)));
                }
                What::Scenario(_) | What::Unusable(_) => file.scenarios = None,
            }
        }
        Self(files)
    }

    /// The files that nothing uses any more: of the scenario files that were played whole, and in the folders of which all
    /// were.
    pub(super) fn stale(&self, reports: &[Report], whole: &[PathBuf]) -> Stale {
        Stale {
            unused: self.unused(reports),
            orphaned: whole.iter().flat_map(|folder| orphaned(folder)).collect(),
        }
    }

    fn unused(&self, reports: &[Report]) -> Vec<PathBuf> {
        let mut played: BTreeMap<&Path, BTreeSet<&Option<String>>> = BTreeMap::new();
        for report in reports {
            if matches!(report.ended, Ended::Played(_) | Ended::Skipped(_)) {
                let names = played.entry(&report.title.path).or_default();
                names.insert(&report.title.name);
            }
        }
        let whole = self.0.iter().filter(|(path, file)| {
            let played = played.get(path.as_path()).map(BTreeSet::len);
            played.is_some() && played == file.scenarios
        });
        let unused = whole.flat_map(|(path, file)| {
            let frozen = frozen_for(path).into_iter();
            frozen.filter(|found| !file.snapshots.contains(found))
        });
        unused.collect()
    }
}

/// The snapshots in a folder whose scenario file is not there. What is not called as a scenario is somebody else's, and
/// what a link leads to may be another scenario's.
fn orphaned(folder: &Path) -> Vec<PathBuf> {
    let is_folder = |path: &Path| path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir());
    let snapshots = folder.join(SNAPSHOTS);
    if !is_folder(&snapshots) {
        return Vec::new();
    }
    let entries = fs::read_dir(&snapshots).into_iter().flatten().flatten();
    let mut names: Vec<OsString> = entries
        .map(|entry| entry.file_name())
        .filter(|name| files::has_name_of_scenario(Path::new(name)) && is_folder(&snapshots.join(name)))
        .collect();
    names.sort();
    let scenarios = names.iter().map(|name| folder.join(name));
    let gone = scenarios.filter(|scenario| scenario.symlink_metadata().is_err());
    gone.flat_map(|scenario| frozen_for(&scenario)).collect()
}

/// The snapshots that lie there for a scenario file. A folder that isn't there, or can't be read, has none.
fn frozen_for(scenario: &Path) -> Vec<PathBuf> {
    let Some(name) = scenario.file_name() else {
        return Vec::new();
    };
    let folder = beside(scenario, SNAPSHOTS).join(name);
    let Ok(entries) = fs::read_dir(&folder) else {
        return Vec::new();
    };
    let is_snapshot = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "snap");
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(is_snapshot)
        .collect();
    found.sort();
    found
}

/// A file from the scenario's folder.
fn beside(scenario: &Path, file: &str) -> PathBuf {
    file.split('/')
        .fold(scenario.with_file_name(""), |path, part| path.join(part))
}

/// The files that nothing uses, which are removed where that was asked for, and whether everything could be written then.
pub(super) fn keep(update: bool, stale: Stale, reports: &[Report]) -> (Stale, anyhow::Result<()>) {
    if !update {
        return (stale, Ok(()));
    }
    let updated = self::update(reports, &stale);
    (Stale::default(), updated)
}

/// Writes what is new or has changed, removes what is stale, and says so on standard error. Each is tried, and the first
/// that failed is told.
fn update(reports: &[Report], stale: &Stale) -> anyhow::Result<()> {
    let mut done = Ok(());
    let mut written: BTreeMap<PathBuf, (&Frozen, Seed)> = BTreeMap::new();
    for report in reports {
        let Ended::Played(played) = &report.ended else {
            continue;
        };
        for frozen in &played.outcome.snapshots {
            let (path, seed) = (beside(&report.title.path, &frozen.file), report.title.seed);
            match written.get(&path) {
                Some((first, _)) if first.text == frozen.text => {}
                Some((_, first)) => say(&format!(
                    "note: {} has another text with seed {seed}; that of seed {first} is kept",
                    mistakes::shown(&path)
                )),
                None => {
                    if frozen.state != FrozenState::Same {
                        done = done.and(write(&report.title.path, &path, &frozen.text));
                    }
                    written.insert(path, (frozen, seed));
                }
            }
        }
    }
    for path in stale.files() {
        done = done.and(remove(path));
    }
    done
}

fn write(scenario: &Path, path: &Path, text: &str) -> anyhow::Result<()> {
    let can_not = || format!("can't write the snapshot {}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(can_not)?;
        // By a link, it could be anywhere.
        let root = beside(scenario, ".").canonicalize().with_context(can_not)?;
        if !folder.canonicalize().with_context(can_not)?.starts_with(root) {
            return Err(anyhow::Error::from(Unusable::new(LinkedOutside)).context(can_not()));
        }
    }
    whole_file::write(path, text).with_context(can_not)?;
    say(&format!("wrote {}", mistakes::shown(path)));
    Ok(())
}

#[derive(Debug)]
struct LinkedOutside;

impl fmt::Display for LinkedOutside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("its folder is a link that leads out of the scenario's folder: put a folder there instead")
    }
}

impl Error for LinkedOutside {}

/// Removes a file, and its folder when that was the last one.
fn remove(path: &Path) -> anyhow::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("can't remove the snapshot {}", path.display()));
        }
        _ => say(&format!("removed {}", mistakes::shown(path))),
    }
    if let Some(folder) = path.parent() {
        // It stays while there is anything in it.
        let _ = fs::remove_dir(folder);
    }
    Ok(())
}

fn say(what: &str) {
    // Nothing is left to do when standard error is gone.
    let _ = writeln!(anstream::stderr(), "{what}");
}
