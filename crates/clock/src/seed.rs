use std::error::Error;
use std::fmt;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::str::FromStr;

use crate::random::Random;

/// What all randomness of a run is made of. Written as a whole number, so that a run can be repeated from its report.
///
/// ```
/// let seed: clock::Seed = "42".parse()?;
/// assert_eq!(seed.random("jitter").next_u64(), seed.random("jitter").next_u64());
/// assert_ne!(seed.random("jitter").next_u64(), seed.random("order").next_u64());
/// # Ok::<(), clock::SeedError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seed(u64);

impl Seed {
    /// A seed nobody can foresee, from the operating system's entropy by way of the standard library's hash keys.
    pub fn from_entropy() -> Self {
        Self(RandomState::new().build_hasher().finish())
    }

    /// The seed so many numbers further, beginning at 0 again after the last.
    ///
    /// ```
    /// use clock::Seed;
    ///
    /// assert_eq!(Seed::from(7).after(2), Seed::from(9));
    /// ```
    #[must_use]
    pub fn after(self, numbers: usize) -> Self {
        Self(self.0.wrapping_add(numbers as u64))
    }

    /// The stream of this name. Streams of different names or seeds are independent; one name and seed is the
    /// same stream on every platform and in every version.
    pub fn random(self, label: &str) -> Random {
        // The whole key is spelled out here, because a library's way of stretching a number into a key may change.
        let mut key = [0; 32];
        key[..8].copy_from_slice(&self.0.to_le_bytes());
        key[8..16].copy_from_slice(&fnv1a(label.as_bytes()).to_le_bytes());
        key[16..24].copy_from_slice(&(label.len() as u64).to_le_bytes());
        Random::from_key(key)
    }
}

/// The 64-bit FNV-1a hash: public, simple and fixed for good, unlike the standard library's.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

impl From<u64> for Seed {
    fn from(seed: u64) -> Self {
        Self(seed)
    }
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Seed {
    type Err = SeedError;

    fn from_str(text: &str) -> Result<Self, SeedError> {
        text.parse().map(Self).map_err(|_| SeedError { text: text.to_owned() })
    }
}

/// A text is no [`Seed`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeedError {
    text: String,
}

impl fmt::Display for SeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is no seed: a seed is a whole number from 0 to {}",
            self.text,
            u64::MAX
        )
    }
}

impl Error for SeedError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_seed_reads_as_it_is_written(number: u64) {
            let seed = Seed::from(number);
            prop_assert_eq!(seed.to_string().parse(), Ok(seed));
        }

        #[test]
        fn different_labels_are_different_streams(seed: u64, one in ".{0,12}", other in ".{0,12}") {
            prop_assume!(one != other);
            let seed = Seed::from(seed);
            let four = |label: &str| { let mut random = seed.random(label); [(); 4].map(|()| random.next_u64()) };
            prop_assert_ne!(four(&one), four(&other));
        }
    }

    #[test]
    fn a_text_that_is_no_seed_is_named() {
        let error = "-1".parse::<Seed>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "\"-1\" is no seed: a seed is a whole number from 0 to 18446744073709551615"
        );
    }

    #[test]
    fn entropy_differs_between_two_calls() {
        assert_ne!(Seed::from_entropy(), Seed::from_entropy());
    }
}
