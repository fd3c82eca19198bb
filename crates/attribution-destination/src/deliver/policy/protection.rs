use std::time::Duration;

use super::{PolicyError, at_least_one};

/// What spares an endpoint that is down or overloaded. None of it ever gives an event up: it only waits.
#[derive(Clone, Debug, PartialEq)]
pub struct Protection {
    /// Whether fewer exchanges are in flight while the endpoint is overloaded: each timeout, 429 or 503 halves their number,
    /// and each success lets it grow again, by one for as many successes as may be in flight. It is.
    pub adaptive: bool,
    /// When a dead endpoint is only probed. None never does.
    pub breaker: Option<Breaker>,
    /// How many retries there may be. None bounds them by each event's own waits alone.
    pub budget: Option<RetryBudget>,
}

impl Default for Protection {
    fn default() -> Self {
        Self {
            adaptive: true,
            breaker: Some(Breaker::default()),
            budget: Some(RetryBudget::default()),
        }
    }
}

impl Protection {
    /// Every event for itself, as Segment's own documentation tells of no more.
    pub const NONE: Self = Self {
        adaptive: false,
        breaker: None,
        budget: None,
    };

    pub(in crate::deliver) fn check(&self) -> Result<(), PolicyError> {
        if let Some(breaker) = &self.breaker {
            at_least_one(
                breaker.failures,
                "a breaker's number of failures",
                "at least 1, such as 20",
            )?;
            if breaker.probe_after < Duration::from_millis(1) {
                return Err(PolicyError::InitialTooShort(breaker.probe_after));
            }
            if breaker.probe_at_most < breaker.probe_after {
                return Err(PolicyError::MaxBelowInitial {
                    max: breaker.probe_at_most,
                    initial: breaker.probe_after,
                });
            }
        }
        match &self.budget {
            Some(RetryBudget { per_second, .. }) if !(per_second.is_finite() && *per_second > 0.0) => {
                Err(PolicyError::Rate(*per_second))
            }
            Some(RetryBudget { per_success, .. }) if !(per_success.is_finite() && *per_success >= 0.0) => {
                Err(PolicyError::Earnings(*per_success))
            }
            _ => Ok(()),
        }
    }
}

/// A circuit breaker. After so many failures in a row, whoever's they are, nothing is sent until the next probe: a
/// single request, whose success lets all others go on and whose failure makes the wait for the next one longer.
///
/// A failure is what would be tried again, but for a 429: an endpoint that asks to slow down is not dead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breaker {
    /// How many failures in a row. 20.
    pub failures: usize,
    /// The longest wait for the first probe; it doubles with each one, with full jitter. One second.
    pub probe_after: Duration,
    /// What it doubles up to. One minute.
    pub probe_at_most: Duration,
}

impl Default for Breaker {
    fn default() -> Self {
        Self {
            failures: 20,
            probe_after: Duration::from_secs(1),
            probe_at_most: Duration::from_secs(60),
        }
    }
}

/// How many retries there may be for what succeeds. A retry costs one of the budget, and waits where there is none.
#[derive(Clone, Debug, PartialEq)]
pub struct RetryBudget {
    /// So many are earned a second, whatever happens. 10.
    pub per_second: f64,
    /// So many are earned by each success, so that after an outage the pace doubles and doubles again. 2.
    pub per_success: f64,
    /// So many can be saved, and are there at first. 100.
    pub at_most: f64,
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self {
            per_second: 10.0,
            per_success: 2.0,
            at_most: 100.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_work_and_a_breaker_that_is_always_open_does_not() {
        assert_eq!(Protection::default().check(), Ok(()));
        assert_eq!(Protection::NONE.check(), Ok(()));
        let always = Protection {
            breaker: Some(Breaker {
                failures: 0,
                ..Breaker::default()
            }),
            ..Protection::NONE
        };
        assert!(
            always
                .check()
                .unwrap_err()
                .to_string()
                .ends_with("give at least 1, such as 20")
        );
        let never_again = Protection {
            budget: Some(RetryBudget {
                per_second: 0.0,
                ..RetryBudget::default()
            }),
            ..Protection::NONE
        };
        assert_eq!(never_again.check(), Err(PolicyError::Rate(0.0)));
    }
}
