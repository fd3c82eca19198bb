use std::fmt;
use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use segment_event::Event;
use tokio::sync::oneshot;

use super::dead_letter::DeadLetter;
use super::intake::Place;
use super::message_ids::Missing;
use super::metrics::Meter;
use super::outcome::{Attempt, Delivery, Outcome};
use crate::parse::parse;
use crate::request::WireRequest;

/// The outcome to come of a submitted event. Dropping it doesn't cancel the delivery.
#[must_use = "await it for the outcome, or drop it on purpose: the delivery goes on"]
pub struct Ticket(Fate);

enum Fate {
    /// It was decided at once.
    Decided(Option<Box<Outcome>>),
    /// A record will tell.
    Open(oneshot::Receiver<Outcome>),
}

impl Ticket {
    /// Of an event that is not sent.
    pub(super) fn decided(result: Delivery, meter: &Meter) -> Self {
        let outcome = Outcome {
            attempts: Vec::new(),
            elapsed: Duration::ZERO,
            result,
            dead_letter: None,
        };
        meter.count(&outcome);
        Self(Fate::Decided(Some(Box::new(outcome))))
    }

    /// The outcome, if it is there already and was not taken before.
    ///
    /// However many tickets are asked at once, each one answers; a task that polls many of them is told of some that they
    /// are not ready, so that others have their turn.
    pub fn try_take(&mut self) -> Option<Outcome> {
        match &mut self.0 {
            Fate::Decided(outcome) => outcome.take().map(|outcome| *outcome),
            // A record always sends an outcome, so one that is gone was taken before.
            Fate::Open(receiver) => receiver.try_recv().ok(),
        }
    }
}

impl Future for Ticket {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome> {
        let outcome = match &mut self.0 {
            Fate::Decided(outcome) => outcome.take().map(|outcome| *outcome),
            Fate::Open(receiver) => std::task::ready!(Pin::new(receiver).poll(cx)).ok(),
        };
        // A record always sends an outcome, at the latest when it is dropped.
        Poll::Ready(outcome.unwrap_or_else(|| Outcome {
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

/// A message in whichever form it was submitted.
pub(super) enum Message {
    Event(Event),
    /// As JSON, which takes a fraction of the memory; with what it was given that it came without, if it was.
    Json(Bytes, Option<Missing>),
}

impl Message {
    fn into_json(self) -> Bytes {
        match self {
            Self::Event(event) => text_of(&event),
            Self::Json(json, None) => json,
            Self::Json(json, Some(missing)) => match parse(&json, false) {
                Ok(event) => text_of(&missing.given_to(event)),
                Err(_) => json,
            },
        }
    }
}

fn text_of(event: &Event) -> Bytes {
    let text = serde_json::to_vec(event.message());
    text.expect("memory takes every byte, and all keys are strings").into()
}

/// What is known of a delivery so far. It owes its ticket an outcome and pays it even when it is dropped halfway.
///
/// All of it lies in one place, as it is handed on several times: from the intake to a parcel, and with that to a task.
pub(super) struct Record(Box<Known>);

struct Known {
    begun: Duration,
    attempts: Vec<Attempt>,
    request: WireRequest,
    /// What a dead letter is made of, and whom to tell, until the outcome is told.
    open: Option<(Message, oneshot::Sender<Outcome>)>,
    /// Dropped last, so that whoever settles or comes after finds the outcome told.
    place: Option<Place>,
}

impl Record {
    /// Begins the delivery of an event that is to be sent.
    pub(super) fn begin(place: Place, message: Message, request: WireRequest) -> (Self, Ticket) {
        let (sender, receiver) = oneshot::channel();
        let known = Known {
            begun: place.intake().clock.elapsed(),
            attempts: Vec::new(),
            request,
            open: Some((message, sender)),
            place: Some(place),
        };
        (Self(Box::new(known)), Ticket(Fate::Open(receiver)))
    }

    /// When it began, by its clock.
    pub(super) fn begun(&self) -> Duration {
        self.0.begun
    }

    /// The request of this event alone.
    pub(super) fn request(&self) -> &WireRequest {
        &self.0.request
    }

    /// Is in from now on, as this one in the order of submission.
    pub(super) fn enter(&mut self, ordinal: u64) {
        if let Some(place) = &mut self.0.place {
            place.enter(ordinal);
        }
    }

    pub(super) fn push(&mut self, attempt: Attempt) {
        let Known { place, attempts, .. } = &mut *self.0;
        if let Some(place) = place {
            place.intake().meter.count_attempt(attempts);
        }
        // Most have one; a vector would begin with four.
        attempts.reserve_exact(usize::from(attempts.is_empty()));
        attempts.push(attempt);
    }

    /// Tells the outcome, which there is since `now`, and returns the place in which the event still is.
    pub(super) fn close(mut self, result: Delivery, now: Duration) -> Option<Place> {
        self.0.pay(result, now);
        self.0.place.take()
    }
}

impl Known {
    fn pay(&mut self, result: Delivery, now: Duration) {
        let (Some((message, ticket)), Some(place)) = (self.open.take(), &self.place) else {
            return;
        };
        let dead_letter = result.is_undelivered().then(|| {
            Box::new(DeadLetter {
                event: message.into_json(),
                request: self.request.clone(),
                reason: result.clone(),
            })
        });
        let outcome = Outcome {
            attempts: mem::take(&mut self.attempts),
            elapsed: now.saturating_sub(self.begun),
            result,
            dead_letter,
        };
        let meter = &place.intake().meter;
        meter.count(&outcome);
        if let (Delivery::Interrupted, Some(letter), Some(ordinal)) =
            (&outcome.result, &outcome.dead_letter, place.ordinal())
        {
            meter.keep(ordinal, letter);
        }
        // Nobody may be waiting for it any more, which is their choice.
        let _ = ticket.send(outcome);
    }
}

impl Drop for Known {
    fn drop(&mut self) {
        if let (Some(_), Some(place)) = (&self.open, &self.place) {
            let now = place.intake().clock.elapsed();
            self.pay(Delivery::Interrupted, now);
        }
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("attempts", &self.0.attempts)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use clock::{Clock, Seed};
    use jiff::Timestamp;

    use super::*;
    use crate::deliver::intake::Intake;
    use crate::deliver::policy::{Batch, Limits, Ordering};
    use crate::settings::{Dialect, ProjectId};

    async fn begin(clock: &Clock) -> (Record, Ticket) {
        let (limits, batch) = (Limits::default(), Batch::default());
        let intake = Intake::new(&limits, batch, Ordering::default(), Seed::from(1), clock.clone(), drop);
        let project = ProjectId::new("demo-project").unwrap();
        let request = WireRequest::new(Dialect::Classic, &project, "/track", b"{}".to_vec());
        let place = Place::before(intake.room(2).await);
        Record::begin(place, Message::Json(Bytes::from_static(b"{}"), None), request)
    }

    #[tokio::test(start_paused = true)]
    async fn a_record_that_is_dropped_halfway_tells_what_it_knows() {
        let clock = Clock::starting_at(Timestamp::UNIX_EPOCH);
        let (mut record, ticket) = begin(&clock).await;
        let attempt = Attempt {
            at: clock.now(),
            took: Duration::from_millis(3),
            answer: Ok(503),
            retry_after: None,
        };
        record.push(attempt.clone());
        clock.sleep(Duration::from_secs(2)).await;
        let request = record.request().clone();
        drop(record);
        let expected = Outcome {
            attempts: vec![attempt],
            elapsed: Duration::from_secs(2),
            result: Delivery::Interrupted,
            dead_letter: Some(Box::new(DeadLetter {
                event: Bytes::from_static(b"{}"),
                request,
                reason: Delivery::Interrupted,
            })),
        };
        assert_eq!(ticket.await, expected);
    }

    #[tokio::test(start_paused = true)]
    async fn a_closed_record_pays_once() {
        let (record, ticket) = begin(&Clock::starting_at(Timestamp::UNIX_EPOCH)).await;
        drop(record.close(Delivery::Delivered { status: 204 }, Duration::ZERO));
        assert_eq!(ticket.await.result, Delivery::Delivered { status: 204 });
    }
}
