//! What `harness run` shows on a terminal, and elsewhere.

use std::fs::File;
use std::io::Read;
use std::process::{Command, Stdio};

use rustix::pty::{OpenptFlags, ioctl_tiocgptpeer, openpt, unlockpt};

use crate::scratch::Scratch;

const GOOD: &str = "steps: [{ track: { userId: u, event: a } }]\nexpect: { conversions: { count: 1 } }\n";

/// A run of two scenarios, of which the second fails, in a folder of their own.
struct Two(Scratch);

impl Two {
    fn new() -> Self {
        Self(Scratch::with(&[("a.yaml", GOOD), ("b.yaml", &GOOD.replace('1', "2"))]))
    }

    /// It with these in its environment, and nothing else there that says how to show it.
    fn run(&self, environment: &[(&str, &str)]) -> Command {
        let mut command = self.0.harness();
        command.args(["run", "."]).env("TERM", "xterm");
        for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLORTERM"] {
            command.env_remove(variable);
        }
        command.envs(environment.iter().copied());
        command
    }

    fn on_terminal(&self, environment: &[(&str, &str)]) -> String {
        let shown = on_terminal(self.run(environment));
        assert_eq!(screen(&shown), self.elsewhere(), "{shown:?}");
        shown
    }

    /// The lines that it says where no terminal is.
    fn elsewhere(&self) -> Vec<String> {
        let output = self.run(&[]).output().unwrap();
        assert!(output.stderr.is_empty());
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(!text.contains(['\r', '\u{1b}']), "{text:?}");
        text.lines().map(steady).collect()
    }
}

/// Everything that a command writes to a terminal that has both its standard output and its standard error.
fn on_terminal(mut command: Command) -> String {
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
    let terminal = openpt(flags).unwrap();
    unlockpt(&terminal).unwrap();
    let inside = ioctl_tiocgptpeer(&terminal, flags).unwrap();
    command
        .stdin(Stdio::null())
        .stdout(inside.try_clone().unwrap())
        .stderr(inside);
    let mut child = command.spawn().unwrap();
    // While anybody has it open, reading does not end.
    drop(command);
    let mut bytes = Vec::new();
    // On Linux it ends with an error.
    let end = File::from(terminal).read_to_end(&mut bytes).unwrap_err();
    assert_eq!(end.raw_os_error(), Some(rustix::io::Errno::IO.raw_os_error()));
    assert_eq!(child.wait().unwrap().code(), Some(1));
    // A terminal begins each line at its left.
    String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
}

/// What is there to read when a terminal has got all of it.
fn screen(bytes: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut column = 0;
    let mut rest = bytes.chars();
    while let Some(c) = rest.next() {
        let line = lines.last_mut().unwrap();
        match c {
            '\n' => {
                lines.push(String::new());
                column = 0;
            }
            '\r' => column = 0,
            '\u{1b}' => {
                assert_eq!(rest.next(), Some('['));
                match rest.find(char::is_ascii_alphabetic) {
                    Some('K') => *line = line.chars().take(column).collect(),
                    other => assert_eq!(other, Some('m')),
                }
            }
            _ => {
                let behind: String = line.chars().skip(column + 1).collect();
                *line = line.chars().take(column).chain([c]).collect::<String>() + &behind;
                column += 1;
            }
        }
    }
    assert_eq!(lines.pop().as_deref(), Some(""), "nothing is left behind");
    lines.iter().map(|line| steady(line)).collect()
}

fn steady(line: &str) -> String {
    test_support::placeholders::apply(line)
}

#[test]
fn a_terminal_shows_colours_and_how_far_it_is_until_it_is_done() {
    let shown = Two::new().on_terminal(&[]);
    assert!(shown.contains("\u{1b}[1m\u{1b}[32mpass\u{1b}[0m  a "), "{shown:?}");
    let after_one = shown.find("\r1/2").unwrap();
    let after_both = shown.rfind("\r2/2, 1 not passed\r\u{1b}[K").unwrap();
    assert!(after_one < after_both, "{shown:?}");
}

#[test]
fn without_colours_it_is_shown_all_the_same_how_far_it_is() {
    let shown = Two::new().on_terminal(&[("NO_COLOR", "1")]);
    assert!(shown.contains("\r1/2"), "{shown:?}");
    assert_eq!(shown.replace("\u{1b}[K", "").find('\u{1b}'), None, "{shown:?}");
}

#[test]
fn ci_has_colours_on_a_terminal_and_nothing_that_is_overwritten() {
    let shown = Two::new().on_terminal(&[("CI", "true")]);
    assert!(shown.contains("\u{1b}[32mpass"), "{shown:?}");
    assert_eq!(shown.find('\r'), None, "{shown:?}");
}

#[test]
fn a_terminal_that_can_do_nothing_gets_nothing_but_text() {
    let shown = Two::new().on_terminal(&[("TERM", "dumb")]);
    assert_eq!(shown.find(['\r', '\u{1b}']), None, "{shown:?}");
}
