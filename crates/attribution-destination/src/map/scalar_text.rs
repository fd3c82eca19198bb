//! The text that JavaScript makes of a single value.

use std::borrow::Cow;

use serde_json::{Number, Value};

/// From here on a number is written with an exponent (ECMA-262, `Number::toString`).
const LONGEST: i32 = 21;

/// The text of a string, number, truth value or null, which makes an empty one. Lists and objects have none.
pub(super) fn scalar_text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(number_text(number).into()),
        Value::Bool(truth) => Some(truth.to_string().into()),
        Value::Null => Some(Cow::Borrowed("")),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// A number as JavaScript writes it once it has been read into a double: `99.90` is `99.9`, and 20 digits are not what
/// they were.
fn number_text(number: &Number) -> String {
    let Some(double) = number.as_f64() else {
        let sign = if number.to_string().starts_with('-') { "-" } else { "" };
        return format!("{sign}Infinity");
    };
    let sign = if double < 0.0 { "-" } else { "" };
    // The fewest digits that still mean this double, and a power of ten, as ECMAScript asks for.
    let scientific = format!("{:e}", double.abs());
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits = digits.replace('.', "");
    let point = exponent.parse::<i32>().unwrap_or_default() + 1;
    sign.to_owned() + &placed(&digits, point)
}

/// The digits with the decimal point after so many of them.
fn placed(digits: &str, point: i32) -> String {
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or_default());
    let length = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    match point {
        _ if length <= point && point <= LONGEST => digits.to_owned() + &zeros(point - length),
        1..=LONGEST => {
            let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or_default());
            format!("{whole}.{fraction}")
        }
        -5..=0 => format!("0.{}{digits}", zeros(-point)),
        _ => {
            let (first, rest) = digits.split_at(1);
            let fraction = if rest.is_empty() {
                String::new()
            } else {
                format!(".{rest}")
            };
            format!("{first}{fraction}e{:+}", point - 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(json: &str) -> Option<String> {
        let value: Value = serde_json::from_str(json).unwrap();
        scalar_text(&value).map(Cow::into_owned)
    }

    #[test]
    fn a_number_is_written_as_javascript_writes_it() {
        for (json, expected) in [
            ("5", "5"),
            ("99.90", "99.9"),
            ("-1.50", "-1.5"),
            ("1400000000.123", "1400000000.123"),
            ("0", "0"),
            ("-0.0", "0"),
            ("0.1e1", "1"),
            ("100e-2", "1"),
            ("9007199254740993", "9007199254740992"),
            ("12345678901234567890", "12345678901234567000"),
            ("123456789012345680000", "123456789012345680000"),
            ("1e20", "100000000000000000000"),
            ("1e21", "1e+21"),
            ("1.5e300", "1.5e+300"),
            ("0.000001", "0.000001"),
            ("0.0000012", "0.0000012"),
            ("1e-7", "1e-7"),
            ("-1.25e-7", "-1.25e-7"),
            ("5e-324", "5e-324"),
            ("1e-400", "0"),
            ("1e400", "Infinity"),
            ("-1e400", "-Infinity"),
        ] {
            assert_eq!(text(json).as_deref(), Some(expected), "{json}");
        }
    }

    #[test]
    fn only_single_values_have_a_text() {
        for (json, expected) in [("\"a\"", "a"), ("true", "true"), ("false", "false"), ("null", "")] {
            assert_eq!(text(json).as_deref(), Some(expected));
        }
        assert_eq!((text("[]"), text("{}")), (None, None));
    }

    proptest! {
        #[test]
        fn the_text_of_a_number_means_the_same_double(double in any::<f64>().prop_filter("JSON", |double| double.is_finite())) {
            let written = text(&double.to_string()).unwrap();
            prop_assert_eq!((written.parse::<f64>().unwrap() + 0.0).to_bits(), (double + 0.0).to_bits());
        }
    }
}
