use std::fmt;
use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use clock::Clock;
use segment_event::Event;
use tokio::sync::oneshot;

use super::dead_letter::DeadLetter;
use super::intake::Place;
use super::metrics::Meter;
use super::outcome::{Attempt, Delivery, Outcome};
use crate::request::WireRequest;

/// The outcome to come of a submitted event. Dropping it doesn't cancel the delivery.
#[must_use = "await it for the outcome, or drop it on purpose: the delivery goes on"]
pub struct Ticket(oneshot::Receiver<Outcome>);

impl Future for Ticket {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome> {
        let outcome = std::task::ready!(Pin::new(&mut self.0).poll(cx));
        // A record always sends an outcome, at the latest when it is dropped.
        Poll::Ready(outcome.unwrap_or_else(|_| Outcome {
            attempts: Vec::new(),
            elapsed: Duration::ZERO,
            result: Delivery::Interrupted,
            dead_letter: None,
        }))
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket").finish_non_exhaustive()
    }
}

/// An event as it was submitted, and what it became: what a dead letter is made of.
pub(super) struct Original {
    pub(super) event: Message,
    pub(super) request: WireRequest,
}

/// A message in whichever form it was submitted.
pub(super) enum Message {
    Event(Event),
    /// As JSON, which takes a fraction of the memory.
    Json(Bytes),
}

impl Message {
    fn into_json(self) -> Bytes {
        match self {
            Self::Event(event) => serde_json::to_vec(event.message())
                .expect("memory takes every byte, and all keys are strings")
                .into(),
            Self::Json(json) => json,
        }
    }
}

/// What is known of a delivery so far. It owes its ticket an outcome and pays it even when it is dropped halfway.
pub(super) struct Record {
    clock: Clock,
    meter: Arc<Meter>,
    begun: Duration,
    attempts: Vec<Attempt>,
    original: Option<Original>,
    ticket: Option<oneshot::Sender<Outcome>>,
    /// Dropped last, so that whoever settles or comes after finds the outcome told.
    place: Option<Place>,
}

impl Record {
    /// Begins a delivery; of an event that is to be sent, with what it is.
    pub(super) fn begin(clock: &Clock, meter: &Arc<Meter>, original: Option<Original>) -> (Self, Ticket) {
        let (sender, receiver) = oneshot::channel();
        let record = Self {
            clock: clock.clone(),
            meter: Arc::clone(meter),
            begun: clock.elapsed(),
            attempts: Vec::new(),
            original,
            ticket: Some(sender),
            place: None,
        };
        (record, Ticket(receiver))
    }

    /// When it began, by its clock.
    pub(super) fn begun(&self) -> Duration {
        self.begun
    }

    /// Holds this until the outcome is told.
    pub(super) fn take_place(&mut self, place: Place) {
        self.place = Some(place);
    }

    pub(super) fn push(&mut self, attempt: Attempt) {
        self.meter.count_attempt(&self.attempts);
        // Most have one; a vector would begin with four.
        self.attempts.reserve_exact(usize::from(self.attempts.is_empty()));
        self.attempts.push(attempt);
    }

    /// Tells the outcome, and returns the place in which the event still is.
    pub(super) fn close(mut self, result: Delivery) -> Option<Place> {
        self.pay(result);
        self.place.take()
    }

    fn pay(&mut self, result: Delivery) {
        let Some(ticket) = self.ticket.take() else {
            return;
        };
        let original = self.original.take().filter(|_| result.is_undelivered());
        let dead_letter = original.map(|Original { event, request }| {
            Box::new(DeadLetter {
                event: event.into_json(),
                request,
                reason: result.clone(),
            })
        });
        let outcome = Outcome {
            attempts: mem::take(&mut self.attempts),
            elapsed: self.clock.elapsed().saturating_sub(self.begun),
            result,
            dead_letter,
        };
        self.meter.count(&outcome);
        if let (Delivery::Interrupted, Some(letter), Some(place)) = (&outcome.result, &outcome.dead_letter, &self.place)
        {
            self.meter.keep(place.ordinal(), letter);
        }
        // Nobody may be waiting for it any more, which is their choice.
        let _ = ticket.send(outcome);
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        self.pay(Delivery::Interrupted);
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_record_that_is_dropped_halfway_tells_what_it_knows() {
        let clock = Clock::starting_at(Timestamp::UNIX_EPOCH);
        let (mut record, ticket) = Record::begin(&clock, &Arc::default(), None);
        let attempt = Attempt {
            at: clock.now(),
            took: Duration::from_millis(3),
            answer: Ok(503),
            retry_after: None,
        };
        record.push(attempt.clone());
        clock.sleep(Duration::from_secs(2)).await;
        drop(record);
        let expected = Outcome {
            attempts: vec![attempt],
            elapsed: Duration::from_secs(2),
            result: Delivery::Interrupted,
            dead_letter: None,
        };
        assert_eq!(ticket.await, expected);
    }

    #[tokio::test(start_paused = true)]
    async fn a_closed_record_pays_once() {
        let (record, ticket) = Record::begin(&Clock::starting_at(Timestamp::UNIX_EPOCH), &Arc::default(), None);
        record.close(Delivery::Delivered { status: 204 });
        assert_eq!(ticket.await.result, Delivery::Delivered { status: 204 });
    }
}
