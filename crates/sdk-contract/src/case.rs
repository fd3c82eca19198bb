use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::script::{Fault, Script};
use crate::suite::Suite;

/// The write key that every case gives.
pub(crate) const WRITE_KEY: &str = "sdk-contract";

/// Something that is tried: what the SDK is told to do, what it meets, and what is demanded of it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The suite that it belongs to.
    pub suite: Suite,
    /// Its name within the suite.
    pub name: &'static str,
    /// What is promised, in a sentence.
    pub about: &'static str,
    pub(crate) sequences: Vec<Sequence>,
    pub(crate) config: Map<String, Value>,
    pub(crate) script: Script,
    pub(crate) demands: Vec<Demand>,
}

/// Calls that are made without a pause.
#[derive(Clone, Debug)]
pub(crate) struct Sequence {
    pub(crate) delay: Duration,
    pub(crate) events: Vec<Value>,
}

/// What is demanded of an SDK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Demand {
    /// Each message arrives once, with its fields, and those of a batch in the order of the calls.
    Arrived,
    /// So many messages arrive.
    Arrives(usize),
    /// The command says that all was delivered.
    Succeeds,
    /// The command says that not all was delivered.
    Fails,
    /// So many requests carry messages.
    Attempts(usize),
    /// No request carries more messages than this.
    BatchesOf(usize),
    /// Each request carries the same messages under the same ids.
    SameIds,
    /// The second attempt waits at least so long after the answer to the first.
    Waits(Duration),
    /// The second attempt says in `X-Retry-Count` that it is the first retry.
    RetryCount,
    /// The `messageId` of the call arrives.
    KeepsMessageId,
    /// The `timestamp` of the call arrives.
    KeepsTimestamp,
    /// Each request names the write key.
    WriteKey,
    /// The settings are asked for before the first message is sent.
    Fetches,
}

impl Case {
    /// One that is told to make these calls, one after the other; nothing is demanded yet, and nothing goes wrong.
    pub(crate) fn new(suite: Suite, name: &'static str, about: &'static str, events: Vec<Value>) -> Self {
        let config = json!({"flushAt": 20, "flushInterval": 500, "maxRetries": 3});
        Self {
            suite,
            name,
            about,
            sequences: vec![Sequence {
                delay: Duration::ZERO,
                events,
            }],
            config: config.as_object().cloned().unwrap_or_default(),
            script: Script::default(),
            demands: Vec::new(),
        }
    }

    /// The suite and the name.
    pub fn id(&self) -> String {
        format!("{}/{}", self.suite, self.name)
    }

    pub(crate) fn then(mut self, delay: Duration, events: Vec<Value>) -> Self {
        self.sequences.push(Sequence { delay, events });
        self
    }

    pub(crate) fn config(mut self, key: &str, value: u64) -> Self {
        self.config.insert(key.to_owned(), value.into());
        self
    }

    pub(crate) fn without(mut self, key: &str) -> Self {
        self.config.remove(key);
        self
    }

    /// The first requests meet these, those after them are taken.
    pub(crate) fn meets(mut self, faults: &[Fault]) -> Self {
        faults.clone_into(&mut self.script.faults);
        self
    }

    /// Every request meets this.
    pub(crate) fn always_meets(mut self, fault: Fault) -> Self {
        self.script.then = fault;
        self
    }

    /// The settings have this `httpConfig`.
    pub(crate) fn http_config(mut self, config: Value) -> Self {
        self.script.http_config = Some(config);
        self
    }

    pub(crate) fn demands(mut self, demands: &[Demand]) -> Self {
        demands.clone_into(&mut self.demands);
        self
    }

    /// Every message, in the order of the calls.
    pub(crate) fn messages(&self) -> impl Iterator<Item = &Value> {
        self.sequences.iter().flat_map(|sequence| &sequence.events)
    }

    /// What the command is given.
    pub(crate) fn input(&self, host: &str) -> Value {
        let sequences = self.sequences.iter().map(|sequence| {
            let delay = u64::try_from(sequence.delay.as_millis()).unwrap_or(u64::MAX);
            json!({"delayMs": delay, "events": sequence.events})
        });
        json!({
            "writeKey": WRITE_KEY,
            "apiHost": host,
            "cdnHost": host,
            "sequences": sequences.collect::<Vec<_>>(),
            "config": self.config,
        })
    }
}
