use std::time::Duration;

use super::NotYet;

/// How far ahead of an even pace a request may begin. Timers count milliseconds, so an exact pace of more than a
/// thousand a second could not be kept.
const AHEAD: Duration = Duration::from_millis(10);

/// An even pace: the generic cell rate algorithm.
#[derive(Debug)]
pub(super) struct Rate {
    interval: Duration,
    /// When the next request is due at an even pace.
    due: Duration,
}

impl Rate {
    /// So many a second, which is a number above zero.
    pub(super) fn new(per_second: f64) -> Self {
        Self {
            interval: Duration::try_from_secs_f64(1.0 / per_second).unwrap_or(Duration::MAX),
            due: Duration::ZERO,
        }
    }

    /// Begins a request, or says when the next one may begin.
    pub(super) fn take(&mut self, now: Duration) -> Result<(), NotYet> {
        let earliest = self.due.saturating_sub(AHEAD.min(self.interval.saturating_mul(16)));
        if now < earliest {
            return Err(Some(earliest));
        }
        self.due = self.due.max(now).saturating_add(self.interval);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn over_any_span_there_are_at_most_ten_milliseconds_worth_more(
            per_second in 0.5..5_000.0_f64,
            pauses in prop::collection::vec(0..3_000_u64, 1..400),
        ) {
            let mut rate = Rate::new(per_second);
            let mut begun = Vec::new();
            let mut now = Duration::ZERO;
            for micros in pauses {
                now += Duration::from_micros(micros);
                if rate.take(now).is_ok() {
                    begun.push(now.as_secs_f64());
                }
            }
            for (index, first) in begun.iter().enumerate() {
                for (count, last) in (1..).zip(&begun[index..]) {
                    let allowed = (last - first + AHEAD.as_secs_f64()) * per_second + 1.0;
                    prop_assert!(f64::from(count) <= allowed + 1e-6, "{count} in {}", last - first);
                }
            }
        }

        #[test]
        fn whoever_comes_when_told_passes(per_second in 0.01..5_000.0_f64, count in 1..100) {
            let mut rate = Rate::new(per_second);
            let mut now = Duration::ZERO;
            for _ in 0..count {
                if let Err(Some(at)) = rate.take(now) {
                    now = at;
                    prop_assert_eq!(rate.take(now), Ok(()));
                }
            }
        }
    }
}
