//! From lines to whoever delivers them: the sender, or the spool before it.

use std::io;

use attribution_destination::Invalid;
use attribution_destination::deliver::{Sender, SpooledSender, Ticket};
use bytes::Bytes;
use segment_event::Event;
use tokio::sync::{mpsc, watch};

use super::reader::{Read, Reads};

/// How many lines go into the spool together, at most.
const TOGETHER: usize = 256;

/// Lines, until their end or until nothing more is to be read.
pub(super) struct Intake<T> {
    pub(super) lines: Reads<T>,
    pub(super) stopped: watch::Receiver<bool>,
}

/// A line without its outcome.
pub(super) struct Pending {
    /// Its number in the input.
    pub(super) line: u64,
    pub(super) fate: Fate,
}

/// What a line waits for.
pub(super) enum Fate {
    /// Nothing: its text can't be one.
    Invalid(Invalid),
    /// The sender.
    Ticket(Ticket),
}

/// How the reading ended.
#[derive(Debug)]
pub(super) enum End {
    /// Everything was read.
    Whole,
    /// There may be more.
    Unread,
    /// The rest can't be read or kept.
    Failed(anyhow::Error),
}

impl Intake<Bytes> {
    /// Hands the lines to the sender, one after the other, as it has room.
    pub(super) async fn into_sender(mut self, sender: Sender, tell: mpsc::Sender<Pending>) -> End {
        let mut stopped = self.stopped.clone();
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stopped| *stopped) => End::Unread,
            end = self.submit_all(sender, tell) => end,
        }
    }

    async fn submit_all(&mut self, sender: Sender, tell: mpsc::Sender<Pending>) -> End {
        while let Some(read) = self.lines.recv().await {
            let Read { number: line, content } = match read {
                Ok(read) => read,
                Err(error) => return unreadable(error),
            };
            let fate = match content {
                Ok(json) => Fate::Ticket(sender.submit_json(json).await),
                Err(invalid) => Fate::Invalid(invalid),
            };
            if tell.send(Pending { line, fate }).await.is_err() {
                return End::Unread;
            }
        }
        End::Whole
    }
}

impl Intake<Event> {
    /// Puts the lines into the spool, as many together as there are; `tell` gets those that are no events.
    pub(super) async fn into_spool(mut self, spooled: &SpooledSender, tell: mpsc::Sender<(u64, Invalid)>) -> End {
        let mut read = Vec::with_capacity(TOGETHER);
        loop {
            // What is being kept is kept to the end, so only the wait for lines can be stopped.
            let count = tokio::select! {
                biased;
                _ = self.stopped.wait_for(|stopped| *stopped) => return End::Unread,
                count = self.lines.recv_many(&mut read, TOGETHER) => count,
            };
            if count == 0 {
                return End::Whole;
            }
            if let Some(end) = keep(&mut read, spooled, &tell).await {
                return end;
            }
        }
    }
}

/// Keeps these lines; how the reading ends, if it does.
async fn keep(
    read: &mut Vec<io::Result<Read<Event>>>,
    spooled: &SpooledSender,
    tell: &mpsc::Sender<(u64, Invalid)>,
) -> Option<End> {
    let mut events: Vec<(Event, u64)> = Vec::new();
    let mut end = None;
    for read in read.drain(..) {
        match read {
            Ok(Read {
                number,
                content: Ok(event),
            }) => events.push((event, number)),
            Ok(Read {
                number,
                content: Err(invalid),
            }) => {
                if tell.send((number, invalid)).await.is_err() {
                    end = Some(End::Unread);
                }
            }
            Err(error) => end = Some(unreadable(error)),
        }
    }
    if events.is_empty() {
        return end;
    }
    match spooled.accept(events).await {
        Ok(()) => end,
        Err(error) => Some(End::Failed(anyhow::Error::new(error).context("can't keep the events"))),
    }
}

fn unreadable(error: io::Error) -> End {
    End::Failed(anyhow::Error::new(error).context("can't read the events"))
}
