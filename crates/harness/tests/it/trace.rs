//! `harness trace`.

use serde_json::Value;
use test_support::{snapshots, workspace_root};

use crate::command::run;
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
