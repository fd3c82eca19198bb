//! The record as the vendor's dashboard shows it: what was received is there only after a while.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use attribution_ledger::{AttributionReport, Entry, EntryVerdict, Ledger};
use clock::{DurationError, Seed};
use jiff::Timestamp;
use serde::Serialize;

use crate::mock::Mock;
use crate::record::Record;

/// How long it takes until what was received is on the dashboard; at the vendor's, 15 to 30 minutes. Default not at all.
///
/// Each request takes a time of its own between the two, which its number and the seed decide.
///
/// ```
/// use std::time::Duration;
///
/// use attribution_mock::DashboardDelay;
///
/// let delay: DashboardDelay = "15m..30m".parse()?;
/// assert_eq!((delay.from, delay.to), (Duration::from_secs(900), Duration::from_secs(1800)));
/// assert!("30m..15m".parse::<DashboardDelay>().is_err());
/// # Ok::<(), attribution_mock::DashboardDelayError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DashboardDelay {
    /// The shortest.
    pub from: Duration,
    /// The longest.
    pub to: Duration,
    /// What decides between the two.
    pub seed: Seed,
}

impl DashboardDelay {
    /// The longest that can be asked for: a year.
    pub const LONGEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);

    /// The same for every request.
    pub fn exactly(delay: Duration) -> Self {
        Self {
            from: delay,
            to: delay,
            ..Self::default()
        }
    }

    /// Whether there is none.
    pub fn is_none(&self) -> bool {
        self.to.is_zero()
    }

    /// When a request is on the dashboard.
    pub(crate) fn shown_at(&self, entry: &Entry) -> Timestamp {
        let spread = self.to.saturating_sub(self.from);
        let more = if spread.is_zero() {
            Duration::ZERO
        } else {
            let mut random = self.seed.random(&format!("dashboard {}", entry.seq));
            random.duration_up_to(spread)
        };
        let delay = self.from + more;
        let received = entry.request.received_at;
        received.checked_add(delay).unwrap_or(Timestamp::MAX)
    }
}

impl Default for DashboardDelay {
    fn default() -> Self {
        Self {
            from: Duration::ZERO,
            to: Duration::ZERO,
            seed: Seed::from(0),
        }
    }
}

impl fmt::Display for DashboardDelay {
    /// As it is written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.from == self.to {
            return write!(f, "{:?}", self.to);
        }
        write!(f, "{:?}..{:?}", self.from, self.to)
    }
}

/// Why a text is no [`DashboardDelay`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DashboardDelayError {
    /// An end of it is no span of time.
    Duration(DurationError),
    /// It ends before it begins.
    Backwards,
    /// It is longer than [`DashboardDelay::LONGEST`].
    TooLong,
}

impl fmt::Display for DashboardDelayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duration(error) => write!(
                f,
                "{}; {}, or two of them as in 15m..30m",
                error.message(),
                error.help()
            ),
            Self::Backwards => f.write_str("it ends before it begins; swap the two"),
            Self::TooLong => f.write_str("it is more than a year; write one such as 20m"),
        }
    }
}

impl std::error::Error for DashboardDelayError {}

impl FromStr for DashboardDelay {
    type Err = DashboardDelayError;

    /// Reads `20m` and `15m..30m`.
    fn from_str(text: &str) -> Result<Self, DashboardDelayError> {
        let (from, to) = text.split_once("..").unwrap_or((text, text));
        let end = |text: &str| clock::duration(text.trim()).map_err(DashboardDelayError::Duration);
        let (from, to) = (end(from)?, end(to)?);
        if from > to {
            return Err(DashboardDelayError::Backwards);
        }
        if to > Self::LONGEST {
            return Err(DashboardDelayError::TooLong);
        }
        Ok(Self {
            from,
            to,
            ..Self::default()
        })
    }
}

/// How much of what counts the dashboard shows at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DashboardState {
    /// The moment.
    pub now: Timestamp,
    /// The delay, as it is written; none where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<String>,
    /// How many recorded requests it shows.
    pub shown: usize,
    /// How many it will show.
    pub held_back: usize,
    /// When it shows the next of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Timestamp>,
    /// When it shows the last of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Timestamp>,
}

/// What the dashboard shows.
impl Mock {
    /// What Attribution makes of what has been received for [long enough](crate::MockConfig::dashboard_delay) to be on its
    /// dashboard, as if nothing had come since. Without a delay, the same as [`report`](Self::report).
    pub fn dashboard(&self) -> AttributionReport {
        self.dashboard_at(self.config().clock.now())
    }

    /// What [`dashboard`](Self::dashboard) is at this moment, if nothing more is received until then.
    pub fn dashboard_at(&self, moment: Timestamp) -> AttributionReport {
        dashboard(&self.record(), self.config().dashboard_delay, moment)
    }

    /// When the next request that counts will be on the dashboard, and when the last; none where all are.
    pub fn dashboard_due(&self) -> Option<(Timestamp, Timestamp)> {
        if self.config().dashboard_delay.is_none() {
            return None;
        }
        let state = self.dashboard_state();
        state.next.zip(state.last)
    }

    /// How much the dashboard shows now, and when the rest.
    pub fn dashboard_state(&self) -> DashboardState {
        let (delay, now) = (self.config().dashboard_delay, self.config().clock.now());
        let record = self.record();
        let counting = record.journal.entries().iter();
        let counting = counting.filter(|entry| entry.verdict == EntryVerdict::Recorded);
        let mut state = DashboardState {
            now,
            delay: (!delay.is_none()).then(|| delay.to_string()),
            shown: 0,
            held_back: 0,
            next: None,
            last: None,
        };
        for entry in counting {
            let at = delay.shown_at(entry);
            if delay.is_none() || at <= now {
                state.shown += 1;
            } else {
                state.held_back += 1;
                state.next = Some(state.next.map_or(at, |next| next.min(at)));
                state.last = state.last.max(Some(at));
            }
        }
        state
    }
}

/// What the dashboard shows of a record at a moment.
pub(crate) fn dashboard(record: &Record, delay: DashboardDelay, moment: Timestamp) -> AttributionReport {
    if delay.is_none() {
        return record.ledger.report();
    }
    let entries = record.journal.entries().iter();
    let shown = entries.filter(|entry| delay.shown_at(entry) <= moment);
    Ledger::replay(record.ledger_config(), shown).report()
}
