//! To and from the values of `serde_json`.

use std::borrow::Cow;

use serde_json::Map;

use crate::{Number, Object, Value};

impl From<serde_json::Value> for Value<'static> {
    fn from(value: serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(truth) => Self::Bool(truth),
            serde_json::Value::Number(number) => Self::Number(Number::new(number.to_string())),
            serde_json::Value::String(text) => Self::String(Cow::Owned(text)),
            serde_json::Value::Array(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            serde_json::Value::Object(members) => Self::Object(members.into()),
        }
    }
}

impl From<Map<String, serde_json::Value>> for Object<'static> {
    fn from(members: Map<String, serde_json::Value>) -> Self {
        let members = members.into_iter();
        members
            .map(|(key, value)| (Cow::Owned(key), Value::from(value)))
            .collect()
    }
}

impl From<&Value<'_>> for serde_json::Value {
    fn from(value: &Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(truth) => Self::Bool(*truth),
            Value::Number(number) => Self::Number(number.into()),
            Value::String(text) => Self::String(text.as_ref().to_owned()),
            Value::Array(items) => Self::Array(items.iter().map(Self::from).collect()),
            Value::Object(members) => Self::Object(members.into()),
        }
    }
}

impl From<&Object<'_>> for Map<String, serde_json::Value> {
    fn from(members: &Object<'_>) -> Self {
        let members = members.iter();
        members
            .map(|(key, value)| (key.to_owned(), serde_json::Value::from(value)))
            .collect()
    }
}

impl From<&Number<'_>> for serde_json::Number {
    fn from(number: &Number<'_>) -> Self {
        number.as_str().parse().expect("it was read as a number")
    }
}
