//! `harness serve`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use test_support::snapshots;

use crate::command::{harness, run};

/// A running server that is killed when the test is over.
pub(crate) struct Serving {
    pub(crate) child: Child,
    /// `127.0.0.1:PORT`
    pub(crate) address: String,
    /// The same as a URL.
    pub(crate) url: String,
}

impl Serving {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::telling(arguments, Stdio::null())
    }

    /// A server whose standard error goes there.
    pub(crate) fn telling(arguments: &[&str], stderr: impl Into<Stdio>) -> Self {
        let mut command = harness();
        command.args(["serve", "--port", "0", "--project-id", "demo-project"]);
        Self::of(command.args(arguments).stderr(stderr))
    }

    /// One whose words to people can be read at the end.
    pub(crate) fn start_told(arguments: &[&str]) -> Self {
        Self::telling(arguments, Stdio::piped())
    }

    /// A server, and what it says on standard error until it serves.
    pub(crate) fn start_and_listen(arguments: &[&str]) -> (Self, String) {
        let mut server = Self::start_told(arguments);
        let mut said = BufReader::new(server.child.stderr.take().expect("standard error is piped"));
        let mut lines = String::new();
        while !lines.contains("stop with Ctrl-C") {
            assert!(said.read_line(&mut lines).unwrap() > 0, "{lines}");
        }
        (server, lines)
    }

    /// A server that this command starts.
    pub(crate) fn of(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the binary starts");
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

pub(crate) const TRACK: &str = r#"{"user_id":"user-1","timestamp":"2024-01-15T10:00:00.000Z","properties":{"revenue":5},"context":{},"event":"sign up"}"#;

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
fn faults_strike_from_the_start_and_are_listed_as_they_are_written() {
    let file = std::env::temp_dir().join(format!("harness-faults-{}.json", std::process::id()));
    std::fs::write(
        &file,
        r#"[{"path": "/identify", "respond": 502}, {"every": 2, "content_type": "text/html"}]"#,
    )
    .unwrap();
    let from_file = format!("@{}", file.display());
    let outage = "{ path: /track, respond: [503, 503], retry_after: 2 }";
    let server = Serving::start(&["--fault", outage, "--fault", &from_file]);
    std::fs::remove_file(&file).unwrap();
    for _ in 0..2 {
        let answer = server.ask("POST", "/track", TRACK);
        assert!(
            answer.starts_with("HTTP/1.1 503") && answer.contains("retry-after: 2\r\n"),
            "{answer}"
        );
    }
    assert!(server.ask("POST", "/track", TRACK).contains("application/json"));
    assert!(server.ask("POST", "/track", TRACK).contains("text/html"));
    let faults = server.ask("GET", "/__admin/faults", "");
    for expected in [
        r#"{"id":1,"fault":{"path":"/track","respond":[503,503],"retry_after":2},"struck":2,"left":0}"#,
        r#"{"id":2,"fault":{"path":"/identify","respond":502,"times":1},"struck":0,"left":1}"#,
        r#"{"id":3,"fault":{"every":2,"content_type":"text/html","times":"always"},"struck":1,"left":null}"#,
    ] {
        assert!(faults.contains(expected), "{faults}");
    }
    assert!(
        server
            .ask("DELETE", "/__admin/faults", "")
            .ends_with(r#"{"removed":3}"#)
    );
    assert!(server.ask("GET", "/__admin/faults", "").ends_with(r#"{"faults":[]}"#));
}

#[test]
fn a_fault_that_can_not_be_is_exit_code_two_and_says_what_to_write() {
    let _guard = snapshots("serve");
    let serve = |fault: &str| run(&["serve", "--project-id", "demo-project", "--port", "0", "--fault", fault]);
    for (name, fault) in [
        ("fault_mistyped", "{ path: /trakc, respond: 503, tims: 2 }"),
        ("fault_without_blanks", "path=/track respond=503"),
        ("fault_for_good", "{ connect: refuse, times: always }"),
        ("fault_cut", "{ cut: 120 }"),
        ("fault_unclosed", "{ respond: 503"),
    ] {
        let printed = serve(fault);
        assert_eq!(printed.code, Some(2), "{fault}");
        insta::assert_snapshot!(name, printed.stderr);
    }
    let printed = serve("@no-such-file.json");
    assert_eq!(printed.code, Some(3));
    assert!(
        printed.stderr.contains("can't read no-such-file.json"),
        "{}",
        printed.stderr
    );
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

#[test]
fn several_projects_or_any_are_served_by_one_double() {
    let mut several = Serving::start(&["--project-id", "blog"]);
    assert!(several.ask("POST", "/track", TRACK).starts_with("HTTP/1.1 200"));
    let known = several.ask("GET", "/__admin/projects", "");
    assert!(
        known.contains(
            r#"{"project":"demo-project","requests":1,"faults":0},{"project":"blog","requests":0,"faults":0}"#
        ),
        "{known}"
    );
    several = Serving::start(&[
        "--any-project",
        "--success-status",
        "204",
        "--unauthenticated-status",
        "403",
    ]);
    assert!(several.ask("POST", "/track", TRACK).starts_with("HTTP/1.1 204"));
}

#[test]
fn what_is_said_to_who_is_refused_can_be_chosen() {
    let server = Serving::start(&[
        "--refused-status",
        "422",
        "--refused-body",
        "no",
        "--unauthenticated-body",
        "",
    ]);
    let refused = server.ask("POST", "/track", "[]");
    assert!(
        refused.starts_with("HTTP/1.1 422") && refused.ends_with("\r\n\r\nno"),
        "{refused}"
    );
    assert!(server.ask("GET", "/__admin/violations", "").contains("ATT001"));
}

#[test]
fn an_answer_that_can_not_be_is_exit_code_two_and_says_what_to_write() {
    for (option, given, said) in [
        (
            "--success-status",
            "500",
            "500 doesn't say that an event was taken: give a status from 200 to 299",
        ),
        (
            "--refused-status",
            "302",
            "302 doesn't say that an event was refused: give a status from 400 to 599",
        ),
        (
            "--project-id",
            " ",
            "give --project-id ID or set ATTRIBUTION_PROJECT_ID",
        ),
    ] {
        let printed = run(&["serve", "--project-id", "demo-project", "--port", "0", option, given]);
        assert_eq!(printed.code, Some(2), "{option}");
        assert!(printed.stderr.contains(said), "{}", printed.stderr);
    }
}
