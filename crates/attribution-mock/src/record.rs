use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use attribution_ledger::{
    Assessment, Entry, EntryVerdict, Headers, Journal, Ledger, LedgerConfig, Line, Logged, Request,
};
use jiff::Timestamp;

use crate::faults::FaultTable;
use crate::journal::{Failure, Kept, Log};
use crate::keep::Keep;

/// How records are kept: the same for all of a server.
#[derive(Clone, Debug, Default)]
pub(crate) struct RecordConfig {
    pub(crate) ledger: LedgerConfig,
    pub(crate) keep: Option<Keep>,
    /// The journal file, where there is one and once it is read back.
    pub(crate) log: Arc<OnceLock<Log>>,
}

/// Whose record it is, as a journal file says it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Whose<'a> {
    pub(crate) project: Option<&'a str>,
    pub(crate) namespace: Option<&'a str>,
}

/// All that changes in a mock.
#[derive(Debug)]
pub(crate) struct Record {
    config: RecordConfig,
    pub(crate) journal: Journal,
    /// Always what a replay of the journal would be.
    pub(crate) ledger: Ledger,
    pub(crate) faults: FaultTable,
    headers: SharedHeaders,
    /// What the journal's entries cost, by the measure of what is to be kept.
    cost: u64,
}

impl Record {
    pub(crate) fn new(config: RecordConfig) -> Self {
        Self {
            journal: Journal::new(),
            ledger: Ledger::new(config.ledger),
            faults: FaultTable::default(),
            headers: SharedHeaders::default(),
            cost: 0,
            config,
        }
    }

    /// Journals a request and lets the ledger see it. The assessment is of this very request, where there is one.
    ///
    /// Where the journal file doesn't take it, nothing of it is recorded.
    pub(crate) fn append(
        &mut self,
        whose: Whose<'_>,
        request: Request,
        (verdict, status): (EntryVerdict, u16),
        known: Option<Assessment>,
    ) -> Result<Kept, Failure> {
        let entry = Entry {
            seq: self.journal.next_seq(),
            request,
            verdict,
            status,
        };
        let kept = match self.config.log.get() {
            Some(log) => log.append(&whose.line(Logged::Entry(Cow::Borrowed(&entry))).encode())?,
            None => Kept::Now,
        };
        self.push(entry);
        match (self.journal.entries().last(), known) {
            (Some(entry), Some(assessment)) => self.ledger.apply_assessed(entry, assessment),
            (Some(entry), None) => self.ledger.apply(entry),
            (None, _) => {}
        }
        let surplus = self.surplus();
        if surplus > 0 {
            self.drop_oldest(surplus);
            self.replay();
        }
        Ok(kept)
    }

    /// Takes in what a journal file has. The ledger knows of it as soon as all of it was [replayed](Self::replay).
    pub(crate) fn restore(&mut self, logged: Logged<'_>) {
        match logged {
            Logged::Entry(entry) => {
                self.push(entry.into_owned());
                self.drop_oldest(self.surplus());
            }
            Logged::Reset { .. } => self.forget(),
        }
    }

    /// Makes the ledger of the entries that are there.
    pub(crate) fn replay(&mut self) {
        self.ledger = Ledger::replay(self.config.ledger, self.journal.entries());
    }

    /// Empty again, except that fault numbers go on.
    pub(crate) fn reset(&mut self, whose: Whose<'_>, at: Timestamp) {
        if let Some(log) = self.config.log.get()
            && !self.journal.entries().is_empty()
        {
            log.append_at_last(&whose.line(Logged::Reset { at }).encode());
        }
        self.forget();
        self.faults.clear();
    }

    /// The one place where an entry comes in.
    fn push(&mut self, mut entry: Entry) {
        self.headers.share(&mut entry.request.headers);
        self.cost += self.config.keep.map_or(0, |keep| keep.cost(&entry));
        self.journal.push(entry);
    }

    /// The one place where entries go. What is made of them has to be made anew.
    fn drop_oldest(&mut self, count: usize) {
        if let Some(keep) = self.config.keep {
            let dropped = &self.journal.entries()[..count];
            self.cost -= dropped.iter().map(|entry| keep.cost(entry)).sum::<u64>();
        }
        self.journal.drop_oldest(count);
        if count > 0 {
            self.headers = SharedHeaders::default();
        }
    }

    /// How many of the oldest entries are more than is to be kept.
    fn surplus(&self) -> usize {
        let keep = self.config.keep;
        keep.map_or(0, |keep| keep.surplus(self.journal.entries(), self.cost))
    }

    fn forget(&mut self) {
        self.journal = Journal::new();
        self.ledger = Ledger::new(self.config.ledger);
        self.headers = SharedHeaders::default();
        self.cost = 0;
    }
}

impl<'a> Whose<'a> {
    fn line(self, logged: Logged<'a>) -> Line<'a> {
        Line {
            project: self.project.map(Cow::Borrowed),
            namespace: self.namespace.map(Cow::Borrowed),
            logged,
        }
    }
}

/// The headers that came lately, so that the same of a sender are kept once.
#[derive(Debug, Default)]
struct SharedHeaders(HashSet<Headers, foldhash::fast::RandomState>);

impl SharedHeaders {
    /// More kinds are hardly the same again and again: of a sender that numbers its requests, say.
    const MOST: usize = 4096;

    /// Nor are longer ones, and they would be kept here.
    const LONGEST: usize = 2048;

    fn share(&mut self, headers: &mut Headers) {
        if headers.bytes() > Self::LONGEST {
            return;
        }
        if let Some(known) = self.0.get(headers) {
            *headers = known.clone();
            return;
        }
        if self.0.len() == Self::MOST {
            self.0.clear();
        }
        self.0.insert(headers.clone());
    }
}
