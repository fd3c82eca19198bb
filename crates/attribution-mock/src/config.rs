use std::time::Duration;

use attribution_ledger::LedgerConfig;
use clock::Clock;
use inbound::Spread;

use crate::answers::Answers;
use crate::dashboard::DashboardDelay;
use crate::keep::Keep;
use crate::limits::Limits;
use crate::projects::Projects;
use crate::serve::Tls;
use crate::tap::Tap;

/// How a [`Mock`](crate::Mock) behaves.
///
/// ```
/// use attribution_mock::{MockConfig, Strictness};
///
/// let config = MockConfig { strictness: Strictness::Lenient, ..MockConfig::new(clock::Clock::system()) };
/// assert_eq!(config.body_limit, 500_000);
/// ```
#[derive(Clone, Debug)]
pub struct MockConfig {
    /// Who may send. Default `demo-project`.
    pub projects: Projects,
    /// What is done with a request that breaks a rule. Default [`Strictness::Strict`].
    pub strictness: Strictness,
    /// What is answered where the live service's answers are not public.
    pub answers: Answers,
    /// Where the times of receipt, the `Date` headers and the delays come from.
    pub clock: Clock,
    /// The longest body that is taken, in bytes; a longer one is answered 413. Default 500 KB, the limit of a batch at
    /// Segment's own Tracking API (Attribution's is not public).
    pub body_limit: usize,
    /// How much of what was received is kept; what was dropped is counted, see [`Mock::dropped`](crate::Mock::dropped).
    /// Default everything.
    pub keep: Option<Keep>,
    /// What the vendor leaves open about visits, and what is made of each broken rule.
    pub ledger: LedgerConfig,
    /// How long it takes until what was received is on the dashboard, which is what the section `report` of an `expect`
    /// looks at. Default not at all.
    pub dashboard_delay: DashboardDelay,
    /// How long the exchanges in flight may take to finish once the server is told to stop. Default 5 s.
    pub grace: Duration,
    /// What is done with each exchange besides answering it. Default nothing.
    pub tap: Tap,
    /// What one peer, or all of them together, may use up.
    pub limits: Limits,
    /// With what HTTPS is spoken, in place of HTTP. Default none: HTTP.
    pub tls: Option<Tls>,
    /// By what names, besides those of this machine, the admin API may be asked: a container's, say. Pages of such a host
    /// may ask it too, so name none that strangers can serve pages from. Default none.
    pub admin_hosts: Vec<String>,
    /// Where connections are served beyond the first few, and whatever is asked that is no event: for a server on a runtime of
    /// one thread, as `harness serve` is. Default none: where they are accepted.
    pub spread: Option<Spread>,
}

impl MockConfig {
    /// The defaults, with this clock.
    pub fn new(clock: Clock) -> Self {
        Self {
            projects: Projects::only("demo-project"),
            strictness: Strictness::default(),
            answers: Answers::default(),
            clock,
            body_limit: 500_000,
            keep: None,
            ledger: LedgerConfig::default(),
            dashboard_delay: DashboardDelay::default(),
            grace: Duration::from_secs(5),
            tap: Tap::default(),
            limits: Limits::default(),
            tls: None,
            admin_hosts: Vec::new(),
            spread: None,
        }
    }
}

/// What is done with a request that breaks a rule which no public sender breaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strictness {
    /// It is answered 400 with the violations and not recorded.
    #[default]
    Strict,
    /// It is recorded and flagged wherever an event can be read from it at all. Any `Content-Type` is taken.
    Lenient,
}
