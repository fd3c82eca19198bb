use std::collections::{BTreeSet, HashSet};

use attribution_ledger::{Change, Entry, EntryVerdict, Follower, Ledger, LedgerConfig};
use jiff::Timestamp;

use super::circles::Circles;
use super::watch::AT_ONCE;
use crate::dashboard::DashboardDelay;
use crate::record::Record;

/// The ledger of what a dashboard that lags behind shows of a record, which goes on with time.
///
/// It is always what a replay in the order of arrival would be, and takes in each request when it is shown. One that came before
/// others which are shown already makes no difference to those of whom it says nothing. If it does say something of them, all
/// that is shown is taken in anew.
#[derive(Debug)]
pub(super) struct Lagging {
    delay: DashboardDelay,
    config: LedgerConfig,
    ledger: Ledger,
    follower: Follower,
    /// So many of the record's requests have been looked at.
    looked_at: usize,
    /// When each of those that aren't shown yet will be, by their numbers.
    due: BTreeSet<(Timestamp, u64)>,
    /// The numbers of those that are shown and have not been taken in.
    next: BTreeSet<u64>,
    circles: Circles,
    is_overtaken: bool,
}

impl Lagging {
    /// Of nothing yet.
    pub(super) fn new(delay: DashboardDelay, config: LedgerConfig) -> Self {
        Self {
            delay,
            config,
            ledger: Ledger::new(config),
            follower: Follower::default(),
            looked_at: 0,
            due: BTreeSet::new(),
            next: BTreeSet::new(),
            circles: Circles::default(),
            is_overtaken: false,
        }
    }

    /// When there is more to be seen, if nothing arrives until then.
    pub(super) fn due(&self) -> Option<Timestamp> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Whether something was to be taken in that makes a difference to what is in already. It was not, and nothing can be
    /// before all is [taken in anew](Self::begin_anew).
    pub(super) fn is_overtaken(&self) -> bool {
        self.is_overtaken
    }

    /// Forgets what is taken in, so that it comes next together with what isn't.
    pub(super) fn begin_anew(&mut self, record: &Record) {
        let held_back: HashSet<u64> = self.due.iter().map(|(_, seq)| *seq).collect();
        let looked_at = record.journal.entries().iter().take(self.looked_at);
        let shown = looked_at.filter(|entry| counts(entry) && !held_back.contains(&entry.seq));
        *self = Self {
            looked_at: self.looked_at,
            due: std::mem::take(&mut self.due),
            next: shown.map(|entry| entry.seq).collect(),
            ..Self::new(self.delay, self.config)
        };
    }

    /// Some of what is to be taken in as of this moment. None where all is.
    pub(super) fn next(&mut self, record: &Record, now: Timestamp) -> Option<Vec<Entry>> {
        let entries = record.journal.entries();
        let new = entries.iter().skip(self.looked_at).take(AT_ONCE);
        self.looked_at += new.len();
        let new = new.filter(|entry| counts(entry));
        self.due
            .extend(new.map(|entry| (self.delay.shown_at(entry), entry.seq)));
        while self.due.first().is_some_and(|(at, _)| *at <= now) {
            self.next.extend(self.due.pop_first().map(|(_, seq)| seq));
        }
        let taken = std::iter::from_fn(|| self.next.pop_first()).take(AT_ONCE);
        let next: Vec<Entry> = taken.filter_map(|seq| record.entry(seq).cloned()).collect();
        let is_all = next.is_empty() && self.looked_at == entries.len();
        (!is_all).then_some(next)
    }

    /// Takes these in, and tells what changes. Nothing is worth anything once something is [overtaken](Self::is_overtaken).
    pub(super) fn take_in(&mut self, entries: &[Entry], tell: impl FnMut(Change)) {
        for entry in entries {
            let assessment = entry.request.assess();
            self.is_overtaken |= self.circles.name(entry.seq, &assessment.messages);
            self.ledger.apply_assessed(entry, assessment);
        }
        self.ledger.changes(&mut self.follower, tell);
    }
}

/// Whether the report can say anything of it.
fn counts(entry: &Entry) -> bool {
    entry.verdict == EntryVerdict::Recorded
}
