//! RFC 3339 date-times, and the years of six digits that JavaScript writes outside 0 to 9999.
//!
//! `jiff` reads more (dates alone, zone names) and less: the classic wire can carry any year from -271821 to 275760,
//! and `jiff` ends at 9999. What lies beyond becomes the nearest time there is, and says so.

use jiff::Timestamp;

/// A time that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Exactly what was written.
    Exact(Timestamp),
    /// The earliest or the latest time there is, for one beyond it.
    Clamped(Timestamp),
}

impl Reading {
    /// The time to use.
    pub(crate) fn timestamp(self) -> Timestamp {
        match self {
            Self::Exact(timestamp) | Self::Clamped(timestamp) => timestamp,
        }
    }
}

/// Reads a date-time with an offset; none when it isn't one.
pub(crate) fn read(text: &str) -> Option<Reading> {
    let mut cursor = Cursor(text.as_bytes());
    let days = cursor.date()?;
    cursor.one_of(b"Tt ")?;
    let (seconds, nanoseconds) = cursor.time()?;
    let offset = cursor.offset()?;
    if !cursor.0.is_empty() {
        return None;
    }
    let seconds = days * 86_400 + seconds - offset;
    Some(Timestamp::new(seconds, nanoseconds).map_or_else(
        |_| Reading::Clamped(if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX }),
        Reading::Exact,
    ))
}

/// What is left to read.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        bytes.contains(&first).then(|| {
            self.0 = rest;
            first
        })
    }

    /// Exactly `count` digits, of which there are at most six.
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        digits.iter().try_fold(0, |number, digit| {
            digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0'))
        })
    }

    /// Two digits, no more than `most`.
    fn field(&mut self, most: i64) -> Option<i64> {
        self.digits(2).filter(|&value| value <= most)
    }

    /// A date, as days since 1970-01-01.
    fn date(&mut self) -> Option<i64> {
        let year = match self.one_of(b"+-") {
            None => self.digits(4)?,
            Some(b'-') => -self.digits(6).filter(|&year| year != 0)?,
            Some(_) => self.digits(6)?,
        };
        self.one_of(b"-")?;
        let month = self.field(12).filter(|&month| month > 0)?;
        self.one_of(b"-")?;
        let day = self.field(days_in_month(year, month)).filter(|&day| day > 0)?;
        Some(days_since_1970(year, month, day))
    }

    /// A time of day, as seconds and nanoseconds. A leap second counts as the one before it.
    fn time(&mut self) -> Option<(i64, i32)> {
        let hour = self.field(23)?;
        self.one_of(b":")?;
        let minute = self.field(59)?;
        self.one_of(b":")?;
        let second = self.field(60)?.min(59);
        let nanoseconds = if self.one_of(b".").is_some() {
            self.fraction()?
        } else {
            0
        };
        Some((hour * 3600 + minute * 60 + second, nanoseconds))
    }

    /// One digit or more, of which nine count.
    fn fraction(&mut self) -> Option<i32> {
        let end = self
            .0
            .iter()
            .position(|byte| !byte.is_ascii_digit())
            .unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at(end);
        self.0 = rest;
        let padded = digits.iter().copied().chain(std::iter::repeat(b'0')).take(9);
        (!digits.is_empty()).then(|| padded.fold(0, |number, digit| number * 10 + i32::from(digit - b'0')))
    }

    /// An offset, as seconds east of UTC.
    fn offset(&mut self) -> Option<i64> {
        let sign = match self.one_of(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return Some(0),
        };
        let hours = self.field(23)?;
        self.one_of(b":")?;
        Some(sign * (hours * 3600 + self.field(59)? * 60))
    }
}

fn days_in_month(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Of the proleptic Gregorian calendar. Years begin in March here, so that a leap day is a year's last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // 719,468 days lie between the first of March of the year 0 and 1970-01-01.
    year * 365 + leap_days + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::{Reading, read};

    fn exact(text: &str) -> String {
        match read(text) {
            Some(Reading::Exact(timestamp)) => timestamp.to_string(),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn every_form_of_rfc_3339_is_read() {
        for (text, utc) in [
            ("2024-01-15T10:00:00.000Z", "2024-01-15T10:00:00Z"),
            ("2024-01-15t10:00:00z", "2024-01-15T10:00:00Z"),
            ("2024-01-15 10:00:00.5+05:30", "2024-01-15T04:30:00.5Z"),
            ("2016-01-19T23:30:00-05:00", "2016-01-20T04:30:00Z"),
            ("2024-02-29T00:00:00.1234567891Z", "2024-02-29T00:00:00.123456789Z"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
            ("0000-01-01T00:00:00.000Z", "0000-01-01T00:00:00Z"),
            ("-000001-12-31T23:59:59.999Z", "-000001-12-31T23:59:59.999Z"),
            ("1969-12-31T23:59:55.500Z", "1969-12-31T23:59:55.5Z"),
        ] {
            assert_eq!(exact(text), utc, "{text}");
        }
    }

    #[test]
    fn a_time_beyond_the_calendar_is_the_nearest_there_is() {
        for text in [
            "+010000-01-01T00:00:00.000Z",
            "+275760-09-13T00:00:00.000Z",
            "9999-12-31T23:59:59.999Z",
        ] {
            assert_eq!(read(text), Some(Reading::Clamped(Timestamp::MAX)), "{text}");
        }
        for text in ["-271821-04-20T00:00:00.000Z", "-010000-01-01T00:00:00.000Z"] {
            assert_eq!(read(text), Some(Reading::Clamped(Timestamp::MIN)), "{text}");
        }
    }

    #[test]
    fn anything_else_is_not_a_time() {
        for text in [
            "",
            "now",
            "2024",
            "2024-01-15",
            "2024-01-15T10:00:00",
            "2024-01-15T10:00Z",
            "2024-1-15T10:00:00Z",
            "2023-02-29T00:00:00Z",
            "2024-13-01T00:00:00Z",
            "2024-00-01T00:00:00Z",
            "2024-01-00T00:00:00Z",
            "2024-01-15T24:00:00Z",
            "2024-01-15T10:60:00Z",
            "2024-01-15T10:00:61Z",
            "2024-01-15T10:00:00.Z",
            "2024-01-15T10:00:00+0500",
            "2024-01-15T10:00:00+24:00",
            "2024-01-15T10:00:00ZZ",
            " 2024-01-15T10:00:00Z",
            "-000000-01-01T00:00:00Z",
            "+12024-01-15T10:00:00Z",
            "2024-01-15T10:00:00Z[UTC]",
            "1705312800",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn whatever_the_calendar_writes_is_read_as_the_same_instant(
            second in Timestamp::MIN.as_second()..=Timestamp::MAX.as_second(),
            nanosecond in 0..1_000_000_000_i32,
        ) {
            let timestamp = Timestamp::new(second, nanosecond).unwrap_or(Timestamp::MAX);
            prop_assert_eq!(read(&timestamp.to_string()), Some(Reading::Exact(timestamp)));
        }

        #[test]
        fn no_text_makes_it_panic(text in "[-+0-9:.TZ ]{0,40}|.*") {
            let _ = read(&text);
        }
    }
}
