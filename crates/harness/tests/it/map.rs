//! `harness map`.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use insta::assert_snapshot;
use test_support::snapshots;

use crate::command::{Printed, harness, run, run_with_input};

const OPTIONS: [&str; 5] = ["map", "--project-id", "demo-project", "--now", "2024-01-15T10:00:00Z"];

const MIXED: &str = r#"{"type":"track","userId":"user-1","event":"deal won","properties":{"revenue":4800.50}}
{"type":"track","userId":"user-1","event":"kept away","integrations":{"All":false}}

{"type":"track","userId":"user-1","event":7}
not json
{"type":"page","anonymousId":"anon-1","name":"Pricing","timestamp":"soon"}
"#;

#[test]
fn each_line_has_its_answer_in_order() {
    let Printed { code, stdout, stderr } = run_with_input(&OPTIONS, MIXED);
    assert_eq!((code, stderr.as_str()), (Some(2), ""));
    let _guard = snapshots("map");
    assert_snapshot!("mixed", stdout);
}

#[test]
fn the_credential_is_shown_on_request_only() {
    let track = r#"{"type":"track","userId":"user-1","event":"sign up"}"#;
    let shy = run_with_input(&OPTIONS, track).stdout;
    assert!(
        shy.contains(r#""Authorization":"[redacted]""#) && !shy.contains("ZGVtby"),
        "{shy}"
    );
    let open = run_with_input(&[&OPTIONS[..], &["--show-secrets"]].concat(), track).stdout;
    assert!(
        open.contains(r#""Authorization":"Basic ZGVtby1wcm9qZWN0Og==""#),
        "{open}"
    );
}

#[test]
fn without_ingest_the_mapping_itself_speaks() {
    let no_ids = r#"{"type":"track","event":"sign up"}"#;
    assert_eq!(run_with_input(&OPTIONS, no_ids).code, Some(2));
    let Printed { code, stdout, .. } = run_with_input(&[&OPTIONS[..], &["--no-ingest"]].concat(), no_ids);
    assert_eq!(code, Some(0));
    assert!(stdout.contains(r#""event":"sign up""#), "{stdout}");
}

#[test]
fn a_missing_project_id_is_asked_for_in_segments_words() {
    let Printed { code, stderr, .. } = run(&["map"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains(r#"setting "projectId" is required"#), "{stderr}");
    assert_eq!(run(&["map", "--project-id", " "]).code, Some(2));
}

#[test]
fn a_file_that_can_not_be_read_is_exit_code_three() {
    let Printed { code, stderr, .. } = run(&["map", "--project-id", "demo", "no-such-file.ndjson"]);
    assert_eq!(code, Some(3));
    assert!(stderr.contains("no-such-file.ndjson"), "{stderr}");
}

#[test]
fn an_unknown_dialect_is_answered_with_the_known_ones() {
    let Printed { code, stderr, .. } = run(&["map", "--project-id", "demo", "--dialect", "Classic"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("classic"), "{stderr}");
}

#[test]
fn an_answer_does_not_wait_for_the_next_line() {
    let mut child = harness()
        .args(OPTIONS)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for number in 1..=3 {
        writeln!(input, r#"{{"type":"track","userId":"user-1","event":"sign up"}}"#).unwrap();
        let mut answer = String::new();
        output.read_line(&mut answer).unwrap();
        assert!(
            answer.starts_with(&format!(r#"{{"line":{number},"verdict":"send""#)),
            "{answer}"
        );
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}
