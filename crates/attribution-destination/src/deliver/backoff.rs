use std::time::Duration;

use clock::Random;

/// The waits between attempts: exponential with full jitter, without end.
///
/// The n-th wait is drawn evenly from zero to `initial · 2ⁿ`, or to `max` where that is less; Segment says "randomized
/// exponential backoff" and no more. It is a pure sequence: the same random stream gives the same waits.
///
/// ```
/// use std::time::Duration;
/// use attribution_destination::deliver::Backoff;
///
/// let waits = Backoff::new(Duration::from_secs(1), Duration::from_secs(600), clock::Seed::from(1).random("doc"));
/// let bounds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600].map(Duration::from_secs);
/// assert!(waits.zip(bounds).all(|(wait, bound)| wait <= bound));
/// ```
#[derive(Clone, Debug)]
pub struct Backoff {
    bound: Duration,
    max: Duration,
    random: Random,
}

impl Backoff {
    /// The sequence from its beginning.
    pub fn new(initial: Duration, max: Duration, random: Random) -> Self {
        Self {
            bound: initial.min(max),
            max,
            random,
        }
    }

    /// The sequence with the bounds of another one, which goes on with its own randomness.
    pub(super) fn restarted(&self, from: &Self) -> Self {
        Self {
            random: self.random.clone(),
            ..from.clone()
        }
    }

    /// The next wait; there always is one.
    pub fn wait(&mut self) -> Duration {
        let wait = self.random.duration_up_to(self.bound);
        self.bound = self.bound.saturating_mul(2).min(self.max);
        wait
    }
}

impl Iterator for Backoff {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        Some(self.wait())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (usize::MAX, None)
    }
}

#[cfg(test)]
mod tests {
    use clock::Seed;
    use proptest::prelude::*;

    use super::*;

    fn backoff(seed: u64, initial: Duration, max: Duration) -> Backoff {
        Backoff::new(initial, max, Seed::from(seed).random("backoff"))
    }

    proptest! {
        #[test]
        fn every_wait_is_within_its_bound(seed: u64, initial in 0..100_000_u64, max in 0..10_000_000_u64) {
            let (initial, max) = (Duration::from_millis(initial), Duration::from_millis(max));
            for (n, wait) in (0..200).zip(backoff(seed, initial, max)) {
                let doubled = 2_u32.checked_pow(n).and_then(|factor| initial.checked_mul(factor));
                prop_assert!(wait <= doubled.map_or(max, |bound| bound.min(max)));
            }
        }

        #[test]
        fn the_same_seed_gives_the_same_waits(seed: u64) {
            let waits = |seed| backoff(seed, Duration::from_secs(1), Duration::from_secs(600)).take(50).collect::<Vec<_>>();
            prop_assert_eq!(waits(seed), waits(seed));
            prop_assert_ne!(waits(seed), waits(seed.wrapping_add(1)));
        }

        #[test]
        fn no_duration_overflows(seed: u64) {
            let longest = backoff(seed, Duration::MAX, Duration::MAX).take(5).max();
            prop_assert!(longest.is_some());
        }
    }

    #[test]
    fn the_jitter_is_full() {
        let bound = Duration::from_secs(600);
        let waits: Vec<_> = backoff(3, bound, bound).take(1_000).collect();
        assert!(waits.iter().any(|wait| *wait < bound / 20) && waits.iter().any(|wait| *wait > bound * 19 / 20));
        let mean = waits.iter().sum::<Duration>() / 1_000;
        assert!((bound * 9 / 20..bound * 11 / 20).contains(&mean), "{mean:?}");
    }
}
