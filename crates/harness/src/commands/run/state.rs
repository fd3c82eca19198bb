//! What is remembered from one run to the next: which scenarios did not pass.
//!
//! A file `last-failed` in the folder that `--state` names: a JSON object whose `failed` lists `file` and `name`. Files
//! below the current folder are named from there, so that the folder can be moved as a whole.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::report::{Report, Title};
use crate::args::SelectionArgs;
use crate::commands::whole_file;

/// Where it is remembered unless `--state` says otherwise.
const FOLDER: &str = ".harness";

const FILE: &str = "last-failed";

/// One scenario by its file and, where it has one, its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Key {
    file: String,
    name: Option<String>,
}

impl Key {
    fn of(title: &Title) -> Self {
        Self {
            file: from_here(&title.path),
            name: title.name.clone(),
        }
    }
}

/// Scenarios that did not pass when they were last played.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Remembered {
    failed: BTreeSet<Key>,
}

impl Remembered {
    /// Whether it is one of them. Of a file that could not be read as a scenario, all that it holds now is.
    pub(super) fn has(&self, title: &Title) -> bool {
        let key = Key::of(title);
        let nameless = Key {
            name: None,
            ..key.clone()
        };
        self.failed.contains(&key) || self.failed.contains(&nameless)
    }

    /// The files, of which those that are not there any more come second.
    pub(super) fn files(&self) -> (Vec<PathBuf>, Vec<PathBuf>) {
        let files: BTreeSet<PathBuf> = self.failed.iter().map(|key| PathBuf::from(&key.file)).collect();
        files.into_iter().partition(|file| file.exists())
    }

    /// Takes what was played out, and what of it did not pass in. Of a file that was read, what is not in it any more goes.
    fn update(&mut self, found: &[Title], reports: &[Report]) {
        let found: BTreeSet<Key> = found.iter().map(Key::of).collect();
        let files: BTreeSet<&str> = found.iter().map(|key| key.file.as_str()).collect();
        let played: BTreeSet<Key> = reports.iter().map(|report| Key::of(&report.title)).collect();
        let gone = |key: &Key| files.contains(key.file.as_str()) && !found.contains(key);
        self.failed.retain(|key| !played.contains(key) && !gone(key));
        let bad = reports.iter().filter(|report| report.ended.verdict().is_bad());
        self.failed.extend(bad.map(|report| Key::of(&report.title)));
    }
}

/// The place where it is remembered.
#[derive(Debug)]
pub(super) struct State {
    folder: PathBuf,
    /// Whether the user asked for it, so that it must work.
    asked: bool,
    /// Whether anything is written at all.
    kept: bool,
}

impl State {
    pub(super) fn of(args: &SelectionArgs, in_ci: bool) -> Self {
        Self {
            folder: args.state.clone().unwrap_or_else(|| FOLDER.into()),
            asked: args.state.is_some() || args.last_failed,
            kept: args.state.is_some() || !in_ci,
        }
    }

    fn file(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    /// What is remembered; nothing where there is no file yet.
    pub(super) fn read(&self) -> anyhow::Result<Remembered> {
        let file = self.file();
        match fs::read(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Remembered::default()),
            read => {
                let bytes = read.with_context(|| format!("can't read {}", file.display()))?;
                let unusable = || format!("{} is not what harness wrote there: remove it", file.display());
                serde_json::from_slice(&bytes).with_context(unusable)
            }
        }
    }

    /// Remembers what did not pass. A run in which all did leaves no trace where there is none yet.
    pub(super) fn update(&self, found: &[Title], reports: &[Report]) -> anyhow::Result<()> {
        if !self.kept {
            return Ok(());
        }
        let updated = self.updated(found, reports);
        if let (Err(error), false) = (&updated, self.asked) {
            // Nobody asked for it, so nothing fails for it.
            let _ = writeln!(
                anstream::stderr(),
                "note: which scenarios failed can't be remembered: {error:#}"
            );
            return Ok(());
        }
        updated
    }

    fn updated(&self, found: &[Title], reports: &[Report]) -> anyhow::Result<()> {
        let was_there = self.file().exists();
        // What can't be read is of no use, and is replaced.
        let mut remembered = self.read().unwrap_or_default();
        remembered.update(found, reports);
        if remembered.failed.is_empty() && !was_there {
            return Ok(());
        }
        if !self.folder.exists() {
            let can_not = || format!("can't make the folder {}", self.folder.display());
            fs::create_dir_all(&self.folder).with_context(can_not)?;
            whole_file::write(&self.folder.join(".gitignore"), "*\n")?;
        }
        let text = serde_json::to_string_pretty(&remembered)?;
        whole_file::write(&self.file(), &(text + "\n"))
    }
}

/// The same name for the same file, however it was named.
fn from_here(path: &Path) -> String {
    let Ok(whole) = path.canonicalize() else {
        return path.display().to_string();
    };
    let here = Path::new(".").canonicalize().unwrap_or_default();
    whole.strip_prefix(here).unwrap_or(&whole).display().to_string()
}
