use std::error::Error;
use std::fmt;

/// What becomes of digits beyond the currency's decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// They are rounded, a half away from zero, as the early ingest rounded `.115` to 12 cents (event-processor, 2015).
    HalfAway,
    /// They are refused, unless they are zeros.
    Refused,
}

/// Why a text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadAmount {
    /// It is no decimal number.
    NotANumber,
    /// It is too large: more than 18 digits of minor units.
    TooLarge,
    /// It has more decimals than the currency.
    TooFine,
}

impl fmt::Display for BadAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotANumber => "is no decimal number",
            Self::TooLarge => "is too large",
            Self::TooFine => "has more decimals than the currency",
        })
    }
}

impl Error for BadAmount {}

/// So many digits of minor units are the most of one amount.
const MOST_DIGITS: usize = 18;

/// A decimal number as JSON writes it, in units of ten to the power of minus `decimals`. No step of it is floating-point.
///
/// # Errors
///
/// When it is no number, or one that such units can't hold.
///
/// ```
/// use attribution_report::money::{Rounding, minor_units};
///
/// assert_eq!(minor_units("19.99", 2, Rounding::HalfAway), Ok(1999));
/// assert_eq!(minor_units("-1.5e1", 2, Rounding::HalfAway), Ok(-1500));
/// assert_eq!(minor_units("0.115", 2, Rounding::HalfAway), Ok(12));
/// assert!(minor_units("0.115", 2, Rounding::Refused).is_err());
/// ```
pub fn minor_units(text: &str, decimals: u8, rounding: Rounding) -> Result<i64, BadAmount> {
    let (is_negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, power(exponent)?),
        None => (rest, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) || mantissa.ends_with('.') {
        return Err(BadAmount::NotANumber);
    }
    let digits = whole.bytes().chain(fraction.bytes()).map(|byte| byte - b'0');
    let zeros = digits.clone().take_while(|digit| *digit == 0).count();
    let length = whole.len() + fraction.len();
    if zeros == length {
        return Ok(0);
    }
    // Where the point stands among the digits that count, once the units are minor ones.
    let point = signed(whole.len()) - signed(zeros) + exponent + i64::from(decimals);
    let units = read(digits.skip(zeros), point, rounding)?;
    Ok(if is_negative { -units } else { units })
}

/// The digits before the point, rounded by those behind it.
fn read(mut digits: impl Iterator<Item = u8>, point: i64, rounding: Rounding) -> Result<i64, BadAmount> {
    let point = match usize::try_from(point) {
        Ok(point) if point > MOST_DIGITS => return Err(BadAmount::TooLarge),
        Ok(point) => point,
        Err(_) if rounding == Rounding::Refused => return Err(BadAmount::TooFine),
        Err(_) => return Ok(0),
    };
    let units = (0..point).fold(0, |units, _| units * 10 + i64::from(digits.next().unwrap_or(0)));
    let next = digits.next().unwrap_or(0);
    if rounding == Rounding::Refused && (next != 0 || digits.any(|digit| digit != 0)) {
        return Err(BadAmount::TooFine);
    }
    Ok(units + i64::from(next >= 5))
}

/// An exponent. One of more digits than there are atoms is as good as the largest.
fn power(text: &str) -> Result<i64, BadAmount> {
    const LARGEST: i64 = 1_000_000_000;
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(BadAmount::NotANumber);
    }
    let size = digits.parse().map_or(LARGEST, |size: i64| size.min(LARGEST));
    Ok(if text.starts_with('-') { -size } else { size })
}

fn signed(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX / 4)
}

/// Units of ten to the power of minus `decimals`, written out.
///
/// ```
/// use attribution_report::money::decimal;
///
/// assert_eq!(decimal(-5, 2), "-0.05");
/// assert_eq!(decimal(1200, 0), "1200");
/// ```
pub fn decimal(units: i128, decimals: u8) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let digits = units.unsigned_abs();
    if decimals == 0 {
        return format!("{sign}{digits}");
    }
    let one = 10_u128.pow(decimals.into());
    format!(
        "{sign}{}.{:0width$}",
        digits / one,
        digits % one,
        width = decimals.into()
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_read_to_the_digit() {
        for (text, units) in [
            ("0", 0),
            ("-0.00", 0),
            ("99.90", 9990),
            ("1e3", 100_000),
            ("1.5E+1", 1500),
            ("12345e-3", 1235),
            ("0.004", 0),
            ("0.005", 1),
            ("-0.005", -1),
            ("1e-999999999999", 0),
            ("0e999999999999", 0),
            ("9999999999999999.99", 999_999_999_999_999_999),
        ] {
            assert_eq!(minor_units(text, 2, Rounding::HalfAway), Ok(units), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", "-", ".5", "5.", "1e", "1e+", "+1", "0x1", "1.2.3", "NaN", " 1"] {
            assert_eq!(
                minor_units(text, 2, Rounding::HalfAway),
                Err(BadAmount::NotANumber),
                "{text}"
            );
        }
        for text in ["10000000000000000", "1e16", "1e99999999999999999999"] {
            assert_eq!(
                minor_units(text, 2, Rounding::HalfAway),
                Err(BadAmount::TooLarge),
                "{text}"
            );
        }
        for text in ["0.001", "1.0001", "1e-9"] {
            assert_eq!(
                minor_units(text, 2, Rounding::Refused),
                Err(BadAmount::TooFine),
                "{text}"
            );
        }
        assert_eq!(minor_units("1.500", 2, Rounding::Refused), Ok(150));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn what_is_written_out_is_read_back(units in -999_999_999_999_999_999_i64..=999_999_999_999_999_999, decimals in 0_u8..5) {
            prop_assert_eq!(minor_units(&decimal(units.into(), decimals), decimals, Rounding::Refused), Ok(units));
        }

        #[test]
        fn no_text_makes_it_panic(text in "[-+.eE0-9]{0,40}|.*", decimals in 0_u8..5) {
            let _ = minor_units(&text, decimals, Rounding::HalfAway);
            let _ = minor_units(&text, decimals, Rounding::Refused);
        }
    }
}
