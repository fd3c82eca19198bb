//! `harness wait`.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Stdio;
use std::thread;

use crate::command::{feed, harness, run};
use crate::send::Folder;
use crate::serve::Serving;

/// Waits for what will not be, and not for long.
fn wait(arguments: &[&str]) -> crate::command::Printed {
    run(&[&["wait", "--timeout", "1s"], arguments].concat())
}

/// A server that gives everyone this answer, and its address.
fn answering(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // Whoever doesn't wait for the answer is not of interest.
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    url
}

#[test]
fn a_server_that_is_up_is_not_waited_for() {
    let server = Serving::start(&[]);
    for url in [server.url.clone(), format!("{}/", server.url)] {
        let printed = run(&["wait", &url]);
        assert_eq!(
            (printed.code, printed.stdout.as_str()),
            (Some(0), "http://127.0.0.1:PORT\n"),
            "{}",
            printed.stderr
        );
    }
}

#[test]
fn no_proxy_stands_between() {
    let server = Serving::start(&[]);
    let printed = feed(
        harness()
            .env("http_proxy", "http://127.0.0.1:1")
            .args(["wait", &server.url]),
        "",
    );
    assert_eq!(printed.code, Some(0), "{}", printed.stderr);
}

#[test]
fn a_server_that_is_yet_to_start_is_waited_for() {
    let folder = Folder::new("wait");
    let (ready, ca) = (folder.file("ready"), folder.file("ca.pem"));
    let waiting = harness()
        .args(["wait", "--ready-file", &ready, "--ca-file", &ca, "--timeout", "2m"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let server = Serving::start(&["--ready-file", &ready, "--tls", "--tls-ca-out", &ca]);
    let output = waiting.wait_with_output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{}\n", server.url));
}

#[test]
fn a_certificate_that_is_not_trusted_is_the_reason() {
    let server = Serving::start(&["--tls"]);
    let printed = run(&["wait", &server.url, "--timeout", "5s"]);
    assert_eq!(printed.code, Some(1));
    assert!(
        printed.stderr.contains("an issuer that is not trusted here"),
        "{}",
        printed.stderr
    );
}

#[test]
fn a_server_that_is_not_up_in_time_is_exit_code_one_with_the_last_reason() {
    let mute = TcpListener::bind("127.0.0.1:0").unwrap();
    let not_found = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let other = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK";
    let cases = [
        (
            "http://127.0.0.1:1".to_owned(),
            "connection refused: nothing listens at the endpoint",
        ),
        (
            format!("http://{}", mute.local_addr().unwrap()),
            "no whole answer within",
        ),
        (answering(not_found), "answered 404 Not Found: is it a `harness serve`?"),
        (answering(other), "what answers there is no `harness serve`"),
        (answering("nonsense\r\n\r\n"), "the answer is not HTTP"),
    ];
    thread::scope(|scope| {
        for (url, said) in cases {
            scope.spawn(move || {
                let printed = wait(&[&url]);
                assert_eq!((printed.code, printed.stdout.as_str()), (Some(1), ""), "{url}");
                let whole = printed.stderr.contains("was not up within 1s: ") && printed.stderr.contains(said);
                assert!(whole, "{}", printed.stderr);
            });
        }
    });
}

#[test]
fn a_server_that_may_not_be_asked_says_so_itself() {
    let arguments = ["--listen", "0.0.0.0"];
    let url = |server: &Serving| server.url.replace("127.0.0.1", "0.0.0.0");
    let printed = wait(&[&url(&Serving::start(&arguments))]);
    assert_eq!(printed.code, Some(1));
    assert!(printed.stderr.contains("--admin-host"), "{}", printed.stderr);
    let named = Serving::start(&[&arguments[..], &["--admin-host", "0.0.0.0"]].concat());
    assert_eq!(run(&["wait", &url(&named)]).code, Some(0));
}

#[test]
fn a_ready_file_that_helps_nobody_is_told_with_its_reason() {
    let folder = Folder::new("wait-unready");
    let file = folder.file("ready");
    let printed = wait(&["--ready-file", &file]);
    assert_eq!(printed.code, Some(1));
    assert!(
        printed.stderr.contains(&format!("can't read {file}")),
        "{}",
        printed.stderr
    );
    std::fs::write(&file, "127.0.0.1:7070\n").unwrap();
    let printed = wait(&["--ready-file", &file]);
    assert_eq!(printed.code, Some(1));
    assert!(
        printed.stderr.contains("holds no address") && printed.stderr.contains("write http://"),
        "{}",
        printed.stderr
    );
}

#[test]
fn what_is_no_server_is_exit_code_two() {
    for (arguments, said) in [
        (&["attribution:7070"][..], "write http://attribution:7070"),
        (&["ftp://localhost"], "neither http nor https"),
        (&[], "--ready-file"),
        (&["http://localhost", "--ready-file", "ready"], "cannot be used with"),
    ] {
        let printed = wait(arguments);
        assert_eq!(printed.code, Some(2), "{arguments:?}");
        assert!(printed.stderr.contains(said), "{}", printed.stderr);
    }
}
