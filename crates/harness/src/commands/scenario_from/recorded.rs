//! What was recorded: lines of Segment events, or of a journal.

use std::fmt;
use std::io::Read;

use anyhow::Context;
use serde_json::Value;

use super::journal::Journal;
use crate::args::ScenarioFromArgs;
use crate::commands::Unusable;
use crate::commands::lines::Lines;

/// Events with the line on which each stands.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    pub(super) events: Vec<Value>,
    pub(super) lines: Vec<u64>,
    pub(super) is_journal: bool,
    /// The number of a last line that is torn and counts for nothing.
    pub(super) torn: Option<u64>,
}

impl Recorded {
    pub(super) fn add(&mut self, line: u64, event: Value) {
        self.events.push(event);
        self.lines.push(line);
    }
}

/// A line that is no event.
#[derive(Debug)]
pub(super) struct BadLine {
    pub(super) line: u64,
    pub(super) why: String,
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

impl std::error::Error for BadLine {}

/// Reads all of it. What the first line is, all are.
pub(super) fn read(input: impl Read, args: &ScenarioFromArgs) -> anyhow::Result<Recorded> {
    let mut recorded = Recorded::default();
    let mut journal = None;
    let mut lines = Lines::new(input);
    let mut is_first = true;
    while let Some(line) = lines.next().context("can't read the events")? {
        let number = line.number;
        let bad = |why: String| Unusable::new(BadLine { line: number, why });
        let text = line.text.map_err(|error| bad(error.message))?;
        if std::mem::take(&mut is_first) && Journal::is_one(text) {
            journal = Some(Journal::of(args));
        }
        if let Some(journal) = &mut journal {
            journal.line(number, text).map_err(Unusable::new)?;
        } else {
            let event =
                json_value::from_slice(text).map_err(|error| bad(format!("not JSON: {}", without_line(&error))));
            recorded.add(number, event?);
        }
    }
    match journal {
        Some(journal) => journal.finish().map_err(|error| Unusable::new(error).into()),
        None => Ok(recorded),
    }
}

/// What is wrong with a line's JSON; every line is line 1 to who reads it alone.
fn without_line(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or(&text);
    format!("{what} at column {}", error.column())
}
