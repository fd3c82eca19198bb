//! `--watch`: again whenever a file changes, and only what it changes.
//!
//! Modification times and lengths are looked at a few times a second, which works on every file system, network and
//! container mounts included, and needs no more than the files that are played anyway.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use scenario::{Action, Scenario, Step};

use super::{Ran, once, or_said};
use crate::args::RunArgs;
use crate::commands::Unusable;
use crate::commands::files::{self, Candidate, Found};
use crate::exit::ExitStatus;

/// How often is looked.
const INTERVAL: Duration = Duration::from_millis(200);

/// What is known of a file's text without reading it; nothing, where it is not there.
type Stamp = Option<(SystemTime, u64)>;

/// What each scenario file was made of when it was last played.
#[derive(Default)]
struct Watched(BTreeMap<PathBuf, BTreeMap<PathBuf, Stamp>>);

impl Watched {
    fn has_changed(&self, scenario: &Path) -> bool {
        let changed = |(path, before): (&PathBuf, &Stamp)| stamp(path) != *before;
        self.0.get(scenario).is_none_or(|parts| parts.iter().any(changed))
    }

    /// The files of a scenario file, before it is read: what changes while it is played counts as changed.
    fn note(&mut self, scenario: &Path) {
        let of_itself = BTreeMap::from([(scenario.to_owned(), stamp(scenario))]);
        let mut parts = self.0.remove(scenario).unwrap_or_default();
        for (path, before) in &mut parts {
            *before = stamp(path);
        }
        parts.extend(of_itself);
        self.0.insert(scenario.to_owned(), parts);
    }

    /// The files that a scenario includes, plays messages from, or has its snapshots in.
    fn note_parts(&mut self, path: &Path, scenario: &Scenario) {
        let folder = path.parent().unwrap_or(Path::new(""));
        let included = scenario.source.included.iter().map(|text| PathBuf::from(&text.name));
        let mut played = Vec::new();
        files_of(&scenario.steps, &mut played);
        files_of(&scenario.finally, &mut played);
        let parts = self.0.entry(path.to_owned()).or_default();
        let snapshots = scenario
            .snapshots()
            .into_iter()
            .map(|snapshot| folder.join(&snapshot.file));
        let included = included.chain(snapshots);
        for part in included.chain(played.into_iter().map(|part| folder.join(part))) {
            parts.entry(part.clone()).or_insert_with(|| stamp(&part));
        }
    }
}

/// The files that steps, and the steps in them, play messages from.
fn files_of<'a>(steps: &'a [Step], files: &mut Vec<&'a str>) {
    for step in steps {
        match &step.action {
            Action::File { path, .. } => files.push(path),
            Action::Include { steps, .. }
            | Action::Repeat { steps, .. }
            | Action::ForEach { steps, .. }
            | Action::Parallel { steps } => files_of(steps, files),
            _ => {}
        }
    }
}

fn stamp(path: &Path) -> Stamp {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// Never ends by itself, but when nobody reads standard output any more.
pub(super) fn run(args: &RunArgs) -> anyhow::Result<ExitStatus> {
    if args.paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Unusable::new(std::io::Error::other("--watch can't watch standard input: name a file")).into());
    }
    let mut watched = Watched::default();
    let mut first = true;
    loop {
        let found = match files::find(&args.paths) {
            Ok(found) => found,
            Err(nothing) if first => return Ok(crate::render::mistakes::nothing_found(&nothing)),
            // Between two saves, an editor may have the only file away.
            Err(_) => Found {
                candidates: Vec::new(),
                folders: Vec::new(),
            },
        };
        let Found { candidates, folders } = found;
        let count = candidates.len();
        let changed: Vec<Candidate> = candidates
            .into_iter()
            .filter(|candidate| watched.has_changed(candidate.path()))
            .collect();
        if !changed.is_empty() {
            for candidate in &changed {
                watched.note(candidate.path());
            }
            let found = Found {
                folders: if changed.len() == count { folders } else { Vec::new() },
                candidates: changed,
            };
            let ran = or_said(once(args, found, &mut |path, scenario| {
                watched.note_parts(path, scenario);
            }));
            if let Ran { closed: true, status } = ran {
                return Ok(status);
            }
            say(count);
            first = false;
        }
        thread::sleep(INTERVAL);
    }
}

fn say(files: usize) {
    let noun = if files == 1 { "file" } else { "files" };
    // Whoever can't read it need not.
    let _ = writeln!(anstream::stderr(), "watching {files} {noun}; Ctrl-C ends it");
}
