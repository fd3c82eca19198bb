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
    assert!(stderr.contains("write classic, actions or import"), "{stderr}");
    let Printed { code, stderr, .. } = run(&["map", "--project-id", "demo", "--previous-id", "default"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("write mapped or preset"), "{stderr}");
}

const OF_EVERY_KIND: &str = r#"{"type":"track","messageId":"m-1","userId":"user-1","event":"deal won","properties":{"revenue":4800.50}}
{"type":"identify","anonymousId":"anon-1","userId":"user-1","context":{"traits":{"plan":"pro","anonymousId":"anon-1"}}}
{"type":"group","messageId":"","userId":"user-1","groupId":"account-1","originalTimestamp":"2024-01-15T09:00:00Z"}
{"type":"screen","messageId":null,"anonymousId":"anon-1","name":"Cart"}
{"type":"alias","messageId":"m-5","previousId":"user-1","userId":"customer-1"}
{"type":"alias","messageId":"m-6","from":"user-1","to":"customer-1"}
{"type":"track","userId":"user-1","event":"kept away","integrations":{"All":false,"Attribution":true}}
"#;

#[test]
fn every_dialect_has_its_own_requests() {
    let _guard = snapshots("map");
    for (dialect, code) in [("classic", 0), ("actions", 2), ("import", 0)] {
        let options = [&OPTIONS[..], &["--dialect", dialect]].concat();
        let printed = run_with_input(&options, OF_EVERY_KIND);
        assert_eq!((printed.code, printed.stderr.as_str()), (Some(code), ""));
        assert_snapshot!(dialect, printed.stdout);
    }
}

#[test]
fn without_ingest_no_message_id_is_assigned() {
    let without = r#"{"type":"identify","userId":"user-1"}"#;
    let bare = |dialect| {
        run_with_input(
            &[&OPTIONS[..], &["--no-ingest", "--dialect", dialect]].concat(),
            without,
        )
    };
    let Printed { code, stdout, .. } = bare("actions");
    assert_eq!(code, Some(2));
    assert!(
        stdout.contains(r#""code":"field_missing","pointer":"/messageId""#),
        "{stdout}"
    );
    let Printed { code, stdout, .. } = bare("import");
    assert_eq!(code, Some(0));
    assert!(
        stdout.contains(r#""body":{"batch":[{"type":"identify","userId":"user-1"}]}"#),
        "{stdout}"
    );
}

#[test]
fn the_default_preset_is_a_matter_of_actions() {
    let alias = r#"{"type":"alias","messageId":"m-1","previousId":"anon-1","userId":"user-1"}"#;
    let preset = ["--previous-id", "preset"];
    let mapped = run_with_input(&[&OPTIONS[..], &preset, &["--dialect", "actions"]].concat(), alias);
    assert_eq!(mapped.code, Some(0));
    assert!(
        !mapped.stdout.contains(r#""previousId":"#) && mapped.stdout.contains("alias_previous_id_not_mapped"),
        "{}",
        mapped.stdout
    );
    for dialect in ["classic", "import"] {
        for command in [
            &OPTIONS[..],
            &["send", "--project-id", "demo-project", "--to", "http://127.0.0.1:1"],
        ] {
            let refused = run_with_input(&[command, &preset, &["--dialect", dialect]].concat(), alias);
            assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""));
            assert!(
                refused.stderr.contains("write --dialect actions --previous-id preset"),
                "{}",
                refused.stderr
            );
        }
    }
}

#[test]
fn help_says_what_stands_in_for_a_missing_id() {
    let Printed { code, stdout, .. } = run(&["map", "--help"]);
    assert_eq!(code, Some(0));
    assert!(
        stdout.contains("msg-0001") && stdout.contains("For --dialect classic: send screen calls"),
        "{stdout}"
    );
}

#[test]
fn however_many_jobs_there_are_the_answers_are_the_same() {
    let padding = "x".repeat(700);
    let line = |number: usize| match number % 50 {
        7 => "not json\n".to_owned(),
        8 => "\r\n".to_owned(),
        _ => format!("{{\"type\":\"track\",\"userId\":\"user-{number}\",\"event\":\"{padding}\"}}\n"),
    };
    let input: String = (0..4_000).map(line).collect();
    let mapped = |jobs| run_with_input(&[&OPTIONS[..], &["--jobs", jobs]].concat(), &input);
    let one = mapped("1");
    assert_eq!((one.code, one.stdout.lines().count()), (Some(2), 3_920));
    let last = one.stdout.lines().last().unwrap();
    assert!(
        last.starts_with(r#"{"line":4000,"#) && last.contains("user-3999"),
        "{last}"
    );
    for jobs in ["2", "5"] {
        let many = mapped(jobs);
        assert_eq!((many.code, many.stderr), (Some(2), String::new()));
        assert!(many.stdout == one.stdout, "{jobs} jobs give other answers");
    }
}

#[test]
fn a_line_is_what_stands_between_line_ends() {
    let track = r#"{"type":"track","userId":"user-1","event":"sign up"}"#;
    let long = "x".repeat(1024 * 1024 + 1);
    for jobs in ["1", "3"] {
        let input = format!("\u{feff}{track}\r\n \n{long}\n{track}");
        let stdout = run_with_input(&[&OPTIONS[..], &["--jobs", jobs]].concat(), input).stdout;
        let lines: Vec<&str> = stdout.lines().collect();
        assert_eq!(lines.len(), 3, "{stdout}");
        assert!(lines[0].starts_with(r#"{"line":1,"verdict":"send""#), "{stdout}");
        assert!(lines[1].starts_with(r#"{"line":3,"verdict":"invalid","errors":[{"code":"line_too_long""#));
        assert!(lines[2].starts_with(r#"{"line":4,"verdict":"send""#), "{stdout}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn what_can_not_be_read_ends_it_with_exit_code_three() {
    // This can be opened, but not read where it begins.
    for jobs in ["1", "3"] {
        let arguments = [&OPTIONS[..], &["--jobs", jobs, "/proc/self/mem"]].concat();
        let Printed { code, stdout, stderr } = run(&arguments);
        assert_eq!((code, stdout.as_str()), (Some(3), ""));
        assert!(stderr.contains("can't read the events"), "{stderr}");
    }
}

#[test]
fn it_ends_when_nobody_reads_its_answers() {
    let track = "{\"type\":\"track\",\"userId\":\"user-1\",\"event\":\"sign up\"}\n".repeat(1_000);
    for jobs in ["1", "3"] {
        let mut child = harness()
            .args(OPTIONS)
            .args(["--jobs", jobs])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut input = child.stdin.take().unwrap();
        // The input never ends by itself: only the child can end this.
        while input.write_all(track.as_bytes()).is_ok() {}
        assert!(child.wait().unwrap().success());
    }
}

#[test]
fn an_answer_does_not_wait_for_the_next_line() {
    for jobs in ["1", "3"] {
        answers_come_at_once(jobs);
    }
}

fn answers_come_at_once(jobs: &str) {
    let mut child = harness()
        .args(OPTIONS)
        .args(["--jobs", jobs])
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
