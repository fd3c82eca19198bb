//! `harness send`, in the middle: what is seen at once, Ctrl-C, and readers that go away.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::command::harness;
use crate::send::{Folder, outcomes, track};
use crate::serve::Serving;

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/// A `harness send` that is under way.
struct Sending {
    child: Child,
    stdin: ChildStdin,
}

impl Sending {
    fn start(address: &str, options: &[&str]) -> Self {
        let to = format!("http://{address}");
        let mut child = harness()
            .args(["send", "--project-id", "demo-project", "--timeout", "1m", "--to", &to])
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let stdin = child.stdin.take().unwrap();
        Self { child, stdin }
    }

    fn write(&mut self, line: &str) {
        writeln!(self.stdin, "{line}").unwrap();
    }

    /// Interrupts it as Ctrl-C does.
    fn interrupt(&self) {
        let kill = format!("kill -INT {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    /// The next line that it says to people.
    #[expect(clippy::unbuffered_bytes, reason = "so that nothing after the line is taken")]
    fn says(&mut self) -> String {
        let mut line = Vec::new();
        let stderr = self.child.stderr.as_mut().unwrap();
        for byte in stderr.bytes() {
            match byte.unwrap() {
                b'\n' => break,
                byte => line.push(byte),
            }
        }
        String::from_utf8(line).unwrap()
    }

    /// How it ended, what it printed, and what it said last. Its input stays open until then.
    fn end(self) -> (Option<i32>, String, String) {
        let Self { child, stdin } = self;
        let output = child.wait_with_output().unwrap();
        drop(stdin);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    }
}

/// A server of which the test itself is the hands.
struct Manual(TcpListener);

impl Manual {
    fn new() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").unwrap())
    }

    fn address(&self) -> String {
        self.0.local_addr().unwrap().to_string()
    }

    /// The next connection, with its request read.
    fn request(&self) -> TcpStream {
        let (mut stream, _) = self.0.accept().unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"}") {
            let mut some = [0; 4096];
            let read = stream.read(&mut some).unwrap();
            request.extend_from_slice(&some[..read]);
        }
        stream
    }
}

#[test]
fn an_outcome_is_seen_while_the_input_is_still_open() {
    let server = Serving::start(&[]);
    let mut sending = Sending::start(&server.address, &[]);
    let mut stdout = BufReader::new(sending.child.stdout.take().unwrap());
    for number in 1..=3 {
        sending.write(&track("user-1", "sign up"));
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(outcomes(&line)[0]["line"], number);
    }
    drop(sending.stdin);
    assert_eq!(sending.child.wait().unwrap().code(), Some(0));
}

#[test]
fn ctrl_c_stops_reading_and_waits_for_what_is_under_way() {
    let server = Manual::new();
    let mut sending = Sending::start(&server.address(), &[]);
    sending.write(&track("user-1", "sign up"));
    let mut stream = server.request();
    sending.interrupt();
    assert_eq!(
        sending.says(),
        "stopping: nothing more is read, 1 under way; Ctrl-C again gives them up"
    );
    sending.write(&track("user-2", "too late"));
    stream.write_all(OK).unwrap();
    let (code, stdout, stderr) = sending.end();
    assert_eq!(code, Some(1), "there may be input that was not read");
    let told = outcomes(&stdout);
    assert_eq!((told.len(), &told[0]["result"]), (1, &"delivered".into()));
    assert!(stderr.starts_with("1 event: 1 delivered in "), "{stderr}");
}

#[test]
fn a_second_ctrl_c_interrupts_what_is_under_way_and_keeps_it() {
    let folder = Folder::new("interrupted");
    let dead = folder.file("dead.ndjson");
    let server = Manual::new();
    let mut sending = Sending::start(&server.address(), &["--dead-letters", &dead]);
    let skipped = r#"{"type":"group","userId":"user-1","groupId":"g"}"#;
    let [first, behind, last] =
        [("user-1", "first"), ("user-1", "behind"), ("user-2", "last")].map(|(user, event)| track(user, event));
    for line in [first.as_str(), skipped, &behind, &last] {
        sending.write(line);
    }
    // The last one under way means that all before it are.
    let _streams = [server.request(), server.request()];
    sending.interrupt();
    assert!(sending.says().contains("3 under way"));
    sending.interrupt();
    let (code, stdout, stderr) = sending.end();
    assert_eq!(code, Some(1));
    let told = outcomes(&stdout);
    let results: Vec<_> = told.iter().map(|outcome| outcome["result"].as_str().unwrap()).collect();
    assert_eq!(results, ["interrupted", "skipped", "interrupted", "interrupted"]);
    assert!(stderr.starts_with("4 events: 1 skipped, 3 interrupted in "), "{stderr}");
    assert_eq!(
        fs::read_to_string(&dead).unwrap(),
        format!("{first}\n{behind}\n{last}\n")
    );
}

#[test]
#[cfg(target_os = "linux")]
fn outcomes_that_can_not_be_told_stop_the_reading_and_are_kept_all_the_same() {
    let folder = Folder::new("full");
    let [events, dead] = ["events.ndjson", "dead.ndjson"].map(|name| folder.file(name));
    let server = Serving::start(&[]);
    let event = track("user-1", "sign up");
    fs::write(&events, format!("{event}\n").repeat(20_000)).unwrap();
    let output = harness()
        .args(["send", &events, "--project-id", "wrong", "--dead-letters", &dead])
        .args(["--to", &format!("http://{}", server.address)])
        .stdout(File::options().write(true).open("/dev/full").unwrap())
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(
        stderr.contains("error: can't write outcomes to standard output: "),
        "{stderr}"
    );
    let kept = fs::read_to_string(&dead).unwrap().lines().count();
    assert!(
        stderr.starts_with(&format!("{kept} events: {kept} ")),
        "{kept} kept, but {stderr}"
    );
    assert!(kept < 20_000, "the reading went on");
}
