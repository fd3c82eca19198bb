//! How far the run is, on standard error, and only where somebody looks at a terminal that can erase a line.

use std::io::{IsTerminal, Write};

use super::report::Report;

/// One line that is written over and over.
pub(super) struct Progress {
    of: usize,
    done: usize,
    bad: usize,
    terminal: bool,
}

impl Progress {
    pub(super) fn new(of: usize) -> Self {
        Self {
            of,
            done: 0,
            bad: 0,
            terminal: of > 1 && is_seen(),
        }
    }

    /// One more has ended.
    pub(super) fn count(&mut self, report: &Report) {
        self.done += 1;
        self.bad += usize::from(report.ended.verdict().is_bad());
    }

    pub(super) fn show(&self) {
        if self.terminal {
            let bad = match self.bad {
                0 => String::new(),
                bad => format!(", {bad} not passed"),
            };
            // Progress that can't be shown is no reason to stop.
            let _ = write!(std::io::stderr(), "\r{}/{}{bad}", self.done, self.of);
        }
    }

    pub(super) fn clear(&self) {
        if self.terminal {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

fn is_seen() -> bool {
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    std::io::stderr().is_terminal() && !dumb && !super::in_ci()
}
