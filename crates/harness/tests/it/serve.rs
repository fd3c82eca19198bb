//! `harness serve`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use crate::command::{harness, run};

/// A running server that is killed when the test is over.
pub(crate) struct Serving {
    child: Child,
    /// `127.0.0.1:PORT`
    pub(crate) address: String,
    /// The same as a URL.
    pub(crate) url: String,
}

impl Serving {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::with(arguments, Stdio::null())
    }

    /// One whose words to people can be read at the end.
    pub(crate) fn start_told(arguments: &[&str]) -> Self {
        Self::with(arguments, Stdio::piped())
    }

    fn with(arguments: &[&str], stderr: Stdio) -> Self {
        let mut child = harness()
            .args(["serve", "--port", "0", "--project-id", "demo-project"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .expect("the binary starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("standard output is piped"))
            .read_line(&mut line)
            .unwrap();
        let (_, address) = line.trim().split_once("://").expect("the first line is the address");
        Self {
            child,
            address: address.to_owned(),
            url: line.trim().to_owned(),
        }
    }

    /// Interrupts it, and returns its exit code.
    #[cfg(unix)]
    pub(crate) fn interrupt(&mut self) -> Option<i32> {
        let kill = format!("kill -INT {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }

    /// Ends it, and returns what it said to people.
    pub(crate) fn told(&mut self) -> String {
        // All of it is said before the first answer.
        self.ask("GET", "/__admin/health", "");
        self.child.kill().unwrap();
        let mut told = String::new();
        let mut stderr = self.child.stderr.take().expect("standard error is piped");
        stderr.read_to_string(&mut told).unwrap();
        told
    }

    /// Sends one request and returns the whole answer.
    pub(crate) fn ask(&self, method: &str, path: &str, body: &str) -> String {
        self.ask_as(&self.address, method, path, body)
    }

    /// The same with a host's name.
    pub(crate) fn ask_as(&self, host: &str, method: &str, path: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Basic ZGVtby1wcm9qZWN0Og==\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const TRACK: &str = r#"{"user_id":"user-1","timestamp":"2024-01-15T10:00:00.000Z","properties":{"revenue":5},"context":{},"event":"sign up"}"#;

#[test]
fn what_is_sent_can_be_read_back() {
    let server = Serving::start(&[]);
    assert!(server.ask("POST", "/track", TRACK).starts_with("HTTP/1.1 200"));
    let conversions = server.ask("GET", "/__admin/conversions", "");
    assert!(
        conversions.contains(r#""event":"sign up""#) && conversions.contains(r#""revenue":5"#),
        "{conversions}"
    );
    assert!(server.ask("POST", "/__admin/reset", "").starts_with("HTTP/1.1 2"));
    assert!(!server.ask("GET", "/__admin/conversions", "").contains("sign up"));
}

#[test]
fn lenient_records_what_strict_refuses() {
    let nameless =
        r#"{"user_id":"user-1","timestamp":"2024-01-15T10:00:00.000Z","properties":[],"context":{},"event":"sign up"}"#;
    assert!(
        Serving::start(&[])
            .ask("POST", "/track", nameless)
            .starts_with("HTTP/1.1 400")
    );
    assert!(
        Serving::start(&["--lenient"])
            .ask("POST", "/track", nameless)
            .starts_with("HTTP/1.1 200")
    );
}

#[test]
fn a_level_takes_the_place_of_what_a_rule_says() {
    let timeless = r#"{"user_id":"user-1","properties":{},"context":{},"event":"sign up"}"#;
    assert!(
        Serving::start(&[])
            .ask("POST", "/track", timeless)
            .starts_with("HTTP/1.1 200")
    );
    let stern = Serving::start(&["--rule", "missing-timestamp=deny"]);
    let answer = stern.ask("POST", "/track", timeless);
    assert!(
        answer.starts_with("HTTP/1.1 400") && answer.contains("ATT015"),
        "{answer}"
    );
    let mild = Serving::start(&["--rule", "ATT015=deny", "--rule", "ATT015=off", "--rule", "ATT008=warn"]);
    let odd = r#"{"user_id":"user-1","properties":[],"context":{},"event":"sign up"}"#;
    assert!(mild.ask("POST", "/track", odd).starts_with("HTTP/1.1 200"));
    let violations = mild.ask("GET", "/__admin/violations", "");
    assert!(
        violations.contains("ATT008") && !violations.contains("ATT015"),
        "{violations}"
    );
}

#[test]
fn a_level_that_can_not_be_is_exit_code_two_and_says_what_to_write() {
    for (given, said) in [
        ("ATT012", "write a rule and its level, as in ATT012=off"),
        ("page-without-uri=off", "did you mean `page-without-url`?"),
        ("ATT012=error", "a level is `off`, `warn` or `deny`"),
        (
            "suspected-duplicate=deny",
            "ATT041 suspected-duplicate can be `off` or `warn` only",
        ),
    ] {
        let printed = run(&["serve", "--project-id", "demo-project", "--port", "0", "--rule", given]);
        assert_eq!(printed.code, Some(2), "{given}");
        assert!(printed.stderr.contains(said), "{}", printed.stderr);
    }
}

#[test]
fn a_port_in_use_is_exit_code_three() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let printed = run(&["serve", "--project-id", "demo-project", "--port", &port]);
    assert_eq!(printed.code, Some(3));
    assert!(printed.stderr.contains("--port 0"), "{}", printed.stderr);
}

#[cfg(unix)]
#[test]
fn interrupting_or_terminating_the_server_ends_it_in_good_order() {
    for signal in ["INT", "TERM"] {
        let mut server = Serving::start(&[]);
        assert!(server.ask("POST", "/track", TRACK).starts_with("HTTP/1.1 200"));
        let kill = format!("kill -{signal} {}", server.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        assert_eq!(server.child.wait().unwrap().code(), Some(0), "SIG{signal}");
    }
}
