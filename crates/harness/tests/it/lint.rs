//! `harness lint`.

use serde_json::Value;
use test_support::snapshots;

use crate::command::{Printed, run, run_with_input};

const EVENTS: &str = r#"{"type":"page","anonymousId":"anon-1","name":"Pricing"}
{"type":"track","userId":"user-1","event":"Order Completed","properties":{"total":40}}
{"type":"track","event":"x"}

no event
{"type":"track","userId":"u","event":"x","integrations":{"All":false}}
{"type":"identify","userId":"user-1","messageId":"m-1","timestamp":"2024-01-15T09:00:00Z"}
{"type":"identify","userId":"user-1","messageId":"m-1","timestamp":"2024-01-15T09:00:00Z"}
"#;

/// A message that nothing is to be said about.
const SOUND: &str = r#"{"type":"identify","userId":"user-1","messageId":"m-1","timestamp":"2024-01-15T09:00:00Z"}"#;

fn lint(options: &[&str], events: &str) -> Printed {
    run_with_input(&[&["lint", "--now", "2024-01-15T10:00:00Z"], options].concat(), events)
}

#[test]
fn every_finding_is_told_once_with_its_count_and_places() {
    let printed = lint(&[], EVENTS);
    assert_eq!((printed.code, printed.stderr.as_str()), (Some(2), ""));
    let _guard = snapshots("lint");
    insta::assert_snapshot!("findings", printed.stdout);
}

#[test]
fn in_json_it_is_one_object() {
    let printed = lint(&["--format", "json", "-"], EVENTS);
    let lint: Value = serde_json::from_str(&printed.stdout).unwrap();
    assert_eq!(
        (&lint["messages"], &lint["invalid"], &lint["skipped"]),
        (&7.into(), &2.into(), &1.into())
    );
    let weights: Vec<&str> = lint["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|found| found["weight"].as_str())
        .collect();
    assert_eq!((weights[0], *weights.last().unwrap()), ("error", "note"));
}

#[test]
fn the_exit_code_says_what_the_worst_is() {
    assert_eq!(lint(&["--deny-warnings"], SOUND).code, Some(0));
    let numeric = r#"{"type":"track","userId":"user-1","event":"Order Completed","messageId":"m","timestamp":"2024-01-15T09:00:00Z","properties":{"revenue":"$4"}}"#;
    assert_eq!(lint(&[], numeric).code, Some(0));
    assert_eq!(lint(&["--deny-warnings"], numeric).code, Some(1));
    assert_eq!(lint(&["--rule", "revenue-not-a-number=deny"], numeric).code, Some(1));
    let quiet = [
        "--deny-warnings",
        "--rule",
        "revenue-not-a-number=off",
        "--rule",
        "unlinked-conversion=off",
    ];
    let printed = lint(&quiet, numeric);
    assert_eq!(
        (printed.code, printed.stdout.as_str()),
        (
            Some(0),
            "1 event: 1 would be recorded; 0 kinds of errors, 0 kinds of warnings\n"
        )
    );
    assert_eq!(
        lint(&["--deny-warnings"], "").stdout,
        "0 events; 0 kinds of errors, 0 kinds of warnings\n"
    );
}

#[test]
fn what_can_not_be_read_is_said() {
    let missing = run(&["lint", "no-such.ndjson"]);
    assert_eq!((missing.code, missing.stdout.as_str()), (Some(3), ""));
    assert!(
        missing.stderr.starts_with("error: can't read no-such.ndjson: "),
        "{}",
        missing.stderr
    );
    let unknown = run(&["lint", "--rule", "ATT999=off"]);
    assert_eq!(unknown.code, Some(2));
    assert!(
        unknown.stderr.contains("there is no rule `ATT999`"),
        "{}",
        unknown.stderr
    );
}
