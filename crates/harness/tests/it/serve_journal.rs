//! `harness serve --journal` and `--keep`.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Mutex;
use std::thread;

use serde_json::Value;

use crate::command::run;
use crate::send::Folder;
use crate::serve::{Serving, TRACK};

fn read(server: &Serving, path: &str) -> Value {
    let answer = server.ask("GET", path, "");
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap()
}

/// Posts one event; whether it was answered.
fn post(address: &str, event: &str) -> bool {
    let Ok(mut stream) = TcpStream::connect(address) else {
        return false;
    };
    let body = TRACK.replace("sign up", event);
    let sent = write!(
        stream,
        "POST /track HTTP/1.1\r\nHost: {address}\r\nAuthorization: Basic ZGVtby1wcm9qZWN0Og==\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut answer = String::new();
    sent.is_ok() && stream.read_to_string(&mut answer).is_ok() && answer.starts_with("HTTP/1.1 200")
}

#[test]
fn a_killed_server_has_lost_nothing_that_it_answered() {
    let folder = Folder::new("journal-killed");
    let path = folder.file("journal.ndjson");
    let answered = Mutex::new(Vec::new());
    for (round, sync) in ["interval", "never", "always"].into_iter().enumerate() {
        let mut server = Serving::start(&["--journal", &path, "--journal-sync", sync]);
        let address = server.address.clone();
        thread::scope(|scope| {
            for sender in 0..8 {
                let (address, answered) = (&address, &answered);
                scope.spawn(move || {
                    for number in 0.. {
                        let event = format!("event {round} {sender} {number}");
                        if !post(address, &event) {
                            return;
                        }
                        answered.lock().unwrap().push(event);
                    }
                });
            }
            let enough = 100 * (round + 1);
            while answered.lock().unwrap().len() < enough {
                thread::yield_now();
            }
            // SIGKILL, in the middle of it all.
            server.child.kill().unwrap();
        });
        server.child.wait().unwrap();
    }
    let server = Serving::start(&["--journal", &path]);
    let rows = read(&server, "/__admin/requests")["requests"]
        .as_array()
        .unwrap()
        .clone();
    let numbers = rows.iter().map(|row| row["seq"].as_u64().unwrap());
    assert!(numbers.eq(1..=rows.len() as u64), "numbers have gone on");
    let there: Vec<&str> = rows.iter().map(|row| row["body"]["event"].as_str().unwrap()).collect();
    let answered = answered.into_inner().unwrap();
    assert!(answered.len() >= 300);
    for event in &answered {
        assert!(there.contains(&&**event), "{event} is lost");
    }
    assert!(post(&server.address, "the next"));
    let next = &read(&server, "/__admin/requests")["requests"][rows.len()];
    assert_eq!(
        (next["seq"].as_u64(), next["body"]["event"].as_str()),
        (Some(rows.len() as u64 + 1), Some("the next"))
    );
}

#[test]
fn a_torn_line_is_told_on_standard_error_and_the_server_serves() {
    let folder = Folder::new("journal-torn");
    let path = folder.file("journal.ndjson");
    post(&Serving::start(&["--journal", &path]).address, "whole");
    let mut journal = fs::OpenOptions::new().append(true).open(&path).unwrap();
    journal
        .write_all(br#"{"version":1,"project":"demo-project","seq":2"#)
        .unwrap();
    let (server, said) = Serving::start_and_listen(&["--journal", &path]);
    assert!(
        said.contains("warning: line 2 of the journal was never finished: its 45 bytes are cut off"),
        "{said}"
    );
    assert_eq!(read(&server, "/__admin/health")["requests"], 1);
}

#[test]
fn a_journal_that_can_not_be_used_is_an_error() {
    let folder = Folder::new("journal-unusable");
    let path = folder.file("journal.ndjson");
    let start = |path: &str| {
        run(&[
            "serve",
            "--project-id",
            "demo-project",
            "--port",
            "0",
            "--journal",
            path,
        ])
    };
    let serving = Serving::start(&["--journal", &path]);
    let locked = start(&path);
    assert_eq!(locked.code, Some(3), "{}", locked.stderr);
    assert!(
        locked.stderr.contains("is in use by another process"),
        "{}",
        locked.stderr
    );
    drop(serving);

    fs::write(&path, "no journal\n").unwrap();
    let damaged = start(&path);
    assert_eq!(damaged.code, Some(2), "{}", damaged.stderr);
    assert!(
        damaged.stderr.contains("line 1 of the journal is no entry"),
        "{}",
        damaged.stderr
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), "no journal\n");

    let no_file = start(&folder.file(""));
    assert_eq!(no_file.code, Some(2), "{}", no_file.stderr);
    let nowhere = start("/no/such/folder/journal.ndjson");
    assert_eq!(nowhere.code, Some(3), "{}", nowhere.stderr);
}

#[test]
fn what_is_kept_is_the_latest_and_the_journal_has_everything() {
    let folder = Folder::new("journal-keep");
    let path = folder.file("journal.ndjson");
    let server = Serving::start(&["--journal", &path, "--keep", "2"]);
    for event in ["a", "b", "c"] {
        assert!(post(&server.address, event));
    }
    let before = server.ask("GET", "/__admin/conversions", "");
    assert!(
        before.contains(r#""dropped":1"#) && !before.contains(r#""event":"a""#),
        "{before}"
    );
    drop(server);
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 3);
    let server = Serving::start(&["--journal", &path, "--keep", "2"]);
    assert_eq!(read(&server, "/__admin/health")["dropped"], 1);
    drop(server);
    let everything = Serving::start(&["--journal", &path]);
    assert_eq!(read(&everything, "/__admin/health")["requests"], 3);

    let wrong = run(&["serve", "--project-id", "demo-project", "--port", "0", "--keep", "lots"]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.stderr.contains("as in 64MB"), "{}", wrong.stderr);
}
