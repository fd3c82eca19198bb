use std::error::Error;
use std::fmt;
use std::num::NonZeroUsize;
use std::time::Duration;

/// How long, how often and how many at once. The defaults are Segment's where Segment's are public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// For how long after the beginning of the first attempt a further one may begin. Segment documents four hours.
    /// Zero means one attempt.
    pub window: Duration,
    /// The longest first wait, at least a millisecond; the longest wait doubles with each one. One second.
    pub initial: Duration,
    /// What the longest wait doubles up to. Ten minutes. A `Retry-After` may ask for more.
    pub max: Duration,
    /// How long one exchange may take from its begin to the end of the answer, at least a millisecond. Five seconds, as in Segment's delivery.
    pub timeout: Duration,
    /// How many exchanges may be in flight at once. An event that waits for its next attempt doesn't count. 64.
    pub concurrency: NonZeroUsize,
    /// How many events may be without an outcome before `submit` waits. 10,000.
    pub queue: NonZeroUsize,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            window: Duration::from_secs(4 * 60 * 60),
            initial: Duration::from_secs(1),
            max: Duration::from_secs(10 * 60),
            timeout: Duration::from_secs(5),
            concurrency: const { NonZeroUsize::new(64).expect("is not zero") },
            queue: const { NonZeroUsize::new(10_000).expect("is not zero") },
        }
    }
}

impl RetryPolicy {
    pub(super) fn check(&self) -> Result<(), PolicyError> {
        const LEAST: Duration = Duration::from_millis(1);
        if self.initial < LEAST {
            Err(PolicyError::InitialTooShort(self.initial))
        } else if self.max < self.initial {
            Err(PolicyError::MaxBelowInitial {
                max: self.max,
                initial: self.initial,
            })
        } else if self.timeout < LEAST {
            Err(PolicyError::TimeoutTooShort(self.timeout))
        } else {
            Ok(())
        }
    }
}

/// A [`RetryPolicy`] that would not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyError {
    /// The first wait is below a millisecond, so an outage would be met by a flood.
    InitialTooShort(Duration),
    /// The waits would have to shrink.
    MaxBelowInitial {
        /// The longest wait asked for.
        max: Duration,
        /// The longest first wait asked for.
        initial: Duration,
    },
    /// Less than a millisecond for an exchange.
    TimeoutTooShort(Duration),
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InitialTooShort(initial) => {
                write!(f, "an initial wait of {initial:?} is too short: give at least 1ms")
            }
            Self::MaxBelowInitial { max, initial } => {
                write!(
                    f,
                    "a longest wait of {max:?} is below the initial one of {initial:?}: give at least {initial:?}"
                )
            }
            Self::TimeoutTooShort(timeout) => write!(f, "a timeout of {timeout:?} is too short: give at least 1ms"),
        }
    }
}

impl Error for PolicyError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_design() {
        let policy = RetryPolicy::default();
        assert_eq!(policy.check(), Ok(()));
        let seconds = [policy.window, policy.initial, policy.max, policy.timeout].map(|duration| duration.as_secs());
        assert_eq!(seconds, [14_400, 1, 600, 5]);
    }

    #[test]
    fn a_policy_that_would_not_work_is_named_with_its_fix() {
        let zero_initial = RetryPolicy {
            initial: Duration::ZERO,
            ..RetryPolicy::default()
        };
        let short_max = RetryPolicy {
            max: Duration::from_millis(10),
            ..RetryPolicy::default()
        };
        let zero_timeout = RetryPolicy {
            timeout: Duration::ZERO,
            ..RetryPolicy::default()
        };
        let shown = [zero_initial, short_max, zero_timeout].map(|policy| policy.check().unwrap_err().to_string());
        assert_eq!(
            shown,
            [
                "an initial wait of 0ns is too short: give at least 1ms",
                "a longest wait of 10ms is below the initial one of 1s: give at least 1s",
                "a timeout of 0ns is too short: give at least 1ms",
            ]
        );
    }
}
