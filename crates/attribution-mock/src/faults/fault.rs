use std::time::Duration;

use attribution_ledger::{Call, Dialect};

use super::action::{FaultAction, FaultAnswer, Rate, Statuses};
use super::error::FaultError;
use super::latency::Latency;
use super::matching::FaultMatch;
use super::resolved::Resolved;

/// A rule: which requests are struck, and what happens to them.
///
/// A fault strikes requests that passed authentication and the limits, so it never hides a wrong project id. Of
/// several, the one installed first that takes a request strikes it, and those after it never see that request.
///
/// ```
/// use std::time::Duration;
///
/// use attribution_mock::Fault;
///
/// let outage = Fault::respond(503).on("/track").times(2);
/// assert_eq!((outage.matching.path.as_deref(), outage.matching.times), (Some("/track"), Some(2)));
///
/// let unlucky = Fault::respond([503, 503, 200]).visitor("user-1").event("Order Completed");
/// let flaky = Fault::delay(Duration::from_secs(2)).probability(0.3, 7).lasting(Duration::from_secs(60));
/// assert!(unlucky.check().is_ok() && flaky.check().is_ok());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Which requests are struck.
    pub matching: FaultMatch,
    /// What happens to them.
    pub action: FaultAction,
    /// Where its probability and its latency come from: the same seed strikes the same. None is the fault's number, so
    /// that two faults differ and a run repeats.
    pub seed: Option<u64>,
}

/// What happens.
impl Fault {
    /// This action for every request that takes events, until the fault is removed.
    pub fn new(action: FaultAction) -> Self {
        Self {
            matching: FaultMatch::default(),
            action,
            seed: None,
        }
    }

    /// A fault that answers this status with an empty body, or these one after the other; see [`Statuses`].
    pub fn respond(status: impl Into<Statuses>) -> Self {
        Self::answer(FaultAnswer::new(status))
    }

    /// A fault that answers this.
    pub fn answer(answer: FaultAnswer) -> Self {
        Self::new(FaultAction::Respond(answer))
    }

    /// A fault that records at once and answers later.
    pub fn delay(latency: impl Into<Latency>) -> Self {
        Self::new(FaultAction::Delay(latency.into()))
    }

    /// A server that takes so many requests a second, and so many at once after a pause; see [`Rate`].
    pub fn rate(per_second: f64, burst: u32) -> Self {
        Self::new(FaultAction::Rate(Rate { per_second, burst }))
    }
}

/// To which requests it happens.
impl Fault {
    /// The same fault for this path only.
    #[must_use]
    pub fn on(mut self, path: impl Into<String>) -> Self {
        self.matching.path = Some(path.into());
        self
    }

    /// The same fault for this dialect only.
    #[must_use]
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.matching.dialect = Some(dialect);
        self
    }

    /// The same fault for whoever has this id only: a user id, a cookie's or a previous one.
    #[must_use]
    pub fn visitor(mut self, id: impl Into<String>) -> Self {
        self.matching.visitor = Some(id.into());
        self
    }

    /// The same fault for tracks of this name only.
    #[must_use]
    pub fn event(mut self, name: impl Into<String>) -> Self {
        self.matching.event = Some(name.into());
        self
    }

    /// The same fault for this call only.
    #[must_use]
    pub fn call(mut self, call: Call) -> Self {
        self.matching.call = Some(call);
        self
    }

    /// The same fault for each `n`th request only: the `n`th, the `2n`th and so on of those that fit otherwise.
    #[must_use]
    pub fn every(mut self, n: u32) -> Self {
        self.matching.every = Some(n);
        self
    }

    /// The same fault for a request now and then, of 1.
    #[must_use]
    pub fn probability(mut self, probability: f64, seed: u64) -> Self {
        self.matching.probability = Some(probability);
        self.seed(seed)
    }

    /// The same fault from so long after its installation.
    #[must_use]
    pub fn after(mut self, delay: Duration) -> Self {
        self.matching.after = delay;
        self
    }

    /// The same fault for requests that arrive within so long of its beginning.
    #[must_use]
    pub fn lasting(mut self, length: Duration) -> Self {
        self.matching.lasting = Some(length);
        self
    }

    /// The same fault for so many requests.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.matching.times = Some(times);
        self
    }

    /// The same fault with this source of chance.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self {
            seed: Some(seed),
            ..self
        }
    }

    /// Whether the fault could be installed: it can strike, and what it prescribes can be said.
    ///
    /// # Errors
    ///
    /// [`FaultError`], the same that installing it would end with.
    pub fn check(&self) -> Result<(), FaultError> {
        Resolved::of(self, 0).map(drop)
    }
}
