//! Recorded traffic as a scenario, with what came of playing it as its expectations: [`scenario_from()`].
//!
//! `events → `story`: steps and the time between them → `yaml`: the text → played in virtual time → `expected`: the rows
//! that came of it → the text again, with them`. What is written is read back and played before it is handed out, so it
//! is a scenario that passes, or none. `requests` makes the events of requests where nothing else was recorded.

mod expected;
mod requests;
mod story;
mod yaml;

use std::fmt;
use std::sync::Arc;

use attribution_destination::{Dialect, PreviousId};
use expectation::{Source, SourceError};
use serde_json::Value;

use self::expected::Expected;
pub use self::requests::calls_of_request;
use self::story::Story;
use self::yaml::Yaml;
use crate::files::Files;
use crate::parse::parse;
use crate::run::{self, RunError, RunOptions};
use crate::scenario::{Scenario, ScenarioSettings};

/// What a scenario is made of.
#[derive(Clone, Debug)]
pub struct Recording<'a> {
    /// What the scenario is to be called.
    pub name: &'a str,
    /// Where the events come from, for the line that says so.
    pub origin: &'a str,
    /// How the destination is set up. Only what differs from the default is written.
    pub settings: &'a ScenarioSettings,
    /// The events: Segment messages with their `type`.
    pub events: Events<'a>,
}

/// How the events stand in the scenario.
#[derive(Clone, Copy, Debug)]
pub enum Events<'a> {
    /// Each as a step, with the time that passed before it.
    Steps(&'a [Value]),
    /// All in one step that reads this file, from the scenario's folder.
    File(&'a str),
}

/// Why no scenario came of it.
#[derive(Debug)]
#[non_exhaustive]
pub enum FromError {
    /// This event, counted from 0, is none of Segment's six calls.
    NotACall {
        /// Its place in the list.
        index: usize,
        /// What it is instead.
        found: String,
    },
    /// There is no event.
    Empty,
    /// What was written can't be read again: an event holds what a scenario has no words for.
    Unwritable(Box<SourceError>),
    /// It can't be played.
    Unplayable(RunError),
    /// What came of playing it, here, does not hold when it is played again. No recording is known that does this.
    Contradicted(String),
}

impl fmt::Display for FromError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotACall { found, .. } => write!(
                f,
                "no Segment call: {found}; a `type` is one of page, identify, track, alias, screen and group"
            ),
            Self::Empty => f.write_str("there is no event to make a scenario of"),
            Self::Unwritable(error) => {
                let mistake = error.diagnostics.first().map(|mistake| mistake.message.as_str());
                write!(f, "a scenario can't say this: {}", mistake.unwrap_or("it is not YAML"))
            }
            Self::Unplayable(_) => f.write_str("it can't be played"),
            Self::Contradicted(place) => write!(f, "{place} is not the same when it is played again"),
        }
    }
}

impl std::error::Error for FromError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unplayable(error) => Some(error),
            Self::NotACall { .. } | Self::Empty | Self::Unwritable(_) | Self::Contradicted(_) => None,
        }
    }
}

/// Writes a scenario that plays these events and expects what comes of them.
///
/// Ids, times and everything else in the events is kept, but for what Segment itself adds on the way: `sentAt`,
/// `receivedAt`, `originalTimestamp`, `writeKey`, `projectId`, `version` and `_metadata`. Time passes between two steps
/// as it passed between the events' `receivedAt`, or `sentAt` or `timestamp` where that is missing.
///
/// # Errors
///
/// [`FromError`].
///
/// # Panics
///
/// When called from inside a tokio runtime.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use scenario::{Events, Recording, ScenarioSettings, scenario_from};
/// use serde_json::json;
///
/// let recording = Recording {
///     name: "A sale",
///     origin: "events.ndjson",
///     settings: &ScenarioSettings::default(),
///     events: Events::Steps(&[json!({ "type": "track", "userId": "u", "event": "Sale", "properties": { "revenue": 9.5 } })]),
/// };
/// let text = scenario_from(&recording, &BTreeMap::new())?;
/// assert!(text.contains("- { visitor: u, event: Sale, revenue: 9.5 }"));
/// # Ok::<(), scenario::FromError>(())
/// ```
pub fn scenario_from(recording: &Recording<'_>, files: &dyn Files) -> Result<String, FromError> {
    let mut yaml = Yaml::default();
    beginning(&mut yaml, recording)?;
    let played = read(&yaml.text, files)?;
    let expected = observed(&played)?;
    expected.write(&mut yaml);
    let whole = read(&yaml.text, files)?;
    let outcome = run::run(&whole, &RunOptions::default()).map_err(FromError::Unplayable)?;
    match outcome.failures.first() {
        None => Ok(yaml.text),
        Some(failure) => Err(FromError::Contradicted(failure.place.clone())),
    }
}

/// Everything but the expectations.
fn beginning(yaml: &mut Yaml, recording: &Recording<'_>) -> Result<(), FromError> {
    let made = format!("Made of {} by `harness scenario-from`.", one_line(recording.origin));
    yaml.comment(&made);
    yaml.comment("It expects what came of playing it: keep what is meant, and drop the rest.");
    yaml.entry(0, "name", &recording.name.into());
    match recording.events {
        Events::File(path) => {
            settings(yaml, recording.settings);
            yaml.line(0, "steps:");
            yaml.line(2, &format!("- file: {}", yaml::inline(&path.into())));
        }
        Events::Steps(events) => {
            let story = Story::of(events)?;
            if let Some(start) = story.start {
                yaml.entry(0, "start", &start.to_string().into());
            }
            settings(yaml, recording.settings);
            story.write(yaml);
        }
    }
    Ok(())
}

/// What is set up otherwise than by default.
fn settings(yaml: &mut Yaml, settings: &ScenarioSettings) {
    let mut different: Vec<(&str, Value)> = Vec::new();
    if settings.dialect != Dialect::Classic {
        different.push(("dialect", settings.dialect.as_str().into()));
    }
    if settings.previous_id != PreviousId::Mapped {
        different.push(("previous_id", settings.previous_id.as_str().into()));
    }
    if settings.screens {
        different.push(("screens", true.into()));
    }
    if !different.is_empty() {
        yaml.line(0, &format!("settings: {}", yaml::mapping(&different)));
    }
}

fn read(text: &str, files: &dyn Files) -> Result<Scenario, FromError> {
    let unwritable = |error| FromError::Unwritable(Box::new(error));
    let scenarios = parse(Arc::new(Source::of("scenario.yaml", text)), files).map_err(unwritable)?;
    // Without a matrix there is one.
    Ok(scenarios
        .into_iter()
        .next()
        .expect("a file without mistakes holds a scenario"))
}

fn observed(scenario: &Scenario) -> Result<Expected, FromError> {
    let rows = run::rows(scenario, &expected::SECTIONS).map_err(FromError::Unplayable)?;
    Ok(Expected { rows })
}

/// A comment ends with its line.
fn one_line(text: &str) -> String {
    expectation::printable(text, 200)
}
