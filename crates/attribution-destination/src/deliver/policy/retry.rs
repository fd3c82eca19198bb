use std::time::Duration;

use super::PolicyError;
use crate::settings::Dialect;

/// How long and how often one event is tried. The defaults are Segment's where Segment's are public, those of the classic
/// dialect; [`RetryPolicy::of`] knows the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// For how long after the beginning of the first attempt a further one may begin. Segment documents four hours.
    /// Zero means one attempt.
    pub window: Duration,
    /// The longest first wait, at least a millisecond; the longest wait doubles with each one. One second.
    pub initial: Duration,
    /// What the longest wait doubles up to. Ten minutes. A `Retry-After` may ask for more.
    pub max: Duration,
    /// How long one exchange may take from its begin to the end of the answer, at least a millisecond. Five seconds, as in
    /// Segment's delivery; ten for the actions dialect, as in Segment's framework of actions.
    pub timeout: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            window: Duration::from_secs(4 * 60 * 60),
            initial: Duration::from_secs(1),
            max: Duration::from_secs(10 * 60),
            timeout: Duration::from_secs(5),
        }
    }
}

impl RetryPolicy {
    /// The default policy of a dialect.
    pub fn of(dialect: Dialect) -> Self {
        let timeout = match dialect {
            Dialect::Classic | Dialect::Import => Duration::from_secs(5),
            Dialect::Actions => Duration::from_secs(10),
        };
        Self {
            timeout,
            ..Self::default()
        }
    }

    pub(in crate::deliver) fn check(&self) -> Result<(), PolicyError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_design() {
        let policy = RetryPolicy::default();
        assert_eq!(policy.check(), Ok(()));
        let seconds = [policy.window, policy.initial, policy.max, policy.timeout].map(|duration| duration.as_secs());
        assert_eq!(seconds, [14_400, 1, 600, 5]);
        let timeouts =
            [Dialect::Classic, Dialect::Actions, Dialect::Import].map(|dialect| RetryPolicy::of(dialect).timeout);
        assert_eq!(timeouts.map(|timeout| timeout.as_secs()), [5, 10, 5]);
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
