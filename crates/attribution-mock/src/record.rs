use attribution_ledger::{Assessment, Entry, EntryVerdict, Journal, Ledger, LedgerConfig, Request};

use crate::faults::FaultTable;
use crate::index::Index;
use crate::news::News;
use crate::tally::Tally;

/// All that changes in a mock.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) journal: Journal,
    /// Always what a replay of the journal would be.
    pub(crate) ledger: Ledger,
    /// What each entry of the journal is about.
    pub(crate) index: Index,
    pub(crate) tally: Tally,
    pub(crate) news: News,
    pub(crate) faults: FaultTable,
}

impl Record {
    pub(crate) fn new(config: LedgerConfig) -> Self {
        Self {
            journal: Journal::new(),
            ledger: Ledger::new(config),
            index: Index::default(),
            tally: Tally::default(),
            news: News::new(),
            faults: FaultTable::default(),
        }
    }

    /// Journals a request and lets the ledger see it. The assessment is of this very request, where there is one.
    pub(crate) fn append(&mut self, request: Request, verdict: EntryVerdict, status: u16, known: Option<Assessment>) {
        let entry = self.journal.append(request, verdict, status);
        let mut assessment = known.unwrap_or_else(|| entry.request.assess());
        let named = std::mem::take(&mut assessment.mentions);
        self.ledger.apply_assessed(entry, assessment);
        let violations = self.ledger.violations_on_arrival(entry.seq);
        self.index.push(entry, &named, violations);
        self.tally.count(entry, violations);
        self.news.arrived(entry.seq);
    }

    /// The entry of that number.
    pub(crate) fn entry(&self, seq: u64) -> Option<&Entry> {
        let entries = self.journal.entries();
        let place = entries.binary_search_by_key(&seq, |entry| entry.seq).ok()?;
        entries.get(place)
    }

    /// Empty again, except that fault numbers go on, and who waits for news still does.
    pub(crate) fn reset(&mut self, config: LedgerConfig) {
        self.journal = Journal::new();
        self.ledger = Ledger::new(config);
        self.index = Index::default();
        self.tally = Tally::default();
        self.faults.clear();
        self.news.reset();
    }
}
