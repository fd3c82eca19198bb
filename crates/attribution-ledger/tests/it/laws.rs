//! What holds for any journal.

use attribution_ledger::{
    AttributionReport, Dialect, Entry, EntryVerdict, Headers, Journal, Ledger, LedgerConfig, Level, Request, Route,
    assess, assess_browser, rules,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::generate::{
    actions_request, any_json, batch, call_with_ids, journal, journal_of, message, message_with_an_id, path, received,
};
use crate::support::at;

const GAP_MINUTES: i64 = 30;

/// Everything but the violations.
fn projections(report: AttributionReport) -> AttributionReport {
    AttributionReport {
        violations: Vec::new(),
        ..report
    }
}

/// The same without the numbers of requests.
fn unnumbered(report: AttributionReport) -> Value {
    let mut rows = serde_json::to_value(projections(report)).expect("rows are serialisable");
    forget_requests(&mut rows);
    rows
}

fn forget_requests(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(forget_requests),
        Value::Object(fields) => {
            fields.remove("request");
            fields.values_mut().for_each(forget_requests);
        }
        _ => {}
    }
}

fn broken_rules(report: &AttributionReport) -> Vec<&'static str> {
    let mut rules: Vec<&str> = report.violations.iter().map(|violation| violation.rule).collect();
    rules.sort_unstable();
    rules
}

/// Assesses and applies it, and looks at everything there is to see.
fn take_everything(path: &str, browser: bool, body: &[u8]) {
    let mut journal = Journal::new();
    let request = Request {
        received_at: at(0),
        path: path.to_owned().into(),
        browser,
        headers: Headers::default(),
        encoding: None,
        body: body.into(),
    };
    let entry = journal.append(request, EntryVerdict::Recorded, 200);
    let _ = serde_json::to_string(&entry.row(Vec::new()));
    let ledger = Ledger::replay(LedgerConfig::default(), [entry]);
    let _ = serde_json::to_string(&ledger.report());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn no_bytes_make_it_panic(path in path(), browser in any::<bool>(), body in proptest::collection::vec(any::<u8>(), 0..120)) {
        take_everything(&path, browser, &body);
    }

    #[test]
    fn no_json_makes_it_panic(path in path(), browser in any::<bool>(), body in any_json()) {
        take_everything(&path, browser, body.to_string().as_bytes());
    }

    #[test]
    fn no_batch_makes_it_panic(messages in proptest::collection::vec(any_json(), 0..4)) {
        let (path, body) = batch(&messages);
        take_everything(&path, false, body.to_string().as_bytes());
    }

    #[test]
    fn what_is_accepted_has_a_hit_unless_it_is_about_nobody(path in path(), body in any_json()) {
        // These two dialects may say nothing at all, and then a warning tells what is missing.
        let says_something = |route: Route| !matches!(route.dialect(), Dialect::Import | Dialect::Browser);
        prop_assume!(Route::of_path(&path).is_none_or(says_something));
        let body = body.to_string();
        let assessment = assess(&path, body.as_bytes());
        let about_nobody = assessment.violations.iter().any(|violation| violation.rule == "ATT014");
        prop_assert!(!assessment.messages.is_empty() || assessment.is_denied() || about_nobody, "{:?}", assessment);
    }

    #[test]
    fn nothing_that_a_browser_sends_is_passed_over_in_silence(path in path(), body in any_json()) {
        let body = body.to_string();
        let assessment = assess_browser(&path, body.as_bytes());
        prop_assert!(!assessment.messages.is_empty() || !assessment.violations.is_empty());
    }

    #[test]
    fn a_message_says_the_same_from_a_browser_as_by_way_of_actions(message in prop_oneof![message(), message_with_an_id()]) {
        let (path, message) = actions_request(message);
        let mut from_a_browser = message.clone();
        from_a_browser["projectId"] = json!("demo-project");
        prop_assume!(Route::of_browser(&path).is_some());
        let (message, from_a_browser) = (message.to_string(), from_a_browser.to_string());
        let by_way_of_actions = assess(&path, message.as_bytes()).messages;
        prop_assert_eq!(&assess_browser(&path, from_a_browser.as_bytes()).messages, &by_way_of_actions);
        let short = path.trim_start_matches("/v1");
        prop_assert_eq!(&assess(short, from_a_browser.as_bytes()).messages, &by_way_of_actions);
    }

    #[test]
    fn a_story_told_by_a_browser_makes_the_same_rows_as_by_way_of_actions(
        messages in proptest::collection::vec((message_with_an_id(), 0..200_i64), 0..20),
    ) {
        let (mut actions, mut browser) = (Journal::new(), Journal::new());
        for (message, minutes) in messages {
            let posted = actions_request(message);
            if Route::of_browser(&posted.0).is_some() {
                let request = received(minutes, &posted);
                actions.append(request.clone(), EntryVerdict::Recorded, 200);
                browser.append(Request { browser: true, ..request }, EntryVerdict::Recorded, 200);
            }
        }
        let report = |journal: &Journal| Ledger::replay(LedgerConfig::default(), journal.entries()).report();
        prop_assert_eq!(projections(report(&browser)), projections(report(&actions)));
    }

    #[test]
    fn no_message_of_a_batch_is_passed_over_in_silence(
        messages in proptest::collection::vec(prop_oneof![message(), any_json()], 0..5),
    ) {
        let (path, body) = batch(&messages);
        let body = body.to_string();
        let assessment = assess(&path, body.as_bytes());
        prop_assert!(!messages.is_empty() || assessment.is_denied());
        for index in 0..messages.len() {
            let read = assessment.messages.iter().any(|message| message.index == Some(index));
            let place = format!("/batch/{index}");
            let told = assessment.violations.iter().any(|violation| violation.pointer.starts_with(&place));
            prop_assert!(read || told, "{place}: {:?}", assessment);
        }
    }

    #[test]
    fn a_batch_is_as_many_batches_of_one(messages in proptest::collection::vec(message_with_an_id(), 1..8), minutes in 0..200_i64) {
        let (mut whole, mut one_by_one) = (Journal::new(), Journal::new());
        whole.append(received(minutes, &batch(&messages)), EntryVerdict::Recorded, 200);
        for message in messages {
            one_by_one.append(received(minutes, &batch(&[message])), EntryVerdict::Recorded, 200);
        }
        let report = |journal: &Journal| Ledger::replay(LedgerConfig::default(), journal.entries()).report();
        let (whole, one_by_one) = (report(&whole), report(&one_by_one));
        prop_assert_eq!(broken_rules(&whole), broken_rules(&one_by_one));
        prop_assert_eq!(unnumbered(whole), unnumbered(one_by_one));
    }

    #[test]
    fn replay_equals_applying_one_by_one(journal in journal()) {
        let replayed = Ledger::replay(LedgerConfig::default(), journal.entries());
        let mut one_by_one = Ledger::default();
        for entry in journal.entries() {
            // A server looks while it goes on: looking must not change anything.
            let _ = one_by_one.report();
            one_by_one.apply_assessed(entry, entry.request.assess());
        }
        prop_assert_eq!(replayed.report(), one_by_one.report());
    }

    #[test]
    fn a_rule_that_is_off_is_left_out_and_nothing_else_changes(journal in journal(), rule in proptest::sample::select(rules::all())) {
        let (mut on, mut off) = (LedgerConfig::default(), LedgerConfig::default());
        prop_assert!(rule.off.is_none() || on.rules.set(rule, Level::Warn).is_ok());
        prop_assert!(off.rules.set(rule, Level::Off).is_ok());
        let mut expected = Ledger::replay(on, journal.entries()).report();
        expected.violations.retain(|violation| violation.rule != rule.id);
        prop_assert_eq!(Ledger::replay(off, journal.entries()).report(), expected);
    }

    #[test]
    fn violations_are_in_the_order_of_arrival_and_then_of_the_rules(journal in journal()) {
        let violations = Ledger::replay(LedgerConfig::default(), journal.entries()).violations();
        prop_assert!(violations.is_sorted_by_key(|violation| (violation.request, violation.rule)));
    }

    #[test]
    fn a_journal_that_was_written_and_read_makes_the_same_ledger(journal in journal()) {
        let read = Journal::decode(journal.encode().as_bytes()).unwrap();
        let report = |entries: &[Entry]| Ledger::replay(LedgerConfig::default(), entries).report();
        prop_assert_eq!(report(read.entries()), report(journal.entries()));
        prop_assert_eq!(read, journal);
    }

    #[test]
    fn visits_partition_the_page_views(journal in journal()) {
        let report = Ledger::replay(LedgerConfig::default(), journal.entries()).report();
        let counted: u64 = report.visits.iter().map(|visit| visit.page_views).sum();
        prop_assert_eq!(counted, u64::try_from(report.page_views.len()).unwrap());
        for visit in &report.visits {
            let landing = (visit.request, visit.started_at, &visit.visitor, &visit.url);
            prop_assert!(report.page_views.iter().any(|view| (view.request, view.at, &view.visitor, &view.url) == landing));
            prop_assert!(visit.started_at <= visit.ended_at);
            let longest = i64::try_from(visit.page_views).unwrap() * GAP_MINUTES * 60;
            prop_assert!(visit.ended_at.as_second() - visit.started_at.as_second() < longest);
        }
    }

    #[test]
    fn what_is_counted_is_as_many_as_there_are_rows(journal in journal()) {
        let ledger = Ledger::replay(LedgerConfig::default(), journal.entries());
        let (counts, report) = (ledger.counts(), ledger.report());
        let counted = [counts.page_views, counts.conversions, counts.merges];
        prop_assert_eq!(counted, [report.page_views.len(), report.conversions.len(), report.merges.len()]);
    }

    #[test]
    fn visitors_account_for_everything(journal in journal()) {
        let ledger = Ledger::replay(LedgerConfig::default(), journal.entries());
        let report = ledger.report();
        let sum = |count: fn(&attribution_ledger::Visitor) -> u64| report.visitors.iter().map(count).sum::<u64>();
        prop_assert_eq!(sum(|visitor| visitor.page_views), u64::try_from(report.page_views.len()).unwrap());
        prop_assert_eq!(sum(|visitor| visitor.visits), u64::try_from(report.visits.len()).unwrap());
        prop_assert_eq!(sum(|visitor| visitor.conversions), u64::try_from(report.conversions.len()).unwrap());
        for visitor in &report.visitors {
            prop_assert_eq!(ledger.resolve(&visitor.visitor), Some(visitor.visitor.clone()));
            prop_assert!(visitor.first_seen <= visitor.last_seen);
        }
        let named = report.page_views.iter().map(|view| &view.visitor).chain(report.conversions.iter().map(|row| &row.visitor));
        for name in named {
            prop_assert!(report.visitors.iter().any(|visitor| visitor.visitor == *name));
        }
    }
}

proptest! {
    // Three replays and reports a case.
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_carries_ids_counts_once_however_often_it_is_sent(journal in journal_of(call_with_ids())) {
        let once = Ledger::replay(LedgerConfig::default(), journal.entries());
        let each_twice = journal.entries().iter().flat_map(|entry| [entry, entry]);
        let each_twice = Ledger::replay(LedgerConfig::default(), each_twice);
        let all_twice = Ledger::replay(LedgerConfig::default(), journal.entries().iter().chain(journal.entries()));
        prop_assert_eq!(projections(each_twice.report()), projections(once.report()));
        prop_assert_eq!(projections(all_twice.report()), projections(once.report()));
    }
}
