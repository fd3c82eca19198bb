//! Spans of time: `500ms`, `40m`, `1h30m`, `1.5h`.

use std::error::Error;
use std::fmt;
use std::time::Duration;

/// The longest span that can be written. Ten years is past any window that is measured, and keeps clocks in range.
const LONGEST: Duration = Duration::from_secs(3_650 * 24 * 60 * 60);

/// What is longer than this was not meant for a unit.
const LONGEST_UNIT: usize = 60;

/// Why a text is no span of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DurationError {
    /// It has a minus sign.
    Negative,
    /// A number without a unit.
    NoUnit(String),
    /// A last number without a unit, with all before it, and the unit below the one before it.
    NoLastUnit {
        /// All of it.
        text: String,
        /// The unit that was probably meant.
        unit: &'static str,
    },
    /// A unit that isn't one, and the number before it.
    Unit {
        /// The number.
        number: String,
        /// What stands where its unit should.
        unit: String,
    },
    /// It is longer than ten years.
    TooLong,
    /// It is like no span of time.
    Other,
}

impl DurationError {
    /// What is wrong, as a fragment.
    pub fn message(&self) -> String {
        self.words().0
    }

    /// What to write instead.
    pub fn help(&self) -> String {
        self.words().1
    }

    fn words(&self) -> (String, String) {
        match self {
            Self::Negative => (
                "time can't run backwards".to_owned(),
                "write a duration from 0, such as `40m`".to_owned(),
            ),
            Self::NoUnit(number) => (
                "a duration needs a unit".to_owned(),
                format!("write `{number}ms`, `{number}s`, `{number}m`, `{number}h` or `{number}d`"),
            ),
            Self::NoLastUnit { text, unit } => ("a duration needs a unit".to_owned(), format!("write `{text}{unit}`")),
            Self::Unit { number, unit } => (
                format!("there is no unit `{unit}`"),
                match meant(unit) {
                    Some(meant) => format!("write `{number}{meant}`"),
                    None => "units are ms, s, m, h and d".to_owned(),
                },
            ),
            Self::TooLong => (
                "the duration is longer than ten years".to_owned(),
                "write a shorter one".to_owned(),
            ),
            Self::Other => (
                "not a duration".to_owned(),
                "write one such as `500ms`, `40m`, `1h30m` or `1.5h`".to_owned(),
            ),
        }
    }
}

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (message, help) = self.words();
        write!(f, "{message}: {help}")
    }
}

impl Error for DurationError {}

/// Reads a span of time such as `500ms`, `40m`, `1h30m` or `1.5h`, of ten years at most.
///
/// ```
/// use std::time::Duration;
///
/// assert_eq!(clock::duration("1m30s"), Ok(Duration::from_secs(90)));
/// assert_eq!(clock::duration("3 minutes").unwrap_err().help(), "write `3m`");
/// ```
///
/// # Errors
///
/// When the text is no such span; the error says what to write instead.
pub fn duration(text: &str) -> Result<Duration, DurationError> {
    let mut rest = text.trim();
    if rest.starts_with('-') {
        return Err(DurationError::Negative);
    }
    if rest.is_empty() {
        return Err(DurationError::Other);
    }
    let mut nanoseconds = 0_u128;
    let mut below = None;
    while !rest.is_empty() {
        let (number, after) = split(rest, |c| !c.is_ascii_digit() && c != '.');
        let (unit, after) = split(after.trim_start(), |c| !c.is_alphabetic());
        if unit.is_empty() && !after.is_empty() || unit.len() > LONGEST_UNIT {
            return Err(DurationError::Other);
        }
        if let (true, Some(unit)) = (unit.is_empty(), below) {
            return Err(DurationError::NoLastUnit {
                text: text.trim().to_owned(),
                unit,
            });
        }
        below = next_below(unit);
        nanoseconds = nanoseconds
            .checked_add(part(number, unit)?)
            .ok_or(DurationError::TooLong)?;
        rest = after.trim_start();
    }
    let duration = u64::try_from(nanoseconds)
        .map(Duration::from_nanos)
        .map_err(|_| DurationError::TooLong)?;
    if duration > LONGEST {
        Err(DurationError::TooLong)
    } else {
        Ok(duration)
    }
}

fn split(text: &str, end: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(end).unwrap_or(text.len()))
}

/// One number with its unit, in nanoseconds.
fn part(number: &str, unit: &str) -> Result<u128, DurationError> {
    /// More decimals than this are below a nanosecond in every unit.
    const DECIMALS: usize = 18;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() || fraction.contains('.') || number.ends_with('.') {
        return Err(DurationError::Other);
    }
    let scale = match unit {
        "" => return Err(DurationError::NoUnit(number.to_owned())),
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        "d" => 86_400_000_000_000_u128,
        _ => {
            return Err(DurationError::Unit {
                number: number.to_owned(),
                unit: unit.to_owned(),
            });
        }
    };
    let whole: u64 = whole.parse().map_err(|_| DurationError::TooLong)?;
    let fraction = &fraction[..fraction.len().min(DECIMALS)];
    let decimals = fraction
        .bytes()
        .fold(0_u128, |sum, digit| sum * 10 + u128::from(digit - b'0'));
    let divisor = fraction.bytes().fold(1_u128, |divisor, _| divisor * 10);
    Ok(u128::from(whole) * scale + decimals * scale / divisor)
}

/// The unit that follows one, as in `1h30m`.
fn next_below(unit: &str) -> Option<&'static str> {
    match unit {
        "d" => Some("h"),
        "h" => Some("m"),
        "m" => Some("s"),
        "s" => Some("ms"),
        _ => None,
    }
}

/// The unit someone meant who wrote it out.
fn meant(unit: &str) -> Option<&'static str> {
    match unit.to_lowercase().as_str() {
        "msec" | "msecs" | "millis" | "millisecond" | "milliseconds" => Some("ms"),
        "s" | "sec" | "secs" | "second" | "seconds" => Some("s"),
        "m" | "min" | "mins" | "minute" | "minutes" => Some("m"),
        "h" | "hr" | "hrs" | "hour" | "hours" => Some("h"),
        "d" | "day" | "days" => Some("d"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Duration, DurationError, duration};

    #[test]
    fn units_add_up() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("40m"), Ok(Duration::from_secs(2_400)));
        assert_eq!(duration("1h30m"), Ok(Duration::from_secs(5_400)));
        assert_eq!(duration("1d 2h"), Ok(Duration::from_secs(93_600)));
        assert_eq!(duration(" 0s "), Ok(Duration::ZERO));
    }

    #[test]
    fn decimals_are_exact() {
        assert_eq!(duration("1.5h"), Ok(Duration::from_secs(5_400)));
        assert_eq!(duration("0.1s"), Ok(Duration::from_millis(100)));
        assert_eq!(
            duration("0.3333333333333333333333s"),
            Ok(Duration::from_nanos(333_333_333))
        );
    }

    #[test]
    fn what_is_no_duration_is_told_apart() {
        assert_eq!(duration("-5s"), Err(DurationError::Negative));
        assert_eq!(duration("40"), Err(DurationError::NoUnit("40".to_owned())));
        assert_eq!(
            duration("3min"),
            Err(DurationError::Unit {
                number: "3".to_owned(),
                unit: "min".to_owned()
            })
        );
        assert_eq!(duration("99999d"), Err(DurationError::TooLong));
        assert_eq!(duration("99999999999999999999999999d"), Err(DurationError::TooLong));
        for text in ["", "soon", "1.h", ".5h", "1.2.3s", "5s!", "1,5h", "٣s"] {
            assert_eq!(duration(text), Err(DurationError::Other), "{text}");
        }
    }

    #[test]
    fn a_last_number_without_a_unit_is_taken_for_the_next_lower_one() {
        for (text, meant) in [("1h30", "1h30m"), ("1d 2h 30", "1d 2h 30m"), ("5m30", "5m30s")] {
            let mistake = duration(text).unwrap_err();
            assert_eq!(mistake.words().1, format!("write `{meant}`"));
        }
        assert_eq!(duration("5ms3"), Err(DurationError::NoUnit("3".to_owned())));
    }

    #[test]
    fn a_unit_written_out_is_understood() {
        let Err(mistake) = duration("3 minutes") else {
            panic!("a long unit was taken")
        };
        assert_eq!(mistake.words().1, "write `3m`");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[-0-9.a-z µ٣]{0,40}") {
            let _ = duration(&text);
        }

        #[test]
        fn every_number_of_milliseconds_is_kept(milliseconds in 0_u64..10_000_000_000) {
            prop_assert_eq!(duration(&format!("{milliseconds}ms")), Ok(Duration::from_millis(milliseconds)));
        }
    }
}
