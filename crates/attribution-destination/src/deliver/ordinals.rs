use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map by ordinals. They count up from zero and nobody outside can choose them, so a hash need not defend itself.
pub(super) type ByOrdinal<T> = HashMap<u64, T, BuildHasherDefault<Spread>>;

/// Spreads numbers that follow each other, by the golden ratio (Knuth's multiplicative hashing).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_is_put_in_is_found_and_neighbours_do_not_collide() {
        let map: ByOrdinal<u64> = (0..10_000).map(|ordinal| (ordinal, ordinal * 2)).collect();
        assert!((0..10_000).all(|ordinal| map.get(&ordinal) == Some(&(ordinal * 2))));
        let hash = |number| {
            let mut spread = Spread::default();
            spread.write_u64(number);
            spread.finish()
        };
        let tops: BTreeSet<u64> = (0..128).map(|number| hash(number) >> 57).collect();
        assert!(tops.len() > 64, "the top bits differ, too: {}", tops.len());
    }
}
