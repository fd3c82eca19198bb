//! `harness scenario-from`.

use std::process::Command;

use crate::command::{Printed, run, run_with_input};
use crate::scratch::Scratch;

const EVENTS: &str = r#"{"type":"page","anonymousId":"anon-1","properties":{"url":"https://shop.example/?utm_source=google"},"timestamp":"2024-01-15T10:00:00Z"}

{"type":"identify","anonymousId":"anon-1","userId":"user-1","timestamp":"2024-01-15T10:05:00Z"}
{"type":"track","userId":"user-1","event":"Order Completed","properties":{"revenue":99.90},"timestamp":"2024-01-15T10:06:00Z"}
"#;

fn said(command: &mut Command) -> (Option<i32>, String, String) {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn events_become_a_scenario_that_passes() {
    let scratch = Scratch::with(&[("events.ndjson", EVENTS)]);
    let from = ["scenario-from", "events.ndjson", "-o", "sale.yaml"];
    let (code, stdout, stderr) = said(scratch.harness().args(from));
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert_eq!(stdout, "wrote sale.yaml, of 3 events\n\nnow: harness run sale.yaml\n");
    let text = scratch.read("sale.yaml");
    assert!(
        text.contains("name: events\nstart: \"2024-01-15T10:00:00Z\"\n"),
        "{text}"
    );
    assert!(text.contains("- wait: 5m\n"), "{text}");
    assert!(
        text.contains("conversions:\n    - { visitor: user-1, event: Order Completed, revenue: 99.9"),
        "{text}"
    );
    let (code, stdout, _) = said(scratch.harness().args(["run", "sale.yaml"]));
    assert_eq!(code, Some(0), "{stdout}");

    let (code, _, stderr) = said(scratch.harness().args(from));
    assert_eq!(code, Some(2));
    assert_eq!(
        stderr,
        "error: sale.yaml is there already: give --force to replace it, or name another file\n"
    );
    let (code, _, _) = said(scratch.harness().args(from).args(["--force", "--name", "A sale"]));
    assert_eq!(code, Some(0));
    assert!(scratch.read("sale.yaml").contains("name: A sale\n"));
}

#[test]
fn many_events_stay_in_their_file() {
    let line = |number| format!("{{\"type\":\"track\",\"userId\":\"u-{number}\",\"event\":\"Sale\"}}\n");
    let events: String = (0..201).map(line).collect();
    let scratch = Scratch::with(&[("recorded/events.ndjson", &events)]);
    let from = |output: &str| {
        let (code, stdout, stderr) =
            said(
                scratch
                    .harness()
                    .args(["scenario-from", "recorded/events.ndjson", "-o", output]),
            );
        assert_eq!(code, Some(0), "{stdout}{stderr}");
        scratch.read(output)
    };
    let beside = from("beside.yaml");
    assert!(
        beside.contains("steps:\n  - file: recorded/events.ndjson\nexpect:\n"),
        "{beside}"
    );
    assert!(beside.contains("conversions: { count: 201 }\n"), "{beside}");
    // A scenario reads nothing above its own folder.
    std::fs::create_dir(scratch.path("other")).unwrap();
    assert_eq!(from("other/apart.yaml").matches("  - track:").count(), 201);
    let (code, stdout, _) = said(scratch.harness().args(["run", "beside.yaml", "other/apart.yaml"]));
    assert_eq!(code, Some(0), "{stdout}");
}

#[test]
fn a_journal_becomes_the_scenario_that_sends_the_same() {
    let Printed { code, stdout, stderr } = run(&["scenario-from", "fixtures/report/journal.ndjson"]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert!(stdout.contains("  - page:\n      anonymousId: anon-1\n"), "{stdout}");
    let scratch = Scratch::with(&[("again.yaml", &stdout)]);
    let (code, stdout, _) = said(scratch.harness().args(["run", "again.yaml"]));
    assert_eq!(code, Some(0), "{stdout}");
}

#[test]
fn what_can_not_be_used_is_told_with_its_line() {
    let journal = r#"{"version":1,"seq":1,"project":"p","received_at":"2024-01-15T10:00:00Z","path":"/track","verdict":"recorded","status":200,"body":"{\"user_id\":\"u\",\"event\":\"Order\"}"}"#;
    let other = journal.replace("\"p\"", "\"q\"");
    for (input, options, expected) in [
        (
            "{\"type\":\"page\",\"userId\":\"u\"}\n\n{\"type\":\"pgae\"}\n",
            &[][..],
            "in standard input: line 3: no Segment call: its `type` is \"pgae\"; a `type` is one of page, identify, track, alias, screen and group",
        ),
        (
            "{\"type\":\"page\",\n",
            &[],
            "in standard input: line 1: not JSON: EOF while parsing a value at column 15",
        ),
        ("\n", &[], "in standard input: there is no event to make a scenario of"),
        (
            &format!("{journal}\n{other}\n"),
            &[],
            "in standard input: the journal is of 2 projects: say of which with --project-id",
        ),
        (
            journal,
            &["--project-id", "r"],
            "in standard input: the journal has no event of that project and namespace",
        ),
        (
            &format!("{journal}\n{{}}\n{journal}\n"),
            &[],
            "in standard input: line 2: no line of a journal: ",
        ),
        (
            "",
            &["--previous-id", "preset"],
            "--previous-id preset is of --dialect actions",
        ),
    ] {
        let printed = run_with_input(&[&["scenario-from", "-"], options].concat(), input);
        assert_eq!((printed.code, printed.stdout.as_str()), (Some(2), ""), "{input}");
        assert!(
            printed.stderr.starts_with(&format!("error: {expected}")),
            "{}",
            printed.stderr
        );
    }
    let torn = run_with_input(&["scenario-from", "-"], format!("{journal}\n{{\"vers"));
    assert_eq!(torn.code, Some(0));
    assert_eq!(
        torn.stderr,
        "warning: line 2 of standard input is torn, and counts for nothing\n"
    );
    assert_eq!(run(&["scenario-from", "none.ndjson"]).code, Some(3));
}
