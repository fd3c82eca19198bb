use attribution_ledger::{Assessment, EntryVerdict, Journal, Ledger, LedgerConfig, Request};

use crate::faults::FaultTable;
use crate::news::News;

/// All that changes in a mock.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) journal: Journal,
    /// Always what a replay of the journal would be.
    pub(crate) ledger: Ledger,
    pub(crate) news: News,
    pub(crate) faults: FaultTable,
}

impl Record {
    pub(crate) fn new(config: LedgerConfig) -> Self {
        Self {
            journal: Journal::new(),
            ledger: Ledger::new(config),
            news: News::new(),
            faults: FaultTable::default(),
        }
    }

    /// Journals a request and lets the ledger see it. The assessment is of this very request, where there is one.
    pub(crate) fn append(&mut self, request: Request, verdict: EntryVerdict, status: u16, known: Option<Assessment>) {
        let entry = self.journal.append(request, verdict, status);
        match known {
            Some(assessment) => self.ledger.apply_assessed(entry, assessment),
            None => self.ledger.apply(entry),
        }
        self.news.arrived(entry.seq);
    }

    /// Empty again, except that fault numbers go on, and who waits for news still does.
    pub(crate) fn reset(&mut self, config: LedgerConfig) {
        self.journal = Journal::new();
        self.ledger = Ledger::new(config);
        self.faults.clear();
        self.news.reset();
    }
}
