//! What holds for whatever was recorded.

use std::collections::BTreeMap;

use attribution_ledger::{AttributionReport, Entry, EntryVerdict, Journal, Ledger, LedgerConfig};

/// Holds a ledger to the entries that it is made of.
pub(crate) fn check(entries: &[Entry], ledger: &Ledger, config: LedgerConfig) {
    let report = ledger.report();
    assert_eq!(
        Ledger::replay(config, entries).report(),
        report,
        "the ledger is its journal's replay"
    );
    let text: String = entries.iter().map(|entry| entry.encode() + "\n").collect();
    let read = Journal::decode(text.as_bytes()).expect("what was written can be read");
    assert_eq!(read.entries(), entries, "the journal comes back as it was");
    for entry in entries {
        serde_json::to_string(&entry.row(Vec::new())).expect("a row is JSON");
    }
    serde_json::to_string(&report).expect("a report is JSON");
    adds_up(ledger, &report);
    is_of_what_counts(entries, &report);
}

/// Every page view is in one visit, and every row is some visitor's.
fn adds_up(ledger: &Ledger, report: &AttributionReport) {
    let in_visits: u64 = report.visits.iter().map(|visit| visit.page_views).sum();
    let of_visitors: u64 = report.visitors.iter().map(|visitor| visitor.page_views).sum();
    let there_are = report.page_views.len() as u64;
    assert_eq!(
        (in_visits, of_visitors),
        (there_are, there_are),
        "page views in visits, of visitors"
    );
    let converted: u64 = report.visitors.iter().map(|visitor| visitor.conversions).sum();
    assert_eq!(converted, report.conversions.len() as u64, "conversions of visitors");
    for visitor in &report.visitors {
        assert_eq!(ledger.resolve(&visitor.visitor).as_ref(), Some(&visitor.visitor));
        assert!(visitor.first_seen <= visitor.last_seen);
    }
    assert!(report.visits.iter().all(|visit| visit.started_at <= visit.ended_at));
}

/// Rows are made of recorded requests alone; violations of refused ones are listed, too.
fn is_of_what_counts(entries: &[Entry], report: &AttributionReport) {
    let verdicts: BTreeMap<u64, EntryVerdict> = entries.iter().map(|entry| (entry.seq, entry.verdict)).collect();
    let rows = (report.page_views.iter().map(|row| row.request))
        .chain(report.visits.iter().map(|row| row.request))
        .chain(
            report
                .identities
                .iter()
                .flat_map(|row| row.history.iter().map(|change| change.request)),
        )
        .chain(report.conversions.iter().map(|row| row.request))
        .chain(report.merges.iter().map(|row| row.request));
    for request in rows {
        assert_eq!(
            verdicts.get(&request),
            Some(&EntryVerdict::Recorded),
            "a row of request {request}"
        );
    }
    for violation in &report.violations {
        let verdict = verdicts.get(&violation.request);
        assert!(
            verdict.is_some_and(|verdict| *verdict != EntryVerdict::Ignored),
            "{violation:?}"
        );
    }
}
