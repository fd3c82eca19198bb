use std::sync::MutexGuard;
use std::time::Duration;

use expectation::{Expectations, Failure, Observed, Section};
use serde::Serialize;
use serde_json::{Map, Value};

use super::live_report::{Arrivals, SharedReport, rows_of};
use super::watch::{Look, Watch};
use crate::dashboard::dashboard;
use crate::mock::Mock;
use crate::record::Record;

/// Rows that are there, and are made readable when nothing waits for it any more.
type Rows = Box<dyn FnOnce() -> Vec<Value>>;

/// What can be claimed of what was received.
impl Mock {
    /// Holds an `expect` against what was received: every way in which it does not hold. Only the sections of which it
    /// speaks are looked up, all at one moment; those that only a sender knows have no rows here.
    ///
    /// ```
    /// use attribution_mock::{Mock, MockConfig};
    /// use expectation::{Expectations, Section};
    ///
    /// let mock = Mock::new(MockConfig::new(clock::Clock::system()));
    /// let none = Expectations::from_json(br#"{"conversions": {"count": 0}}"#, &Section::RECORDED)?;
    /// assert!(mock.check(&none).is_empty());
    /// # Ok::<(), expectation::json::Mistakes>(())
    /// ```
    pub fn check(&self, expectations: &Expectations) -> Vec<Failure> {
        let found: Vec<(Section, Rows)> = {
            let record = self.record();
            let found = |section| (section, self.look_up(&record, section));
            expectations.sections().map(found).collect()
        };
        let rows = found.into_iter().map(|(section, rows)| (section.as_str(), rows()));
        expectations.check(&Observed {
            sections: rows.collect(),
            deliveries: Map::new(),
            resolve: &|id| self.resolve(id),
        })
    }

    /// Whether what is watched for holds, told from what has come since the last look; all at one moment.
    pub(super) fn holds(&self, watch: &mut Watch<'_>) -> Look<()> {
        if watch.report().is_none() {
            drop(self.read_on(watch));
            return Look::at_news(watch.holds().then_some(()));
        }
        let begun = self.config().clock.elapsed();
        let mut shared = self.shared_report();
        while let Some(arrivals) = self.arrivals(&mut shared, watch) {
            shared.take_in(arrivals);
        }
        let clock = &self.config().clock;
        let costs_it_again = watch.report().is_some_and(|claim| claim.judge(&shared));
        let took = || clock.elapsed().saturating_sub(begun);
        Look {
            found: watch.holds().then_some(()),
            cost: if costs_it_again { took() } else { Duration::ZERO },
            due: watch.report().and_then(|claim| claim.due()),
        }
    }

    /// What the report is to take in next, once all that has come is taken in elsewhere: all at one moment.
    fn arrivals(&self, shared: &mut SharedReport, watch: &mut Watch<'_>) -> Option<Arrivals> {
        let record = self.read_on(watch);
        shared.news(&record, self.config().clock.now())
    }

    /// The record, when all that has come is taken in.
    pub(super) fn read_on(&self, watch: &mut Watch<'_>) -> MutexGuard<'_, Record> {
        loop {
            let record = self.record();
            let Some(news) = watch.news(&record) else {
                return record;
            };
            drop(record);
            watch.take_in(news);
        }
    }

    /// The rows of one section as an `expect` sees them; none of what only a sender knows.
    pub fn rows(&self, section: Section) -> Vec<Value> {
        let rows = self.look_up(&self.record(), section);
        rows()
    }

    /// Any id to the canonical visitor who owns it.
    pub(super) fn resolve(&self, id: &str) -> Option<String> {
        self.with_ledger(|ledger| ledger.resolve(id))
    }

    fn look_up(&self, record: &Record, section: Section) -> Rows {
        match section {
            Section::Report => {
                let config = self.config();
                let shown = dashboard(record, config.dashboard_delay, config.clock.now());
                Box::new(move || rows_of(shown))
            }
            _ => look_up(record, section),
        }
    }
}

fn look_up(record: &Record, section: Section) -> Rows {
    let ledger = &record.ledger;
    match section {
        Section::Visits => rows(ledger.visits()),
        Section::PageViews => rows(ledger.page_views()),
        Section::Identities => rows(ledger.identities()),
        Section::Conversions => rows(ledger.conversions()),
        Section::Merges => rows(ledger.merges()),
        Section::Visitors => rows(ledger.visitors()),
        Section::Violations => rows(ledger.violations()),
        Section::Requests => {
            let seqs: Vec<u64> = record.journal.entries().iter().map(|entry| entry.seq).collect();
            let shown = record.shown(&seqs);
            Box::new(move || shown.into_iter().map(|shown| value(&shown.row())).collect())
        }
        Section::Report | Section::Skips | Section::Rejections | Section::Deliveries => Box::new(Vec::new),
    }
}

fn rows<T: Serialize + 'static>(rows: Vec<T>) -> Rows {
    Box::new(move || rows.iter().map(value).collect())
}

/// A row as JSON.
pub(super) fn value<T: Serialize>(row: &T) -> Value {
    serde_json::to_value(row).expect("a row has string keys and finite numbers")
}
