use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::gauge::{Exchange, Gauge, Parked};

/// What time it is, and the only way to wait.
///
/// A clock is an epoch and the moment at which it was made; it follows the clock of the tokio runtime it is used in,
/// so on a paused runtime its time is virtual. Clones are the same clock and count the same exchanges.
#[derive(Clone, Debug)]
pub struct Clock {
    epoch: Timestamp,
    origin: Instant,
    flow: Flow,
    gauge: Arc<Gauge>,
}

/// Who moves the time, which is how [`Clock::quiesce`] has to look again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    /// The runtime is paused: time moves only when nothing is runnable.
    Virtual,
    /// Time moves by itself.
    Real,
}

impl Clock {
    /// A clock of virtual time, which shows `epoch` at this very instant.
    ///
    /// Made for a current-thread runtime whose time is paused, and made inside of it. Elsewhere it still tells the
    /// time, but [`quiesce`](Self::quiesce) would spin where it should sleep: take [`flowing_from`](Self::flowing_from).
    pub fn starting_at(epoch: Timestamp) -> Self {
        Self::new(epoch, Flow::Virtual)
    }

    /// A clock of real time, which shows `epoch` at this very instant: a scenario's own date over real sockets.
    pub fn flowing_from(epoch: Timestamp) -> Self {
        Self::new(epoch, Flow::Real)
    }

    /// A clock of real time, which shows what the wall clock shows now.
    ///
    /// It reads the wall clock once: a later correction of the system's time is not followed, so time never jumps back.
    pub fn system() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the one place where the wall clock is read"
        )]
        let epoch = Timestamp::now();
        Self::flowing_from(epoch)
    }

    fn new(epoch: Timestamp, flow: Flow) -> Self {
        Self {
            epoch,
            origin: instant(),
            flow,
            gauge: Arc::default(),
        }
    }

    /// The time this clock shows: its epoch and what has [`elapsed`](Self::elapsed), at most the last moment jiff knows.
    pub fn now(&self) -> Timestamp {
        self.at(self.elapsed())
    }

    /// The time this clock shows when so much has [`elapsed`](Self::elapsed): whoever wants to know both looks once.
    pub fn at(&self, elapsed: Duration) -> Timestamp {
        let elapsed = SignedDuration::try_from(elapsed).unwrap_or(SignedDuration::MAX);
        self.epoch.checked_add(elapsed).unwrap_or(Timestamp::MAX)
    }

    /// How long ago this clock was made.
    pub fn elapsed(&self) -> Duration {
        instant().saturating_duration_since(self.origin)
    }

    /// Waits for `duration`. Tokio's timers count milliseconds and never end early; a wait over decades is cut short
    /// at about thirty years.
    pub async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    /// Says that an HTTP exchange is in flight, for as long as the guard lives.
    ///
    /// The sender holds one around each attempt, but none while it waits for the next attempt.
    pub fn exchange(&self) -> Exchange {
        Exchange::begin(Arc::clone(&self.gauge))
    }

    /// Says that one exchange in flight waits for time, or forever, for as long as the guard lives.
    ///
    /// The mock holds one in a delay, the link in its latency. Hold it no longer than the exchange itself: each guard
    /// cancels out one exchange, whichever it is.
    pub fn parked(&self) -> Parked {
        Parked::begin(Arc::clone(&self.gauge))
    }

    /// Whether every exchange in flight is parked, so that only time can bring anything new.
    ///
    /// True also in the short moments between two exchanges, which is why [`quiesce`](Self::quiesce) looks repeatedly.
    pub fn is_quiet(&self) -> bool {
        self.gauge.is_quiet()
    }

    pub(crate) fn begun_exchanges(&self) -> u64 {
        self.gauge.begun()
    }

    pub(crate) fn flow(&self) -> Flow {
        self.flow
    }
}

fn instant() -> Instant {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place where the runtime's clock is read"
    )]
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> Timestamp {
        "2024-01-15T12:00:00Z".parse().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_virtual_clock_begins_at_its_epoch_and_moves_only_by_sleeping() {
        let clock = Clock::starting_at(noon());
        assert_eq!((clock.now(), clock.elapsed()), (noon(), Duration::ZERO));
        clock.sleep(Duration::from_secs(3600)).await;
        assert_eq!(clock.now(), "2024-01-15T13:00:00Z".parse().unwrap());
        assert_eq!(clock.elapsed(), Duration::from_secs(3600));
        assert_eq!(
            clock.at(Duration::from_secs(60)),
            "2024-01-15T12:01:00Z".parse().unwrap()
        );
    }

    #[tokio::test(start_paused = true)]
    async fn clones_are_the_same_clock() {
        let clock = Clock::starting_at(noon());
        let clone = clock.clone();
        let exchange = clone.exchange();
        clock.sleep(Duration::from_millis(1)).await;
        assert_eq!(clone.now(), clock.now());
        assert!(!clock.is_quiet());
        drop(exchange);
        assert!(clock.is_quiet());
    }

    #[tokio::test(start_paused = true)]
    async fn the_end_of_time_is_not_passed() {
        let clock = Clock::starting_at(Timestamp::MAX);
        clock.sleep(Duration::from_secs(1)).await;
        assert_eq!(clock.now(), Timestamp::MAX);
    }

    #[test]
    fn the_system_clock_works_outside_a_runtime_and_never_runs_back() {
        let clock = Clock::system();
        let first = clock.now();
        assert!(first > "2020-01-01T00:00:00Z".parse().unwrap());
        assert!(clock.now() >= first);
    }
}
