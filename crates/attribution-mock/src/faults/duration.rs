//! Spans of time in the words of a scenario: `10s`, `1m30s`, `1500ms`, `1.5h`.

use std::time::Duration;

/// The longest one. Ten years is past any window that is measured, and keeps clocks in range.
const LONGEST: Duration = Duration::from_secs(3_650 * 24 * 60 * 60);

/// More decimals than this are below a nanosecond in every unit.
const DECIMALS: usize = 18;

/// Reads one; none where it isn't one or is longer than ten years.
pub(crate) fn duration(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    let mut nanoseconds = 0_u128;
    while !rest.is_empty() {
        let (number, after) = split(rest, |c| !c.is_ascii_digit() && c != '.');
        let (unit, after) = split(after.trim_start(), |c| !c.is_ascii_alphabetic());
        nanoseconds = nanoseconds.checked_add(part(number, unit)?)?;
        rest = after.trim_start();
    }
    let duration = Duration::from_nanos(u64::try_from(nanoseconds).ok()?);
    (duration <= LONGEST).then_some(duration)
}

fn split(text: &str, end: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(end).unwrap_or(text.len()))
}

/// One number with its unit, in nanoseconds.
fn part(number: &str, unit: &str) -> Option<u128> {
    let scale: u128 = match unit {
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        "d" => 86_400_000_000_000,
        _ => return None,
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if fraction.is_empty() || fraction.contains('.') {
        return None;
    }
    let whole: u64 = whole.parse().ok()?;
    let fraction = &fraction[..fraction.len().min(DECIMALS)];
    let (decimals, divisor) = fraction.bytes().fold((0_u128, 1_u128), |(sum, divisor), digit| {
        (sum * 10 + u128::from(digit - b'0'), divisor * 10)
    });
    Some(u128::from(whole) * scale + decimals * scale / divisor)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn units_add_up_with_or_without_blanks() {
        let check =
            |text, milliseconds| assert_eq!(duration(text), Some(Duration::from_millis(milliseconds)), "{text}");
        check("10s", 10_000);
        check("1m30s", 90_000);
        check("1m 30s", 90_000);
        check("1500ms", 1_500);
        check("1.5h", 5_400_000);
        check("1d2h", 93_600_000);
        check(" 0s ", 0);
    }

    #[test]
    fn what_is_no_duration_is_none() {
        for text in [
            "", "10", "soon", "-3s", "1.h", ".5h", "1.2.3s", "5s!", "3min", "1h30", "PT5S", "٣s", "99999d",
        ] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[-0-9.a-z µ٣]{0,40}") {
            let _ = duration(&text);
        }
    }
}
