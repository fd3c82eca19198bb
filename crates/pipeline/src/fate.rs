//! What became of each message.

use attribution_destination::deliver::{Delivery, Outcome};
use segment_event::{Kind, Rejection};
use serde::Serialize;

/// One message that the pipeline was given, and how far it came.
#[derive(Clone, Debug)]
pub struct Handled {
    /// The message's `type`, where it has a readable one.
    pub kind: Option<Kind>,
    /// The message's `event`, where it has one.
    pub event: Option<String>,
    /// The message's `messageId`, where it has one.
    pub message_id: Option<String>,
    /// How far it came.
    pub fate: Fate,
}

/// How far a message came.
#[derive(Clone, Debug)]
pub enum Fate {
    /// Segment's ingest refuses it: it never reaches a destination.
    Rejected(Vec<Rejection>),
    /// It waits for its turn, for an answer or for the next attempt.
    Pending,
    /// The destination is done with it.
    Done(Outcome),
}

/// The counts over all messages. `events` is the sum of all others but `attempts` and `retries`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Deliveries {
    /// Messages that were given to the pipeline.
    pub events: u64,
    /// Attribution answered with success.
    pub delivered: u64,
    /// Attribution refused for good.
    pub rejected: u64,
    /// The retry window ended without success.
    pub expired: u64,
    /// The destination is not to have them: integrations object or call type.
    pub skipped: u64,
    /// Segment's ingest or the mapping refused them.
    pub invalid: u64,
    /// The runtime stopped before there was an outcome.
    pub interrupted: u64,
    /// Not decided yet.
    pub pending: u64,
    /// HTTP exchanges of the messages that are decided.
    pub attempts: u64,
    /// Attempts after a message's first.
    pub retries: u64,
}

impl Deliveries {
    /// Counts what became of these messages.
    pub fn of(handled: &[Handled]) -> Self {
        let mut counts = Self::default();
        for message in handled {
            counts.add(&message.fate);
        }
        counts
    }

    fn add(&mut self, fate: &Fate) {
        self.events += 1;
        match fate {
            Fate::Rejected(_) => self.invalid += 1,
            Fate::Pending => self.pending += 1,
            Fate::Done(outcome) => self.add_outcome(outcome),
        }
    }

    fn add_outcome(&mut self, outcome: &Outcome) {
        let attempts = u64::try_from(outcome.attempts.len()).unwrap_or(u64::MAX);
        self.attempts += attempts;
        self.retries += attempts.saturating_sub(1);
        match outcome.result {
            Delivery::Delivered { .. } => self.delivered += 1,
            Delivery::Rejected { .. } => self.rejected += 1,
            Delivery::Expired { .. } => self.expired += 1,
            Delivery::Skipped(_) => self.skipped += 1,
            Delivery::Invalid(_) => self.invalid += 1,
            Delivery::Interrupted => self.interrupted += 1,
        }
    }
}
