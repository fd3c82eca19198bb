//! Where outcomes go: standard output, the dead letters, the tally.

use std::io::{self, BufWriter, Write};
use std::time::Duration;

use attribution_destination::deliver::Metrics;

use super::dead_letters::DeadLetters;
use super::progress::Progress;
use crate::commands::events::BUFFER_BYTES;
use crate::render::sent::{self, Sent, Tally};

/// Takes outcomes in the order of their lines.
pub(super) struct Report<W: Write> {
    stdout: Outlet<BufWriter<W>>,
    dead_letters: Option<Outlet<DeadLetters>>,
    progress: Progress,
    tally: Tally,
}

impl<W: Write> Report<W> {
    pub(super) fn new(stdout: W, dead_letters: Option<DeadLetters>, progress: Progress) -> Self {
        Self {
            stdout: Outlet::new(BufWriter::with_capacity(BUFFER_BYTES, stdout)),
            dead_letters: dead_letters.map(Outlet::new),
            progress,
            tally: Tally::default(),
        }
    }

    /// Reports one line: first where it is kept, then what became of it, so that no dead letter is known of but not kept.
    pub(super) fn add(&mut self, number: u64, resumed: bool, sent: &Sent) {
        if let (Some(letters), Some(letter)) = (&mut self.dead_letters, sent.dead_letter()) {
            letters.write(|file| file.write_all(&[&letter.event, &b"\n"[..]].concat()));
        }
        self.stdout.write(|out| sent::line(out, number, resumed, sent));
        self.tally.add(sent);
    }

    /// Lets everything reported so far be seen.
    pub(super) fn flush(&mut self) {
        let Self { stdout, progress, .. } = self;
        progress.apart(|| stdout.write(Write::flush));
    }

    /// Whether progress is to be shown at all.
    pub(super) fn wants_progress(&self) -> bool {
        self.progress.is_wanted()
    }

    /// Shows how far it is.
    pub(super) fn progress(&mut self, elapsed: Duration, metrics: &Metrics) {
        self.progress.show(elapsed, metrics);
    }

    /// Does what writes to the terminal beside the progress.
    pub(super) fn apart(&self, write: impl FnOnce()) {
        self.progress.apart(write);
    }

    /// Whether outcomes can no longer be told or kept.
    pub(super) fn has_failed(&self) -> bool {
        self.stdout.failure.is_some()
            || self
                .dead_letters
                .as_ref()
                .is_some_and(|letters| letters.failure.is_some())
    }

    /// The tally, and what went wrong with telling or keeping it.
    pub(super) fn finish(mut self) -> (Tally, Option<anyhow::Error>) {
        self.flush();
        self.progress.finish();
        let letters = self.dead_letters.and_then(|letters| {
            let path = letters.writer.path().display().to_string();
            letters
                .failure
                .map(|error| format!("can't write dead letters to {path}: {error}"))
        });
        let stdout = self.stdout.failure;
        // As text and not as its source: events were left unsent because of it, so a reader that went away is a failure here.
        let failure =
            letters.or_else(|| stdout.map(|error| format!("can't write outcomes to standard output: {error}")));
        (self.tally, failure.map(anyhow::Error::msg))
    }
}

/// A writer that, once it fails, is left alone.
struct Outlet<W> {
    writer: W,
    failure: Option<io::Error>,
}

impl<W> Outlet<W> {
    fn new(writer: W) -> Self {
        Self { writer, failure: None }
    }

    fn write(&mut self, write: impl FnOnce(&mut W) -> io::Result<()>) {
        if self.failure.is_none() {
            self.failure = write(&mut self.writer).err();
        }
    }
}
