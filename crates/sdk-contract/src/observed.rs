use std::time::Duration;

use serde_json::Value;

use crate::program::Ending;

/// Everything that was seen of an SDK in a case.
#[derive(Clone, Debug)]
pub(crate) struct Observed {
    /// Requests with messages, in the order in which they came.
    pub(crate) deliveries: Vec<Delivery>,
    /// How many deliveries had come when the settings were asked for first, if they were.
    pub(crate) fetched_after: Option<usize>,
    /// Requests to somewhere else, as method and path.
    pub(crate) astray: Vec<String>,
    /// What ingest has against messages.
    pub(crate) refusals: Vec<String>,
    /// How the command ended.
    pub(crate) ending: Ending,
}

/// A request with messages.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    /// When it was there, and when it was answered, since the case began.
    pub(crate) came: Duration,
    pub(crate) answered: Duration,
    /// Its messages, or none where it can't be read.
    pub(crate) messages: Vec<Value>,
    pub(crate) retry_count: Option<String>,
    pub(crate) write_key: Option<String>,
    /// What became of it.
    pub(crate) fate: Fate,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It was answered with this status.
    Answered(u16),
    /// Its connection was reset.
    Reset,
    /// It was taken, and then its connection was reset.
    TakenThenReset,
}

impl Delivery {
    /// The `messageId`s of its messages, where they have one.
    pub(crate) fn ids(&self) -> Vec<Option<&str>> {
        self.messages.iter().map(id).collect()
    }

    fn is_answered_well(&self) -> bool {
        matches!(self.fate, Fate::Answered(200..=299))
    }
}

impl Observed {
    /// The messages that arrived. One that was taken without an answer and then again is one, if it kept its id.
    pub(crate) fn arrived(&self) -> Vec<&Value> {
        let well = |delivery: &&Delivery| delivery.is_answered_well();
        let answered = self.deliveries.iter().filter(well).flat_map(|one| &one.messages);
        let answered: Vec<&Value> = answered.collect();
        let lost = self.deliveries.iter().filter(|one| one.fate == Fate::TakenThenReset);
        let lost = lost.flat_map(|one| &one.messages);
        let only_lost = |message: &&Value| {
            let again = |other: &&Value| id(other).is_some() && id(other) == id(message);
            !answered.iter().any(again)
        };
        lost.filter(only_lost).chain(answered.iter().copied()).collect()
    }
}

pub(crate) fn id(message: &Value) -> Option<&str> {
    message.get("messageId")?.as_str().filter(|id| !id.is_empty())
}
