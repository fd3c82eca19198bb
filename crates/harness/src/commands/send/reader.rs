//! Reading lines ahead of the flow, on a thread of its own: a read from a terminal or a pipe can't be given up.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use attribution_destination::Invalid;
use tokio::sync::mpsc;

use crate::commands::events::Input;
use crate::commands::lines::Lines;

/// How many lines are read before the flow takes them.
const AHEAD: usize = 512;

/// One line, read.
pub(super) struct Read<T> {
    /// Its number in the input, from 1.
    pub(super) number: u64,
    /// What is in it.
    pub(super) content: Result<T, Invalid>,
}

/// Lines as they are read, and at the end perhaps why no more are.
pub(super) type Reads<T> = mpsc::Receiver<io::Result<Read<T>>>;

/// Begins to read. What could not be read is the last thing that comes. Dropping the receiver ends the thread with the
/// line it is in, which on an idle input never comes; the process doesn't wait for it.
///
/// `content` is what is made of each line's text; `bytes` counts what was read.
pub(super) fn start<T: Send + 'static>(
    input: Input,
    bytes: Arc<AtomicU64>,
    content: impl Fn(&[u8]) -> Result<T, Invalid> + Send + 'static,
) -> Reads<T> {
    let (tell, lines) = mpsc::channel(AHEAD);
    thread::spawn(move || {
        let mut lines = Lines::new(input);
        while let Some(line) = lines.next().transpose() {
            let read = line.map(|line| {
                if let Ok(text) = line.text {
                    bytes.fetch_add(text.len() as u64 + 1, Ordering::Relaxed);
                }
                Read {
                    number: line.number,
                    content: line.text.map_err(Invalid::Unmapped).and_then(&content),
                }
            });
            let is_last = read.is_err();
            if tell.blocking_send(read).is_err() || is_last {
                break;
            }
        }
    });
    lines
}
