use std::time::Duration;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// One stream of random numbers, made by [`Seed::random`](crate::Seed::random): the same numbers on every platform.
#[derive(Clone, Debug)]
pub struct Random(ChaCha8Rng);

impl Random {
    pub(crate) fn from_key(key: [u8; 32]) -> Self {
        Self(ChaCha8Rng::from_seed(key))
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number from 0 up to, but without, 1; uniform in steps of 2⁻⁵³.
    pub fn unit(&mut self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double's mantissa exactly")]
        let steps = (self.next_u64() >> (u64::BITS - f64::MANTISSA_DIGITS)) as f64;
        // A double's epsilon is 2⁻⁵², the distance from 1 to its upper neighbour.
        steps * (f64::EPSILON / 2.0)
    }

    /// A whole number below `n`, each as likely as the other; 0 when `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 {
            return 0;
        }
        // The numbers from here on would make the low remainders likelier than the others, so they are drawn again.
        let surplus = (u64::MAX % n + 1) % n;
        loop {
            let drawn = self.next_u64();
            if drawn <= u64::MAX - surplus {
                return drawn % n;
            }
        }
    }

    /// A duration from zero to `max`, both included, each nanosecond as likely as the other. More than 584 years are
    /// drawn as 584 years.
    pub fn duration_up_to(&mut self, max: Duration) -> Duration {
        let max = u64::try_from(max.as_nanos()).unwrap_or(u64::MAX);
        Duration::from_nanos(match max.checked_add(1) {
            Some(count) => self.below(count),
            None => self.next_u64(),
        })
    }

    /// A random UUID (RFC 9562, version 4), as it is written.
    ///
    /// ```
    /// let mut random = clock::Seed::from(1).random("message ids");
    /// assert_eq!((random.uuid().len(), &random.uuid()[14..15]), (36, "4"));
    /// ```
    pub fn uuid(&mut self) -> String {
        let (high, low) = (self.next_u64(), self.next_u64());
        let (high, low) = (high & !0xf000 | 0x4000, low & !(0b11 << 62) | 1 << 63);
        written(u128::from(high) << 64 | u128::from(low))
    }

    /// Puts the items into a random order, each order as likely as the other.
    ///
    /// # Panics
    ///
    /// Never: what is drawn below a length is an index.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let drawn = self.below(last as u64 + 1);
            items.swap(last, usize::try_from(drawn).expect("an index below a length fits"));
        }
    }
}

/// A UUID's text, digit by digit, because it may be written for every event.
fn written(uuid: u128) -> String {
    let mut text = String::with_capacity(36);
    for (place, shift) in (0..u128::BITS).step_by(4).rev().enumerate() {
        if matches!(place, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(char::from(b"0123456789abcdef"[(uuid >> shift & 0xf) as usize]));
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Seed;

    proptest! {
        #[test]
        fn a_unit_is_at_least_zero_and_below_one(seed: u64) {
            let unit = Seed::from(seed).random("unit").unit();
            prop_assert!((0.0..1.0).contains(&unit));
        }

        #[test]
        fn below_stays_below(seed: u64, n: u64) {
            let drawn = Seed::from(seed).random("below").below(n);
            prop_assert!(drawn < n.max(1));
        }

        #[test]
        fn a_duration_stays_within_its_bound(seed: u64, secs: u64, nanos in 0..1_000_000_000_u32) {
            let max = Duration::new(secs, nanos);
            prop_assert!(Seed::from(seed).random("duration").duration_up_to(max) <= max);
        }

        #[test]
        fn a_shuffle_keeps_every_item(seed: u64, mut items: Vec<u8>) {
            let mut shuffled = items.clone();
            Seed::from(seed).random("shuffle").shuffle(&mut shuffled);
            items.sort_unstable();
            shuffled.sort_unstable();
            prop_assert_eq!(items, shuffled);
        }
    }

    #[test]
    fn a_uuid_is_written_in_five_groups() {
        assert_eq!(
            written(0x0123_4567_89ab_cdef_fedc_ba98_0000_3210),
            "01234567-89ab-cdef-fedc-ba9800003210"
        );
    }

    #[test]
    fn both_ends_of_a_small_range_are_drawn() {
        let mut random = Seed::from(1).random("ends");
        let drawn: Vec<_> = (0..100)
            .map(|_| random.duration_up_to(Duration::from_nanos(1)))
            .collect();
        assert!(drawn.contains(&Duration::ZERO) && drawn.contains(&Duration::from_nanos(1)));
        assert_eq!(random.duration_up_to(Duration::ZERO), Duration::ZERO);
    }

    #[test]
    fn a_draw_is_even_over_its_range() {
        let mut random = Seed::from(2).random("even");
        let mut counts = [0_u32; 6];
        for _ in 0..60_000 {
            counts[usize::try_from(random.below(6)).unwrap()] += 1;
        }
        assert!(counts.iter().all(|count| (9_500..10_500).contains(count)), "{counts:?}");
    }

    /// A change here changes every seeded run there is.
    #[test]
    fn the_streams_are_the_same_in_every_version() {
        let mut random = Seed::from(42).random("jitter");
        assert_eq!(
            [random.next_u64(), random.next_u64()],
            [3_809_840_818_140_649_712, 13_416_859_314_032_493_709]
        );
        assert_eq!(Seed::from(0).random("").next_u64(), 1_363_016_631_820_581_037);
    }
}
