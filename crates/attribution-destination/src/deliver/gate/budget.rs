use std::time::Duration;

use super::NotYet;
use crate::deliver::policy::RetryBudget;

/// How many retries can be afforded.
#[derive(Debug)]
pub(super) struct Budget {
    saved: f64,
    as_of: Duration,
    earnings: RetryBudget,
}

impl Budget {
    pub(super) fn new(earnings: &RetryBudget) -> Self {
        // Less than one could never be spent.
        let at_most = earnings.at_most.max(1.0);
        Self {
            saved: at_most,
            as_of: Duration::ZERO,
            earnings: RetryBudget {
                at_most,
                ..earnings.clone()
            },
        }
    }

    /// Pays for a retry, or says when there is enough if nothing succeeds before.
    pub(super) fn take(&mut self, now: Duration) -> Result<(), NotYet> {
        self.save(now.saturating_sub(self.as_of).as_secs_f64() * self.earnings.per_second);
        self.as_of = now;
        if self.saved >= 1.0 {
            self.saved -= 1.0;
            return Ok(());
        }
        let missing = (1.0 - self.saved) / self.earnings.per_second;
        Err(Some(now.saturating_add(at_least_a_millisecond(missing))))
    }

    pub(super) fn earn(&mut self) {
        self.save(self.earnings.per_success);
    }

    fn save(&mut self, earned: f64) {
        self.saved = (self.saved + earned).min(self.earnings.at_most);
    }
}

/// Timers count milliseconds; with less, rounding could make a wait that never gets there.
fn at_least_a_millisecond(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds)
        .unwrap_or(Duration::MAX)
        .max(Duration::from_millis(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    #[test]
    fn what_is_saved_is_spent_and_then_time_or_success_has_to_earn_more() {
        let mut budget = Budget::new(&RetryBudget {
            per_second: 2.0,
            per_success: 1.5,
            at_most: 2.0,
        });
        assert_eq!([budget.take(Duration::ZERO), budget.take(Duration::ZERO)], [Ok(()); 2]);
        assert_eq!(budget.take(Duration::ZERO), Err(Some(seconds(0.5))));
        assert_eq!(budget.take(seconds(0.5)), Ok(()));
        assert!(budget.take(seconds(0.5)).is_err());
        budget.earn();
        assert_eq!(budget.take(seconds(0.5)), Ok(()));
        assert!(budget.take(seconds(0.5)).is_err());
        let much_later = seconds(1_000.0);
        assert_eq!([budget.take(much_later), budget.take(much_later)], [Ok(()); 2]);
        assert!(budget.take(much_later).is_err(), "no more than so many are saved");
    }

    #[test]
    fn a_budget_below_one_can_be_spent_all_the_same() {
        let mut budget = Budget::new(&RetryBudget {
            at_most: 0.0,
            ..RetryBudget::default()
        });
        assert_eq!(budget.take(Duration::ZERO), Ok(()));
        let Err(Some(at)) = budget.take(Duration::ZERO) else {
            panic!("it was spent")
        };
        assert_eq!(budget.take(at), Ok(()));
    }
}
