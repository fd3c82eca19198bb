//! The pieces that schemas are made of.

use serde_json::{Value, json};

use super::object;

/// Anything.
pub(super) fn any() -> Value {
    Value::Bool(true)
}

/// One of the definitions.
pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// The same with words for whoever writes it.
pub(super) fn described(schema: Value, words: &str) -> Value {
    match schema {
        Value::Object(mut schema) => {
            schema.insert("description".to_owned(), words.into());
            Value::Object(schema)
        }
        _ => json!({ "description": words }),
    }
}

/// A mapping with these keys and no other.
pub(super) fn mapping<'k>(entries: impl IntoIterator<Item = (&'k str, Value)>) -> Value {
    json!({ "type": "object", "properties": object(entries), "additionalProperties": false })
}

/// This, or a text with a placeholder, of which nobody knows yet what it is.
pub(super) fn or_placeholder(schema: Value) -> Value {
    object([("anyOf", Value::Array(vec![schema, reference("placeholder")]))])
}

pub(super) fn placeholder() -> Value {
    json!({ "type": "string", "pattern": "\\{\\{" })
}

pub(super) fn text() -> Value {
    json!({ "type": "string" })
}

pub(super) fn flag() -> Value {
    or_placeholder(json!({ "type": "boolean" }))
}

/// A whole number from 0.
pub(super) fn count() -> Value {
    or_placeholder(json!({ "type": "integer", "minimum": 0 }))
}

/// A duration, or a placeholder.
pub(super) fn duration() -> Value {
    or_placeholder(reference("duration"))
}

pub(super) fn span_of_time() -> Value {
    json!({ "type": "string", "pattern": "^([0-9.]+ *(ms|s|m|h|d) *)+$" })
}

/// One of these words, or a placeholder.
pub(super) fn words(words: impl IntoIterator<Item = &'static str>) -> Value {
    let words: Vec<&str> = words.into_iter().collect();
    or_placeholder(json!({ "enum": words }))
}
