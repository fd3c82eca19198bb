//! An id counts once.

use attribution_ledger::{EntryVerdict, Journal, Ledger, LedgerConfig};
use serde_json::{Value, json};

use crate::support::{Story, request};

fn track(id: &str, event: &str) -> Value {
    json!({ "messageId": id, "timestamp": "2024-01-15T10:00:00Z", "userId": "u", "type": "track", "event": event })
}

fn batch(messages: &[Value]) -> Value {
    json!({ "batch": messages })
}

/// The events that count, with the number of the request that brought each.
fn counted(ledger: &Ledger) -> Vec<(String, u64)> {
    let rows = ledger.conversions().into_iter();
    rows.map(|row| (row.event, row.request)).collect()
}

fn flagged(ledger: &Ledger) -> Vec<(&'static str, String, u64)> {
    let rows = ledger.violations().into_iter();
    rows.map(|row| (row.rule, row.pointer, row.request)).collect()
}

#[test]
fn a_message_that_is_sent_again_counts_once_and_is_flagged() {
    let ledger = Story::default()
        .post(0, "/v1/t", &track("msg-1", "A"))
        .post(1, "/v1/t", &track("msg-1", "A"))
        .ledger();
    assert_eq!(counted(&ledger), [("A".to_owned(), 1)]);
    assert_eq!(flagged(&ledger), [("ATT021", "/messageId".to_owned(), 2)]);
    assert_eq!(
        ledger.violations()[0].message,
        r#""msg-1" was recorded with request 1 and counts once"#
    );
}

#[test]
fn an_id_counts_once_inside_a_batch_and_across_wires() {
    let ledger = Story::default()
        .post(0, "/v1/t", &track("msg-1", "A"))
        .post(
            1,
            "/v1/import",
            &batch(&[track("msg-1", "A"), track("msg-2", "C"), track("msg-2", "D")]),
        )
        .ledger();
    assert_eq!(counted(&ledger), [("A".to_owned(), 1), ("C".to_owned(), 2)]);
    let place = |rule, pointer: &str| (rule, pointer.to_owned(), 2);
    assert_eq!(
        flagged(&ledger),
        [
            place("ATT021", "/batch/0/messageId"),
            place("ATT040", "/batch/2/messageId")
        ]
    );
}

#[test]
fn what_was_refused_has_used_up_no_id() {
    let mut journal = Journal::new();
    let body = batch(&[track("msg-1", "A")]).to_string();
    for verdict in [EntryVerdict::Refused, EntryVerdict::Ignored, EntryVerdict::Recorded] {
        journal.append(request(0, "/v1/import", &body), verdict, 200);
    }
    let ledger = Ledger::replay(LedgerConfig::default(), journal.entries());
    assert_eq!(counted(&ledger), [("A".to_owned(), 3)]);
    assert!(ledger.violations().is_empty());
}

#[test]
fn messages_without_an_id_count_each_time() {
    let nameless = json!({ "timestamp": "2024-01-15T10:00:00Z", "userId": "u", "type": "track", "event": "A" });
    let ledger = Story::default()
        .post(0, "/v1/t", &nameless)
        .post(1, "/v1/t", &nameless)
        .ledger();
    assert_eq!(counted(&ledger).len(), 2);
    let rules: Vec<&str> = flagged(&ledger).into_iter().map(|(rule, _, _)| rule).collect();
    assert_eq!(rules, ["ATT022", "ATT022", "ATT041"]);
}

#[test]
fn a_repeated_identify_or_alias_changes_nothing() {
    let identify = json!({ "messageId": "1", "userId": "u", "type": "identify", "traits": { "plan": "pro" } });
    let alias = json!({ "messageId": "2", "userId": "v", "previousId": "u", "type": "alias" });
    let story = |times: usize| {
        (0..times).fold(Story::default(), |story, _| {
            story.post(0, "/v1/i", &identify).post(1, "/v1/a", &alias)
        })
    };
    let (once, twice) = (story(1).ledger(), story(2).ledger());
    assert_eq!((once.identities(), once.merges()), (twice.identities(), twice.merges()));
    assert_eq!(once.visitors(), twice.visitors());
}

#[test]
fn what_only_the_ledger_can_tell_stands_among_the_rest_in_the_order_of_the_rules() {
    let mut odd = track("msg-1", "A");
    odd["type"] = json!("Track");
    odd["messageId"] = json!("msg-2");
    let nameless = json!({ "type": "track", "userId": "u", "event": "B", "timestamp": "2024-01-15T10:00:00Z" });
    let ledger = Story::default()
        .post(0, "/v1/t", &track("msg-1", "A"))
        .post(
            1,
            "/v1/import",
            &batch(&[odd, nameless, track("msg-1", "A"), json!({ "type": "group" })]),
        )
        .ledger();
    let rules: Vec<&str> = ledger.violations().iter().map(|row| row.rule).collect();
    assert_eq!(
        rules,
        ["ATT002", "ATT015", "ATT021", "ATT022", "ATT022", "ATT024", "ATT028"]
    );
}
