//! A journal as the events that its requests were made of.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use attribution_report::record::{EntryVerdict, Line, Logged};
use scenario::calls_of_request;
use serde::Deserialize;
use serde_json::Value;

use super::recorded::{BadLine, Recorded};
use crate::args::ScenarioFromArgs;

/// Whose a line is: the project's and the namespace's.
type Whose = (Option<String>, Option<String>);

/// A journal that is being read.
pub(super) struct Journal {
    project: Option<String>,
    namespace: Option<String>,
    places: BTreeMap<Whose, Recorded>,
    /// A line that could not be read: a torn one, if it is the last.
    torn: Option<BadLine>,
}

/// What every line of a journal has, of whichever version.
#[derive(Deserialize)]
struct Head {
    #[serde(rename = "version")]
    _version: u64,
    received_at: Option<String>,
    reset_at: Option<String>,
}

/// Why a journal can't be used.
#[derive(Debug)]
pub(super) enum BadJournal {
    /// A line is none.
    Line(BadLine),
    /// It is of several projects, and none is named.
    Several(usize),
    /// It has nothing of what is named, or no request of an event at all.
    Nothing,
}

impl fmt::Display for BadJournal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => line.fmt(f),
            Self::Several(count) => write!(f, "the journal is of {count} projects: say of which with --project-id"),
            Self::Nothing => f.write_str("the journal has no event of that project and namespace"),
        }
    }
}

impl Error for BadJournal {}

impl Journal {
    /// Whether a first line is one of a journal.
    pub(super) fn is_one(line: &[u8]) -> bool {
        let head = serde_json::from_slice::<Head>(line);
        head.is_ok_and(|head| head.received_at.is_some() || head.reset_at.is_some())
    }

    pub(super) fn of(args: &ScenarioFromArgs) -> Self {
        Self {
            project: args.project_id.clone(),
            namespace: args.namespace.clone(),
            places: BTreeMap::new(),
            torn: None,
        }
    }

    pub(super) fn line(&mut self, number: u64, text: &[u8]) -> Result<(), BadJournal> {
        if let Some(bad) = self.torn.take() {
            return Err(BadJournal::Line(bad));
        }
        let line = match Line::decode(text) {
            Ok(line) => line,
            Err(error) => {
                let why = format!("no line of a journal: {error}");
                self.torn = Some(BadLine { line: number, why });
                return Ok(());
            }
        };
        let whose = (line.project.map(Into::into), line.namespace.map(Into::into));
        let place = self.places.entry(whose).or_default();
        match line.logged {
            Logged::Reset { .. } => *place = Recorded::default(),
            // A request that was answered without a look at it comes again, if its sender is worth anything.
            Logged::Entry(entry) if entry.verdict == EntryVerdict::Ignored => {}
            Logged::Entry(entry) => {
                let body = json_value::from_slice(&entry.request.body).unwrap_or_default();
                for mut call in calls_of_request(&entry.request.path, &body) {
                    if let Value::Object(call) = &mut call {
                        call.insert("receivedAt".to_owned(), entry.request.received_at.to_string().into());
                    }
                    place.add(number, call);
                }
            }
        }
        Ok(())
    }

    /// The events of the place that was named, or of the only one.
    pub(super) fn finish(self) -> Result<Recorded, BadJournal> {
        let Self {
            project,
            namespace,
            places,
            torn,
        } = self;
        let torn = match torn {
            Some(bad) if places.is_empty() => return Err(BadJournal::Line(bad)),
            torn => torn.map(|bad| bad.line),
        };
        let is_named = |(of, part): &Whose| *part == namespace && (project.is_none() || *of == project);
        let mut named: Vec<Recorded> = places
            .into_iter()
            .filter(|(whose, recorded)| is_named(whose) && !recorded.events.is_empty())
            .map(|(_, recorded)| recorded)
            .collect();
        match (named.pop(), named.len()) {
            (None, _) => Err(BadJournal::Nothing),
            (Some(only), 0) => Ok(Recorded {
                is_journal: true,
                torn,
                ..only
            }),
            (Some(_), others) => Err(BadJournal::Several(others + 1)),
        }
    }
}
