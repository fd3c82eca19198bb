//! Counts of what was received, for the metrics. They only grow, until a reset.

use std::collections::BTreeMap;

use attribution_ledger::{Entry, EntryVerdict, RecordedViolation, Route, Severity};

/// What the requests have in common that are counted together: their route (none for a path to which no event goes), what
/// became of them, and the status of the answer.
pub(crate) type Kind = (Option<Route>, EntryVerdict, u16);

/// How many requests there were of each kind, and how many violations of each rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) requests: BTreeMap<Kind, u64>,
    pub(crate) violations: BTreeMap<(&'static str, Severity), u64>,
    pub(crate) strikes: u64,
}

impl Tally {
    /// Counts an entry with the rules that it was found to break.
    pub(crate) fn count(&mut self, entry: &Entry, violations: &[RecordedViolation]) {
        let kind = (entry.request.route(), entry.verdict, entry.status);
        *self.requests.entry(kind).or_default() += 1;
        for violation in violations {
            *self.violations.entry((violation.rule, violation.severity)).or_default() += 1;
        }
    }

    /// Adds what another one counted.
    pub(crate) fn add(&mut self, other: &Self) {
        for (kind, count) in &other.requests {
            *self.requests.entry(*kind).or_default() += count;
        }
        for (rule, count) in &other.violations {
            *self.violations.entry(*rule).or_default() += count;
        }
        self.strikes += other.strikes;
    }
}
