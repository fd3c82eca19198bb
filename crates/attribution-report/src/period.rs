//! Periods of days.

use jiff::SignedDuration;

/// What to say of a text that is no [`period`].
pub const NO_PERIOD: &str = "write whole days or hours, as in 90d or 36h";

/// The longest that is read, in days: a hundred years.
const LONGEST: i64 = 36_525;

/// A period as in `90d` or `36h`: a whole number with its unit. A day has 24 hours. None for anything else.
///
/// ```
/// use attribution_report::period;
/// use jiff::SignedDuration;
///
/// assert_eq!(period("90d"), Some(SignedDuration::from_hours(90 * 24)));
/// assert_eq!(period("90"), None);
/// ```
pub fn period(text: &str) -> Option<SignedDuration> {
    let (number, hours) = match (text.strip_suffix('d'), text.strip_suffix('h')) {
        (Some(number), _) => (number, 24),
        (None, Some(number)) => (number, 1),
        (None, None) => return None,
    };
    let is_digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let number: i64 = number.parse().ok().filter(|_| is_digits)?;
    let hours = number.checked_mul(hours).filter(|hours| *hours <= LONGEST * 24)?;
    Some(SignedDuration::from_hours(hours))
}

/// As [`period`] reads it.
pub(crate) fn days_and_hours(period: SignedDuration) -> String {
    let hours = period.as_hours();
    if hours % 24 == 0 {
        format!("{}d", hours / 24)
    } else {
        format!("{hours}h")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_a_whole_number_with_its_unit() {
        for text in ["90d", "36h", "0d", "1h"] {
            assert_eq!(period(text).map(days_and_hours).as_deref(), Some(text));
        }
        for text in [
            "",
            "d",
            "90",
            "-1d",
            "+1d",
            "1.5d",
            "1w",
            "99999d",
            "99999999999999999999h",
        ] {
            assert_eq!(period(text), None, "{text}");
        }
    }
}
