use attribution_ledger::{
    AttributionReport, Conversion, Entry, EntryRow, Identity, Ledger, Merge, PageView, RecordedViolation, Visit,
    Visitor,
};

use crate::mock::Mock;

/// What Attribution makes of what was received, as of now.
impl Mock {
    /// Every request, as people look at it.
    pub fn requests(&self) -> Vec<EntryRow> {
        self.entries().iter().map(Entry::row).collect()
    }

    /// Every page and screen view, by time.
    pub fn page_views(&self) -> Vec<PageView> {
        self.with_ledger(Ledger::page_views)
    }

    /// The sessions of page views, by time.
    pub fn visits(&self) -> Vec<Visit> {
        self.with_ledger(Ledger::visits)
    }

    /// Everyone who was identified.
    pub fn identities(&self) -> Vec<Identity> {
        self.with_ledger(Ledger::identities)
    }

    /// Every event that is no page view, by time.
    pub fn conversions(&self) -> Vec<Conversion> {
        self.with_ledger(Ledger::conversions)
    }

    /// Every alias that names both ids, in the order of arrival.
    pub fn merges(&self) -> Vec<Merge> {
        self.with_ledger(Ledger::merges)
    }

    /// Everyone, known or anonymous, by the time they were first seen.
    pub fn visitors(&self) -> Vec<Visitor> {
        self.with_ledger(Ledger::visitors)
    }

    /// Every broken rule, in the order of arrival.
    pub fn violations(&self) -> Vec<RecordedViolation> {
        self.with_ledger(Ledger::violations)
    }

    /// All of these at one moment, requests aside.
    pub fn report(&self) -> AttributionReport {
        self.with_ledger(Ledger::report)
    }
}
