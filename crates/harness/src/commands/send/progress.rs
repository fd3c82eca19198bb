//! How far it is, on standard error and on a terminal only.

use std::io::{IsTerminal, Write};

/// One line that is written over again and again.
pub(super) struct Progress {
    terminal: bool,
    shown: bool,
}

impl Progress {
    /// On standard error, if that is a terminal.
    pub(super) fn on_stderr() -> Self {
        Self {
            terminal: std::io::stderr().is_terminal(),
            shown: false,
        }
    }

    /// Whether there is anyone to show it to.
    pub(super) fn is_wanted(&self) -> bool {
        self.terminal
    }

    /// Shows this.
    pub(super) fn show(&mut self, text: &str) {
        // Progress that can't be shown is no reason to stop.
        let _ = write!(std::io::stderr(), "\r\x1b[K{text}");
        self.shown = true;
    }

    /// Makes place for what other things are written.
    pub(super) fn clear(&mut self) {
        if std::mem::take(&mut self.shown) {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}
