//! `harness export`.

use std::fs;
use std::process::Command;

use serde_json::Value;
use test_support::{snapshots, workspace_root};

use crate::command::run;
use crate::scratch::Scratch;
use crate::serve::Serving;

const JOURNAL: &str = "fixtures/report/journal.ndjson";
const OWN: [&str; 4] = [
    "--channels",
    "fixtures/report/channels.yaml",
    "--spend",
    "fixtures/report/spend.csv",
];
const TABLES: [&str; 4] = ["visitors", "visits", "events", "spend"];

#[test]
fn every_table_is_written_in_both_formats() {
    let _guard = snapshots("export");
    let scratch = Scratch::new();
    for format in ["csv", "ndjson"] {
        let arguments = [
            "export",
            JOURNAL,
            "--to",
            &scratch.typed("new/folder"),
            "--format",
            format,
        ];
        let printed = run(&[&arguments[..], &OWN].concat());
        assert_eq!((printed.code, printed.stderr.as_str()), (Some(0), ""));
        assert_eq!(printed.stdout.lines().count(), TABLES.len());
        for table in TABLES {
            let file = format!("{table}.{format}");
            insta::assert_snapshot!(file.clone(), scratch.read(&format!("new/folder/{file}")));
        }
    }
    assert_eq!(fs::read_dir(scratch.path("new/folder")).unwrap().count(), 8);
}

#[test]
fn a_running_server_exports_what_its_journal_does() {
    let scratch = Scratch::new();
    let text = fs::read_to_string(workspace_root().join(JOURNAL)).unwrap();
    let owned = text.replace("{\"version\":1,", "{\"version\":1,\"project\":\"demo-project\",");
    scratch.write("journal", &owned);
    let server = Serving::start(&["--journal", &scratch.typed("journal")]);
    let asked = run(&["export", &server.url, "--to", &scratch.typed("asked")]);
    assert_eq!((asked.code, asked.stderr.as_str()), (Some(0), ""));
    drop(server);
    let read = run(&["export", JOURNAL, "--to", &scratch.typed("read")]);
    assert_eq!(read.code, Some(0));
    for table in ["visitors", "visits", "events"] {
        let text = scratch.read(&format!("read/{table}.csv"));
        assert_eq!(scratch.read(&format!("asked/{table}.csv")), text, "{table}");
    }
    assert!(!scratch.path("read/spend.csv").exists(), "nothing is known of spend");
}

#[test]
fn no_file_is_replaced_unless_it_is_asked_for() {
    let scratch = Scratch::with(&[("visits.csv", "mine")]);
    let arguments = ["export", JOURNAL, "--to", &scratch.typed("")];
    let printed = run(&arguments);
    assert_eq!((printed.code, printed.stdout.as_str()), (Some(2), ""));
    assert!(
        printed
            .stderr
            .contains("visits.csv; name another folder, or replace it with --force"),
        "{}",
        printed.stderr
    );
    assert_eq!(scratch.read("visits.csv"), "mine");
    assert!(!scratch.path("events.csv").exists());
    assert_eq!(run(&[&arguments[..], &["--force"]].concat()).code, Some(0));
    assert!(scratch.read("visits.csv").starts_with("id,user_id,"));
}

#[test]
fn what_can_not_be_written_leaves_nothing_behind() {
    let scratch = Scratch::with(&[("file", "no folder")]);
    let printed = run(&["export", JOURNAL, "--to", &scratch.typed("file/below")]);
    assert_eq!(printed.code, Some(3));
    assert!(
        printed.stderr.starts_with("error: can't make the folder "),
        "{}",
        printed.stderr
    );

    // The last table's name is taken by a folder, so that the tables before it must not appear either.
    fs::create_dir_all(scratch.path("to/events.csv")).unwrap();
    let printed = run(&["export", JOURNAL, "--to", &scratch.typed("to"), "--force"]);
    assert_eq!((printed.code, printed.stdout.as_str()), (Some(3), ""));
    assert!(printed.stderr.starts_with("error: can't write "), "{}", printed.stderr);
    assert_eq!(fs::read_dir(scratch.path("to")).unwrap().count(), 1);

    let printed = run(&["export", "no/such/journal", "--to", &scratch.typed("new")]);
    assert_eq!(printed.code, Some(3));
    assert!(!scratch.path("new").exists());
}

/// The recipe of the README.
const RECIPE: &str = "SELECT channel, count(*) AS visits, count(DISTINCT user_id) AS visitors
FROM read_csv('visits.csv', all_varchar = true) GROUP BY channel ORDER BY visits DESC, channel";

#[test]
fn duckdb_opens_an_export() {
    if Command::new("duckdb").arg("--version").output().is_err() {
        println!("skipped: there is no duckdb here to open the export with");
        return;
    }
    let scratch = Scratch::new();
    assert_eq!(run(&["export", JOURNAL, "--to", &scratch.typed("")]).code, Some(0));
    let output = Command::new("duckdb")
        .args(["-json", "-c", RECIPE])
        .current_dir(scratch.path(""))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let rows: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let visits: i64 = rows.iter().map(|row| row["visits"].as_i64().unwrap()).sum();
    assert_eq!(visits, 5);
}
