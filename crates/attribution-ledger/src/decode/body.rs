use serde_json::{Map, Value};

/// A request body as far as JSON goes.
#[derive(Debug)]
pub(crate) enum Body {
    /// What every dialect sends.
    Object(Map<String, Value>),
    /// JSON, but not an object.
    Other(Value),
    /// Not JSON at all.
    Unreadable(serde_json::Error),
}

impl Body {
    /// Reads the bytes; any bytes will do.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        // Text that is checked once and whole needs no check string by string.
        let parsed = match std::str::from_utf8(bytes) {
            Ok(text) => json_value::from_str(text),
            Err(_) => json_value::from_slice(bytes),
        };
        match parsed {
            Ok(Value::Object(object)) => Self::Object(object),
            Ok(other) => Self::Other(other),
            Err(error) => Self::Unreadable(error),
        }
    }
}
