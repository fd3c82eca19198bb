use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

use attribution_ledger::Entry;

/// How much of what was received is kept in memory, of each project and namespace by itself: at least so much, and at most
/// a quarter more. The oldest go first, many at once.
///
/// ```
/// use attribution_mock::Keep;
///
/// assert_eq!("10000".parse(), Ok(Keep::requests(10_000)));
/// assert_eq!("64MB".parse(), Ok(Keep::bytes(64_000_000)));
/// assert!("64 apples".parse::<Keep>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    of: Measure,
    most: NonZeroU64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    Requests,
    Bytes,
}

/// What a request takes beside its body and headers, indexes included, in rough figures.
const OVERHEAD: u64 = 512;

impl Keep {
    /// The latest requests; 0 is taken for 1.
    pub const fn requests(count: u64) -> Self {
        Self::new(Measure::Requests, count)
    }

    /// The latest requests that fit so many bytes, of which each takes its body, its headers and half a kilobyte; the
    /// last one always does.
    pub const fn bytes(count: u64) -> Self {
        Self::new(Measure::Bytes, count)
    }

    const fn new(of: Measure, count: u64) -> Self {
        let most = match NonZeroU64::new(count) {
            Some(most) => most,
            None => NonZeroU64::MIN,
        };
        Self { of, most }
    }

    /// What an entry takes of it.
    pub(crate) fn cost(self, entry: &Entry) -> u64 {
        let request = &entry.request;
        match self.of {
            Measure::Requests => 1,
            Measure::Bytes => OVERHEAD + (request.body.len() + request.headers.bytes() + request.path.len()) as u64,
        }
    }

    /// How many of the oldest of these have to go, which cost so much together. Nothing as long as they are less than a
    /// quarter over: what is made of them has to be made anew each time.
    pub(crate) fn surplus(self, entries: &[Entry], cost: u64) -> usize {
        let most = self.most.get();
        if cost <= most.saturating_add(most / 4) {
            return 0;
        }
        let mut left = cost;
        let goes = |entry: &&Entry| {
            let is_over = left > most;
            left -= self.cost(entry);
            is_over
        };
        let count = entries.iter().take_while(goes).count();
        count.min(entries.len().saturating_sub(1))
    }
}

/// What a unit stands for, the longer names first.
const UNITS: [(&str, u64); 7] = [
    ("KIB", 1 << 10),
    ("MIB", 1 << 20),
    ("GIB", 1 << 30),
    ("KB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("B", 1),
];

impl FromStr for Keep {
    type Err = BadKeep;

    fn from_str(text: &str) -> Result<Self, BadKeep> {
        let text = text.trim().to_ascii_uppercase();
        let unit = UNITS
            .iter()
            .find_map(|(unit, bytes)| Some((text.strip_suffix(unit)?, *bytes)));
        let (digits, of, unit) = match unit {
            Some((digits, bytes)) => (digits.trim_end(), Measure::Bytes, bytes),
            None => (&*text, Measure::Requests, 1),
        };
        let count = digits.parse::<u64>().ok().and_then(|count| count.checked_mul(unit));
        let count = count.and_then(NonZeroU64::new).ok_or(BadKeep)?;
        Ok(Self { of, most: count })
    }
}

/// The text says neither how many requests nor how many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadKeep;

impl fmt::Display for BadKeep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("write how many requests, as in 10000, or how many bytes with their unit, as in 64MB or 512KiB")
    }
}

impl std::error::Error for BadKeep {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_requests_and_a_number_with_a_unit_is_bytes() {
        for (text, keep) in [
            ("1", Keep::requests(1)),
            ("10000", Keep::requests(10_000)),
            ("7b", Keep::bytes(7)),
            (" 64 MB", Keep::bytes(64_000_000)),
            ("512KiB", Keep::bytes(512 * 1024)),
            ("2gb", Keep::bytes(2_000_000_000)),
        ] {
            assert_eq!(text.parse(), Ok(keep), "{text}");
        }
        for text in ["", "0", "0MB", "-1", "MB", "1.5GB", "10k", "64 apples", "99999999999GB"] {
            assert_eq!(text.parse::<Keep>(), Err(BadKeep), "{text}");
        }
    }
}
