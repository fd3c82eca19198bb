use std::future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use spool::{RecordId, SpoolError};
use tokio::sync::mpsc;

use crate::deliver::outcome::{Delivery, Outcome};
use crate::deliver::record::Ticket;

/// An event that is with the sender.
#[derive(Debug)]
pub(super) struct UnderWay {
    pub(super) record: RecordId,
    pub(super) number: u64,
    pub(super) ticket: Ticket,
}

/// That an event is done with, and may leave the spool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "the event stays in the spool until the receipt is given to `acknowledge`"]
pub struct Receipt(pub(super) RecordId);

/// An event that has its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    record: RecordId,
    /// The number that it was accepted with.
    pub number: u64,
    /// Whether it was accepted before the spool was opened, by another process.
    pub resumed: bool,
    /// What became of it.
    pub outcome: Outcome,
}

impl Settled {
    /// What takes it out of the spool. What was interrupted has none: it stays, to be delivered when the spool is opened next.
    pub fn receipt(&self) -> Option<Receipt> {
        (self.outcome.result != Delivery::Interrupted).then_some(Receipt(self.record))
    }
}

/// The outcomes of the accepted events, in the order in which they were accepted.
///
/// An error is the last thing that comes: the spool can't be read on. At most as many outcomes as fit into the sender's queue
/// wait to be taken.
#[derive(Debug)]
pub struct Settlements {
    under_way: mpsc::Receiver<Result<UnderWay, SpoolError>>,
    next: Option<UnderWay>,
    /// How many of those to come were accepted before.
    resumed: u64,
}

impl Settlements {
    pub(super) fn new(under_way: mpsc::Receiver<Result<UnderWay, SpoolError>>, resumed: u64) -> Self {
        Self {
            under_way,
            next: None,
            resumed,
        }
    }

    /// The next one; none after the last. Cancel safe.
    pub async fn next(&mut self) -> Option<Result<Settled, SpoolError>> {
        future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl Stream for Settlements {
    type Item = Result<Settled, SpoolError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut under_way = match self.next.take() {
            Some(under_way) => under_way,
            None => match ready!(self.under_way.poll_recv(cx)) {
                Some(Ok(under_way)) => under_way,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            },
        };
        let Poll::Ready(outcome) = Pin::new(&mut under_way.ticket).poll(cx) else {
            self.next = Some(under_way);
            return Poll::Pending;
        };
        let resumed = self.resumed > 0;
        self.resumed = self.resumed.saturating_sub(1);
        Poll::Ready(Some(Ok(Settled {
            record: under_way.record,
            number: under_way.number,
            resumed,
            outcome,
        })))
    }
}
