//! What each verdict of the journal makes count.

use attribution_ledger::{EntryVerdict, Journal, Ledger, LedgerConfig, assess};

use crate::support::{at, request};

/// Nobody's name, a time that can't be read, and a real user: denied, but readable in part.
const HALF_GOOD: &str = r#"{"user_id":"u","timestamp":"yesterday","event":"Order Completed","properties":"none"}"#;

fn ledger(verdict: EntryVerdict, body: &str) -> Ledger {
    let mut journal = Journal::new();
    journal.append(request(0, "/track", body), verdict, 200);
    Ledger::replay(LedgerConfig::default(), journal.entries())
}

#[test]
fn a_refused_request_counts_for_nothing_but_its_violations_are_listed() {
    let ledger = ledger(EntryVerdict::Refused, HALF_GOOD);
    assert!(ledger.conversions().is_empty() && ledger.visitors().is_empty());
    let violations = ledger.violations();
    let listed: Vec<_> = violations.iter().map(|row| (row.rule, row.request)).collect();
    assert_eq!(listed, [("ATT005", 1), ("ATT008", 1)]);
}

#[test]
fn an_ignored_request_leaves_no_trace() {
    let ledger = ledger(EntryVerdict::Ignored, HALF_GOOD);
    assert!(ledger.violations().is_empty() && ledger.visitors().is_empty());
}

#[test]
fn a_lenient_server_records_what_can_be_read() {
    let ledger = ledger(EntryVerdict::Recorded, HALF_GOOD);
    let conversions = ledger.conversions();
    assert_eq!(conversions.len(), 1);
    assert_eq!((conversions[0].at, conversions[0].properties.is_empty()), (at(0), true));
    assert_eq!(ledger.violations().len(), 2);
}

#[test]
fn a_recorded_request_about_nobody_is_only_flagged() {
    let ledger = ledger(
        EntryVerdict::Recorded,
        r#"{"user_id":null,"event":"Order refund","properties":{"revenue":-5}}"#,
    );
    assert!(ledger.conversions().is_empty() && ledger.visitors().is_empty());
    let violations = ledger.violations();
    let flagged: Vec<&str> = violations.iter().map(|row| row.rule).collect();
    assert_eq!(flagged, ["ATT014", "ATT015"]);
}

#[test]
fn violations_come_in_the_order_of_the_rules() {
    let assessment = assess(
        "/track",
        br#"{"colour":"red","context":5,"cookie_id":{},"timestamp":7,"properties":[],"event":""}"#,
    );
    let rules: Vec<&str> = assessment.violations.iter().map(|violation| violation.rule).collect();
    assert_eq!(
        rules,
        ["ATT002", "ATT004", "ATT005", "ATT008", "ATT009", "ATT017", "ATT018"]
    );
    assert!(assessment.is_denied());
}

#[test]
fn of_each_rule_that_a_request_breaks_a_hundred_places_are_listed_and_the_others_counted() {
    let message = r#"{"messageId":"m","type":"track","event":"x","userId":"u","context":5}"#;
    let body = format!(r#"{{"batch":[{}]}}"#, vec![message; 5000].join(","));
    let mut journal = Journal::new();
    journal.append(request(0, "/v1/import", &body), EntryVerdict::Recorded, 200);
    let ledger = Ledger::replay(LedgerConfig::default(), journal.entries());
    let violations = ledger.violations();
    // The second to the last message have the id of the first, which only recording them shows.
    for (rule, found) in [("ATT015", 5000), ("ATT018", 5000), ("ATT021", 4999)] {
        let of_rule: Vec<_> = violations.iter().filter(|row| row.rule == rule).collect();
        assert_eq!(of_rule.len(), 100, "{rule}");
        let (last, others) = of_rule.split_last().unwrap();
        assert!(others.iter().all(|row| row.more.is_none()), "{rule}");
        assert_eq!(last.more.map(u64::from), Some(found - 100), "{rule}");
    }
    assert!(serde_json::to_string(&violations).unwrap().contains(r#""more":4900"#));
    let few = format!(r#"{{"batch":[{message}]}}"#);
    let few = assess("/v1/import", few.as_bytes());
    assert!(few.violations.iter().all(|violation| violation.more.is_none()));
}
