//! Reading lines ahead of the flow, on a thread of its own: a read from a terminal or a pipe can't be given up.

use std::io;
use std::thread;

use attribution_destination::{Invalid, parse};
use segment_event::Event;
use tokio::sync::mpsc;

use crate::commands::events::Input;
use crate::commands::lines::{Line, Lines};

/// How many lines are read before the flow takes them.
const AHEAD: usize = 64;

/// One line, read.
pub(super) struct Read {
    /// Its number in the input, from 1.
    pub(super) number: u64,
    /// The line itself, where it is to be kept.
    pub(super) text: Option<Box<[u8]>>,
    /// The event in it.
    pub(super) event: Result<Event, Invalid>,
}

/// Begins to read. What could not be read is the last thing that comes. Dropping the receiver ends the thread with the
/// line it is in, which on an idle input never comes; the process doesn't wait for it.
pub(super) fn start(input: Input, ingest: bool, keep: bool) -> mpsc::Receiver<io::Result<Read>> {
    let (tell, lines) = mpsc::channel(AHEAD);
    thread::spawn(move || {
        let mut lines = Lines::new(input);
        while let Some(line) = lines.next().transpose() {
            let read = line.map(|line| read(&line, ingest, keep));
            let is_last = read.is_err();
            if tell.blocking_send(read).is_err() || is_last {
                break;
            }
        }
    });
    lines
}

fn read(line: &Line<'_>, ingest: bool, keep: bool) -> Read {
    let event = match &line.text {
        Ok(text) => parse(text, ingest),
        Err(error) => Err(Invalid::Unmapped(error.clone())),
    };
    let text = line.text.as_ref().ok().filter(|_| keep);
    Read {
        number: line.number,
        text: text.map(|text| Box::from(*text)),
        event,
    }
}
