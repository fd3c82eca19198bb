use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// What is known of exchanges without asking them.
#[derive(Debug, Default)]
pub(crate) struct Gauge {
    /// Those in flight less the parked ones, in one number so that a look is never torn.
    moving: AtomicI64,
    /// How many there ever were.
    begun: AtomicU64,
}

impl Gauge {
    pub(crate) fn is_quiet(&self) -> bool {
        self.moving.load(Ordering::SeqCst) <= 0
    }

    /// Another number than at the last look says that there was an exchange meanwhile, be it over or not.
    pub(crate) fn begun(&self) -> u64 {
        self.begun.load(Ordering::SeqCst)
    }

    fn shift(&self, by: i64) {
        self.moving.fetch_add(by, Ordering::SeqCst);
    }
}

/// An HTTP exchange is in flight while this lives; made by [`Clock::exchange`](crate::Clock::exchange).
#[derive(Debug)]
#[must_use = "the exchange counts as in flight only while the guard lives"]
pub struct Exchange(Arc<Gauge>);

impl Exchange {
    pub(crate) fn begin(gauge: Arc<Gauge>) -> Self {
        gauge.begun.fetch_add(1, Ordering::SeqCst);
        gauge.shift(1);
        Self(gauge)
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.0.shift(-1);
    }
}

/// An exchange in flight waits for time while this lives; made by [`Clock::parked`](crate::Clock::parked).
#[derive(Debug)]
#[must_use = "the exchange counts as parked only while the guard lives"]
pub struct Parked(Arc<Gauge>);

impl Parked {
    pub(crate) fn begin(gauge: Arc<Gauge>) -> Self {
        gauge.shift(-1);
        Self(gauge)
    }
}

impl Drop for Parked {
    fn drop(&mut self) {
        self.0.shift(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_means_that_no_more_exchanges_are_in_flight_than_parked() {
        let gauge = Arc::new(Gauge::default());
        assert!(gauge.is_quiet());
        let first = Exchange::begin(Arc::clone(&gauge));
        let second = Exchange::begin(Arc::clone(&gauge));
        assert!(!gauge.is_quiet());
        let parked = Parked::begin(Arc::clone(&gauge));
        assert!(!gauge.is_quiet(), "one of the two still runs");
        drop(first);
        assert!(gauge.is_quiet());
        drop(parked);
        assert!(!gauge.is_quiet());
        drop(second);
        assert!(gauge.is_quiet());
    }
}
