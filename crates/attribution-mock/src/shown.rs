//! Requests as they are shown: copied while nothing changes them, and made readable afterwards.

use attribution_ledger::{Entry, EntryRow, EntryVerdict, RecordedViolation};
use serde::Serialize;

use crate::record::Record;

/// An entry and the rules that it was found to break.
#[derive(Debug)]
pub(crate) struct Shown {
    entry: Entry,
    rules: Vec<&'static str>,
}

impl Shown {
    /// The entry as people look at it.
    pub(crate) fn row(self) -> EntryRow {
        self.entry.row(self.rules)
    }
}

impl Record {
    /// The entries of these numbers.
    pub(crate) fn shown(&self, seqs: &[u64]) -> Vec<Shown> {
        let shown = |&seq: &u64| {
            Some(Shown {
                entry: self.entry(seq)?.clone(),
                rules: rules(self.ledger.violations_on_arrival(seq)),
            })
        };
        seqs.iter().filter_map(shown).collect()
    }
}

/// One request with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequestDetail {
    /// As lists show it.
    #[serde(flatten)]
    pub row: EntryRow,
    /// What became of it.
    pub verdict: EntryVerdict,
    /// The content encoding in which the body came; none for a plain one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// The headers in the order in which they came, `[redacted]` where they authenticate; none of a stranger's.
    pub headers: Vec<(String, String)>,
    /// The rules that it was found to break when it arrived, each with its place.
    pub violations: Vec<RecordedViolation>,
}

impl RequestDetail {
    pub(crate) fn new(entry: &Entry, violations: Vec<RecordedViolation>) -> Self {
        Self {
            row: entry.row(rules(&violations)),
            verdict: entry.verdict,
            encoding: entry.request.encoding.as_deref().map(str::to_owned),
            headers: entry.request.headers.iter().map(owned).collect(),
            violations,
        }
    }
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// The ids of the rules, each once. They come in the order of the rules.
pub(crate) fn rules(violations: &[RecordedViolation]) -> Vec<&'static str> {
    let mut rules: Vec<_> = violations.iter().map(|violation| violation.rule).collect();
    rules.dedup();
    rules
}
