//! What a pipeline is started with.

use std::time::Duration;

use attribution_destination::deliver::{Batch, Ordering, RetryPolicy};
use attribution_destination::{ProjectId, Settings};
use attribution_mock::rules::RuleLevels;
use attribution_mock::{DashboardDelay, Strictness};
use clock::{Clock, Seed};
use jiff::Timestamp;

/// The project id that the simulation uses where none is given.
pub const DEMO_PROJECT: &str = "demo-project";

/// How sender and double are joined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transport {
    /// In-memory streams. The only transport over which time may be virtual.
    #[default]
    Memory,
    /// A socket on `127.0.0.1`, in real time.
    Loopback,
}

/// Everything that a [`Pipeline`](crate::Pipeline) needs; the defaults of [`Config::simulated`] are the documented ones.
#[derive(Clone, Debug)]
pub struct Config {
    /// The destination's settings; the double expects the same project id.
    pub settings: Settings,
    /// Window, backoff and timeout of the delivery.
    pub retry: RetryPolicy,
    /// In which order one visitor's events are delivered.
    pub ordering: Ordering,
    /// How many events share a request, in a dialect that has room for several.
    pub batch: Batch,
    /// Whether the double refuses what it could record with a flag.
    pub strictness: Strictness,
    /// What the double makes of each broken rule, in place of the rule's own severity.
    pub rules: RuleLevels,
    /// How long it takes until what was received is on the dashboard.
    pub dashboard_delay: DashboardDelay,
    /// Whether a message goes through Segment's ingest checks first. Without them the dialect's own validation speaks.
    pub ingest: bool,
    /// The clock of every part.
    pub clock: Clock,
    /// Where all jitter comes from.
    pub seed: Seed,
    /// How sender and double are joined.
    pub transport: Transport,
    /// What the link adds to each way of each exchange.
    pub latency: Duration,
    /// Whether the link keeps what travels it, for [`Link::exchanges`](crate::Link::exchanges).
    pub keep_wire: bool,
}

impl Config {
    /// A pipeline in memory on a clock that shows `start` now: project [`DEMO_PROJECT`], strict, with ingest checks,
    /// without latency or delay, seed 0, and nothing that travels the link is kept.
    ///
    /// # Panics
    ///
    /// Never: the demo project id is not blank.
    pub fn simulated(start: Timestamp) -> Self {
        let project_id = ProjectId::new(DEMO_PROJECT).expect("the demo project id is not blank");
        Self {
            settings: Settings::new(project_id),
            retry: RetryPolicy::default(),
            ordering: Ordering::default(),
            batch: Batch::default(),
            strictness: Strictness::Strict,
            rules: RuleLevels::default(),
            dashboard_delay: DashboardDelay::default(),
            ingest: true,
            clock: Clock::starting_at(start),
            seed: Seed::from(0),
            transport: Transport::Memory,
            latency: Duration::ZERO,
            keep_wire: false,
        }
    }
}
