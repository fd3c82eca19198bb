//! What became of the lines, one after the other.

use attribution_destination::Invalid;
use attribution_destination::deliver::{Receipt, Settled, Settlements};
use spool::SpoolError;
use tokio::sync::mpsc;

use super::intake::{Fate, Pending};
use crate::render::sent::Sent;

/// Where outcomes come from.
pub(super) enum Outcomes {
    /// The sender alone: in the order of the lines.
    Sender {
        pending: mpsc::Receiver<Pending>,
        next: Option<Pending>,
    },
    /// The spool: in the order in which events were kept. What is no event is not kept, and is told as soon as it is read.
    Spool {
        settlements: Settlements,
        invalid: mpsc::Receiver<(u64, Invalid)>,
    },
}

/// What became of one line.
pub(super) struct Told {
    /// Its number in the input, or in that of the process that kept it.
    pub(super) line: u64,
    /// Whether an earlier process kept it.
    pub(super) resumed: bool,
    pub(super) sent: Sent,
    /// What takes it out of the spool.
    pub(super) receipt: Option<Receipt>,
}

impl Outcomes {
    /// The next one; none after the last. Nothing is lost when it is dropped before it is done.
    pub(super) async fn next(&mut self) -> Option<Result<Told, SpoolError>> {
        match self {
            Self::Sender { pending, next } => {
                if next.is_none() {
                    *next = pending.recv().await;
                }
                let line = next.as_mut()?;
                let sent = match &mut line.fate {
                    Fate::Ticket(ticket) => Sent::Outcome(ticket.await),
                    Fate::Invalid(invalid) => Sent::Invalid(invalid.clone()),
                };
                let told = Told::of_line(line.line, sent);
                *next = None;
                Some(Ok(told))
            }
            Self::Spool { settlements, invalid } => tokio::select! {
                biased;
                Some((line, invalid)) = invalid.recv() => Some(Ok(Told::of_line(line, Sent::Invalid(invalid)))),
                settled = settlements.next() => match settled {
                    Some(settled) => Some(settled.map(Told::from)),
                    // The events are all settled; of the rest, everything may not have been told.
                    None => invalid.recv().await.map(|(line, invalid)| Ok(Told::of_line(line, Sent::Invalid(invalid)))),
                },
            },
        }
    }
}

impl Told {
    fn of_line(line: u64, sent: Sent) -> Self {
        Self {
            line,
            resumed: false,
            sent,
            receipt: None,
        }
    }
}

impl From<Settled> for Told {
    fn from(settled: Settled) -> Self {
        Self {
            line: settled.number,
            resumed: settled.resumed,
            receipt: settled.receipt(),
            sent: Sent::Outcome(settled.outcome),
        }
    }
}
