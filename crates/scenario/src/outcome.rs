//! What came of a scenario. One structure for every output format.

use std::time::Duration;

use clock::Seed;
use expectation::{Failure, Span};
use jiff::Timestamp;
use pipeline::Deliveries;
use serde::Serialize;

use crate::coverage::Touched;
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
    /// What came of its `chaos`, where it has one: everything else here is of the run that failed first, or of the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chaos: Option<Chaos>,
    /// Messages that Attribution never recorded, and why: what to read first when an expectation failed.
    pub undelivered: Vec<Undelivered>,
    /// Every snapshot that was taken, in order. Not part of the serialized outcome either: they are files of their own.
    #[serde(skip)]
    pub snapshots: Vec<Frozen>,
    /// What of the contract was touched, where that was asked for; with `chaos`, in all runs. Not part of the serialized
    /// outcome: it is for the [`Coverage`](crate::Coverage) of many.
    #[serde(skip)]
    pub touched: Option<Touched>,
    /// What happened to each message; empty where nothing failed and nobody asked. Not part of the serialized outcome,
    /// which a long recording would make as long again: whoever shows it chooses what of it.
    #[serde(skip)]
    pub timeline: Timeline,
}

impl Outcome {
    /// Whether every expectation held.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// How a scenario held under its random faults.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Chaos {
    /// How many runs under random faults there are to be. Run 0 comes before them, without any.
    pub runs: u32,
    /// The only run that was played, where one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<u32>,
    /// The first run that failed, after which there was no other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<FailedRun>,
}

/// A run that failed, under the smallest part of its schedule under which it still does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FailedRun {
    /// Its number; 0 is the one without random faults.
    pub run: u32,
    /// Where its jitter came from. With the faults as steps of its own and this seed, the scenario without `chaos` fails
    /// in the same way.
    #[serde(serialize_with = "text")]
    pub seed: Seed,
    /// How many faults it had at first.
    pub drawn: usize,
    /// The faults that it takes, in order.
    pub faults: Vec<PlannedFault>,
    /// How often it was played to find them.
    pub plays: u32,
    /// Whether it takes all of them. Otherwise it was played as often as it may be, and a smaller part may do.
    pub smallest: bool,
}

/// A random fault and where it would stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedFault {
    /// The step before which it is planned.
    pub before: Span,
    /// What stands at the `fault:` of a step that does the same.
    pub fault: String,
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

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn text<S: serde::Serializer>(seed: &Seed, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(seed)
}

fn seconds<S: serde::Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}
