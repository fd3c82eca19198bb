use json_tree::{Object, Value};

use crate::decode::Call;

/// What a message says it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum MessageType<'a> {
    /// Nothing: absent, or what JavaScript takes for nothing.
    Missing,
    /// One of the six calls.
    Known(Call),
    /// Something else.
    Unknown(&'a Value<'a>),
}

impl<'a> MessageType<'a> {
    pub(super) fn of(fields: &'a Object<'a>) -> Self {
        match fields.get("type") {
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
    use json_tree::Value;
    use serde_json::json;

    use super::MessageType;
    use crate::decode::Call;
    use crate::decode::testing::object;

    #[test]
    fn a_type_is_missing_where_javascript_finds_nothing() {
        for nothing in [
            json!({}),
            json!({ "type": null }),
            json!({ "type": "" }),
            json!({ "type": 0 }),
        ] {
            let nothing = object(nothing);
            assert_eq!(MessageType::of(&nothing), MessageType::Missing, "{nothing}");
        }
    }

    #[test]
    fn a_type_is_known_by_exact_text() {
        let known = object(json!({ "type": "page" }));
        assert_eq!(MessageType::of(&known), MessageType::Known(Call::Page));
        for unknown in [json!("Page"), json!("pages"), json!(5), json!({}), json!(true)] {
            let message = object(json!({ "type": unknown }));
            let unknown = Value::from(unknown);
            assert_eq!(MessageType::of(&message), MessageType::Unknown(&unknown));
        }
    }
}
