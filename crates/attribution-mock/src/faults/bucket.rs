use std::time::Duration;

use super::action::Rate;
use super::error::FaultError;

const SECOND: u128 = 1_000_000_000;

/// A token that takes longer than ten years never comes.
const LONGEST: Duration = Duration::from_secs(3_650 * 24 * 60 * 60);

/// Tokens that come at an even pace up to a number, told in whole nanoseconds.
#[derive(Clone, Debug)]
pub(super) struct Bucket {
    /// From one token to the next.
    interval: u128,
    /// How long the empty bucket takes to be full.
    filling: u128,
    /// When it is full again.
    full_at: u128,
}

impl Bucket {
    /// A full one.
    pub(super) fn new(rate: Rate) -> Result<Self, FaultError> {
        let interval = Duration::try_from_secs_f64(rate.per_second.recip())
            .ok()
            .filter(|interval| (Duration::from_nanos(1)..=LONGEST).contains(interval))
            .ok_or(FaultError::PerSecond)?;
        // Rounded up: never more than the rate.
        let short = interval.as_secs_f64() * rate.per_second < 1.0;
        let interval = interval.as_nanos() + u128::from(short);
        if rate.burst == 0 {
            return Err(FaultError::Burst);
        }
        Ok(Self {
            interval,
            filling: interval * u128::from(rate.burst),
            full_at: 0,
        })
    }

    /// Takes a token; where there is none, how many whole seconds later there will be one.
    pub(super) fn take(&mut self, now: Duration) -> Result<(), u64> {
        let now = now.as_nanos();
        let full_at = self.full_at.max(now) + self.interval;
        match (full_at - now).checked_sub(self.filling) {
            None | Some(0) => {
                self.full_at = full_at;
                Ok(())
            }
            Some(early) => Err(u64::try_from(early.div_ceil(SECOND)).unwrap_or(u64::MAX)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_gives_no_token_in_time_is_no_rate() {
        for per_second in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-12, 1e10] {
            let bucket = Bucket::new(Rate { per_second, burst: 1 });
            assert_eq!(bucket.unwrap_err(), FaultError::PerSecond, "{per_second}");
        }
    }

    proptest! {
        #[test]
        fn no_span_of_time_passes_more_than_its_tokens_and_a_full_bucket(
            per_second in 0.01..1_000.0,
            burst in 1..50_u32,
            pauses in prop::collection::vec(0..3_000_000_000_u64, 1..200),
        ) {
            let mut bucket = Bucket::new(Rate { per_second, burst }).unwrap();
            let mut now = Duration::ZERO;
            let mut passed = Vec::new();
            for pause in pauses {
                now += Duration::from_nanos(pause);
                if bucket.take(now).is_ok() {
                    passed.push(now);
                }
            }
            for (first, began) in passed.iter().enumerate() {
                for (last, ended) in passed.iter().enumerate().skip(first) {
                    let allowed = ended.abs_diff(*began).as_secs_f64() * per_second + f64::from(burst);
                    let count = u32::try_from(last - first + 1).unwrap();
                    prop_assert!(f64::from(count) <= allowed + 1e-6, "{count} of {allowed}");
                }
            }
        }

        #[test]
        fn waiting_as_long_as_told_is_enough_and_a_second_less_is_not(
            per_second in 0.001..1_000.0,
            burst in 1..20_u32,
            now in 0..1_000_000_000_000_u64,
        ) {
            let now = Duration::from_nanos(now);
            let mut bucket = Bucket::new(Rate { per_second, burst }).unwrap();
            for _ in 0..burst {
                prop_assert_eq!(bucket.take(now), Ok(()));
            }
            let wait = bucket.take(now).unwrap_err();
            prop_assert!(bucket.clone().take(now + Duration::from_secs(wait)).is_ok());
            prop_assert!(wait > 0 && bucket.clone().take(now + Duration::from_secs(wait - 1)).is_err());
        }
    }
}
