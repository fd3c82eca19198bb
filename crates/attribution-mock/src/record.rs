use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use attribution_ledger::{
    Assessment, Entry, EntryVerdict, Headers, Journal, Ledger, LedgerConfig, Line, Logged, Request,
};
use jiff::Timestamp;

use crate::faults::FaultTable;
use crate::index::Index;
use crate::journal::{Failure, Kept, Log};
use crate::keep::Keep;
use crate::news::News;
use crate::tally::Tally;

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
    /// What each entry of the journal is about, and which rules it was found to break when it arrived.
    pub(crate) index: Index,
    pub(crate) tally: Tally,
    pub(crate) news: News,
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
            index: Index::default(),
            tally: Tally::default(),
            news: News::new(),
            faults: FaultTable::default(),
            headers: SharedHeaders::default(),
            cost: 0,
            config,
        }
    }

    /// Journals a request and lets the ledger see it. The assessment is of this very request.
    ///
    /// Where the journal file doesn't take it, nothing of it is recorded.
    pub(crate) fn append(
        &mut self,
        whose: Whose<'_>,
        request: Request,
        (verdict, status): (EntryVerdict, u16),
        assessment: Assessment<'_>,
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
        if let Some(entry) = self.journal.entries().last() {
            take_in(&mut self.ledger, &mut self.index, entry, assessment);
            self.tally.count(entry, self.ledger.violations_on_arrival(entry.seq));
            self.news.arrived(entry.seq);
        }
        let surplus = self.surplus();
        if surplus > 0 {
            self.drop_oldest(surplus);
            self.ledger = Ledger::replay(self.config.ledger, self.journal.entries());
        }
        Ok(kept)
    }

    /// Takes in what a journal file has. The ledger and the index know of it as soon as all of it was
    /// [replayed](Self::replay).
    pub(crate) fn restore(&mut self, logged: Logged<'_>) {
        match logged {
            Logged::Entry(entry) => {
                self.push(entry.into_owned());
                self.drop_oldest(self.surplus());
            }
            Logged::Reset { .. } => self.forget(),
        }
    }

    /// Makes the ledger and the index of the entries that were restored.
    pub(crate) fn replay(&mut self) {
        for entry in self.journal.entries() {
            take_in(&mut self.ledger, &mut self.index, entry, entry.request.assess());
        }
        if let Some(last) = self.journal.entries().last() {
            self.news.arrived(last.seq);
        }
    }

    /// How the ledger reads what is received.
    pub(crate) fn ledger_config(&self) -> LedgerConfig {
        self.config.ledger
    }

    /// The entry of that number.
    pub(crate) fn entry(&self, seq: u64) -> Option<&Entry> {
        let entries = self.journal.entries();
        let place = entries.binary_search_by_key(&seq, |entry| entry.seq).ok()?;
        entries.get(place)
    }

    /// Empty again, except that fault numbers go on, and who waits for news still does.
    pub(crate) fn reset(&mut self, whose: Whose<'_>, at: Timestamp) {
        if let Some(log) = self.config.log.get()
            && !self.journal.entries().is_empty()
        {
            log.append_at_last(&whose.line(Logged::Reset { at }).encode());
        }
        self.forget();
        self.faults.clear();
        self.news.reset();
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
        self.index
            .drop_before(self.journal.entries().first().map_or(u64::MAX, |oldest| oldest.seq));
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
        self.index = Index::default();
        self.tally = Tally::default();
        self.headers = SharedHeaders::default();
        self.cost = 0;
    }
}

/// Lets ledger and index see an entry.
fn take_in(ledger: &mut Ledger, index: &mut Index, entry: &Entry, mut assessment: Assessment<'_>) {
    let named = std::mem::take(&mut assessment.mentions);
    ledger.apply_assessed(entry, assessment);
    index.push(entry, &named, ledger.violations_on_arrival(entry.seq));
}

impl<'a> Whose<'a> {
    pub(crate) fn line(self, logged: Logged<'a>) -> Line<'a> {
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
