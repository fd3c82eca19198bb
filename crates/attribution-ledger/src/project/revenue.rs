use json_tree::Value;
use serde_json::Number;

/// A conversion's revenue: a number keeps the digits as they were written, and a string is read when it is a plain decimal
/// once `$`, `,` and blanks are taken out. Anything else is no revenue.
///
/// (The early ingest stripped `$` and `,`, then counted in cents by floating-point multiplication: event-processor, 2015.
/// That rounding is not imitated.)
pub(crate) fn revenue(value: &Value<'_>) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.into()),
        Value::String(text) => decimal(text),
        _ => None,
    }
}

fn decimal(text: &str) -> Option<Number> {
    let text: String = text
        .chars()
        .filter(|c| !matches!(c, '$' | ',') && !c.is_whitespace())
        .collect();
    let (sign, digits) = text
        .strip_prefix('-')
        .map_or(("", text.as_str()), |digits| ("-", digits));
    let (whole, fraction) = digits
        .split_once('.')
        .map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !fraction.is_none_or(|fraction| !fraction.is_empty() && all_digits(fraction)) {
        return None;
    }
    if whole.is_empty() && fraction.is_none() {
        return None;
    }
    // JSON wants exactly one zero before the point, where there is no other digit.
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let point = if fraction.is_some() { "." } else { "" };
    format!("{sign}{whole}{point}{}", fraction.unwrap_or_default())
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::revenue;

    fn text_of(value: &Value) -> Option<String> {
        revenue(&value.clone().into()).map(|number| number.to_string())
    }

    #[test]
    fn a_number_keeps_its_digits() {
        for text in ["99.90", "19.99", "-5", "0", "1e+3", "0.1000000000000000000001"] {
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(text_of(&value).as_deref(), Some(text));
        }
    }

    #[test]
    fn a_string_is_read_without_its_dollar_commas_and_blanks() {
        for (text, number) in [
            ("14.99", "14.99"),
            ("$1,000.50", "1000.50"),
            (" 12 ", "12"),
            ("-$5.00", "-5.00"),
            ("$ -5", "-5"),
            (".115", "0.115"),
            ("007", "7"),
            ("000", "0"),
            ("0.50", "0.50"),
        ] {
            assert_eq!(text_of(&json!(text)).as_deref(), Some(number), "{text:?}");
        }
    }

    #[test]
    fn anything_else_is_no_revenue() {
        for value in [
            json!(""),
            json!("$"),
            json!("-"),
            json!("."),
            json!("5."),
            json!("1e3"),
            json!("+5"),
            json!("--5"),
            json!("12 EUR"),
            json!("€5"),
            json!("1.000,50 EUR"),
            json!("1.2.3"),
            json!("NaN"),
            json!("٣"),
            json!(true),
            json!(null),
            json!([5]),
            json!({ "amount": 5 }),
        ] {
            assert_eq!(text_of(&value), None, "{value}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_a_json_number(text in "[-$,. 0-9]{0,12}|.*") {
            if let Some(number) = text_of(&json!(text)) {
                prop_assert!(serde_json::from_str::<serde_json::Number>(&number).is_ok(), "{number}");
            }
        }
    }
}
