use std::error::Error;
use std::fmt;
use std::str::FromStr;

use super::group::day_of;

/// How much earlier the days of a report begin than those of UTC, in whole minutes: `+02:00` where clocks show two hours more.
///
/// It is the same all year round. From -12:00 to +14:00, as far as the zones of the world go.
///
/// ```
/// use attribution_report::UtcOffset;
///
/// let offset: UtcOffset = "-03:30".parse()?;
/// assert_eq!(offset.to_string(), "-03:30");
/// assert_eq!(UtcOffset::default().to_string(), "+00:00");
/// assert!("+14:30".parse::<UtcOffset>().is_err());
/// # Ok::<(), attribution_report::BadOffset>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UtcOffset {
    minutes: i16,
}

impl UtcOffset {
    const LEAST: i16 = -12 * 60;
    const MOST: i16 = 14 * 60;

    /// The day of a time in microseconds, from 1970-01-01.
    pub(crate) fn day_of(self, at: i64) -> i32 {
        const MINUTE: i64 = 60_000_000;
        day_of(at.saturating_add(i64::from(self.minutes) * MINUTE))
    }

    fn read(text: &str) -> Option<Self> {
        let (hours, minutes) = text.get(1..)?.split_once(':')?;
        let two = |digits: &str| {
            let are_two = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse::<i16>().ok().filter(|_| are_two)
        };
        let (hours, minutes) = (two(hours)?, two(minutes).filter(|minutes| *minutes < 60)?);
        let minutes = hours * 60 + minutes;
        let minutes = match text.as_bytes()[0] {
            b'+' => minutes,
            b'-' => -minutes,
            _ => return None,
        };
        (Self::LEAST..=Self::MOST)
            .contains(&minutes)
            .then_some(Self { minutes })
    }
}

impl fmt::Display for UtcOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.minutes < 0 { '-' } else { '+' };
        let minutes = self.minutes.unsigned_abs();
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

impl FromStr for UtcOffset {
    type Err = BadOffset;

    /// Reads `+02:00`.
    fn from_str(text: &str) -> Result<Self, BadOffset> {
        Self::read(text).ok_or(BadOffset)
    }
}

/// A text that is no [`UtcOffset`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadOffset;

impl fmt::Display for BadOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("write hours and minutes from -12:00 to +14:00 with their sign, as in +02:00")
    }
}

impl Error for BadOffset {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_read_as_it_is_written() {
        for minutes in UtcOffset::LEAST..=UtcOffset::MOST {
            let offset = UtcOffset { minutes };
            assert_eq!(offset.to_string().parse(), Ok(offset));
        }
        for text in [
            "", "Z", "02:00", "+2:00", "+02", "+0200", "+02:60", "+14:01", "-12:01", "+99:99", "+-2:00", "ü02:00",
            "+02:0é",
        ] {
            assert_eq!(text.parse::<UtcOffset>(), Err(BadOffset), "{text}");
        }
    }

    #[test]
    fn a_day_begins_at_the_midnight_of_its_clocks() {
        const HOUR: i64 = 3_600_000_000;
        let day = |offset: &str, at: i64| offset.parse::<UtcOffset>().map(|offset| offset.day_of(at));
        assert_eq!((day("+02:00", 22 * HOUR - 1), day("+02:00", 22 * HOUR)), (Ok(0), Ok(1)));
        assert_eq!((day("-03:30", 0), day("-03:30", 7 * HOUR / 2)), (Ok(-1), Ok(0)));
        assert_eq!((day("+00:00", 0), day("+14:00", i64::MAX).is_ok()), (Ok(0), true));
    }
}
