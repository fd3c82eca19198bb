//! What is seen of a scenario: the part of a bundle that a replay is held against.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;

use clock::{Clock, Seed};
use scenario::{RunError, RunOptions, Scenario, run_with_evidence};

use super::manifest::Manifest;
use super::{history, wire};
use crate::commands::files::{self, Inputs, LoadError};
use crate::commands::run::report::{Ended, Played, Report, Title};
use crate::render::report::value;

/// The files of it, in the order in which they are compared: what tells most comes first.
pub(crate) const FILES: [&str; 4] = ["outcome.json", "clock.ndjson", "wire.ndjson", "journal.ndjson"];

/// What was seen.
#[derive(Debug)]
pub(crate) struct Evidence {
    /// What came of it.
    pub(crate) report: Report,
    /// The text of each of [`FILES`], in that order.
    pub(crate) texts: [String; FILES.len()],
}

/// Why a scenario of a bundle can't be played.
#[derive(Debug)]
pub(crate) enum Unplayable {
    /// What it is read from has mistakes.
    Mistaken(LoadError),
    /// It is not in it.
    NotThere(String),
    /// It can't be played.
    Run(RunError),
    /// What came of it can't be written down.
    Json(std::io::Error),
}

impl fmt::Display for Unplayable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mistaken(LoadError::Mistakes(error)) => {
                write!(
                    f,
                    "the scenario in the bundle has mistakes\n{}",
                    error.render().trim_end()
                )
            }
            Self::Mistaken(LoadError::Unreadable(path, error)) => write!(f, "can't read {}: {error}", path.display()),
            Self::NotThere(name) => {
                let name = scenario::printable(name, 300);
                write!(f, "the scenario in the bundle is not {name}")
            }
            Self::Run(error) => error.fmt(f),
            Self::Json(error) => error.fmt(f),
        }
    }
}

impl Error for Unplayable {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Mistaken(_) | Self::NotThere(_) => None,
            Self::Run(error) => error.source(),
            Self::Json(error) => error.source(),
        }
    }
}

/// The scenario that a bundle is about, with nothing read but its inputs.
pub(crate) fn scenario(manifest: &Manifest, inputs: &Inputs) -> Result<Scenario, Unplayable> {
    let told = &manifest.scenario;
    let scenarios = files::reload(&told.named, inputs, &manifest.given()).map_err(Unplayable::Mistaken)?;
    let index = told.number.checked_sub(1);
    let found = index.and_then(|index| scenarios.into_iter().nth(index));
    found
        .filter(|scenario| scenario.name == told.name)
        .ok_or_else(|| Unplayable::NotThere(told.name.clone()))
}

/// Which scenario that is, as a run tells it.
pub(crate) fn title(manifest: &Manifest) -> Title {
    Title {
        path: PathBuf::from(&manifest.scenario.named),
        name: Some(manifest.scenario.name.clone()),
        // One that was edited is found out by the digest before this.
        seed: manifest.seed.parse().unwrap_or_else(|_| Seed::from(0)),
        repetition: manifest.repetition.map(|repetition| (repetition.number, repetition.of)),
    }
}

/// How it is played.
pub(crate) fn options(manifest: &Manifest) -> RunOptions {
    RunOptions {
        seed: title(manifest).seed,
        chaos_run: manifest.chaos_run,
        ..RunOptions::default()
    }
}

/// Plays the scenario that a bundle is about in virtual time.
pub(crate) fn evidence(manifest: &Manifest, inputs: &Inputs) -> Result<Evidence, Unplayable> {
    let scenario = scenario(manifest, inputs)?;
    let (clock, title) = (Clock::system(), title(manifest));
    let seen = run_with_evidence(&scenario, &options(manifest)).map_err(Unplayable::Run)?;
    let history = history::text(&seen.outcome, &scenario.source);
    let report = Report {
        title,
        ended: Ended::Played(Box::new(Played {
            source: scenario.source,
            outcome: seen.outcome,
            // The command of the bundle itself is told already.
            replay: None,
        })),
        real: clock.elapsed(),
        bundle: None,
    };
    let outcome = outcome(&report).map_err(Unplayable::Json)?;
    Ok(Evidence {
        report,
        texts: [outcome, history, wire::text(&seen.wire), seen.journal],
    })
}

/// What came of it as in `--report-json`, but for what is never the same again.
pub(crate) fn outcome(report: &Report) -> std::io::Result<String> {
    let mut value = value::scenario(report)?;
    if let Some(fields) = value.as_object_mut() {
        fields.shift_remove("real_ms");
        fields.shift_remove("bundle");
    }
    Ok(format!("{value:#}\n"))
}
