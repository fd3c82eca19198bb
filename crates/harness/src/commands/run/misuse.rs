//! What can't have been meant, and is refused before anything is played.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt;
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::args::{RunArgs, RunReportArgs, usage};
use crate::commands::Unusable;
use crate::commands::files::has_name_of_scenario;
use crate::render::mistakes::shown;

/// Refuses what can't have been meant, and says what to write instead.
pub(super) fn refuse(args: &RunArgs) -> anyhow::Result<()> {
    let misuse = coverage(args)
        .or_else(|| misread(args))
        .or_else(|| reports(&args.reports))
        .or_else(|| bundles(args.bundle.as_deref()));
    match misuse {
        Some(misuse) => Err(Unusable::new(misuse).into()),
        None => Ok(()),
    }
}

/// What can't have been meant.
#[derive(Debug)]
enum Misuse {
    /// The coverage of a run that plays nothing, or only a part.
    Coverage { option: &'static str, with: &'static str },
    /// A number that is taken for a path, since `--coverage` takes no value.
    CoverageOf(String),
    /// A summary that is taken for a path, since `--report-github` takes its value only behind a `=`.
    Summary(PathBuf),
    /// Two reports in one file: one would replace the other.
    Twice(PathBuf),
    /// A report in the place of a scenario.
    Scenario(PathBuf),
    /// A report in the place of a folder.
    Folder(PathBuf),
    /// What would lie in something that is no folder.
    NoFolder {
        what: &'static str,
        path: PathBuf,
        file: PathBuf,
    },
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Coverage {
                option,
                with: "--watch",
            } => write!(
                f,
                "{option} is about all that is played, and --watch plays only what has changed: leave one of them out"
            ),
            Self::Coverage { option, with } => write!(
                f,
                "{option} is about what is played, and {with} plays nothing: leave one of them out"
            ),
            Self::CoverageOf(percent) => f.write_str(&usage::coverage_of(percent)),
            Self::Summary(file) => write!(
                f,
                "there is no file {0}: if the summary is to go there, write --report-github={0}",
                shown(file)
            ),
            Self::Twice(file) => {
                let file = shown(file);
                write!(f, "two reports would go into {file}: give each a file of its own")
            }
            Self::Scenario(file) => write!(
                f,
                "a report would replace {}, which is named as scenarios are: name a file of its own for the report",
                shown(file)
            ),
            Self::Folder(folder) => write!(
                f,
                "a report would go into {}, which is a folder: name a file in it",
                shown(folder)
            ),
            Self::NoFolder { what, path, file } => write!(
                f,
                "{what} can't go to {}: {} is no folder: name another place",
                shown(path),
                shown(file)
            ),
        }
    }
}

impl Error for Misuse {}

fn coverage(args: &RunArgs) -> Option<Misuse> {
    let option = match args.coverage_min {
        Some(_) => "--coverage-min",
        None if args.coverage => "--coverage",
        None => return None,
    };
    let with = match (args.watch, args.selection.dry_run) {
        (true, _) => "--watch",
        (_, true) => "--dry-run",
        _ => return None,
    };
    Some(Misuse::Coverage { option, with })
}

/// What was meant as the value of an option and is taken for a path.
fn misread(args: &RunArgs) -> Option<Misuse> {
    let missing = args.paths.iter().filter(|path| path.symlink_metadata().is_err());
    let misread = |path: &PathBuf| {
        if let Some(percent) = usage::percent(path.to_str()?).filter(|_| args.coverage) {
            return Some(Misuse::CoverageOf(percent.to_owned()));
        }
        let markdown = path.extension().is_some_and(|extension| extension == "md");
        (markdown && args.reports.report_github == Some(None)).then(|| Misuse::Summary(path.clone()))
    };
    missing.into_iter().find_map(misread)
}

fn reports(args: &RunReportArgs) -> Option<Misuse> {
    let files = [
        &args.report_json,
        &args.report_junit,
        &args.report_tap,
        &args.report_html,
        args.report_github.as_ref().unwrap_or(&None),
    ];
    let mut seen = BTreeSet::new();
    files.into_iter().flatten().find_map(|file| {
        if !seen.insert(place(file)) {
            return Some(Misuse::Twice(file.clone()));
        }
        if file.is_dir() {
            return Some(Misuse::Folder(file.clone()));
        }
        if file.is_file() && has_name_of_scenario(file) {
            return Some(Misuse::Scenario(file.clone()));
        }
        no_folder("a report", file, file.parent()?)
    })
}

/// The same for every name of a file. A device may have several, and takes what comes one after the other.
fn place(file: &Path) -> PathBuf {
    if fs::metadata(file).is_ok_and(|metadata| !metadata.is_file()) {
        return file.to_owned();
    }
    let beside = |name| Some(file.with_file_name(".").canonicalize().ok()?.join(name));
    let there = file.canonicalize().ok();
    let place = there.or_else(|| file.file_name().and_then(beside));
    let without_dots = || file.components().filter(|part| *part != Component::CurDir).collect();
    place.unwrap_or_else(without_dots)
}

fn bundles(folder: Option<&Path>) -> Option<Misuse> {
    no_folder("failure bundles", folder?, folder?)
}

/// What is there of the way to a folder, and is none.
fn no_folder(what: &'static str, path: &Path, folder: &Path) -> Option<Misuse> {
    let there = folder.ancestors().find(|part| part.exists())?;
    (!there.is_dir()).then(|| Misuse::NoFolder {
        what,
        path: path.to_owned(),
        file: there.to_owned(),
    })
}
