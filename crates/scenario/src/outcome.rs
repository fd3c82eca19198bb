//! What came of a scenario. One structure for every output format.

use std::time::Duration;

use expectation::{Failure, Span};
use jiff::Timestamp;
use pipeline::Deliveries;
use serde::Serialize;

use crate::timeline::Timeline;

/// What came of a scenario. The same scenario and seed give the same outcome, byte for byte, over the in-memory link.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// The scenario's name.
    pub name: String,
    /// The scenario's file, as the user named it.
    pub file: String,
    /// How long it took on the scenario's own clock, from the first step until every delivery had its outcome.
    #[serde(rename = "virtual_seconds", serialize_with = "seconds")]
    pub virtual_time: Duration,
    /// Each step that was played, in order, a loop or group as one; then the closing look, and what `finally` did.
    pub steps: Vec<PlayedStep>,
    /// The counts over all messages.
    pub deliveries: Deliveries,
    /// How many expectations were looked at. A scenario with none can't fail, and says so.
    pub expectations: usize,
    /// Every expectation that did not hold, in file order.
    pub failures: Vec<Failure>,
    /// Messages that Attribution never recorded, and why: what to read first when an expectation failed.
    pub undelivered: Vec<Undelivered>,
    /// Every snapshot that was taken, in order. Not part of the serialized outcome either: they are files of their own.
    #[serde(skip)]
    pub snapshots: Vec<Frozen>,
    /// What happened to each message. Not part of the serialized outcome, which a long recording would make as long
    /// again: whoever shows it chooses what of it.
    #[serde(skip)]
    pub timeline: Timeline,
}

impl Outcome {
    /// Whether every expectation held.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// One step that was played.
#[derive(Clone, Debug, Serialize)]
pub struct PlayedStep {
    /// The step's place in the file.
    pub at: Span,
    /// The step's key in the file, or `closing` for the settling at the end.
    pub name: &'static str,
    /// When it began on the scenario's clock.
    pub started: Timestamp,
    /// How much time passed in it.
    #[serde(rename = "took_seconds", serialize_with = "seconds")]
    pub took: Duration,
}

/// A snapshot that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    /// Its file, from the scenario's folder, with slashes.
    pub file: String,
    /// The text to be reviewed, which ends with a line end.
    pub text: String,
    /// Whether the file has that text.
    pub state: FrozenState,
}

/// What a snapshot's file has, beside the text that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrozenState {
    /// The same; how lines end makes no difference.
    Same,
    /// Something else.
    Changed,
    /// Nothing: there is no such file.
    New,
}

/// A message that Attribution never recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Undelivered {
    /// The message's `messageId`.
    pub message_id: Option<String>,
    /// The message's `type`.
    pub kind: Option<&'static str>,
    /// Where it ended and why, in the user's terms.
    pub why: String,
}

fn seconds<S: serde::Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}
