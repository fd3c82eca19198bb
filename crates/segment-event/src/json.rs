//! Small questions about JSON values: where one is, whether JavaScript takes it for true, and what to call it.

use serde_json::{Number, Value};

/// The JSON pointer (RFC 6901) of a member: `parent` is the pointer of the object, empty for the whole message.
///
/// ```
/// assert_eq!(segment_event::json::child("/integrations", "A/B~C"), "/integrations/A~1B~0C");
/// ```
pub fn child(parent: &str, key: &str) -> String {
    format!("{parent}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// Whether JavaScript takes the value for true: everything but null, false, zero and the empty string.
///
/// Legacy fields (`options`, `providers`) count or don't by this rule.
pub fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(number) => !is_zero(number),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// A number too small for a double is zero, one too large is infinite and so is not.
fn is_zero(number: &Number) -> bool {
    number.as_f64() == Some(0.0)
}

/// Whether two names differ at most in case and in what is neither letter nor digit: `user_id` and `userId`.
///
/// ```
/// assert!(segment_event::json::resembles("Attribution ", "attribution"));
/// assert!(!segment_event::json::resembles("Attribution (Actions)", "Attribution"));
/// ```
pub fn resembles(name: &str, other: &str) -> bool {
    letters(name).eq(letters(other))
}

fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
}

/// The value in words that fit after "not": `the number 42`, `an empty string`, `an array`.
pub fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => format!("the number {}", clip(&number.to_string())),
        Value::String(text) if text.is_empty() => "an empty string".to_owned(),
        Value::String(text) => format!("the string {}", quote(text)),
        Value::Array(_) => "an array".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// The text as a JSON string, cut when it is long: for messages.
pub fn quote(text: &str) -> String {
    Value::from(clip(text)).to_string()
}

/// Messages show enough of a value to recognise it, never a megabyte of it.
const SHOWN: usize = 60;

fn clip(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn only_null_false_zero_and_the_empty_string_are_falsy() {
        for falsy in ["null", "false", "0", "-0", "0.000", "0e9", "1e-400", r#""""#] {
            assert!(!truthy(&read(falsy)), "{falsy}");
        }
        for truth in [
            "true", "1", "-1", "0.1", "1e400", "-1e400", r#""0""#, r#"" ""#, "[]", "{}",
        ] {
            assert!(truthy(&read(truth)), "{truth}");
        }
    }

    #[test]
    fn a_pointer_finds_the_member_it_was_made_for() {
        for key in ["", "a/b", "m~n", "~1", "a b", "ü"] {
            let message = json!({"outer": {key: "found"}});
            assert_eq!(message.pointer(&child("/outer", key)), Some(&json!("found")), "{key:?}");
        }
    }

    #[test]
    fn a_value_is_described_without_its_bulk() {
        assert_eq!(describe(&read("99.90")), "the number 99.90");
        assert_eq!(describe(&json!("a\"b")), r#"the string "a\"b""#);
        assert_eq!(describe(&json!("")), "an empty string");
        assert_eq!(describe(&json!({"a": [1, 2, 3]})), "an object");
        assert_eq!(
            describe(&read(&"9".repeat(500))),
            format!("the number {}…", "9".repeat(60))
        );
    }
}
