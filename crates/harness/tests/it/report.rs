//! `harness report`.

use std::fs;

use serde_json::Value;
use test_support::{snapshots, workspace_root};

use crate::command::{Printed, deaf_port, run};
use crate::scratch::Scratch;
use crate::serve::Serving;

const JOURNAL: &str = "fixtures/report/journal.ndjson";
const OWN: [&str; 4] = [
    "--channels",
    "fixtures/report/channels.yaml",
    "--spend",
    "fixtures/report/spend.csv",
];

fn report(arguments: &[&str]) -> Printed {
    run(&[&["report", JOURNAL][..], arguments].concat())
}

/// The report of a journal that has this text.
fn report_of(name: &str, text: &[u8], arguments: &[&str]) -> Printed {
    let file = std::env::temp_dir().join(format!("harness-report-{name}-{}", std::process::id()));
    fs::write(&file, text).unwrap();
    let printed = run(&[&["report", &file.display().to_string()][..], arguments].concat());
    fs::remove_file(&file).unwrap();
    printed
}

#[test]
fn a_journal_is_reported_in_every_format() {
    let _guard = snapshots("report");
    for format in ["table", "csv", "json", "ndjson", "markdown"] {
        let printed = report(&[&OWN[..], &["--format", format]].concat());
        assert_eq!((printed.code, printed.stderr.as_str()), (Some(0), ""), "{format}");
        insta::assert_snapshot!(format, printed.stdout);
    }
}

#[test]
fn models_stand_side_by_side_and_cohorts_by_their_days() {
    let _guard = snapshots("report");
    let by = [
        "--by",
        "day,channel,filter",
        "--model",
        "first-touch",
        "--model",
        "position:30/5/30/5/30",
        "--format",
        "csv",
    ];
    insta::assert_snapshot!("models", report(&[&OWN[..], &by].concat()).stdout);
    insta::assert_snapshot!("cohort", report(&[&OWN[..], &["--cohort", "4"]].concat()).stdout);
}

#[test]
fn a_running_server_reports_what_its_journal_does() {
    let file = std::env::temp_dir().join(format!("harness-report-served-{}", std::process::id()));
    fs::copy(workspace_root().join(JOURNAL), &file).unwrap();
    // Lines of a journal without a project are nobody's in particular, so the server is told that they are its project's.
    let text = fs::read_to_string(&file).unwrap();
    fs::write(
        &file,
        text.replace("{\"version\":1,", "{\"version\":1,\"project\":\"demo-project\","),
    )
    .unwrap();
    let server = Serving::start(&["--journal", &file.display().to_string()]);
    for arguments in [
        &["--model", "markov"][..],
        &["--project-id", "demo-project", "--company"],
    ] {
        let asked = run(&[&["report", &server.url][..], arguments].concat());
        assert_eq!((asked.code, asked.stderr.as_str()), (Some(0), ""));
        let arguments: Vec<&str> = arguments
            .iter()
            .copied()
            .filter(|word| !word.contains("project"))
            .collect();
        assert_eq!(asked.stdout, report(&arguments).stdout);
    }
    let stranger = run(&["report", &server.url, "--project-id", "nobody"]);
    assert_eq!(stranger.code, Some(3));
    assert!(stranger.stderr.contains(" answered 404: "), "{}", stranger.stderr);
    drop(server);
    fs::remove_file(&file).unwrap();
}

#[test]
fn bad_input_is_told_and_nothing_is_reported() {
    let journal = fs::read(workspace_root().join(JOURNAL)).unwrap();
    let newer = String::from_utf8(journal.clone())
        .unwrap()
        .replacen("\"version\":1", "\"version\":2", 1);
    let printed = report_of("newer", newer.as_bytes(), &[]);
    assert_eq!((printed.code, printed.stdout.as_str()), (Some(2), ""));
    assert!(
        printed
            .stderr
            .contains("line 1 of the journal is no entry: its version is 2"),
        "{}",
        printed.stderr
    );

    let spend = std::env::temp_dir().join(format!("harness-report-spend-{}", std::process::id()));
    fs::write(&spend, "date,channel,spend,currency\n2024-01-15,Google Ads,-5,EUR\n").unwrap();
    let printed = report(&["--spend", &spend.display().to_string()]);
    fs::remove_file(&spend).unwrap();
    assert_eq!((printed.code, printed.stdout.as_str()), (Some(2), ""));
    for said in [
        ":2:4: the spend is in EUR and the report in USD",
        ":2:3: `-5` is negative",
    ] {
        assert!(printed.stderr.contains(said), "{}", printed.stderr);
    }

    for (arguments, said) in [
        (["--model", "liner"], "did you mean `linear`?"),
        (["--by", "chanel"], "did you mean `channel`?"),
        (["--currency", "euro"], "its three letters in ISO 4217"),
        (["--look-back", "90"], "write whole days or hours"),
        (["--direct", "no"], "write include, exclude or exclude-after:EVENT"),
    ] {
        let printed = report(&arguments);
        assert_eq!(printed.code, Some(2), "{arguments:?}");
        assert!(printed.stderr.contains(said), "{}", printed.stderr);
    }
}

#[test]
fn days_are_those_of_the_offset_that_is_asked_for() {
    let days = |arguments: &[&str]| -> Vec<String> {
        let printed = report(&[&["--by", "day", "--format", "ndjson"], arguments].concat());
        assert_eq!((printed.code, printed.stderr.as_str()), (Some(0), ""));
        let rows = printed
            .stdout
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        rows.filter_map(|row| row["day"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(days(&[])[0], "2024-01-15");
    assert_eq!(days(&["--utc-offset", "+00:00"]), days(&[]));
    assert_eq!(days(&["--utc-offset", "+14:00"])[0], "2024-01-16");
    assert_eq!(days(&["--utc-offset", "-10:01"])[0], "2024-01-14");
    assert_eq!(days(&["--utc-offset", "-10:01", "--to", "2024-01-14"]), ["2024-01-14"]);
    let wrong = report(&["--utc-offset", "+2"]);
    assert_eq!(wrong.code, Some(2));
    assert!(
        wrong
            .stderr
            .contains("from -12:00 to +14:00 with their sign, as in +02:00"),
        "{}",
        wrong.stderr
    );
}

#[test]
fn a_torn_tail_is_a_warning() {
    let journal = fs::read(workspace_root().join(JOURNAL)).unwrap();
    let printed = report_of("torn", &journal[..journal.len() - 20], &["--format", "json"]);
    assert_eq!(printed.code, Some(0));
    assert!(printed.stderr.starts_with("warning: line 10 of "), "{}", printed.stderr);
    let found: Value = serde_json::from_str(&printed.stdout).unwrap();
    assert_eq!(found["total"]["linear_revenue"].to_string(), "165.50");
}

#[test]
fn where_nobody_listens_it_could_not_run() {
    let (_socket, address) = deaf_port();
    let printed = run(&["report", &format!("http://{address}")]);
    assert_eq!((printed.code, printed.stdout.as_str()), (Some(3), ""));
    assert!(
        printed.stderr.starts_with("error: can't ask http://"),
        "{}",
        printed.stderr
    );
    let printed = run(&["report", "no/such/journal"]);
    assert_eq!(printed.code, Some(3));
    assert!(
        printed.stderr.starts_with("error: can't read no/such/journal: "),
        "{}",
        printed.stderr
    );
}

/// The rows of a report in JSON, models side by side, as an `expect` has them: below each other.
fn below_each_other(report: &Value, models: &[&str]) -> Vec<Value> {
    let apart = |row: &Value| -> Vec<Value> {
        let row = row.as_object().unwrap();
        let of = |model: &&str| {
            let prefix = format!("{}_", model.replace('-', "_"));
            let others = models.iter().filter(|other| *other != model);
            let others: Vec<String> = others.map(|other| format!("{}_", other.replace('-', "_"))).collect();
            let own = row
                .iter()
                .filter(|(key, _)| !others.iter().any(|other| key.starts_with(other.as_str())))
                .map(|(key, value)| (key.strip_prefix(&prefix).unwrap_or(key).to_owned(), value.clone()));
            Value::Object(own.chain([("model".to_owned(), Value::from(*model))]).collect())
        };
        models.iter().map(of).collect()
    };
    report["rows"].as_array().unwrap().iter().flat_map(apart).collect()
}

#[test]
fn a_scenario_sees_the_report_that_is_made_of_the_journal_of_the_same_events() {
    const EVENTS: &str = r#"{"type":"page","anonymousId":"a","timestamp":"2024-01-15T10:00:00Z","messageId":"m-1","properties":{"url":"https://shop.example/?utm_source=google&utm_campaign=Spring"}}
{"type":"page","anonymousId":"b","timestamp":"2024-01-15T11:00:00Z","messageId":"m-2","properties":{"url":"https://shop.example/"}}
{"type":"page","anonymousId":"a","timestamp":"2024-01-16T10:00:00Z","messageId":"m-3","properties":{"url":"https://shop.example/?utm_source=facebook"}}
{"type":"track","anonymousId":"a","userId":"u","timestamp":"2024-01-17T10:00:00Z","messageId":"m-4","event":"Order","properties":{"revenue":100.01}}
{"type":"track","userId":"nobody","timestamp":"2024-01-17T11:00:00Z","messageId":"m-5","event":"Order","properties":{"revenue":7}}
"#;
    const SPEND: &str = "date,channel,spend\n2024-01-15,Google Ads,30\n2024-01-16,Facebook,19.99\n";
    const MODELS: [&str; 2] = ["first-touch", "linear"];
    let scratch = Scratch::with(&[("events.ndjson", EVENTS), ("spend.csv", SPEND)]);
    let server = Serving::start(&["--journal", &scratch.typed("journal.ndjson")]);
    let to = ["--to", &server.url, "--project-id", "demo-project"];
    let sent = run(&[&["send", &scratch.typed("events.ndjson")][..], &to].concat());
    assert_eq!(sent.code, Some(0), "{}", sent.stderr);
    let (journal, spend) = (scratch.typed("journal.ndjson"), scratch.typed("spend.csv"));
    let asked = [
        "--by",
        "channel,campaign",
        "--model",
        MODELS[0],
        "--model",
        MODELS[1],
        "--format",
        "json",
    ];
    drop(server);
    let printed = run(&[&["report", &journal, "--spend", &spend][..], &asked].concat());
    assert_eq!(printed.code, Some(0), "{}", printed.stderr);
    let rows = below_each_other(&serde_json::from_str(&printed.stdout).unwrap(), &MODELS);
    assert!(rows.len() >= 8, "{rows:?}");
    let play = |rows: &[Value]| {
        let rows = serde_json::to_string(rows).unwrap();
        let scenario = format!(
            "spend: {{ file: spend.csv }}\nreport: {{ by: [channel, campaign], model: [first-touch, linear] }}\n\
             steps: [{{ file: events.ndjson }}]\nexpect: {{ report: {rows} }}\n"
        );
        scratch.write("scenario.yaml", &scenario);
        run(&["run", &scratch.typed("scenario.yaml")])
    };
    let played = play(&rows);
    assert_eq!(played.code, Some(0), "{}{}", played.stdout, played.stderr);
    // And no value of it is overlooked.
    for key in rows[0].as_object().unwrap().keys() {
        let mut changed = rows.clone();
        changed[0][key] = Value::from(123_456);
        let played = play(&changed);
        assert_eq!(played.code, Some(1), "{key}: {}{}", played.stdout, played.stderr);
    }
}

#[test]
fn a_server_shows_in_its_report_only_what_its_dashboard_does() {
    const EVENT: &str = r#"{"type":"track","userId":"u","messageId":"m-1","timestamp":"2024-01-15T10:00:00Z","event":"Order"}
"#;
    let scratch = Scratch::with(&[("events.ndjson", EVENT)]);
    for (arguments, rows) in [(&["--dashboard-delay", "1d..2d"][..], 0), (&[], 1)] {
        let server = Serving::start(arguments);
        let to = ["--to", &server.url, "--project-id", "demo-project"];
        let sent = run(&[&["send", &scratch.typed("events.ndjson")][..], &to].concat());
        assert_eq!(sent.code, Some(0), "{}", sent.stderr);
        let expected = format!(r#"{{"conversions": {{"count": 1}}, "report": {{"count": {rows}}}}}"#);
        let verdict = server.ask("POST", "/__admin/verify", &expected);
        assert!(verdict.contains(r#""passed":true"#), "{arguments:?}: {verdict}");
        let shown = |more: &[&str]| {
            let printed = run(&[&["report", &server.url, "--format", "json"][..], more].concat());
            let report: Value = serde_json::from_str(&printed.stdout).unwrap();
            (report["rows"].as_array().map(Vec::len), printed.stderr)
        };
        let (found, told) = shown(&[]);
        assert_eq!(found, Some(rows));
        let note =
            "note: 1 of 1 requests is not on the server's dashboard yet, by its --dashboard-delay: the next comes at ";
        assert_eq!(told.starts_with(note), rows == 0, "{told}");
        assert_eq!(shown(&["--no-delay"]), (Some(1), String::new()));
    }
    let refused = run(&["serve", "--dashboard-delay", "30m..15m"]);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.stderr.contains("it ends before it begins; swap the two"),
        "{}",
        refused.stderr
    );
}
