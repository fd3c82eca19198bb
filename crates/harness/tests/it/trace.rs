//! `harness trace`.

use serde_json::Value;
use test_support::{snapshots, workspace_root};

use crate::command::run;
use crate::scratch::Scratch;
use crate::serve::Serving;

const JOURNAL: &str = "fixtures/report/journal.ndjson";

#[test]
fn a_path_is_shown_by_any_of_its_ids() {
    let _guard = snapshots("trace");
    let arguments = ["--model", "linear", "--model", "first-touch"];
    let printed = run(&[&["trace", "user-1", JOURNAL][..], &arguments].concat());
    assert_eq!((printed.code, printed.stderr.as_str()), (Some(0), ""));
    insta::assert_snapshot!("text", printed.stdout);
    let same = run(&[&["trace", "anon-1", JOURNAL][..], &arguments].concat());
    assert_eq!(same.stdout, printed.stdout);
}

#[test]
fn a_running_server_shows_what_its_journal_does() {
    let file = std::env::temp_dir().join(format!("harness-trace-served-{}", std::process::id()));
    let text = std::fs::read_to_string(workspace_root().join(JOURNAL)).unwrap();
    let owned = text.replace("{\"version\":1,", "{\"version\":1,\"project\":\"demo-project\",");
    std::fs::write(&file, owned).unwrap();
    let server = Serving::start(&["--journal", &file.display().to_string()]);
    let asked = run(&["trace", "user-2", &server.url, "--format", "json"]);
    drop(server);
    std::fs::remove_file(&file).unwrap();
    let read = run(&["trace", "user-2", JOURNAL, "--format", "json"]);
    assert_eq!((asked.code, &asked.stdout), (Some(0), &read.stdout));
    let found: Value = serde_json::from_str(&read.stdout).unwrap();
    let violations = found["violations"].as_array().unwrap();
    assert!(violations.iter().any(|one| one["request"] == 9), "{violations:?}");
}

#[test]
fn an_id_that_nobody_has_is_answered_with_the_nearest() {
    let printed = run(&["trace", "user-11", JOURNAL]);
    assert_eq!((printed.code, printed.stdout.as_str()), (Some(1), ""));
    let said = "error: nobody has the id `user-11`: the nearest ids are `user-1`, ";
    assert!(printed.stderr.starts_with(said), "{}", printed.stderr);
}

#[test]
fn each_id_tells_which_call_named_it_first_and_which_made_it_this_persons() {
    let calls = [
        (
            "/track",
            r#"{"cookie_id":"anon-1","event":"Loaded a Page","properties":{"url":"https://a.example/"}}"#,
        ),
        ("/identify", r#"{"cookie_id":"anon-1","user_id":"user-1","traits":{}}"#),
        ("/track", r#"{"user_id":"user-2","event":"Sign Up"}"#),
        ("/track", r#"{"user_id":"user-3","event":"Sign Up"}"#),
        ("/alias", r#"{"previous_id":"user-1","user_id":"user-2"}"#),
    ];
    let lines = (1..).zip(calls).map(|(number, (path, body))| {
        let line = serde_json::json!({
            "version": 1, "seq": number, "received_at": format!("2024-01-15T10:00:0{number}Z"), "path": path,
            "verdict": "recorded", "status": 200, "body": body,
        });
        format!("{line}\n")
    });
    let scratch = Scratch::with(&[("journal", &lines.collect::<String>())]);
    let printed = run(&["trace", "anon-1", &scratch.typed("journal"), "--format", "json"]);
    assert_eq!((printed.code, printed.stderr.as_str()), (Some(0), ""));
    let found: Value = serde_json::from_str(&printed.stdout).unwrap();
    let seen = |number: u64, call: &str| serde_json::json!({ "at": format!("2024-01-15T10:00:0{number}Z"), "request": number, "call": call });
    let joined = |number: u64, call: &str, with: &str| {
        let mut joined = seen(number, call);
        joined["with"] = with.into();
        joined
    };
    assert_eq!(
        found["origins"],
        serde_json::json!([
            { "id": "anon-1", "first_seen": seen(1, "page"), "joined": joined(2, "identify", "user-1") },
            { "id": "user-1", "first_seen": seen(2, "identify"), "joined": joined(2, "identify", "anon-1") },
            { "id": "user-2", "first_seen": seen(3, "track"), "joined": joined(5, "alias", "user-1") },
        ])
    );
    let text = run(&["trace", "user-2", &scratch.typed("journal")]).stdout;
    assert!(
        text.contains("  user-2: first seen 2024-01-15T10:00:03Z  #3  track; joined 2024-01-15T10:00:05Z  #5  alias, with user-1\n"),
        "{text}"
    );
}
