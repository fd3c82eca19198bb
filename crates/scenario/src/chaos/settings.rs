//! What may strike.

use std::time::Duration;

use expectation::Span;

use crate::scenario::FaultStep;

/// `chaos:` of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct ChaosSettings {
    /// Where its settings stand.
    pub at: Span,
    /// How many runs there are, each under a schedule of its own, from 1 to [`ChaosSettings::MOST_RUNS`].
    pub runs: u32,
    /// How many faults a schedule has at most, from 1 to [`ChaosSettings::MOST_FAULTS`].
    pub max_faults: u32,
    /// What may strike, each as likely as the other; never empty.
    pub faults: Vec<ChaosKind>,
}

/// What may strike.
#[derive(Clone, Debug, PartialEq)]
pub enum ChaosKind {
    /// A connection is refused: `refuse`.
    Refuse,
    /// A connection is reset after some bytes, before or after the request was recorded: `cut`.
    Cut,
    /// The server resets the connection, before or after the request was recorded: `reset`.
    Reset,
    /// The server closes the connection, before or after the request was recorded: `close`.
    Close,
    /// The server answers one of these and records nothing: `status`.
    Status(Vec<u16>),
    /// The server answers 429 with a `Retry-After` of at most so long, in whole seconds: `retry_after`.
    RetryAfter(Duration),
    /// The server records and answers at most so much later: `latency`.
    Latency(Duration),
    /// The server records and never answers: `hang`.
    Hang,
    /// The server records, and the answer ends in its middle: `truncate`.
    Truncate,
    /// The server records and answers what is no HTTP: `garbage`.
    Garbage,
    /// A fault as a step has it, at most as often as it says.
    Fault(FaultStep),
}

impl ChaosSettings {
    /// How many runs there are where the file does not say.
    pub const RUNS: u32 = 100;
    /// How many runs there can be.
    pub const MOST_RUNS: u32 = 10_000;
    /// How many faults a schedule has at most where the file does not say.
    pub const FAULTS: u32 = 4;
    /// How many faults a schedule can have.
    pub const MOST_FAULTS: u32 = 20;
}

impl ChaosKind {
    /// Every kind that is chosen by a word, with what it does when the word is all there is. Each is transient: a sender
    /// that tries again loses nothing. They are what may strike where the file does not say.
    pub fn defaults() -> Vec<(&'static str, Self)> {
        vec![
            ("refuse", Self::Refuse),
            ("cut", Self::Cut),
            ("reset", Self::Reset),
            ("close", Self::Close),
            ("status", Self::Status(vec![500, 502, 503, 504])),
            ("retry_after", Self::RetryAfter(Duration::from_secs(60))),
            ("latency", Self::Latency(Duration::from_secs(8))),
            ("hang", Self::Hang),
            ("truncate", Self::Truncate),
            ("garbage", Self::Garbage),
        ]
    }
}
