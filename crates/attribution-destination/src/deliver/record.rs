use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use clock::Clock;
use tokio::sync::oneshot;

use super::intake::Place;
use super::outcome::{Attempt, Delivery, Outcome};

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
        }))
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket").finish_non_exhaustive()
    }
}

/// What is known of a delivery so far. It owes its ticket an outcome and pays it even when it is dropped halfway.
pub(super) struct Record {
    clock: Clock,
    begun: Duration,
    attempts: Vec<Attempt>,
    ticket: Option<oneshot::Sender<Outcome>>,
    /// Dropped last, so that whoever settles or comes after finds the outcome told.
    _place: Option<Place>,
}

impl Record {
    /// Begins a delivery, with its place in the order of things where it has one.
    pub(super) fn begin(clock: &Clock, place: Option<Place>) -> (Self, Ticket) {
        let (sender, receiver) = oneshot::channel();
        let begun = clock.elapsed();
        let record = Self {
            clock: clock.clone(),
            begun,
            attempts: Vec::new(),
            ticket: Some(sender),
            _place: place,
        };
        (record, Ticket(receiver))
    }

    pub(super) fn push(&mut self, attempt: Attempt) {
        self.attempts.push(attempt);
    }

    pub(super) fn close(mut self, result: Delivery) {
        self.pay(result);
    }

    fn pay(&mut self, result: Delivery) {
        if let Some(ticket) = self.ticket.take() {
            let elapsed = self.clock.elapsed().saturating_sub(self.begun);
            // Nobody may be waiting for it any more, which is their choice.
            let _ = ticket.send(Outcome {
                attempts: std::mem::take(&mut self.attempts),
                elapsed,
                result,
            });
        }
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        self.pay(Delivery::Interrupted);
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_record_that_is_dropped_halfway_tells_what_it_knows() {
        let clock = Clock::starting_at(Timestamp::UNIX_EPOCH);
        let (mut record, ticket) = Record::begin(&clock, None);
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
        };
        assert_eq!(ticket.await, expected);
    }

    #[tokio::test(start_paused = true)]
    async fn a_closed_record_pays_once() {
        let (record, ticket) = Record::begin(&Clock::starting_at(Timestamp::UNIX_EPOCH), None);
        record.close(Delivery::Delivered { status: 204 });
        assert_eq!(ticket.await.result, Delivery::Delivered { status: 204 });
    }
}
