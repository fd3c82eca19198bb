//! `harness explain`.

use attribution_ledger::rules;
use serde_json::Value;
use test_support::snapshots;

use crate::command::{run, run_with_input};

#[test]
fn a_rule_is_explained_by_its_id_and_by_its_name() {
    let _guard = snapshots("explain");
    let by_id = run(&["explain", "ATT012"]);
    assert_eq!((by_id.code, by_id.stderr.as_str()), (Some(0), ""));
    assert_eq!(run(&["explain", "Alias-Without-Previous-Id"]).stdout, by_id.stdout);
    insta::assert_snapshot!("warns", by_id.stdout);
    insta::assert_snapshot!("denies", run(&["explain", "missing-identity"]).stdout);
    insta::assert_snapshot!("looks_at_the_record", run(&["explain", "unlinked-conversion"]).stdout);
    insta::assert_snapshot!("off", run(&["explain", "membership-without-identity"]).stdout);
}

#[test]
fn without_a_rule_all_are_listed() {
    let printed = run(&["explain"]);
    assert_eq!(printed.code, Some(0));
    let _guard = snapshots("explain");
    insta::assert_snapshot!("all", printed.stdout);
}

#[test]
fn in_json_every_rule_is_a_line_that_says_everything() {
    let printed = run(&["explain", "--format", "json"]);
    let lines: Vec<Value> = printed
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let ids: Vec<&str> = lines.iter().filter_map(|line| line["id"].as_str()).collect();
    assert_eq!(ids, rules::all().iter().map(|rule| rule.id).collect::<Vec<_>>());
    let one = run(&["explain", "ATT002", "--format", "json"]).stdout;
    assert_eq!(one.trim_end(), printed.stdout.lines().nth(1).unwrap());
    let _guard = snapshots("explain");
    insta::assert_snapshot!("json", one);
}

#[test]
fn a_rule_that_there_is_not_is_exit_code_two_with_the_nearest() {
    let printed = run(&["explain", "page-without-uri"]);
    assert_eq!((printed.code, printed.stdout.as_str()), (Some(2), ""));
    assert_eq!(
        printed.stderr,
        "error: there is no rule `page-without-uri`; did you mean `page-without-url`?\n"
    );
    let printed = run(&["explain", "banana"]);
    assert_eq!(
        printed.stderr,
        "error: there is no rule `banana`; `harness explain` lists every rule\n"
    );
}

const EVENTS: &str = r#"{"type":"page","anonymousId":"anon-1","name":"Pricing","properties":{"url":"https://shop.example/pricing?utm_source=google"},"integrations":{"All":true}}
{"type":"track","userId":"user-1","anonymousId":"anon-1","event":"Ada's Order","properties":{"revenue":"$1,000.50","on":"2024-01-15"}}
{"type":"track","event":"x"}
{"type":"track","userId":"u","event":"x","integrations":{"All":false,"attribution":true}}
{"type":"alias","userId":"customer-1","previousId":"user-1"}
{"type":"alias","userId":"customer-1","previousId":"user-1"}
{"type":"page","userId":"u","timestamp":"yesterday"}
"#;

/// What is said of events that are received at a certain time.
fn explain(options: &[&str], events: &str) -> crate::command::Printed {
    let now = ["explain", "-", "--now", "2024-01-15T10:00:00Z"];
    run_with_input(&[&now, options].concat(), events)
}

#[test]
fn events_are_walked_from_the_ingest_to_what_attribution_records() {
    let printed = explain(&[], EVENTS);
    assert_eq!((printed.code, printed.stderr.as_str()), (Some(2), ""));
    let _guard = snapshots("explain");
    insta::assert_snapshot!("events", printed.stdout);
}

#[test]
fn in_json_an_event_is_a_line_with_every_stage_that_it_reached() {
    let printed = explain(&["--format", "json", "--dialect", "import"], EVENTS);
    let lines: Vec<Value> = printed
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 7);
    assert_eq!(lines[1]["effect"]["conversions"][0]["event"], "Ada's Order");
    assert_eq!(lines[2]["ingest"]["rejections"][0]["code"], "no_user_anon_id");
    assert_eq!((&lines[2]["filter"], &lines[2]["answer"]), (&Value::Null, &Value::Null));
    assert_eq!(lines[3]["filter"]["reason"], "FILTERED_BY_INTEGRATIONS_OBJECT");
    assert_eq!(lines[4]["ingest"]["assigned_message_id"], "msg-0005");
    assert_eq!(lines[4]["effect"]["merges"][0]["into"], "customer-1");
    let _guard = snapshots("explain");
    insta::assert_snapshot!("event_json", printed.stdout.lines().nth(1).unwrap());
}

#[test]
fn an_event_that_would_be_refused_is_exit_code_one_and_names_the_rule() {
    let event = EVENTS.lines().nth(1).unwrap();
    let refused = explain(&["--rule", "ATT032=deny"], event);
    assert_eq!(refused.code, Some(1), "{}", refused.stdout);
    let end: Vec<&str> = refused.stdout.lines().rev().take(2).collect();
    assert!(end[1].ends_with("answer   400, refused"), "{end:?}");
    assert!(
        end[0].contains("denied by ATT032 revenue-not-a-number at /properties/revenue"),
        "{end:?}"
    );
    assert_eq!(explain(&[], event).code, Some(0));
}

#[test]
fn the_command_that_is_shown_has_the_body_and_not_the_project_id() {
    let printed = explain(&[], EVENTS.lines().nth(1).unwrap());
    let curl = printed.stdout.lines().find(|line| line.contains("curl")).unwrap();
    assert!(
        curl.contains(r#"-u "$ATTRIBUTION_PROJECT_ID:" https://track.attributionapp.com/track"#),
        "{curl}"
    );
    assert!(curl.contains(r"Ada'\''s Order"), "{curl}");
    assert!(!printed.stdout.contains("demo-project"), "{}", printed.stdout);
}

#[test]
fn what_holds_no_events_is_told_with_its_place_and_what_to_write() {
    for (input, told) in [
        (
            "{\"type\":\"track\",\n \"userId\" 1}",
            "<stdin>:2:11: expected `:`: write one Segment event after the other",
        ),
        (
            "",
            "<stdin>: there is no event in it; write one such as {\"type\":\"track\"",
        ),
    ] {
        let printed = explain(&[], input);
        assert_eq!((printed.code, printed.stdout.as_str()), (Some(2), ""));
        assert!(
            printed.stderr.starts_with(&format!("error: {told}")),
            "{}",
            printed.stderr
        );
    }
    let missing = run(&["explain", "no-such/event.json"]);
    assert_eq!((missing.code, missing.stdout.as_str()), (Some(3), ""));
    assert!(
        missing.stderr.starts_with("error: can't read no-such/event.json: "),
        "{}",
        missing.stderr
    );
}
