//! `harness send`: outcomes, their order, dead letters, and what can't be used.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;

use serde_json::Value;

use crate::command::{Printed, deaf_port, run, run_with_input};
use crate::serve::Serving;

/// A folder of one test's own, gone when the test is over.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("harness-send-{test}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(crate) fn file(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What can't be removed is the system's to remove.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Sends this input there, as the project that `Serving` expects.
fn send(address: &str, options: &[&str], input: &str) -> Printed {
    let to = format!("http://{address}");
    let arguments = [&["send", "--project-id", "demo-project", "--to", &to][..], options].concat();
    run_with_input(&arguments, input)
}

pub(crate) fn track(user: &str, event: &str) -> String {
    format!(r#"{{"type":"track","userId":"{user}","event":"{event}","timestamp":"2024-01-15T10:00:00Z"}}"#)
}

/// The lines of standard output.
pub(crate) fn outcomes(stdout: &str) -> Vec<Value> {
    stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn results(printed: &Printed) -> Vec<String> {
    let outcomes = outcomes(&printed.stdout);
    outcomes
        .iter()
        .map(|outcome| outcome["result"].as_str().unwrap().to_owned())
        .collect()
}

/// Answers every request the same, each on a connection of its own.
fn answering(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for stream in listener.incoming() {
            answer_once(&mut stream.unwrap(), answer);
        }
    });
    address
}

fn answer_once(stream: &mut TcpStream, answer: &str) {
    let mut request = Vec::new();
    while !request.ends_with(b"}") {
        let mut some = [0; 4096];
        let read = stream.read(&mut some).unwrap();
        request.extend_from_slice(&some[..read]);
    }
    let length = answer.len();
    write!(
        stream,
        "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{answer}"
    )
    .unwrap();
}

const MIXED: &str = r#"{"type":"track","userId":"user-1","event":"deal won","properties":{"revenue":4800.50}}
{"type":"track","userId":"user-1","event":"kept away","integrations":{"All":false}}

{"type":"track","userId":"user-1","event":7}
not json
{"type":"identify","anonymousId":"anon-1","userId":"user-2","traits":{"email":"ada@example.com"}}
"#;

#[test]
fn each_line_has_its_outcome_in_order() {
    let server = Serving::start(&[]);
    server.ask(
        "POST",
        "/__admin/faults",
        r#"{"path":"/identify","respond":503,"times":1}"#,
    );
    let printed = send(&server.address, &[], MIXED);
    assert_eq!(printed.code, Some(2));
    assert_eq!(printed.stderr, "5 events: 2 delivered, 1 skipped, 2 invalid in TIME\n");
    let told = outcomes(&printed.stdout);
    let lines: Vec<&Value> = told.iter().map(|outcome| &outcome["line"]).collect();
    assert_eq!(lines, [1, 2, 4, 5, 6]);
    let begins = [
        r#"{"line":1,"result":"delivered","status":200,"attempts":1,"elapsed_ms":"#,
        r#"{"line":2,"result":"skipped","reason":"FILTERED_BY_INTEGRATIONS_OBJECT","detail":"integrations.All is false"#,
        r#"{"line":4,"result":"invalid","errors":[{"code":"event_not_string","pointer":"/event","message":"#,
        r#"{"line":5,"result":"invalid","errors":[{"code":"invalid_json","pointer":"","message":"#,
        r#"{"line":6,"result":"delivered","status":200,"attempts":2,"elapsed_ms":"#,
    ];
    for (line, begin) in printed.stdout.lines().zip(begins) {
        assert!(line.starts_with(begin), "{line}");
    }
    assert!(server.ask("GET", "/__admin/conversions", "").contains("4800.50"));
}

#[test]
fn what_is_no_event_is_told_in_the_same_words_as_by_map() {
    let server = Serving::start(&[]);
    let errors = |printed: Printed| -> Vec<Value> {
        let told = outcomes(&printed.stdout);
        told.iter()
            .map(|outcome| outcome["errors"].clone())
            .filter(|errors| !errors.is_null())
            .collect()
    };
    let sent = errors(send(&server.address, &[], MIXED));
    assert_eq!(sent.len(), 2);
    assert_eq!(sent, errors(run_with_input(&["map", "--project-id", "demo"], MIXED)));
}

#[test]
fn a_slow_line_holds_up_the_lines_after_it_and_not_their_events() {
    let server = Serving::start(&[]);
    server.ask(
        "POST",
        "/__admin/faults",
        r#"{"path":"/identify","delay":"400ms","times":1}"#,
    );
    let slow = r#"{"type":"identify","userId":"slow","traits":{"plan":"pro"}}"#;
    let events = (0..2_000).map(|number| track(&format!("user-{}", number % 50), "Tried"));
    let input: Vec<String> = std::iter::once(slow.to_owned()).chain(events).collect();
    let printed = send(&server.address, &["-"], &input.join("\n"));
    assert_eq!(printed.code, Some(0), "{}", printed.stderr);
    assert_eq!(printed.stderr, "2001 events: 2001 delivered in TIME\n");
    let told = outcomes(&printed.stdout);
    assert!(told.iter().zip(1..).all(|(outcome, line)| outcome["line"] == line));
    assert!(told[0]["elapsed_ms"].as_u64() >= Some(400), "{}", told[0]);
    let requests = server.ask("GET", "/__admin/requests", "");
    let identified = requests.find("\"plan\"").unwrap();
    assert!(requests[identified..].contains("Tried"), "others are sent meanwhile");
}

#[test]
fn dead_letters_can_be_sent_again() {
    let folder = Folder::new("dead-letters");
    let dead = folder.file("dead.ndjson");
    let input = [
        &track("user-1", "first"),
        "not json",
        r#"{"type":"group","userId":"user-1","groupId":"g"}"#,
        &format!("  {} \r", track("user-1", "second")),
    ]
    .join("\n");
    let elsewhere = answering("no");
    let printed = send(&elsewhere, &["--dead-letters", &dead], &input);
    assert_eq!(results(&printed), ["rejected", "invalid", "skipped", "rejected"]);
    let kept = format!("{}\n{}\n", track("user-1", "first"), track("user-1", "second"));
    assert_eq!(fs::read_to_string(&dead).unwrap(), kept);

    let again = send(&elsewhere, &["--dead-letters", &dead], &track("user-2", "third"));
    assert_eq!(again.code, Some(1), "what is there already is kept");
    let server = Serving::start(&[]);
    let printed = send(&server.address, &[&dead], "");
    assert_eq!(
        (printed.code, results(&printed)),
        (Some(0), vec!["delivered".to_owned(); 3])
    );
    let conversions = server.ask("GET", "/__admin/conversions", "");
    assert!(
        ["first", "second", "third"]
            .iter()
            .all(|event| conversions.contains(event)),
        "{conversions}"
    );
}

#[test]
fn a_dead_letter_keeps_the_time_that_was_filled_in() {
    let folder = Folder::new("filled-in");
    let dead = folder.file("dead.ndjson");
    let untimed = r#"{"type":"track","userId":"user-1","event":"sign up"}"#;
    send(&answering("no"), &["--dead-letters", &dead], untimed);
    let kept = fs::read_to_string(&dead).unwrap();
    let begin = untimed.trim_end_matches('}');
    assert!(kept.starts_with(&format!(r#"{begin},"timestamp":"2"#)), "{kept}");
}

#[test]
fn a_last_line_without_its_end_swallows_no_dead_letter() {
    let folder = Folder::new("last-line");
    let dead = folder.file("dead.ndjson");
    fs::write(&dead, track("user-1", "first")).unwrap();
    send(&answering("no"), &["--dead-letters", &dead], &track("user-1", "second"));
    let kept = format!("{}\n{}\n", track("user-1", "first"), track("user-1", "second"));
    assert_eq!(fs::read_to_string(&dead).unwrap(), kept);
}

#[test]
fn the_dead_letters_may_not_be_what_is_read() {
    let folder = Folder::new("same-file");
    let dead = folder.file("dead.ndjson");
    let event = track("user-1", "first");
    fs::write(&dead, &event).unwrap();
    let roundabout = Path::new(&dead)
        .parent()
        .unwrap()
        .join("./dead.ndjson")
        .display()
        .to_string();
    let printed = send("127.0.0.1:1", &[&dead, "--dead-letters", &roundabout], "");
    assert_eq!(printed.code, Some(2));
    assert!(printed.stderr.contains("name another file"), "{}", printed.stderr);
    assert_eq!(fs::read_to_string(&dead).unwrap(), event);
}

#[test]
fn nobody_at_the_endpoint_expires_the_event_after_its_window() {
    let folder = Folder::new("dead-port");
    let dead = folder.file("dead.ndjson");
    let (_held, address) = deaf_port();
    let event = track("user-1", "sign up");
    let options = ["--retry-window", "1s", "--seed", "1", "--dead-letters", &dead];
    let printed = send(&address.to_string(), &options, &event);
    assert_eq!(printed.code, Some(1));
    assert_eq!(printed.stderr, "1 event: 1 expired in TIME\n");
    let told = &outcomes(&printed.stdout)[0];
    assert_eq!(told["result"], "expired");
    assert_eq!(told["reason"], "connection refused: nothing listens at the endpoint");
    // The default window would last for hours.
    assert!(told["elapsed_ms"].as_u64() <= Some(60_000), "{told}");
    assert_eq!(fs::read_to_string(&dead).unwrap(), event + "\n");
}

#[test]
fn a_rejection_is_told_with_the_answer_and_without_the_project_id() {
    let answer = r#"{"error":"unknown project demo-project","got":"Basic ZGVtby1wcm9qZWN0Og=="}"#;
    let printed = send(&answering(answer), &[], &track("user-1", "sign up"));
    assert_eq!(printed.code, Some(1));
    let told = &outcomes(&printed.stdout)[0];
    assert_eq!((&told["result"], &told["attempts"]), (&"rejected".into(), &1.into()));
    assert_eq!(told["reason"], "answered 400 Bad Request");
    assert_eq!(
        told["answer"],
        r#"{"error":"unknown project [redacted]","got":"Basic [redacted]"}"#
    );
    let shown = printed.stdout + &printed.stderr;
    assert!(!shown.contains("demo-project") && !shown.contains("ZGVtby"), "{shown}");
}

#[test]
fn options_decide_what_counts_as_an_event_and_what_is_sent() {
    let server = answering("no");
    let input = r#"{"type":"screen","userId":"user-1","name":"Home"}
{"type":"track","event":"without an id"}"#;
    let printed = send(&server, &[], input);
    assert_eq!(
        (printed.code, results(&printed)),
        (Some(2), vec!["skipped".to_owned(), "invalid".to_owned()])
    );
    let printed = send(&server, &["--screens", "--no-ingest"], input);
    assert_eq!(
        (printed.code, results(&printed)),
        (Some(1), vec!["rejected".to_owned(); 2])
    );
}

#[test]
fn what_can_not_be_used_is_said_before_anything_is_sent() {
    let folder = Folder::new("unusable");
    let garbage = folder.file("garbage.pem");
    fs::write(&garbage, "garbage").unwrap();
    let to = ["--project-id", "demo-project", "--to", "http://127.0.0.1:1"];
    let cases: [(&[&str], i32, &str); 9] = [
        (&["--project-id", "demo-project"], 2, "--to <URL>"),
        (&to[2..], 2, r#"setting "projectId" is required"#),
        (
            &["--project-id", "demo-project", "--to", "localhost:7070"],
            2,
            "write http://localhost:7070",
        ),
        (
            &["--project-id", "demo-project", "--to", "https://demo-project:@host"],
            2,
            "endpoint contains credentials",
        ),
        (&[&to[..], &["--timeout", "0s"]].concat(), 2, "give at least 1ms"),
        (&[&to[..], &["--retry-window", "4"]].concat(), 2, "30s"),
        (
            &[&to[..], &["--ca-file", &garbage]].concat(),
            2,
            "-----BEGIN CERTIFICATE-----",
        ),
        (&[&to[..], &["no-such-file.ndjson"]].concat(), 3, "no-such-file.ndjson"),
        (
            &[&to[..], &["--dead-letters", "no-such-folder/dead"]].concat(),
            3,
            "no-such-folder/dead",
        ),
    ];
    for (options, code, says) in cases {
        let Printed {
            code: ended,
            stdout,
            stderr,
        } = run(&[&["send"], options].concat());
        assert_eq!((ended, stdout.as_str()), (Some(code), ""), "{options:?}: {stderr}");
        assert!(
            stderr.contains(says) && !stderr.contains("demo-project"),
            "{options:?}: {stderr}"
        );
    }
}
