use serde_json::{Map, Value};

use crate::decode::{Call, get};

/// What a message says it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum MessageType<'a> {
    /// Nothing: absent, or what JavaScript takes for nothing.
    Missing,
    /// One of the six calls.
    Known(Call),
    /// Something else.
    Unknown(&'a Value),
}

impl<'a> MessageType<'a> {
    pub(super) fn of(fields: &'a Map<String, Value>) -> Self {
        match get(fields, "type") {
            None | Some(Value::Null | Value::Bool(false)) => Self::Missing,
            Some(Value::Number(number)) if number.as_f64() == Some(0.0) => Self::Missing,
            Some(Value::String(text)) if text.is_empty() => Self::Missing,
            Some(value) => {
                let call = value.as_str().and_then(Call::of_type);
                call.map_or(Self::Unknown(value), Self::Known)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::MessageType;
    use crate::decode::Call;

    #[test]
    fn a_type_is_missing_where_javascript_finds_nothing() {
        for nothing in [
            json!({}),
            json!({ "type": null }),
            json!({ "type": "" }),
            json!({ "type": 0 }),
        ] {
            assert_eq!(
                MessageType::of(nothing.as_object().unwrap()),
                MessageType::Missing,
                "{nothing}"
            );
        }
    }

    #[test]
    fn a_type_is_known_by_exact_text() {
        let check = |value: Value, expected: fn(&Value) -> MessageType<'_>| {
            let message = json!({ "type": value });
            assert_eq!(
                MessageType::of(message.as_object().unwrap()),
                expected(&value),
                "{value}"
            );
        };
        check(json!("page"), |_| MessageType::Known(Call::Page));
        for unknown in [json!("Page"), json!("pages"), json!(5), json!({}), json!(true)] {
            check(unknown, |value| MessageType::Unknown(value));
        }
    }
}
